//! Small clusters for tests, written as manifests.

use shared::snapshots::Collected;

use crate::check::{Check, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::normalise::normalise;
use crate::model::{Kind, Object, Snapshot};

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

/// The findings of one check on a snapshot.
pub(crate) fn findings_in(check: &'static Check, snapshot: &Snapshot) -> Vec<Finding> {
    let now = chrono::DateTime::from_timestamp(1_795_000_000, 0).expect("an instant");
    let outcomes = crate::run::outcomes(check, &Cluster::new(snapshot, now));
    let findings = |outcome| match outcome {
        Outcome::Fail(findings) | Outcome::FailInPart(findings, _) => findings,
        _ => Vec::new(),
    };
    outcomes
        .into_iter()
        .flat_map(|(_, outcome)| findings(outcome))
        .collect()
}

/// The titles of the findings of one check on a cluster that holds these manifests.
pub(crate) fn titles(check: &'static Check, manifests: &str) -> Vec<String> {
    findings(check, manifests)
        .into_iter()
        .map(|finding| finding.title)
        .collect()
}
