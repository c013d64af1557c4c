//! The ways into workloads from outside, and out of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Connections;
use crate::object::ObjectRef;

/// What is open to the outside of the cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exposure {
    /// The ways in, by workload.
    pub ways: Vec<Way>,
    /// What each workload may reach.
    pub reaches: Vec<Reach>,
    /// What could not be read, each as a sentence: there may be more ways in than these.
    pub unread: Vec<String>,
}

/// A way from outside to a port of a workload.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Way {
    /// To which workload.
    pub workload: ObjectRef,
    /// What sort of way.
    pub via: Via,
    /// What a person would edit: the Service, the Ingress, the route, or the workload itself.
    pub object: ObjectRef,
    /// The Gateway through which a route comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<ObjectRef>,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
    /// The port to which one connects from outside; none where it is not chosen yet, or may be any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The port of the pods; none where it may be any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<u16>,
    /// Whom policies let in by it.
    pub sources: Sources,
    /// Whether a NetworkPolicy isolates all pods that it leads to for ingress.
    pub is_isolated: bool,
    /// The policies that have a say in it, in the order in which they are asked.
    pub why: Vec<ObjectRef>,
}

/// A sort of way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Via {
    /// A Service of type `LoadBalancer`.
    LoadBalancer,
    /// The same, with an annotation by which its cloud keeps the load balancer off the Internet.
    InternalLoadBalancer,
    /// A port of each node, which leads to a Service.
    NodePort,
    /// An address in `externalIPs` of a Service.
    ExternalIp,
    /// An Ingress.
    Ingress,
    /// A route of the Gateway API.
    Route,
    /// A port of the pod's node.
    HostPort,
    /// A pod on the network of its node, over which policies have no say.
    HostNetwork,
}

/// Whom policies let in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "by")]
pub enum Sources {
    /// Outside addresses, as far as the client's own is what policies see: where a load balancer or a node puts its own in place
    /// of it, that must be let in.
    Addresses {
        /// The blocks, in order; none where nobody is let in.
        cidrs: Vec<String>,
        /// Whether there are public addresses among them, and they come so far.
        internet: bool,
    },
    /// The pods of the controller, which take what comes from outside and pass it on.
    #[serde(rename_all = "camelCase")]
    Controller {
        /// Its workloads.
        workloads: Vec<ObjectRef>,
        /// Whether any of them is let in.
        is_let_in: bool,
    },
    /// It can't be told.
    NotKnown {
        /// Why, as a sentence.
        reason: String,
    },
}

/// What a workload may reach outside; what only some of its pods may, it may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reach {
    /// The workload.
    pub workload: ObjectRef,
    /// The cloud provider's metadata, at 169.254.169.254 and fd00:ec2::254, on TCP 80.
    pub metadata: Access,
    /// The API server, at its own addresses and ports.
    pub api_server: Access,
    /// Addresses of nodes, of which a pod always reaches that of its own.
    pub nodes: Access,
    /// Any public address.
    pub internet: Access,
    /// The cluster's DNS.
    pub dns: Access,
}

/// What may pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "status")]
pub enum Access {
    /// As policies have it.
    Known {
        /// What may pass to any of the addresses; none where all is cut off.
        connections: Connections,
    },
    /// It can't be told.
    NotKnown {
        /// Why, as a sentence.
        reason: String,
    },
}
