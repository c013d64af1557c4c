//! What may connect to what, as network policies have it.

pub mod answers;
pub mod change;
pub mod changes;
pub mod coverage;
pub mod enforcement;
pub mod exposure;
pub mod graph;
pub mod history;
pub mod intents;
pub mod pairs;
pub mod propose;
pub mod reach;

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::object::ObjectRef;

/// What `plimsoll network list` prints: every two ends between which something may pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pairs(pub Vec<Pair>);

/// Two ends between which something may pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pair {
    /// Who connects.
    pub source: Endpoint,
    /// To whom.
    pub destination: Endpoint,
    /// What may pass.
    pub connections: Connections,
}

/// One end of a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Endpoint {
    /// Pods of a workload.
    Workload(WorkloadEndpoint),
    /// Addresses outside of the pods that are known.
    Block(BlockEndpoint),
}

/// `Deployment shop/web`, or the block.
impl Display for Endpoint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workload(workload) => write!(f, "{} {}/{}", workload.kind, workload.namespace, workload.name),
            Self::Block(block) => f.write_str(&block.cidr),
        }
    }
}

/// Pods of a workload.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct WorkloadEndpoint {
    /// Its namespace.
    pub namespace: String,
    /// Its kind.
    pub kind: String,
    /// Its name; `name#1`, `name#2` where policies tell some of its pods from others.
    pub name: String,
}

/// Addresses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct BlockEndpoint {
    /// As a block: `0.0.0.0/0`, `10.0.0.0/8`, `2001:db8::/32`.
    pub cidr: String,
}

/// What may pass: `"all"`, or the ports of each protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Connections {
    /// Every port of every protocol.
    All(All),
    /// These; none, where there are none.
    Some(Vec<ProtocolPorts>),
}

/// The word `"all"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum All {
    /// Everything.
    All,
}

/// Ports of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProtocolPorts {
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
    /// Intervals of ports, in order, with both ends in them: `[[80, 80], [8000, 9000]]`.
    pub ports: Vec<[u16; 2]>,
}

/// What one end says of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SideVerdict {
    /// Whether policies have a say there: they have none over pods on the network of their node, and over outside addresses.
    pub is_subject: bool,
    /// Whether a NetworkPolicy selects the pods for this direction, so that only what such policies let through may pass.
    pub is_isolated: bool,
    /// What it lets through.
    pub connections: Connections,
    /// What of it passes because no policy speaks of it.
    pub undecided: Connections,
    /// What each policy says, in the order in which they are asked.
    pub said: Vec<Said>,
}

/// What a policy says of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// The policy.
    pub policy: ObjectRef,
    /// The rule, as a path in it: `spec.ingress[0]`; none where the policy only isolates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What it does.
    pub action: RuleAction,
    /// To which of the connection it does so.
    pub connections: Connections,
}

/// What a policy does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleAction {
    /// Lets it through.
    Accept,
    /// Cuts it off.
    Deny,
    /// Leaves it to the policies after it.
    Pass,
    /// Selects the pods and lets nothing of it through, so that it is cut off unless another policy lets it through.
    Isolate,
}
