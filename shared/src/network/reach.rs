//! What can reach a workload and what it can reach, and what may pass between two ends.

use std::net::IpAddr;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Connections, Endpoint, SideVerdict, WorkloadEndpoint};
use crate::ids::ClusterId;
use crate::object::ObjectRef;
use crate::page::At;

/// Path of what reaches and is reached.
pub const PATH: &str = "/api/v1/network/reach";
/// Path of what may pass between two ends.
pub const CONNECTIONS_PATH: &str = "/api/v1/network/connections";

/// Whose reach, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ReachQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The workload or pod, as `namespace/Kind/name`, or an address.
    pub of: String,
}

impl From<&ReachQuery> for At {
    fn from(query: &ReachQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// Between whom, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ConnectionsQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Who connects: a workload or pod, as `namespace/Kind/name`, or an address.
    pub from: String,
    /// To whom, in the same way.
    pub to: String,
}

impl From<&ConnectionsQuery> for At {
    fn from(query: &ConnectionsQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// An end as a person names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A workload, or a pod.
    Workload(WorkloadEndpoint),
    /// An address that is of no pod.
    Address(IpAddr),
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        let mut parts = text.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(namespace), Some(kind), Some(name)) if ![namespace, kind, name].contains(&"") => {
                Ok(Self::Workload(WorkloadEndpoint {
                    namespace: namespace.to_owned(),
                    kind: kind.to_owned(),
                    name: name.to_owned(),
                }))
            }
            _ => Err(format!("{text:?} is neither namespace/Kind/name nor an address")),
        }
    }
}

/// What can reach a workload and what it can reach.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reach {
    /// Its pods, once for each sort that policies tell from others.
    pub sorts: Vec<Sort>,
    /// What an end says of a connection; the sorts name them by their places.
    pub verdicts: Vec<SideVerdict>,
    /// What is missing in the answer, in sentences.
    pub gaps: Vec<String>,
}

/// Pods that policies do not tell apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sort {
    /// Whose they are.
    pub end: Endpoint,
    /// How many pods are known; none of an address.
    pub pods: Option<u32>,
    /// Who can reach them.
    pub ingress: Side,
    /// Whom they can reach.
    pub egress: Side,
}

/// One direction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// The policies that speak of the pods for it, in the order in which they are asked.
    pub policies: Vec<ObjectRef>,
    /// Those with whom something may pass, by name; outside addresses last.
    pub peers: Vec<Peer>,
    /// How many workloads there are besides, with whom nothing may pass.
    pub cut: u32,
}

/// Somebody with whom something may pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Peer {
    /// Who.
    pub end: Endpoint,
    /// What may pass.
    pub connections: Connections,
    /// What the policies of who connects say, by its place among the verdicts.
    pub out: usize,
    /// What those of whom it connects to say.
    pub into: usize,
    /// Whether some of the two share a node, and one is on its network: then policies have no say.
    pub shares_node: bool,
}

/// What may pass between two ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Between {
    /// For each sort of pods of either end.
    pub pairs: Vec<BetweenSorts>,
    /// What is missing in the answer, in sentences.
    pub gaps: Vec<String>,
}

/// What may pass between two sorts of pods, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BetweenSorts {
    /// Who connects.
    pub source: Endpoint,
    /// To whom.
    pub destination: Endpoint,
    /// What may pass.
    pub connections: Connections,
    /// What the policies of the source say.
    pub out: SideVerdict,
    /// What those of the destination say.
    pub into: SideVerdict,
    /// Whether some of the two share a node, and one is on its network: then policies have no say.
    pub shares_node: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_workload_or_an_address() {
        let named = |text: &str| text.parse::<Named>();
        assert!(matches!(named("shop/Deployment/web"), Ok(Named::Workload(of)) if of.name == "web"));
        assert!(matches!(named("2001:db8::1"), Ok(Named::Address(_))));
        for wrong in ["", "web", "shop/web", "shop//web", "10.0.0.0/8", "/a/b"] {
            assert_eq!(
                named(wrong),
                Err(format!("{wrong:?} is neither namespace/Kind/name nor an address"))
            );
        }
    }
}
