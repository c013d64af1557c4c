//! Small clusters for tests, written as manifests.

use shared::snapshots::Collected;
use shared::verdict::{Severity, Verdict};

use crate::check::{Check, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::normalise::normalise;
use crate::model::{Kind, Object, Snapshot};
use crate::simulate::apply;
use crate::usage::settle;

/// The snapshot of a cluster that holds these manifests and nothing else, with every kind read.
///
/// # Panics
/// A document is no object of a known kind.
pub(crate) fn snapshot(manifests: &str) -> Snapshot {
    let mut snapshot = Snapshot::new("v1.37.2");
    for kind in Kind::ALL {
        snapshot.set(*kind, Collected::Collected { count: 0 }, Vec::new());
    }
    for document in manifests
        .split("\n---\n")
        .filter(|document| !document.trim().is_empty())
    {
        snapshot.put(object(document));
    }
    snapshot
}

/// The same, with the samples among the manifests summed up as those of a cluster are.
pub(crate) fn measured(manifests: &str) -> Snapshot {
    let mut snapshot = snapshot(manifests);
    settle(&mut snapshot);
    snapshot
}

fn object(document: &str) -> Object {
    let value: serde_json::Value = serde_saphyr::from_str(document).expect("a YAML document");
    let field = |name: &str| value[name].as_str().unwrap_or_default();
    let kind = Kind::of_manifest(field("apiVersion"), field("kind")).expect("a known kind");
    let object = Object::deserialize(kind, value).expect("an object of its kind");
    normalise(object).expect("an object that is kept")
}

/// The findings of one check on a cluster that holds these manifests.
pub(crate) fn findings(check: &'static Check, manifests: &str) -> Vec<Finding> {
    findings_in(check, &snapshot(manifests))
}

/// 2026-11-18, as of which tests judge.
fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(1_795_000_000, 0).expect("an instant")
}

/// The findings of one check on a snapshot.
pub(crate) fn findings_in(check: &'static Check, snapshot: &Snapshot) -> Vec<Finding> {
    let outcomes = crate::run::outcomes(check, &Cluster::new(snapshot, now()));
    let findings = |outcome| match outcome {
        Outcome::Fail(findings) | Outcome::FailInPart(findings, _) => findings,
        _ => Vec::new(),
    };
    outcomes
        .into_iter()
        .flat_map(|(_, outcome)| findings(outcome))
        .collect()
}

/// What one check concludes of a snapshot.
pub(crate) fn verdict(check: &'static Check, snapshot: &Snapshot) -> Verdict {
    let report = crate::run::run_with(&[check], snapshot, &crate::settings::NONE, now());
    report.results[0].verdict
}

/// The titles of the findings of one check on a cluster that holds these manifests.
pub(crate) fn titles(check: &'static Check, manifests: &str) -> Vec<String> {
    findings(check, manifests)
        .into_iter()
        .map(|finding| finding.title)
        .collect()
}

/// A ClusterRole `tested` with these rules, and a binding of it to the service account `shop/app`: of that kind, and in
/// namespace `shop` if it is a RoleBinding.
pub(crate) fn granted(kind: &str, rules: &str) -> String {
    let namespace = if kind == "RoleBinding" { ", namespace: shop" } else { "" };
    format!(
        "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: tested}}
rules: [{rules}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata: {{name: b{namespace}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tested}}
subjects: [{{kind: ServiceAccount, name: app, namespace: shop}}]
"
    )
}

/// How bad the findings of one check are on a cluster that holds these manifests.
pub(crate) fn severities(check: &'static Check, manifests: &str) -> Vec<Severity> {
    findings(check, manifests)
        .into_iter()
        .map(|finding| finding.severity)
        .collect()
}

/// Whether there are findings, and the patch of each closes it.
pub(crate) fn is_closed_by_patches(check: &'static Check, manifests: &str) -> bool {
    let snapshot = snapshot(manifests);
    let found = findings_in(check, &snapshot);
    let is_closed = |finding: &Finding| {
        let patched = finding.patch.as_ref().map(|patch| apply(&snapshot, patch));
        let after = patched.and_then(Result::ok);
        after.is_some_and(|after| {
            let left = findings_in(check, &after);
            !left
                .iter()
                .any(|other| (&other.object, &other.subkey) == (&finding.object, &finding.subkey))
        })
    };
    !found.is_empty() && found.iter().all(is_closed)
}
