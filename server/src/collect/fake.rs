//! An API server for tests that answers as it is told.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use http::{Request, Response, StatusCode};
use kube::Client;
use tower::BoxError;

use super::target::Connection;

/// An answer, or a connection that breaks.
pub(super) type Reply = Result<Response<Body>, BoxError>;

/// A client whose every request is answered by `respond`, which gets its number, from 0, and its address. The second part
/// holds the addresses so far.
pub(super) fn api(respond: impl Fn(usize, &str) -> Reply + Send + 'static) -> (Client, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let service = tower::service_fn(move |request: Request<kube::client::Body>| {
        let address = request.uri().to_string();
        let mut log = log.lock().unwrap();
        let reply = respond(log.len(), &address);
        log.push(address);
        std::future::ready(reply)
    });
    (Client::new(service, "default"), asked)
}

/// A connection by such a client.
pub(super) fn connection(client: Client) -> Connection {
    Connection {
        client,
        name: "fake".into(),
        server: "https://fake".into(),
        endpoint: Err("there is no server".into()),
    }
}

/// An answer.
pub(super) fn reply(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Reply {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = StatusCode::from_u16(status)?;
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(http::HeaderName::try_from(*name)?, http::HeaderValue::try_from(*value)?);
    }
    Ok(response)
}

/// 200 and a body.
pub(super) fn ok(body: impl Into<Vec<u8>>) -> Reply {
    reply(200, &[], body)
}

/// A page of GatewayClasses, which come as JSON.
pub(super) fn page(names: &[&str], token: &str) -> Reply {
    let items: Vec<_> = names
        .iter()
        .map(|name| serde_json::json!({"metadata": {"name": name}}))
        .collect();
    ok(serde_json::json!({"metadata": {"continue": token}, "items": items}).to_string())
}
