//! Every page of the product, as paths; those that travel in time also in the past.

use anyhow::Context;
use serde_json::Value;
use shared::tokens::Scope;

use crate::app::App;

/// Paths of every page, with real objects in them. The app has two snapshots at least.
///
/// # Errors
/// The API does not answer.
pub async fn all(app: &App) -> anyhow::Result<Vec<String>> {
    let token = app.token(&[Scope::Read]).await?;
    let finding = app.get("/api/v1/findings?limit=1", &token).await?.json();
    let workload = app.get("/api/v1/workloads?limit=1", &token).await?.json();
    let snapshots = app.get("/api/v1/snapshots?limit=2", &token).await?.json();
    let text = |value: &Value| value.as_str().map(str::to_owned).context("there is none");
    let object = &workload["items"][0]["object"];
    let finding = text(&finding["items"][0]["id"])?;
    let workload = format!(
        "/workloads/{}/{}/{}",
        text(&object["kind"])?,
        text(&object["namespace"])?,
        text(&object["name"])?
    );
    let past = format!("at={}", text(&snapshots["items"][1]["takenAt"])?.replace(':', "%3A"));
    Ok(vec![
        "/".into(),
        "/findings".into(),
        format!("/findings?severity=critical,high&open={finding}"),
        "/findings?q=nothing+matches+this".into(),
        "/workloads".into(),
        workload.clone(),
        "/checks".into(),
        "/checks/container-privileged".into(),
        "/snapshots".into(),
        format!("/snapshots/{}", snapshots["items"][0]["id"]),
        "/settings".into(),
        "/settings?tab=users".into(),
        "/settings?tab=audit".into(),
        "/settings?tab=password".into(),
        "/sign-in/link".into(),
        format!("/?{past}"),
        format!("/findings?open={finding}&{past}"),
        format!("{workload}?{past}"),
        format!("/checks?{past}"),
        format!("/snapshots?{past}"),
        "/nowhere".into(),
    ])
}
