//! How far policies cover a cluster: which pods are isolated, and which share of all connections is cut off.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The cluster, each namespace, and what is open between each two of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// The cluster as a whole.
    pub cluster: Protection,
    /// The namespaces, by name.
    pub namespaces: Vec<NamespaceCoverage>,
    /// What is open from each namespace to each.
    pub matrix: Matrix,
}

/// A namespace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceCoverage {
    /// Its name.
    pub name: String,
    /// How its pods are protected; the pairs are those with a pod of the namespace as their destination.
    #[serde(flatten)]
    pub protection: Protection,
}

/// How some pods are protected. A workload of which no pod is there counts as the one that its template would make.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Protection {
    /// Pods over which policies have a say.
    pub pods: u32,
    /// Workloads with such pods.
    pub workloads: u32,
    /// Pods on the network of their node, over which policies have none. They are in no other number.
    pub host_network: u32,
    /// As to who may connect to them.
    pub ingress: Isolation,
    /// As to whom they may connect to.
    pub egress: Isolation,
    /// Pairs of different pods, one as source and one as destination.
    pub pairs: Pairs,
}

/// Pods that are isolated in one direction: only what policies let through may pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Isolation {
    /// Pods.
    pub pods: u32,
    /// Workloads all of whose pods are isolated.
    pub workloads: u32,
    /// Whether what no rule speaks of is denied.
    pub default_deny: Extent,
}

/// For how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// For none.
    #[default]
    None,
    /// For some that are there, and not for those to come.
    Some,
    /// For all, those to come included.
    All,
}

/// Pairs of pods. What is in none of `open` and `part` is cut off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pairs {
    /// All there are.
    pub all: u64,
    /// Those between which every port of every protocol is open.
    pub open: u64,
    /// Those between which some are.
    pub part: u64,
    /// The share of the ports of all pairs that is open, from 0 to 1; none where there is no pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_ports: Option<f64>,
}

/// Pairs of pods by the namespaces of source and destination, row by row: the pairs from the namespace in place `i` to that in
/// place `j` are in place `i * n + j` of `n` namespaces. As many as there are pods in the one times those in the other; within a
/// namespace a pod has no pair with itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Matrix {
    /// Pairs between which every port of every protocol is open.
    pub open: Vec<u64>,
    /// Pairs between which some are.
    pub part: Vec<u64>,
}

/// What of a coverage is kept of each snapshot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Pods over which policies have a say.
    pub pods: u32,
    /// Namespaces with such pods.
    pub namespaces: u32,
    /// As to who may connect to them.
    pub ingress: Closed,
    /// As to whom they may connect to.
    pub egress: Closed,
    /// Pairs of different pods, one as source and one as destination.
    pub pairs: Pairs,
}

/// How many are closed in one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Closed {
    /// Pods that are isolated: only what policies let through may pass.
    pub pods: u32,
    /// Namespaces that deny by default, for pods to come too.
    pub namespaces: u32,
}

impl From<&Coverage> for Figures {
    fn from(coverage: &Coverage) -> Self {
        let with_pods = || {
            let all = coverage.namespaces.iter().map(|namespace| &namespace.protection);
            all.filter(|protection| protection.pods > 0)
        };
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let closed = |of: fn(&Protection) -> &Isolation| {
            let denying = with_pods().filter(|protection| of(protection).default_deny == Extent::All);
            Closed {
                pods: of(&coverage.cluster).pods,
                namespaces: number(denying.count()),
            }
        };
        Self {
            pods: coverage.cluster.pods,
            namespaces: number(with_pods().count()),
            ingress: closed(|protection| &protection.ingress),
            egress: closed(|protection| &protection.egress),
            pairs: coverage.cluster.pairs.clone(),
        }
    }
}
