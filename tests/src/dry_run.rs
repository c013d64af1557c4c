//! What the API server makes of a patch, without keeping it.

use analysis::model::Kind;
use anyhow::Context;
use http::Method;
use kube::Client;
use serde_json::Value;
use shared::object::ObjectRef;
use shared::patch::Patch;

use crate::rest::{self, JSON, MERGE, STRATEGIC};

/// Sends the patch as a server-side dry run: the object as it would be, or for a deletion what the API server answers.
///
/// # Errors
/// The API server refuses it; the error says in which words.
pub async fn patch(client: &Client, patch: &Patch) -> anyhow::Result<Value> {
    let (method, path, content_type, body) = match patch {
        Patch::Strategic { target, body } => (Method::PATCH, address(target)?, STRATEGIC, Some(body.value())),
        Patch::Merge { target, body } => (Method::PATCH, address(target)?, MERGE, Some(body.clone())),
        Patch::Create { manifest } => {
            let (kind, namespace, _) = rest::identity(manifest)?;
            (
                Method::POST,
                rest::collection(kind, namespace),
                JSON,
                Some(manifest.clone()),
            )
        }
        Patch::Delete { target } => (Method::DELETE, address(target)?, JSON, None),
    };
    let path = format!("{path}?dryRun=All&fieldValidation=Strict");
    rest::send(client, method, &path, content_type, body.as_ref())
        .await
        .with_context(|| format!("dry run at {path}"))
}

fn address(target: &ObjectRef) -> anyhow::Result<String> {
    let kind =
        Kind::of_group_kind(&target.group, &target.kind).with_context(|| format!("{target} is of no known kind"))?;
    Ok(format!("{}/{}", rest::collection(kind, &target.namespace), target.name))
}
