//! Namespaces whose pods could use up a node.

use serde_json::json;
use shared::snapshots::Collected;
use shared::verdict::{Area, Severity};

use super::judged_namespace;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::quantity::Quantity;
use crate::model::quota::ResourceQuota;
use crate::resources::amount::{number, shown};
use crate::resources::given::{self, Given};

/// See its fields.
pub static CHECK: Check = Check {
    id: "namespace-can-exhaust-node",
    title: "Namespace could use up a node",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "What a container may take is bounded by its limit, by a LimitRange, or, for a namespace as a whole, \
        by a quota on limits. Where none of them is, one container can use up its node, and where the memory goes, \
        pods of others are killed: that is of medium severity. Where the quota is larger than the largest node, all \
        of a node is allowed. A quota on requests bounds nothing here: a container may take more than it asked for.",
    remediation: "Give the namespace a LimitRange with a default and a max for containers, and a ResourceQuota on \
        limits.cpu and limits.memory that is smaller than a node; keep tenants that need more on nodes of their own.",
    reads: &workloads_and::<11>(&[
        Need::Read(Kind::Namespace),
        Need::Read(Kind::LimitRange),
        Need::Read(Kind::ResourceQuota),
    ]),
    judge: Judge::Namespace(judge),
};

/// How much of a node's resource a namespace may take.
enum Exposure<'c, 'a> {
    /// Less than all of it.
    Bounded,
    /// All of it.
    Exposed(Way<'c, 'a>),
    /// That can't be told.
    Unseen(String),
}

/// Why a namespace may take all of a node.
enum Way<'c, 'a> {
    /// This container has no limit.
    Unlimited(&'c Workload<'a>, ContainerAt<'a>),
    /// This quota is larger than the largest node.
    Allowed(&'a ResourceQuota, &'a Quantity),
}

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    let Some(meta) = judged_namespace(cluster, namespace) else {
        return Outcome::NotApplicable;
    };
    let (mut ways, mut unseen) = (Vec::new(), None);
    for resource in ["memory", "cpu"] {
        match exposure(cluster, &meta.name, resource) {
            Exposure::Bounded => {}
            Exposure::Exposed(way) => ways.push((resource, way)),
            Exposure::Unseen(reason) => unseen = unseen.or(Some(reason)),
        }
    }
    Outcome::of_seen(finding(meta, &ways).into_iter().collect(), unseen)
}

fn exposure<'c, 'a>(cluster: &'c Cluster<'a>, namespace: &str, resource: &str) -> Exposure<'c, 'a> {
    let bound = format!("limits.{resource}");
    let quotas = cluster.quotas_in(namespace).iter().copied();
    let bounding = quotas.filter_map(|quota| {
        let spec = quota.spec.as_ref().filter(|spec| spec.is_for_all_pods())?;
        Some((quota, spec.hard.get(&bound)?))
    });
    // The API server refuses pods that state no limit where a quota bounds it.
    let tightest = bounding.min_by_key(|(_, hard)| number(resource, hard).unwrap_or(i64::MAX));
    match tightest {
        Some((quota, hard)) => against_nodes(cluster, quota, hard, resource),
        None if bounds_pods(cluster, namespace, resource) => Exposure::Bounded,
        None => first_unlimited(cluster, namespace, resource),
    }
}

fn against_nodes<'c, 'a>(
    cluster: &'c Cluster<'a>,
    quota: &'a ResourceQuota,
    hard: &'a Quantity,
    resource: &str,
) -> Exposure<'c, 'a> {
    let Ok(allowed) = number(resource, hard) else {
        return Exposure::Unseen(format!(
            "A quota allows {:?} of {resource}, which can't be reckoned with.",
            shown(hard)
        ));
    };
    match largest_node(cluster, resource) {
        Some(largest) if allowed > largest => Exposure::Exposed(Way::Allowed(quota, hard)),
        Some(_) => Exposure::Bounded,
        None => Exposure::Unseen(format!("How much {resource} the nodes have is not known.")),
    }
}

/// The most that a node offers to pods; none where the nodes were not read.
fn largest_node(cluster: &Cluster<'_>, resource: &str) -> Option<i64> {
    let was_read = matches!(cluster.snapshot.outcome(Kind::Node), Collected::Collected { .. });
    cluster.largest_node(resource).filter(|_| was_read)
}

/// Whether a LimitRange says how much a pod may take: then those that state no limit are refused.
fn bounds_pods(cluster: &Cluster<'_>, namespace: &str, resource: &str) -> bool {
    let ranges = cluster.limit_ranges_in(namespace).iter();
    ranges
        .filter_map(|range| range.spec.as_ref())
        .flat_map(|spec| &spec.limits)
        .any(|item| item.r#type == "Pod" && item.max.get(resource).is_some())
}

/// The first container without a limit; where there is none, what can't be told of another.
fn first_unlimited<'c, 'a>(cluster: &'c Cluster<'a>, namespace: &str, resource: &str) -> Exposure<'c, 'a> {
    let workloads = cluster.workloads_in(namespace).filter(|it| !it.is_static_pod());
    let containers = workloads.flat_map(|workload| workload.containers().map(move |at| (workload, at)));
    let mut unseen = None;
    for (workload, at) in containers.filter(|(_, at)| at.list != ContainerList::Ephemeral) {
        match given::limit(cluster, workload, at, resource) {
            Given::Amount(_) => {}
            Given::Nothing => return Exposure::Exposed(Way::Unlimited(workload, at)),
            Given::Flawed(quantity) => {
                unseen.get_or_insert_with(|| {
                    format!(
                        "The {resource} limit of container {} of {} is {:?}, which can't be reckoned with.",
                        at.container.name,
                        workload.reference,
                        shown(quantity)
                    )
                });
            }
        }
    }
    unseen.map_or(Exposure::Bounded, Exposure::Unseen)
}

fn finding(meta: &ObjectMeta, ways: &[(&str, Way<'_, '_>)]) -> Option<Finding> {
    if ways.is_empty() {
        return None;
    }
    let sentences: Vec<String> = ways.iter().map(|(resource, way)| sentence(resource, way)).collect();
    let mut finding = CHECK.finding(
        Kind::Namespace.reference(meta),
        "",
        format!("Namespace {} could use up a node", meta.name),
        sentences.join(" "),
    );
    if let [("memory", Way::Unlimited(..)), ..] = ways {
        finding.severity = Severity::Medium;
    }
    let with = |finding, (resource, way): &(&str, Way<'_, '_>)| witness(finding, meta, resource, way);
    Some(ways.iter().fold(finding, with))
}

fn sentence(resource: &str, way: &Way<'_, '_>) -> String {
    match way {
        Way::Unlimited(workload, at) => format!(
            "No quota bounds limits.{resource}, and containers without that limit run, {} of {} for one.",
            at.container.name, workload.reference
        ),
        Way::Allowed(_, hard) => format!(
            "Its quota allows {} of {resource}, more than the largest node has.",
            hard.text
        ),
    }
}

fn witness(finding: Finding, meta: &ObjectMeta, resource: &str, way: &Way<'_, '_>) -> Finding {
    match way {
        Way::Unlimited(workload, at) => {
            let field = workload.container_field(*at, &format!("resources.limits.{resource}"));
            finding.witness_at(field, json!(null))
        }
        Way::Allowed(quota, hard) => {
            let quota = Kind::ResourceQuota.reference(quota.metadata.as_ref().unwrap_or(meta));
            finding.witness_in(quota, format!("spec.hard[limits.{resource}]"), hard.text.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{findings, snapshot};

    fn namespace(limits: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: shop}}
---
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: shop}}
spec: {{containers: [{{name: c, resources: {{limits: {{{limits}}}}}}}]}}
---
"
        )
    }

    fn quota(hard: &str) -> String {
        format!(
            "\napiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: q, namespace: shop}}\nspec: {{hard: {{{hard}}}}}\n---\n"
        )
    }

    const NODE: &str = "
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {allocatable: {cpu: 4, memory: 16Gi}}
---
";

    fn severity(manifests: &str) -> Option<Severity> {
        findings(&CHECK, manifests).first().map(|finding| finding.severity)
    }

    #[test]
    fn a_container_without_limits_can_take_all_and_memory_is_worse() {
        assert_eq!(severity(&namespace("")), Some(Severity::Medium));
        assert_eq!(severity(&namespace("memory: 1Gi")), Some(Severity::Low));
        assert_eq!(severity(&namespace("memory: 1Gi, cpu: 1")), None);
        let finding = findings(&CHECK, &namespace("memory: 1Gi")).remove(0);
        assert_eq!(
            (finding.witness.len(), finding.witness[0].path.as_str()),
            (1, "spec.containers[c].resources.limits.cpu")
        );
    }

    #[test]
    fn a_quota_on_limits_bounds_and_one_on_requests_does_not() {
        let bounded = quota("limits.cpu: 2, limits.memory: 8Gi");
        assert_eq!(severity(&(namespace("") + NODE + &bounded)), None);
        let requests = quota("requests.cpu: 2, requests.memory: 8Gi");
        assert_eq!(severity(&(namespace("") + NODE + &requests)), Some(Severity::Medium));
    }

    #[test]
    fn limits_by_a_limit_range_bound() {
        let range = |item: &str| {
            format!(
                "\napiVersion: v1\nkind: LimitRange\nmetadata: {{name: l, namespace: shop}}\nspec: {{limits: [{item}]}}\n---\n"
            )
        };
        for item in [
            "{type: Container, default: {cpu: 1, memory: 1Gi}}",
            "{type: Pod, max: {cpu: 4, memory: 8Gi}}",
        ] {
            assert_eq!(severity(&(namespace("") + &range(item))), None, "{item}");
        }
        let of_cpu = range("{type: Pod, max: {cpu: 4}}");
        assert_eq!(severity(&(namespace("") + &of_cpu)), Some(Severity::Medium));
    }

    #[test]
    fn a_quota_larger_than_the_largest_node_allows_all_of_it() {
        let large = quota("limits.cpu: 2, limits.memory: 32Gi");
        let finding = findings(&CHECK, &(namespace("") + NODE + &large)).remove(0);
        assert_eq!((finding.severity, finding.witness.len()), (Severity::Low, 1));
        assert_eq!(finding.witness[0].value, "32Gi");
        let tighter = quota("limits.memory: 8Gi").replace("name: q", "name: tighter");
        assert_eq!(severity(&(namespace("") + NODE + &large + &tighter)), None);
    }

    #[test]
    fn without_nodes_a_quota_is_not_compared() {
        let outcome = outcome(&(namespace("") + &quota("limits.cpu: 2, limits.memory: 8Gi")));
        assert!(matches!(outcome, Outcome::NotEvaluated(_)), "{outcome:?}");
    }

    #[test]
    fn an_amount_that_makes_no_sense_is_not_guessed() {
        let flawed = outcome(&namespace("cpu: 1, memory: lots"));
        assert!(matches!(flawed, Outcome::NotEvaluated(_)), "{flawed:?}");
        let flawed = outcome(&(namespace("cpu: 1") + NODE + &quota("limits.memory: '1e99'")));
        assert!(matches!(flawed, Outcome::NotEvaluated(_)), "{flawed:?}");
    }

    fn outcome(manifests: &str) -> Outcome {
        let snapshot = snapshot(manifests);
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        crate::run::outcomes(&CHECK, &cluster).remove(0).1
    }
}
