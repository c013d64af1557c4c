//! What containers used when they were measured, summed up by workload: the form in which it is stored with a snapshot.

use prost::Message;
use shared::object::ObjectRef;

use super::kind::DecodeError;
use super::quantity::Time;

/// What was measured of a cluster: the last sample of each container, as `metrics.k8s.io` gave it.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Usage {
    /// By workload, sorted by group, kind, namespace and name.
    #[prost(message, repeated, tag = "1")]
    pub workloads: Vec<WorkloadUsage>,
    /// What the measured pods of each node used together, by the node's name.
    #[prost(message, repeated, tag = "2")]
    pub nodes: Vec<NodeUsage>,
    /// Pods that were measured.
    #[prost(uint32, tag = "3")]
    pub pods: u32,
    /// Containers that were left out, because what they use can't be reckoned with.
    #[prost(uint32, tag = "4")]
    pub left_out: u32,
    /// When the latest sample was taken.
    #[prost(message, optional, tag = "5")]
    pub measured_at: Option<Time>,
}

/// What the containers of a workload used.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct WorkloadUsage {
    /// API group of the workload.
    #[prost(string, tag = "1")]
    pub group: String,
    /// Kind of the workload.
    #[prost(string, tag = "2")]
    pub kind: String,
    /// Its namespace.
    #[prost(string, tag = "3")]
    pub namespace: String,
    /// Its name.
    #[prost(string, tag = "4")]
    pub name: String,
    /// By container, sorted by name.
    #[prost(message, repeated, tag = "5")]
    pub containers: Vec<ContainerUsage>,
}

/// What one container used in all the pods that have it.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ContainerUsage {
    /// Its name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Pods in which it was measured.
    #[prost(uint32, tag = "2")]
    pub pods: u32,
    /// CPU in thousandths of a core.
    #[prost(message, required, tag = "3")]
    pub cpu: Spread,
    /// The working set of memory in bytes.
    #[prost(message, required, tag = "4")]
    pub memory: Spread,
    /// The pod in which it used the most memory.
    #[prost(string, tag = "5")]
    pub pod: String,
    /// When that was measured.
    #[prost(message, optional, tag = "6")]
    pub measured_at: Option<Time>,
}

/// What the pods of a node used.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct NodeUsage {
    /// Its name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// CPU in thousandths of a core.
    #[prost(int64, tag = "2")]
    pub cpu: i64,
    /// Memory in bytes.
    #[prost(int64, tag = "3")]
    pub memory: i64,
}

/// How much of a resource several pods used.
#[derive(Clone, Copy, PartialEq, Eq, ::prost::Message)]
pub struct Spread {
    /// All of them together.
    #[prost(int64, tag = "1")]
    pub total: i64,
    /// The one that used the most.
    #[prost(int64, tag = "2")]
    pub most: i64,
}

impl Usage {
    /// What the containers of a workload used; none where no pod of it was measured.
    pub fn of(&self, workload: &ObjectRef) -> Option<&WorkloadUsage> {
        let key = (
            workload.group.as_str(),
            workload.kind.as_str(),
            workload.namespace.as_str(),
            workload.name.as_str(),
        );
        let place = self.workloads.binary_search_by(|other| other.key().cmp(&key)).ok()?;
        Some(&self.workloads[place])
    }

    /// The form in which it is stored.
    pub fn to_protobuf(&self) -> Vec<u8> {
        self.encode_to_vec()
    }

    /// What was stored.
    ///
    /// # Errors
    /// The message is malformed.
    pub fn from_protobuf(bytes: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self::decode(bytes)?)
    }

    /// What the measured pods of a node used.
    pub fn of_node(&self, name: &str) -> Option<&NodeUsage> {
        let place = self
            .nodes
            .binary_search_by(|other| other.name.as_str().cmp(name))
            .ok()?;
        Some(&self.nodes[place])
    }
}

impl WorkloadUsage {
    /// By what workloads are sorted.
    pub fn key(&self) -> (&str, &str, &str, &str) {
        (&self.group, &self.kind, &self.namespace, &self.name)
    }

    /// What one container used; none where it was not measured.
    pub fn container(&self, name: &str) -> Option<&ContainerUsage> {
        let place = self
            .containers
            .binary_search_by(|other| other.name.as_str().cmp(name))
            .ok()?;
        Some(&self.containers[place])
    }
}

impl ContainerUsage {
    /// How much of a resource it used; none of what is not measured.
    pub fn spread(&self, resource: &str) -> Option<Spread> {
        match resource {
            "cpu" => Some(self.cpu),
            "memory" => Some(self.memory),
            _ => None,
        }
    }
}

impl Spread {
    /// What a pod used on average.
    pub fn mean(self, pods: u32) -> i64 {
        self.total.checked_div(i64::from(pods)).unwrap_or_default()
    }
}
