//! Plain requests to the API server, for whatever kind.

use analysis::model::Kind;
use anyhow::Context;
use http::{Method, Request};
use kube::Client;
use serde_json::{Value, json};

/// Server-side apply.
pub const APPLY: &str = "application/apply-patch+yaml";
/// JSON merge patch, RFC 7386.
pub const MERGE: &str = "application/merge-patch+json";
/// Strategic merge patch.
pub const STRATEGIC: &str = "application/strategic-merge-patch+json";
/// JSON.
pub const JSON: &str = "application/json";

/// Sends a request; the answer is JSON.
///
/// # Errors
/// Those of the client, the API server's refusal among them.
pub async fn send(
    client: &Client,
    method: Method,
    path: &str,
    content_type: &str,
    body: Option<&Value>,
) -> Result<Value, kube::Error> {
    let bytes = body.map(Value::to_string).unwrap_or_default().into_bytes();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", content_type)
        .body(bytes);
    client.request(request.map_err(kube::Error::HttpError)?).await
}

/// The address of a kind's collection: in `namespace`, or of the whole cluster where it is empty.
pub fn collection(kind: Kind, namespace: &str) -> String {
    let info = kind.info();
    let api = if info.group.is_empty() {
        "api".to_owned()
    } else {
        format!("apis/{}", info.group)
    };
    let within = if namespace.is_empty() {
        String::new()
    } else {
        format!("/namespaces/{namespace}")
    };
    format!("/{api}/{}{within}/{}", info.version, info.plural)
}

/// The kind, namespace and name of a manifest.
///
/// # Errors
/// It is of a kind that Plimsoll does not read.
pub fn identity(manifest: &Value) -> anyhow::Result<(Kind, &str, &str)> {
    let text = |pointer: &str| manifest.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let kind = Kind::of_manifest(text("/apiVersion"), text("/kind"));
    let kind = kind.with_context(|| format!("{} of {} is not known", text("/kind"), text("/apiVersion")))?;
    Ok((kind, text("/metadata/namespace"), text("/metadata/name")))
}

/// Creates or updates an object, its status too where the manifest has one.
///
/// # Errors
/// The API server refuses it.
pub async fn apply(client: &Client, manifest: &Value) -> anyhow::Result<()> {
    let (kind, namespace, name) = identity(manifest)?;
    let path = format!("{}/{name}", collection(kind, namespace));
    let said = || format!("{kind} {namespace}/{name}");
    let query = "fieldManager=plimsoll-tests&force=true";
    send(client, Method::PATCH, &format!("{path}?{query}"), APPLY, Some(manifest))
        .await
        .with_context(said)?;
    if let Some(status) = manifest.get("status") {
        let patch = json!({ "status": status });
        send(client, Method::PATCH, &format!("{path}/status"), MERGE, Some(&patch))
            .await
            .with_context(said)?;
    }
    Ok(())
}

/// Creates an object with everything that its manifest says; nothing happens where there is one of that name.
///
/// # Errors
/// The API server refuses it.
pub async fn create(client: &Client, manifest: &Value) -> anyhow::Result<()> {
    let (kind, namespace, name) = identity(manifest)?;
    match send(client, Method::POST, &collection(kind, namespace), JSON, Some(manifest)).await {
        Err(kube::Error::Api(status)) if status.code == 409 => Ok(()),
        sent => sent.map(drop).with_context(|| format!("{kind} {namespace}/{name}")),
    }
}

/// Deletes an object.
///
/// # Errors
/// The API server refuses it.
pub async fn delete(client: &Client, kind: Kind, namespace: &str, name: &str) -> Result<(), kube::Error> {
    let path = format!("{}/{name}", collection(kind, namespace));
    send(client, Method::DELETE, &path, JSON, None).await.map(drop)
}
