//! Collecting: from a real API server, and from manifests that mean harm.

mod encodings;
mod files;
mod live;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use analysis::model::{Kind, Snapshot};
use http::{Request, Response};
use kube::Client;
use kube::client::Body;
use server::collect::target::Connection;
use tests::testbed::Testbed;

/// `kind namespace/name` of all objects of a kind.
fn names(snapshot: &Snapshot, kind: Kind) -> Vec<String> {
    snapshot.of(kind).iter().map(|object| object.reference().to_string()).collect()
}

/// The administrator's connection, with `between` called on each request before it is sent: what happens meanwhile.
async fn interrupted<F, G>(bed: &'static Testbed, between: F) -> Connection
where
    F: Fn(String, Client) -> G + Clone + Send + 'static,
    G: Future<Output = ()> + Send,
{
    let mut connection = bed.connection("admin").await.unwrap();
    let admin = connection.client.clone();
    connection.client = Client::new(
        tower::service_fn(move |request: Request<Body>| {
            let (admin, between) = (admin.clone(), between.clone());
            async move {
                between(request.uri().to_string(), admin.clone()).await;
                admin.send(request).await
            }
        }),
        "default",
    );
    connection
}

/// The administrator's connection, and how many of its answers came compressed.
async fn counting_gzip(bed: &'static Testbed) -> (Connection, Arc<AtomicUsize>) {
    let mut connection = bed.connection("admin").await.unwrap();
    let admin = connection.client.clone();
    let compressed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&compressed);
    connection.client = Client::new(
        tower::service_fn(move |request: Request<Body>| {
            let (admin, count) = (admin.clone(), Arc::clone(&count));
            async move {
                let response: Response<Body> = admin.send(request).await?;
                if response.headers().get("content-encoding").is_some_and(|encoding| encoding == "gzip") {
                    count.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<_, kube::Error>(response)
            }
        }),
        "default",
    );
    (connection, compressed)
}
