//! Where Services lead: to which pods, and to which of their ports.

use std::collections::{BTreeSet, HashMap};

use crate::cluster::Cluster;
use crate::model::meta::ObjectMeta;
use crate::model::service::{EndpointSlice, Service, ServicePort, ServiceSpec};
use crate::network::classes::ClassId;
use crate::network::connections::Protocol;
use crate::network::engine::Network;
use crate::network::model::Model;

/// A port of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The pod's entry in the model.
    pub entry: usize,
    /// Its place in it.
    pub place: usize,
    /// The protocol.
    pub protocol: Protocol,
    /// The port.
    pub port: u16,
}

/// The pods of a model, by where they are.
#[derive(Debug)]
pub struct Index<'a> {
    model: &'a Model,
    by_name: HashMap<(&'a str, &'a str), (usize, usize)>,
    in_namespace: HashMap<&'a str, Vec<usize>>,
    of_workload: Vec<Vec<usize>>,
}

impl<'a> Index<'a> {
    /// Indexes them.
    pub fn of(model: &'a Model) -> Self {
        let mut index = Self {
            model,
            by_name: HashMap::new(),
            in_namespace: HashMap::new(),
            of_workload: vec![Vec::new(); model.workloads.len()],
        };
        for (entry, pods) in model.pods.iter().enumerate() {
            let namespace = model.namespaces[pods.namespace].name.as_str();
            index.in_namespace.entry(namespace).or_default().push(entry);
            index.of_workload[pods.workload].push(entry);
            for (place, one) in pods.each.iter().enumerate().filter(|(_, one)| !one.pod.is_empty()) {
                index.by_name.insert((namespace, &one.pod), (entry, place));
            }
        }
        index
    }

    /// The classes of the pods of a workload.
    pub fn classes(&self, network: &Network, workload: usize) -> BTreeSet<ClassId> {
        let entries = self.of_workload[workload].iter();
        entries
            .flat_map(|entry| &network.classes.of_pods[*entry])
            .copied()
            .collect()
    }

    /// The ports of pods to which a port of a Service leads, in order: by its endpoint slices, or where no slice has an endpoint, by
    /// its selector.
    pub fn targets(&self, cluster: &Cluster<'_>, service: &Service, port: &ServicePort) -> Vec<Target> {
        let (Some(meta), Some(spec)) = (&service.metadata, &service.spec) else {
            return Vec::new();
        };
        let Some(protocol) = protocol(&port.protocol).filter(|_| spec.r#type != "ExternalName") else {
            return Vec::new();
        };
        let slices = cluster.slices_of(&meta.namespace, &meta.name);
        let mut targets: Vec<Target> = match slices.iter().any(|slice| !slice.endpoints.is_empty()) {
            true => {
                let each = slices.iter().flat_map(|slice| self.of_slice(slice, meta, port));
                each.filter(|target| target.protocol == protocol).collect()
            }
            false => self.selected(meta, spec, port, protocol),
        };
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    fn of_slice(&self, slice: &EndpointSlice, meta: &ObjectMeta, port: &ServicePort) -> Vec<Target> {
        let named = slice
            .ports
            .iter()
            .filter(|one| one.name.as_deref().unwrap_or_default() == port.name);
        let ports: Vec<(Protocol, u16)> = named
            .filter_map(|one| {
                Some((
                    protocol(one.protocol.as_deref().unwrap_or_default())?,
                    number(one.port?)?,
                ))
            })
            .collect();
        let pods = slice.endpoints.iter().filter_map(|endpoint| {
            let target = endpoint.target_ref.as_ref().filter(|target| target.kind == "Pod")?;
            self.by_name.get(&(meta.namespace.as_str(), target.name.as_str()))
        });
        let each = pods.flat_map(|(entry, place)| {
            ports.iter().map(|(protocol, port)| Target {
                entry: *entry,
                place: *place,
                protocol: *protocol,
                port: *port,
            })
        });
        each.collect()
    }

    fn selected(&self, meta: &ObjectMeta, spec: &ServiceSpec, port: &ServicePort, protocol: Protocol) -> Vec<Target> {
        let there = self.in_namespace.get(meta.namespace.as_str()).into_iter().flatten();
        let is_meant = |entry: &&usize| {
            let labels = &self.model.pods[**entry].labels;
            !spec.selector.is_empty() && spec.selector.pairs().all(|(key, value)| labels.get(key) == Some(value))
        };
        let each = there.filter(is_meant).flat_map(|entry| {
            let pods = &self.model.pods[*entry];
            let port = match &port.target_port {
                Some(name) if name.kind != 0 => {
                    let mut ports = pods.ports.iter();
                    ports
                        .find(|port| port.name == name.string && port.protocol == protocol)
                        .map(|port| port.port)
                }
                Some(written) if written.int != 0 => number(written.int),
                _ => number(port.port),
            };
            let places = 0..pods.each.len();
            places.filter_map(move |place| {
                Some(Target {
                    entry: *entry,
                    place,
                    protocol,
                    port: port?,
                })
            })
        });
        each.collect()
    }
}

/// TCP where nothing is written.
pub(crate) fn protocol(written: &str) -> Option<Protocol> {
    Protocol::named(if written.is_empty() { "TCP" } else { written })
}

/// A port that there may be.
pub(crate) fn number(written: i32) -> Option<u16> {
    u16::try_from(written).ok().filter(|port| *port > 0)
}
