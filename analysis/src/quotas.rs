//! What namespaces may use and what they do use, and what nodes have, as a page shows it.

pub mod past;

use std::collections::{BTreeMap, BTreeSet};

use shared::quotas::{
    Amount, Capacity, Demand, NamespaceQuotas, NodeCapacity, Outlook, Quota, QuotaUse, Quotas, UnlimitedContainer,
};
use shared::snapshots::Collected;

use crate::cluster::{Cluster, ContainerList, Workload};
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::node::Node;
use crate::model::pod::Pod;
use crate::model::quantity::Quantity;
use crate::model::quota::{ResourceQuota, ResourceQuotaSpec};
use crate::resources::amount::{number, shown, unit};
use crate::resources::demand::{limited, requested};
use crate::resources::{SHARED, given};
use crate::usage;

/// What these numbers rest on.
const READ: &[Kind] = &[
    Kind::Pod,
    Kind::Node,
    Kind::ResourceQuota,
    Kind::LimitRange,
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
];

/// The quotas and the capacity of a cluster. Forecasts need its past, and are left to whoever has that.
pub fn quotas(cluster: &Cluster<'_>) -> Quotas {
    let mut gaps = unread(cluster);
    gaps.extend(unmeasured(cluster));
    let pods = pods_by_namespace(cluster);
    let namespaces = names(cluster, &pods)
        .into_iter()
        .map(|name| namespace(cluster, name, pods.get(name).map_or(&[], Vec::as_slice), &mut gaps))
        .collect();
    let nodes: Vec<NodeCapacity> = cluster
        .snapshot
        .all::<Node>()
        .map(|it| node(cluster, it, &mut gaps))
        .collect();
    Quotas {
        capacity: SHARED.iter().map(|resource| sum(&nodes, resource)).collect(),
        namespaces,
        nodes,
        sampling: usage::sampling(cluster.snapshot),
        gaps: distinct(gaps),
    }
}

/// A sentence for each kind that is missing in the numbers.
fn unread(cluster: &Cluster<'_>) -> Vec<String> {
    let outcomes = READ.iter().map(|kind| (kind, cluster.snapshot.outcome(*kind)));
    outcomes
        .filter(|(_, outcome)| !matches!(outcome, Collected::Collected { .. }))
        .map(|(kind, _)| format!("{} were not read.", kind.info().resource()))
        .collect()
}

/// That some of what was measured makes no sense.
fn unmeasured(cluster: &Cluster<'_>) -> Option<String> {
    let left_out = cluster.snapshot.usage.as_ref()?.left_out;
    (left_out > 0).then(|| format!("What {left_out} containers use is not counted: it can't be reckoned with."))
}

/// The same pod counts for its namespace and for its node: what is wrong with it is said once.
fn distinct(gaps: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    gaps.into_iter().filter(|gap| seen.insert(gap.clone())).collect()
}

fn pods_by_namespace<'a>(cluster: &Cluster<'a>) -> BTreeMap<&'a str, Vec<&'a Pod>> {
    let mut map: BTreeMap<&str, Vec<&Pod>> = BTreeMap::new();
    for pod in cluster.snapshot.all::<Pod>() {
        let name = pod.metadata.as_ref().map_or("", |meta| meta.namespace.as_str());
        map.entry(name).or_default().push(pod);
    }
    map
}

fn names<'c>(cluster: &'c Cluster<'_>, pods: &BTreeMap<&'c str, Vec<&Pod>>) -> BTreeSet<&'c str> {
    let workloads = cluster.workloads.iter().map(|it| it.reference.namespace.as_str());
    let quotas = cluster.snapshot.of(Kind::ResourceQuota).iter();
    let of_quotas = quotas.map(|object| object.meta().namespace.as_str());
    pods.keys().copied().chain(workloads).chain(of_quotas).collect()
}

fn namespace(cluster: &Cluster<'_>, name: &str, pods: &[&Pod], gaps: &mut Vec<String>) -> NamespaceQuotas {
    let (quotas, ranges) = (cluster.quotas_in(name).iter(), cluster.limit_ranges_in(name).iter());
    let is_read = |kind| is_read(cluster, kind);
    NamespaceQuotas {
        namespace: name.to_owned(),
        quotas: is_read(Kind::ResourceQuota).then(|| quotas.map(|it| quota(it)).collect()),
        limit_ranges: is_read(Kind::LimitRange).then(|| ranges.map(|range| name_of(range.metadata.as_ref())).collect()),
        pods: is_read(Kind::Pod).then(|| count(pods)),
        demand: demands(cluster, pods, gaps, |resource| {
            usage::of_namespace(cluster, name, resource)
        }),
        without_limits: cluster
            .workloads_in(name)
            .flat_map(|it| unlimited(cluster, it))
            .collect(),
    }
}

fn is_read(cluster: &Cluster<'_>, kind: Kind) -> bool {
    matches!(cluster.snapshot.outcome(kind), Collected::Collected { .. })
}

fn name_of(meta: Option<&ObjectMeta>) -> String {
    meta.map(|meta| meta.name.clone()).unwrap_or_default()
}

fn count(pods: &[&Pod]) -> u32 {
    u32::try_from(pods.len()).unwrap_or(u32::MAX)
}

fn amount(resource: &str, quantity: &Quantity) -> Amount {
    Amount {
        text: shown(quantity),
        value: number(resource, quantity).ok(),
    }
}

/// One quota, without its past.
pub(crate) fn quota(quota: &ResourceQuota) -> Quota {
    let spec = quota.spec.as_ref();
    let status = quota.status.as_ref();
    let hard = spec.into_iter().flat_map(|spec| spec.hard.pairs());
    let used = |resource: &str| status.and_then(|status| status.used.get(resource));
    Quota {
        name: name_of(quota.metadata.as_ref()),
        scopes: spec.map(scopes).unwrap_or_default(),
        resources: hard
            .map(|(resource, hard)| quota_use(resource, hard, used(resource)))
            .collect(),
    }
}

fn scopes(spec: &ResourceQuotaSpec) -> Vec<String> {
    let selector = spec.scope_selector.iter().flat_map(|it| &it.match_expressions);
    let words = selector.map(|scope| {
        let words = format!("{} {} {}", scope.scope_name, scope.operator, scope.values.join(", "));
        words.trim_end().to_owned()
    });
    spec.scopes.iter().cloned().chain(words).collect()
}

fn quota_use(resource: &str, hard: &Quantity, used: Option<&Quantity>) -> QuotaUse {
    let hard = amount(resource, hard);
    let used = used.map(|used| amount(resource, used));
    QuotaUse {
        resource: resource.to_owned(),
        unit: unit(resource),
        share: share(used.as_ref().and_then(|used| used.value), hard.value),
        hard,
        used,
        trend: Vec::new(),
        outlook: Outlook::Unknown,
    }
}

/// None of a bound of zero, which forbids the resource.
#[allow(clippy::cast_precision_loss, reason = "a share needs no sixteenth digit")]
fn share(used: Option<i64>, hard: Option<i64>) -> Option<f64> {
    let hard = hard.filter(|hard| *hard > 0)?;
    Some(used? as f64 / hard as f64)
}

/// What pods ask for of each resource that they share, and what `used` says that they use.
fn demands(
    cluster: &Cluster<'_>,
    pods: &[&Pod],
    gaps: &mut Vec<String>,
    used: impl Fn(&str) -> Option<i64>,
) -> Vec<Demand> {
    let is_read = is_read(cluster, Kind::Pod);
    let of = |resource: &&str| {
        let (requests, limits) = summed(pods, resource, gaps);
        Demand {
            resource: (*resource).to_owned(),
            unit: unit(resource),
            requests: is_read.then_some(requests),
            limits: is_read.then_some(limits),
            used: used(resource),
        }
    };
    SHARED.iter().map(of).collect()
}

/// Their requests and their limits.
fn summed(pods: &[&Pod], resource: &str, gaps: &mut Vec<String>) -> (i64, i64) {
    let (mut requests, mut limits) = (0_i64, 0_i64);
    for pod in pods {
        let Some(spec) = &pod.spec else { continue };
        match (requested(spec, resource), limited(spec, resource)) {
            (Ok(request), Ok(limit)) => {
                requests = requests.saturating_add(request);
                limits = limits.saturating_add(limit);
            }
            (Err(quantity), _) | (_, Err(quantity)) => gaps.push(uncounted(pod, resource, quantity)),
        }
    }
    (requests, limits)
}

fn uncounted(pod: &Pod, resource: &str, quantity: &Quantity) -> String {
    let meta = pod.metadata.as_ref();
    let object = meta.map_or_else(|| "A pod".to_owned(), |meta| Kind::Pod.reference(meta).to_string());
    format!(
        "The {resource} of {object} is not counted: {:?} can't be reckoned with.",
        shown(quantity)
    )
}

fn unlimited<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>) -> Vec<UnlimitedContainer> {
    let containers = workload.containers().filter(|at| at.list != ContainerList::Ephemeral);
    let lacking = containers.filter_map(|at| {
        let given = |resource: &str| given::limit(cluster, workload, at, resource);
        let missing = given::lacks(&["cpu", "memory"], at, "limit", given).missing;
        (!missing.is_empty()).then(|| UnlimitedContainer {
            object: workload.reference.clone(),
            container: at.container.name.clone(),
            resources: missing.into_iter().map(str::to_owned).collect(),
        })
    });
    lacking.collect()
}

fn node(cluster: &Cluster<'_>, node: &Node, gaps: &mut Vec<String>) -> NodeCapacity {
    let name = name_of(node.metadata.as_ref());
    let pods = cluster.pods_on(&name);
    let allocatable = |resource: &str| node.status.as_ref().and_then(|status| status.allocatable.get(resource));
    NodeCapacity {
        schedulable: !node.spec.as_ref().is_some_and(|spec| spec.unschedulable),
        pods: is_read(cluster, Kind::Pod).then(|| count(pods)),
        resources: demands(cluster, pods, gaps, |resource| usage::of_node(cluster, &name, resource))
            .into_iter()
            .map(|demand| Capacity {
                allocatable: allocatable(&demand.resource)
                    .map_or_else(unknown, |quantity| amount(&demand.resource, quantity)),
                demand,
            })
            .collect(),
        node: name,
    }
}

fn unknown() -> Amount {
    Amount {
        text: String::new(),
        value: None,
    }
}

/// A resource of all nodes together; how much there is, is not known where one does not say.
fn sum(nodes: &[NodeCapacity], resource: &str) -> Capacity {
    let all = || {
        nodes
            .iter()
            .flat_map(|node| &node.resources)
            .filter(|it| it.demand.resource == resource)
    };
    let total = |of: fn(&Capacity) -> Option<i64>| {
        let known: Option<Vec<i64>> = all().map(of).collect();
        known.map(|values| values.into_iter().fold(0, i64::saturating_add))
    };
    Capacity {
        demand: Demand {
            resource: resource.to_owned(),
            unit: unit(resource),
            requests: total(|it| it.demand.requests),
            limits: total(|it| it.demand.limits),
            used: all().filter_map(|it| it.demand.used).reduce(i64::saturating_add),
        },
        allocatable: Amount {
            text: String::new(),
            value: total(|it| it.allocatable.value),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;
    use shared::quotas::Unit;

    fn of(manifests: &str) -> Quotas {
        let snapshot = snapshot(manifests);
        quotas(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH))
    }

    const QUOTA: &str = "
apiVersion: v1
kind: ResourceQuota
metadata: {name: q, namespace: shop}
spec:
  hard: {requests.cpu: '4', requests.memory: 8Gi, pods: '0', services: 1e99}
  scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high, low]}]}
status:
  hard: {requests.cpu: '4', requests.memory: 8Gi, pods: '0'}
  used: {requests.cpu: 1500m, requests.memory: 2Gi, pods: '0'}
---
";

    fn pod(name: &str, requests: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop}}
spec: {{nodeName: n1, containers: [{{name: c, resources: {{requests: {{{requests}}}, limits: {{memory: 1Gi}}}}}}]}}
---
"
        )
    }

    fn node(name: &str, allocatable: &str) -> String {
        format!(
            "\napiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\nstatus: {{allocatable: {{{allocatable}}}}}\n---\n"
        )
    }

    #[test]
    fn use_is_told_by_resource_in_its_unit_and_as_written() {
        let quotas = of(QUOTA);
        let quota = &quotas.namespaces[0].quotas.as_ref().unwrap()[0];
        assert_eq!(quota.scopes, ["PriorityClass In high, low"]);
        let of = |resource: &str| quota.resources.iter().find(|it| it.resource == resource).unwrap();
        let cpu = of("requests.cpu");
        assert_eq!((cpu.unit, cpu.share), (Unit::Milli, Some(0.375)));
        let used = cpu.used.as_ref().unwrap();
        assert_eq!((used.text.as_str(), used.value), ("1500m", Some(1500)));
        assert_eq!(of("requests.memory").hard.value, Some(8 << 30));
        assert_eq!(of("pods").share, None);
        assert_eq!((of("services").hard.value, &of("services").used), (None, &None));
    }

    #[test]
    fn pods_count_for_their_namespace_and_their_node() {
        let quotas = of(&(pod("a", "cpu: 500m") + &pod("b", "cpu: 1") + &node("n1", "cpu: 4, memory: 8Gi")));
        let cpu = &quotas.namespaces[0].demand[0];
        assert_eq!(
            (cpu.resource.as_str(), cpu.requests, cpu.limits),
            ("cpu", Some(1500), Some(0))
        );
        let node = &quotas.nodes[0];
        assert_eq!((node.pods, node.schedulable), (Some(2), true));
        let memory = &node.resources[1];
        assert_eq!(memory.allocatable.value, Some(8 << 30));
        assert_eq!(
            (memory.demand.requests, memory.demand.limits),
            (Some(2 << 30), Some(2 << 30))
        );
    }

    #[test]
    fn what_pods_use_counts_for_their_namespace_and_their_node() {
        let sample = "
apiVersion: metrics.k8s.io/v1beta1
kind: PodMetrics
metadata: {name: a, namespace: shop}
timestamp: '2026-11-29T10:00:00Z'
containers: [{name: c, usage: {cpu: 20m, memory: 5Mi}}]
---
";
        let pods = pod("a", "cpu: 500m") + &pod("b", "cpu: 1") + &node("n1", "cpu: 4") + &node("n2", "cpu: 4");
        let snapshot = crate::fixture::measured(&(pods + sample));
        let quotas = quotas(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH));
        let used = |demand: &[Demand]| demand.iter().map(|it| it.used).collect::<Vec<_>>();
        assert_eq!(used(&quotas.namespaces[0].demand), [Some(20), Some(5 << 20), None]);
        let of_nodes = quotas.nodes.iter().map(|node| node.resources[0].demand.used);
        assert_eq!(of_nodes.collect::<Vec<_>>(), [Some(20), None]);
        assert_eq!(quotas.capacity[0].demand.used, Some(20));
        assert!(matches!(
            quotas.sampling,
            shared::usage::Sampling::Measured { pods: 1, .. }
        ));
        assert_eq!(of(&pod("a", "cpu: 1")).namespaces[0].demand[0].used, None);
    }

    #[test]
    fn nodes_add_up_unless_one_does_not_say() {
        let both = of(&(node("n1", "cpu: 4") + &node("n2", "cpu: 1500m")));
        assert_eq!(both.capacity[0].allocatable.value, Some(5500));
        let one = of(&(node("n1", "cpu: 4") + &node("n2", "")));
        assert_eq!(one.capacity[0].allocatable.value, None);
    }

    #[test]
    fn containers_without_limits_are_named_with_what_they_lack() {
        let quotas = of(&pod("a", "cpu: 1"));
        let [container] = quotas.namespaces[0].without_limits.as_slice() else {
            panic!("{quotas:?}")
        };
        assert_eq!(
            (container.container.as_str(), container.resources.as_slice()),
            ("c", &["cpu".to_owned()][..])
        );
    }

    #[test]
    fn what_makes_no_sense_is_left_out_and_said_once() {
        let quotas = of(&(pod("a", "cpu: '-1'") + &pod("b", "cpu: 1") + &node("n1", "cpu: 4")));
        assert_eq!(quotas.namespaces[0].demand[0].requests, Some(1000));
        assert_eq!(
            quotas.gaps,
            [r#"The cpu of Pod shop/a is not counted: "-1" can't be reckoned with."#]
        );
    }

    #[test]
    fn kinds_that_were_not_read_are_named() {
        let mut snapshot = snapshot("");
        let reason = "manifests don't show it".to_owned();
        snapshot.set(Kind::Node, Collected::Skipped { reason }, Vec::new());
        let quotas = quotas(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH));
        assert_eq!(quotas.gaps, ["nodes were not read."]);
    }

    #[test]
    fn of_what_was_not_read_no_number_is_told() {
        let deployment = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: c}]}}}
---
";
        let mut snapshot = snapshot(&(deployment.to_owned() + &node("n1", "cpu: 4")));
        for kind in [Kind::Pod, Kind::ResourceQuota, Kind::LimitRange] {
            let reason = "forbidden".to_owned();
            snapshot.set(kind, Collected::Denied { reason }, Vec::new());
        }
        let quotas = quotas(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH));
        let shop = &quotas.namespaces[0];
        assert_eq!((&shop.quotas, &shop.limit_ranges, shop.pods), (&None, &None, None));
        let node = &quotas.nodes[0];
        assert_eq!((node.pods, node.resources[0].demand.requests), (None, None));
        let all = &quotas.capacity[0];
        assert_eq!((all.demand.requests, all.allocatable.value), (None, Some(4000)));
    }
}
