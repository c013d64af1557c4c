//! Collecting: from a real API server, and from manifests that mean harm.

#![allow(
    clippy::unwrap_used,
    reason = "a test says what went wrong by panicking, and so do its helpers"
)]

mod encodings;
mod files;
mod live;
mod probes;

use analysis::model::{Kind, Snapshot};
use http::{Request, Response};
use kube::Client;
use kube::client::Body;
use server::collect::target::Connection;
use tests::fixtures;
use tests::testbed::{self, Testbed};
use tokio::sync::OnceCell;

/// `kind namespace/name` of all objects of a kind.
fn names(snapshot: &Snapshot, kind: Kind) -> Vec<String> {
    snapshot
        .of(kind)
        .iter()
        .map(|object| object.reference().to_string())
        .collect()
}

/// The API server with one object of every built-in kind.
async fn rich() -> &'static Testbed {
    static RICH: OnceCell<&'static Testbed> = OnceCell::const_new();
    let fill = async || {
        let bed = testbed::shared().await;
        bed.apply(&fixtures::built_in().unwrap()).await.unwrap();
        bed
    };
    RICH.get_or_init(fill).await
}

/// The administrator's connection, whose requests are sent by `send`: for what happens before, after and meanwhile.
async fn intercepted<F, G>(bed: &Testbed, send: F) -> Connection
where
    F: Fn(Request<Body>, Client) -> G + Send + 'static,
    G: Future<Output = Result<Response<Body>, kube::Error>> + Send + 'static,
{
    let connection = bed.connection("admin").await.unwrap();
    let admin = connection.client.clone();
    let service = tower::service_fn(move |request| send(request, admin.clone()));
    Connection {
        client: Client::new(service, "default"),
        ..connection
    }
}
