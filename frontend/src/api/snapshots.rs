//! Snapshots.

use serde::Serialize;
use shared::ids::ClusterId;
use shared::page::Page;
use shared::snapshots::{PATH, PROGRESS_PATH, Progress, SnapshotDetail, SnapshotRow};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::client::{self, Request};
use crate::here::encode;

/// Which snapshots.
#[derive(Default, Serialize)]
pub(crate) struct Query {
    /// The cluster; the first, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cluster: Option<ClusterId>,
    /// Where to read on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cursor: Option<String>,
    /// Rows on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<u32>,
}

/// A page of snapshots, newest first.
pub(crate) fn list(query: &Query) -> Request<Page<SnapshotRow>> {
    client::get(PATH, query)
}

/// One snapshot with the kinds that it read.
pub(crate) fn get(id: &str, cluster: Option<ClusterId>) -> Request<SnapshotDetail> {
    client::get(
        &format!("{PATH}/{}", encode(id)),
        &Query {
            cluster,
            ..Query::default()
        },
    )
}

/// Begins a snapshot; [`watch`] tells its progress.
pub(crate) fn take(cluster: Option<ClusterId>) -> Request<()> {
    client::act(
        PATH,
        &Query {
            cluster,
            ..Query::default()
        },
    )
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
    let query = Query {
        cluster,
        ..Query::default()
    };
    let source = EventSource::new(&client::with_query(PROGRESS_PATH, &query)).ok()?;
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        if let Ok(progress) = serde_json::from_str(&text) {
            tell(progress);
        }
    });
    source.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    Some(Watch {
        source,
        _listener: listener,
    })
}
