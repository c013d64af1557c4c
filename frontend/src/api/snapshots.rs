//! Snapshots.

use shared::ids::ClusterId;
use shared::page::Page;
use shared::snapshots::{PATH, PROGRESS_PATH, Progress, SnapshotDetail, SnapshotQuery, SnapshotRow, Which};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::client::{self, Request};
use super::read;
use crate::here::encode;

/// A page of snapshots, newest first.
pub(crate) fn list(query: &SnapshotQuery) -> Request<Page<SnapshotRow>> {
    client::get(PATH, query)
}

/// One snapshot with the kinds that it read.
pub(crate) fn get(id: &str, cluster: Option<ClusterId>) -> Request<SnapshotDetail> {
    client::get(&format!("{PATH}/{}", encode(id)), &Which { cluster })
}

/// Begins a snapshot; [`watch`] tells its progress.
pub(crate) fn take(cluster: Option<ClusterId>) -> Request<()> {
    client::act(PATH, &Which { cluster })
}

/// A stream of progress; dropped, it ends.
pub(crate) struct Watch {
    source: EventSource,
    _listener: Closure<dyn Fn(MessageEvent)>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Tells how the cluster's snapshot comes along, from now on; none where the browser refuses the stream.
pub(crate) fn watch(cluster: Option<ClusterId>, tell: impl Fn(Progress) + 'static) -> Option<Watch> {
    let source = EventSource::new(&client::with_query(PROGRESS_PATH, &Which { cluster })).ok()?;
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        if let Ok(progress) = read::decode(&text) {
            tell(progress);
        }
    });
    source.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    Some(Watch {
        source,
        _listener: listener,
    })
}
