//! A cluster as network policies see it: pods by what policies can tell apart, and where they run.
//!
//! It is all that the engine needs, and small enough to be sent to the page.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use shared::object::ObjectRef;

use super::connections::Protocol;
use super::packed::Packed;
use crate::cluster::{Cluster, Workload};
use crate::model::namespace::Namespace as NamespaceObject;
use crate::model::node::Node as NodeObject;
use crate::model::pairs::Labels;
use crate::model::pod::{Pod, PodSpec, PodStatus};

/// The label that the API server gives each namespace.
const NAME: &str = "kubernetes.io/metadata.name";

/// The cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Packed", try_from = "Packed")]
pub struct Model {
    /// Namespaces, by name.
    pub namespaces: Vec<Named>,
    /// Nodes, by name.
    pub nodes: Vec<Named>,
    /// What runs, by kind, namespace and name.
    pub workloads: Vec<ObjectRef>,
    /// Its pods: those of a workload that differ in nothing that policies ask for are one entry.
    pub pods: Vec<Pods>,
}

/// A namespace or a node.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
}

/// Pods of a workload that are alike but for their addresses and nodes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Pods {
    /// The place of their workload.
    pub workload: usize,
    /// The place of their namespace.
    pub namespace: usize,
    /// Their labels.
    pub labels: Labels,
    /// Their ports that have a name.
    pub ports: Vec<ContainerPort>,
    /// Whether they are on the network of their node.
    pub host_network: bool,
    /// Where each of them is; one of whom nothing is known where there is only a template.
    pub each: Vec<Place>,
}

/// A port that a container declares under a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContainerPort {
    /// Its name.
    pub name: String,
    /// Its protocol.
    pub protocol: Protocol,
    /// Its number.
    pub port: u16,
}

/// Where a pod is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The pod's name; empty where there is only a template.
    pub pod: String,
    /// Its addresses: one, or one of each family.
    pub addresses: Vec<IpAddr>,
    /// The place of its node, where it has one that was read.
    pub node: Option<usize>,
}

impl Model {
    /// The cluster that a snapshot shows. A workload has its pods, or where there are none those that its template would make.
    pub fn of(cluster: &Cluster<'_>) -> Self {
        let mut model = Self {
            namespaces: namespaces(cluster),
            nodes: nodes(cluster),
            ..Self::default()
        };
        for workload in &cluster.workloads {
            model.add(workload);
        }
        model
    }

    fn add(&mut self, workload: &Workload<'_>) {
        let name = &workload.reference.namespace;
        let Some(namespace) = position(&self.namespaces, name) else {
            return;
        };
        let index = self.workloads.len();
        self.workloads.push(workload.reference.clone());
        let mut alike: BTreeMap<(&Labels, Vec<ContainerPort>, bool), Vec<Place>> = BTreeMap::new();
        for pod in &workload.pods {
            let (Some(meta), Some(spec)) = (&pod.metadata, &pod.spec) else {
                continue;
            };
            let key = (&meta.labels, ports(spec), spec.host_network);
            alike.entry(key).or_default().push(self.place(pod, spec));
        }
        if alike.is_empty() {
            let (labels, spec) = (&workload.pod_meta.labels, workload.spec);
            alike.insert((labels, ports(spec), spec.host_network), vec![Place::default()]);
        }
        let pods = alike.into_iter().map(|((labels, ports, host_network), each)| Pods {
            workload: index,
            namespace,
            labels: labels.clone(),
            ports,
            host_network,
            each,
        });
        self.pods.extend(pods);
    }

    fn place(&self, pod: &Pod, spec: &PodSpec) -> Place {
        let mut addresses: Vec<IpAddr> = pod.status.iter().flat_map(addresses).collect();
        addresses.sort_unstable();
        addresses.dedup();
        Place {
            pod: pod.metadata.as_ref().map(|meta| meta.name.clone()).unwrap_or_default(),
            addresses,
            node: position(&self.nodes, &spec.node_name),
        }
    }
}

/// The addresses of a pod. The one that stands by itself is the first of the list, where there is a list.
fn addresses(status: &PodStatus) -> impl Iterator<Item = IpAddr> {
    let alone = status.pod_ips.is_empty().then_some(status.pod_ip.as_str());
    let listed = status.pod_ips.iter().map(|address| address.ip.as_str());
    listed.chain(alone).filter_map(|text| text.parse().ok())
}

fn position(sorted: &[Named], name: &str) -> Option<usize> {
    sorted.binary_search_by(|named| named.name.as_str().cmp(name)).ok()
}

/// Those that were read, and those that only workloads name; each has the label that the API server gives it.
fn namespaces(cluster: &Cluster<'_>) -> Vec<Named> {
    let read = cluster.snapshot.all::<NamespaceObject>().filter_map(|namespace| {
        let meta = namespace.metadata.as_ref()?;
        Some((meta.name.as_str(), meta.labels.clone()))
    });
    let mut found: BTreeMap<&str, Labels> = read.collect();
    for workload in &cluster.workloads {
        found.entry(workload.reference.namespace.as_str()).or_default();
    }
    let named = found.into_iter().map(|(name, mut labels)| {
        labels.insert(NAME.to_owned(), name.to_owned());
        Named {
            name: name.to_owned(),
            labels,
        }
    });
    named.collect()
}

fn nodes(cluster: &Cluster<'_>) -> Vec<Named> {
    let read = cluster.snapshot.all::<NodeObject>().filter_map(|node| {
        let meta = node.metadata.as_ref()?;
        Some((meta.name.clone(), meta.labels.clone()))
    });
    let sorted: BTreeMap<String, Labels> = read.collect();
    sorted
        .into_iter()
        .map(|(name, labels)| Named { name, labels })
        .collect()
}

/// The named ports of containers and sidecars, which live as long as their pod.
fn ports(spec: &PodSpec) -> Vec<ContainerPort> {
    let sidecars = spec
        .init_containers
        .iter()
        .filter(|container| container.restart_policy.as_deref() == Some("Always"));
    let declared = spec
        .containers
        .iter()
        .chain(sidecars)
        .flat_map(|container| &container.ports);
    let named = declared.filter(|port| !port.name.is_empty()).filter_map(|port| {
        let protocol = if port.protocol.is_empty() {
            "TCP"
        } else {
            &port.protocol
        };
        Some(ContainerPort {
            name: port.name.clone(),
            protocol: Protocol::named(protocol)?,
            port: u16::try_from(port.container_port).ok().filter(|port| *port > 0)?,
        })
    });
    let mut ports: Vec<ContainerPort> = named.collect();
    ports.sort_unstable();
    ports.dedup();
    ports
}
