//! Every page of the product, as paths.

use anyhow::Context;
use serde_json::Value;
use shared::tokens::Scope;

use crate::app::App;

/// Paths of every page, with real objects in them.
///
/// # Errors
/// The API does not answer.
pub async fn all(app: &App) -> anyhow::Result<Vec<String>> {
    let token = app.token(&[Scope::Read]).await?;
    let finding = app.get("/api/v1/findings?limit=1", &token).await?.json();
    let workload = app.get("/api/v1/workloads?limit=1", &token).await?.json();
    let snapshot = app.get("/api/v1/snapshots?limit=1", &token).await?.json();
    let text = |value: &Value| value.as_str().map(str::to_owned).context("there is none");
    let object = &workload["items"][0]["object"];
    Ok(vec![
        "/".into(),
        "/findings".into(),
        format!(
            "/findings?severity=critical,high&open={}",
            text(&finding["items"][0]["id"])?
        ),
        "/findings?q=nothing+matches+this".into(),
        "/workloads".into(),
        format!(
            "/workloads/{}/{}/{}",
            text(&object["kind"])?,
            text(&object["namespace"])?,
            text(&object["name"])?
        ),
        "/checks".into(),
        "/checks/container-privileged".into(),
        "/snapshots".into(),
        format!("/snapshots/{}", snapshot["items"][0]["id"]),
        "/settings".into(),
        "/settings?tab=users".into(),
        "/settings?tab=audit".into(),
        "/nowhere".into(),
    ])
}
