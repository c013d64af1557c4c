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
    let reached = format!(
        "{}/{}/{}",
        text(&object["namespace"])?,
        text(&object["kind"])?,
        text(&object["name"])?
    );
    let bindings = app
        .get("/api/v1/rbac/bindings?kind=RoleBinding&limit=1", &token)
        .await?
        .json();
    let (subject, role) = (&bindings["items"][0]["subjects"][0], &bindings["items"][0]["role"]);
    let subject = format!("/access/subjects{}", named(subject)?);
    let role = format!("/access/roles{}", named(role)?);
    let past = format!("at={}", text(&snapshots["items"][1]["takenAt"])?.replace(':', "%3A"));
    Ok(vec![
        "/".into(),
        "/findings".into(),
        format!("/findings?severity=critical,high&open={finding}"),
        "/findings?q=nothing+matches+this".into(),
        "/access".into(),
        "/access?ask=who&verb=get&resource=secrets&namespace=payments".into(),
        "/access?ask=what&subject=Group%20system:masters".into(),
        "/access?ask=can&subject=ann&verb=fly&resource=wings".into(),
        "/access?view=table".into(),
        "/access?view=table&list=subjects".into(),
        "/access?view=table&list=roles".into(),
        subject.clone(),
        role.clone(),
        "/access/changes?since=1d".into(),
        "/access/escalations".into(),
        "/access/escalations?sink=node-root&expected=1".into(),
        "/access/escalations?subject=User%20nobody".into(),
        "/network".into(),
        "/network?from=web&to=payments".into(),
        "/network?view=namespaces".into(),
        format!("/network?view=reach&of={reached}"),
        "/network?view=reach&of=wings".into(),
        "/network?view=exposure".into(),
        "/network?view=changes".into(),
        "/network?view=changes&since=1d".into(),
        "/network/what-if".into(),
        "/network/what-if?for=default".into(),
        "/workloads".into(),
        workload.clone(),
        "/admission".into(),
        "/admission?namespace=payments&labels=app=web".into(),
        "/certificates".into(),
        "/certificates?ends=later".into(),
        "/namespaces".into(),
        "/namespaces/payments".into(),
        "/namespaces/legacy-crm".into(),
        "/namespaces/nowhere".into(),
        "/quotas".into(),
        "/quotas?sort=reached&q=check".into(),
        "/quotas?use=near".into(),
        "/quotas?tab=without".into(),
        "/quotas?tab=without&bound=none".into(),
        "/quotas?tab=unlimited".into(),
        "/quotas?tab=nodes".into(),
        "/quotas?tab=usage".into(),
        "/compliance".into(),
        "/compliance?framework=nsa-cisa&show=fail".into(),
        "/compliance?framework=cis-1.11&show=excepted".into(),
        "/compliance/cis-1.12/5.2.2".into(),
        "/compliance/cis-1.12/1.1.1".into(),
        "/compliance/pss-baseline/%2Fproc%20Mount%20Type".into(),
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
        format!("/access?{past}"),
        format!("/access?ask=who&verb=get&resource=secrets&{past}"),
        format!("/access/escalations?{past}"),
        format!("{subject}?{past}"),
        format!("/network?{past}"),
        format!("/network?view=changes&{past}"),
        format!("/admission?{past}"),
        format!("/certificates?{past}"),
        format!("/namespaces?{past}"),
        format!("/namespaces/payments?{past}"),
        format!("/quotas?{past}"),
        format!("/compliance?{past}"),
        format!("/compliance/cis-1.12/5.1.1?{past}"),
        format!("/checks?{past}"),
        format!("/snapshots?{past}"),
        "/nowhere".into(),
    ])
}

/// An object or a subject as the path of its page ends: what stands in no namespace has the namespace `-`.
fn named(of: &Value) -> anyhow::Result<String> {
    let text = |name: &str| of[name].as_str().with_context(|| format!("it has no {name}"));
    let namespace = Some(text("namespace")?).filter(|namespace| !namespace.is_empty());
    let name = text("name")?.replace('/', "%2F");
    Ok(format!("/{}/{}/{name}", text("kind")?, namespace.unwrap_or("-")))
}
