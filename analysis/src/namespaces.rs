//! How each namespace stands, as a page shows it. Findings are left to whoever keeps them.

mod detail;

use std::collections::{BTreeMap, BTreeSet};

use shared::namespaces::{Levels, NamespaceRow, Namespaces, Standing};
use shared::pod_security::PodSecurity;
use shared::score::SeverityCounts;
use shared::snapshots::Collected;
use shared::verdict::Verdict;

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::checks::network::{namespace_without_default_deny, namespace_without_policy};
use crate::cluster::Cluster;
use crate::model::namespace::Namespace;
use crate::model::{Kind, Snapshot};
use crate::pod_security::admission::Exemptions;
use crate::pod_security::namespaces::{levels, version_of};
use crate::quotas::quota;
use crate::run::unmet_need;
pub use detail::detail;

/// What the rows rest on, besides what runs.
const READ: &[Kind] = &[
    Kind::Namespace,
    Kind::ResourceQuota,
    Kind::LimitRange,
    Kind::NetworkPolicy,
];

/// The namespaces of a cluster, by name.
pub fn namespaces(cluster: &Cluster<'_>) -> Namespaces {
    let pods = pods(cluster.snapshot);
    let levels = levels_of(cluster, None);
    Namespaces {
        namespaces: names(cluster)
            .into_iter()
            .map(|name| row(cluster, name, &pods, &levels))
            .collect(),
        gaps: gaps(cluster.snapshot, READ),
    }
}

/// Namespaces that were read, and those of workloads.
fn names<'c>(cluster: &'c Cluster<'_>) -> BTreeSet<&'c str> {
    let read = cluster
        .snapshot
        .of(Kind::Namespace)
        .iter()
        .map(|object| object.meta().name.as_str());
    let named = cluster
        .workloads
        .iter()
        .map(|workload| workload.reference.namespace.as_str());
    read.chain(named).filter(|name| !name.is_empty()).collect()
}

/// How many pods each namespace has; none where pods were not read.
fn pods(snapshot: &Snapshot) -> Option<BTreeMap<&str, u32>> {
    let mut counts = BTreeMap::new();
    for object in snapshot.of(Kind::Pod) {
        *counts.entry(object.meta().namespace.as_str()).or_default() += 1;
    }
    is_read(snapshot, Kind::Pod).then_some(counts)
}

fn levels_of(cluster: &Cluster<'_>, only: Option<&str>) -> BTreeMap<String, Levels> {
    let PodSecurity { namespaces, .. } = levels(cluster, version_of(cluster.snapshot), &Exemptions::default(), only);
    let told = namespaces.into_iter().map(|namespace| {
        let levels = Levels {
            enforce: namespace.enforce.level,
            could_enforce: namespace.could_enforce,
        };
        (namespace.namespace, levels)
    });
    told.collect()
}

fn row(
    cluster: &Cluster<'_>,
    name: &str,
    pods: &Option<BTreeMap<&str, u32>>,
    levels: &BTreeMap<String, Levels>,
) -> NamespaceRow {
    let object = cluster.snapshot.find::<Namespace>("", name);
    let (quotas, ranges) = (cluster.quotas_in(name), cluster.limit_ranges_in(name));
    let known = |kind, number: usize| is_read(cluster.snapshot, kind).then(|| count(number));
    NamespaceRow {
        namespace: name.to_owned(),
        is_terminating: object.is_some_and(Namespace::is_terminating),
        workloads: count(cluster.workloads_in(name).count()),
        pods: pods.as_ref().map(|pods| pods.get(name).copied().unwrap_or_default()),
        open: SeverityCounts::default(),
        levels: levels.get(name).copied(),
        quotas: known(Kind::ResourceQuota, quotas.len()),
        fullest: quotas
            .iter()
            .flat_map(|it| quota(it).resources)
            .filter_map(|resource| resource.share)
            .max_by(f64::total_cmp),
        limit_ranges: known(Kind::LimitRange, ranges.len()),
        default_deny: object.map_or_else(|| Some(unread(name)), |object| default_deny(cluster, object)),
    }
}

fn unread(name: &str) -> Standing {
    Standing {
        verdict: Verdict::NotEvaluated,
        reason: format!("Namespace {name} itself was not read."),
    }
}

/// What the checks say of the namespace: the one whether it has policies at all, and where it has, the one of what they deny. Both
/// read the same.
fn default_deny(cluster: &Cluster<'_>, namespace: &Namespace) -> Option<Standing> {
    let any = &namespace_without_policy::CHECK;
    if let Some(reason) = unmet_need(any.reads, cluster.snapshot) {
        let verdict = Verdict::NotEvaluated;
        return Some(Standing { verdict, reason });
    }
    let judged = |check: &Check| match check.judge {
        Judge::Namespace(judge) => judge(cluster, namespace),
        _ => Outcome::NotApplicable,
    };
    let outcome = match judged(any) {
        Outcome::Pass => judged(&namespace_without_default_deny::CHECK),
        other => other,
    };
    let (verdict, reason) = match outcome {
        Outcome::NotApplicable => return None,
        Outcome::Pass => (Verdict::Pass, String::new()),
        Outcome::Fail(findings) | Outcome::FailInPart(findings, _) => {
            let messages: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
            (Verdict::Fail, messages.join(" "))
        }
        Outcome::Manual(reason) => (Verdict::Manual, reason),
        Outcome::NotEvaluated(reason) => (Verdict::NotEvaluated, reason),
    };
    Some(Standing { verdict, reason })
}

fn is_read(snapshot: &Snapshot, kind: Kind) -> bool {
    matches!(snapshot.outcome(kind), Collected::Collected { .. })
}

/// A sentence for each kind that is missing, those of workloads included.
fn gaps(snapshot: &Snapshot, kinds: &[Kind]) -> Vec<String> {
    let workloads = WORKLOADS.iter().map(|need| need.kind());
    let unread = kinds
        .iter()
        .copied()
        .chain(workloads)
        .filter(|kind| !is_read(snapshot, *kind));
    unread
        .map(|kind| {
            format!(
                "{} could not be read ({}).",
                kind.info().resource(),
                snapshot.outcome(kind).word()
            )
        })
        .collect()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;
    use shared::pod_security::Level;

    const SHOP: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: q, namespace: shop}
spec: {hard: {pods: '10', requests.cpu: '4'}}
status: {used: {pods: '5', requests.cpu: '3'}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: lost, namespace: nowhere}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: empty}
status: {phase: Terminating}
";

    fn rows(manifests: &str) -> Vec<NamespaceRow> {
        let snapshot = snapshot(manifests);
        namespaces(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH)).namespaces
    }

    #[test]
    fn a_namespace_is_told_with_what_bounds_it() {
        let rows = rows(SHOP);
        let names: Vec<&str> = rows.iter().map(|row| row.namespace.as_str()).collect();
        assert_eq!(names, ["empty", "nowhere", "shop"]);
        let shop = &rows[2];
        assert_eq!((shop.workloads, shop.pods), (1, Some(0)));
        assert_eq!(
            (shop.quotas, shop.fullest, shop.limit_ranges),
            (Some(1), Some(0.75), Some(0))
        );
        let levels = shop.levels.unwrap();
        assert_eq!(
            (levels.enforce, levels.could_enforce),
            (Level::Baseline, Level::Baseline)
        );
        assert_eq!(shop.default_deny.as_ref().unwrap().verdict, Verdict::Fail);
    }

    #[test]
    fn of_a_namespace_that_was_not_read_nothing_is_claimed() {
        let nowhere = &rows(SHOP)[1];
        assert_eq!((nowhere.workloads, nowhere.pods, nowhere.levels), (1, Some(1), None));
        assert_eq!(nowhere.default_deny.as_ref().unwrap().verdict, Verdict::NotEvaluated);
    }

    #[test]
    fn a_namespace_with_policies_is_told_by_what_they_deny() {
        let verdict = |selector: &str| {
            let policy = format!(
                "
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: p, namespace: shop}}
spec: {{podSelector: {selector}}}
"
            );
            let rows = rows(&(SHOP.to_owned() + &policy));
            rows[2].default_deny.as_ref().unwrap().verdict
        };
        assert_eq!(
            [verdict("{}"), verdict("{matchLabels: {app: db}}")],
            [Verdict::Pass, Verdict::Fail]
        );
    }

    #[test]
    fn nothing_is_asked_of_an_empty_namespace() {
        let empty = &rows(SHOP)[0];
        assert!(empty.is_terminating);
        assert_eq!(empty.default_deny, None);
    }

    #[test]
    fn kinds_that_were_not_read_are_unknown_and_named() {
        let mut snapshot = snapshot(SHOP);
        for kind in [Kind::ResourceQuota, Kind::NetworkPolicy, Kind::Pod] {
            let reason = "forbidden".to_owned();
            snapshot.set(kind, Collected::Denied { reason }, Vec::new());
        }
        let told = namespaces(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH));
        let shop = told.namespaces.iter().find(|row| row.namespace == "shop").unwrap();
        assert_eq!((shop.quotas, shop.fullest, shop.pods), (None, None, None));
        assert_eq!(shop.default_deny.as_ref().unwrap().verdict, Verdict::NotEvaluated);
        assert_eq!(told.gaps.len(), 3);
    }
}
