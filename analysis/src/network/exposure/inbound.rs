//! The ways in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ipnet::IpNet;
use shared::network::exposure::{Sources, Via, Way};
use shared::object::ObjectRef;

use super::backends::{self, Backend};
use super::controllers::{self, Front, Fronts};
use super::internal::is_internal;
use super::policies::Policies;
use super::targets::{Index, number, protocol};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::model::ingress::Ingress;
use crate::model::service::{Service, ServicePort, ServiceSpec};
use crate::network::address::Addresses;
use crate::network::classes::ClassId;
use crate::network::connections::Protocol;
use crate::network::engine::Network;
use crate::network::internet::public;
use crate::network::model::Model;
use crate::services;

/// All ways in, by workload.
pub(super) fn ways(cluster: &Cluster<'_>, model: &Model, network: &Network, index: &Index<'_>) -> Vec<Way> {
    let mut finding = Finding {
        cluster,
        model,
        network,
        index,
        policies: Policies::of(network),
        fronts: Fronts::default(),
        found: Vec::new(),
    };
    finding.by_services();
    finding.by_ingresses();
    finding.by_routes();
    finding.by_nodes();
    let mut found = finding.found;
    found.sort_unstable();
    found.dedup();
    found
}

struct Finding<'a> {
    cluster: &'a Cluster<'a>,
    model: &'a Model,
    network: &'a Network,
    index: &'a Index<'a>,
    policies: Policies<'a>,
    fronts: Fronts,
    found: Vec<Way>,
}

/// How one comes to some pods.
struct By<'b> {
    via: Via,
    object: &'b ObjectRef,
    gateway: Option<&'b ObjectRef>,
    port: Option<u16>,
    /// The only addresses that are let through on the way.
    narrowed: Option<&'b Addresses>,
    front: &'b Front,
}

impl Finding<'_> {
    fn by_services(&mut self) {
        let cluster = self.cluster;
        for service in cluster.snapshot.all::<Service>() {
            let Some(spec) = &service.spec else { continue };
            let object = services::reference(service);
            let balancer = match is_internal(service) {
                true => Via::InternalLoadBalancer,
                false => Via::LoadBalancer,
            };
            let ranges = &spec.load_balancer_source_ranges;
            let ranges = (!ranges.is_empty()).then(|| {
                let blocks = ranges.iter().filter_map(|range| range.trim().parse::<IpNet>().ok());
                Addresses::blocks_of(blocks)
            });
            for port in &spec.ports {
                for (via, outer) in open(spec, port, balancer) {
                    let by = By {
                        via,
                        object: &object,
                        gateway: None,
                        port: outer,
                        // The ranges are those of the load balancer, and a node's port knows none.
                        narrowed: ranges.as_ref().filter(|_| via == balancer),
                        front: &Front::Outside,
                    };
                    self.to(&by, (service, port));
                }
            }
        }
    }

    fn by_ingresses(&mut self) {
        let cluster = self.cluster;
        for ingress in cluster.snapshot.all::<Ingress>() {
            let Some(meta) = &ingress.metadata else { continue };
            let (object, front) = (Kind::Ingress.reference(meta), self.fronts.of_ingress(cluster, ingress));
            let is_tls = ingress.spec.as_ref().is_some_and(|spec| !spec.tls.is_empty());
            let by = By {
                via: Via::Ingress,
                object: &object,
                gateway: None,
                port: Some(if is_tls { 443 } else { 80 }),
                narrowed: None,
                front: &front,
            };
            for backend in backends::of_ingress(cluster.snapshot, ingress) {
                self.to(&by, backend);
            }
        }
    }

    fn by_routes(&mut self) {
        let cluster = self.cluster;
        let mut fronts: BTreeMap<ObjectRef, Front> = BTreeMap::new();
        for routed in backends::routed(cluster.snapshot) {
            let Some(meta) = &routed.gateway.metadata else { continue };
            let gateway = Kind::Gateway.reference(meta);
            let front = fronts.entry(gateway.clone());
            let front = front.or_insert_with(|| controllers::of_gateway(cluster, routed.gateway));
            let by = By {
                via: Via::Route,
                object: &routed.route,
                gateway: Some(&gateway),
                port: number(routed.listener.port),
                narrowed: None,
                front,
            };
            for backend in &routed.backends {
                self.to(&by, *backend);
            }
        }
    }

    fn by_nodes(&mut self) {
        let places: HashMap<&ObjectRef, usize> = self.model.workloads.iter().zip(0..).collect();
        for workload in &self.cluster.workloads {
            let Some(place) = places.get(&workload.reference) else {
                continue;
            };
            let is_host = workload.spec.host_network;
            let declared = workload
                .containers()
                .flat_map(|at| &at.container.ports)
                .filter_map(|port| {
                    let outer = if is_host { port.container_port } else { port.host_port };
                    let is_reachable = !port.host_ip.starts_with("127.") && port.host_ip != "::1";
                    let outer = number(outer).filter(|_| is_reachable)?;
                    Some((protocol(&port.protocol)?, Some(outer), number(port.container_port)))
                });
            let mut ports: BTreeSet<(Protocol, Option<u16>, Option<u16>)> = declared.collect();
            if is_host && ports.is_empty() {
                ports.insert((Protocol::Tcp, None, None));
            }
            for (protocol, outer, target) in ports {
                let by = By {
                    via: if is_host { Via::HostNetwork } else { Via::HostPort },
                    object: &workload.reference,
                    gateway: None,
                    port: outer,
                    narrowed: None,
                    front: &Front::Outside,
                };
                let classes = self.index.classes(self.network, *place);
                self.add(&by, *place, (protocol, target), &classes);
            }
        }
    }

    fn to(&mut self, by: &By<'_>, (service, port): Backend<'_>) {
        let mut ends: BTreeMap<(usize, Protocol, u16), BTreeSet<ClassId>> = BTreeMap::new();
        for target in self.index.targets(self.cluster, service, port) {
            let key = (self.model.pods[target.entry].workload, target.protocol, target.port);
            let class = self.network.classes.of_pods[target.entry][target.place];
            ends.entry(key).or_default().insert(class);
        }
        for ((workload, protocol, port), classes) in ends {
            self.add(by, workload, (protocol, Some(port)), &classes);
        }
    }

    fn add(
        &mut self,
        by: &By<'_>,
        workload: usize,
        (protocol, target): (Protocol, Option<u16>),
        classes: &BTreeSet<ClassId>,
    ) {
        let sources = self.sources(by, (protocol, target), classes);
        let peer = match (by.front, &sources) {
            (Front::Workloads(places), _) => places.first().and_then(|place| self.class_of(*place)),
            _ => None,
        };
        let peer = peer.unwrap_or_else(|| self.network.classes.of_address(PUBLIC));
        let (mut is_isolated, mut why): (bool, Vec<ObjectRef>) = (true, Vec::new());
        for class in classes {
            let (isolated, said) = self.policies.said(*class, peer);
            is_isolated &= isolated;
            let new: Vec<ObjectRef> = said.iter().filter(|policy| !why.contains(policy)).cloned().collect();
            why.extend(new);
        }
        self.found.push(Way {
            workload: self.model.workloads[workload].clone(),
            via: by.via,
            object: by.object.clone(),
            gateway: by.gateway.cloned(),
            protocol: protocol.name().to_owned(),
            port: by.port,
            target,
            sources,
            is_isolated,
            why,
        });
    }

    fn sources(
        &mut self,
        by: &By<'_>,
        (protocol, port): (Protocol, Option<u16>),
        classes: &BTreeSet<ClassId>,
    ) -> Sources {
        match by.front {
            Front::NotKnown(reason) => Sources::NotKnown { reason: reason.clone() },
            Front::Workloads(places) => {
                let peers: BTreeSet<ClassId> = places.iter().flat_map(|place| self.classes_of(*place)).collect();
                let passes = |from: ClassId, to: ClassId| {
                    let ports = self.network.connections(from, to);
                    port.is_none_or(|port| ports.ports(protocol).contains(port))
                };
                Sources::Controller {
                    workloads: places
                        .iter()
                        .map(|place| self.cluster.workloads[*place].reference.clone())
                        .collect(),
                    is_let_in: peers.iter().any(|from| classes.iter().any(|to| passes(*from, *to))),
                }
            }
            Front::Outside => {
                let each: Vec<Addresses> = classes
                    .iter()
                    .map(|class| self.policies.let_in(*class, protocol, port.unwrap_or(1)))
                    .collect();
                let all = Addresses::of_all(&each);
                let all = by.narrowed.map_or(all.clone(), |narrowed| all.intersection(narrowed));
                Sources::Addresses {
                    internet: by.via != Via::InternalLoadBalancer && !all.intersection(public()).is_empty(),
                    cidrs: all.into(),
                }
            }
        }
    }

    /// The classes of the pods of a workload of the cluster.
    fn classes_of(&self, place: usize) -> BTreeSet<ClassId> {
        let reference = &self.cluster.workloads[place].reference;
        let known = self.model.workloads.binary_search(reference).ok();
        known
            .map(|place| self.index.classes(self.network, place))
            .unwrap_or_default()
    }

    fn class_of(&self, place: usize) -> Option<ClassId> {
        self.classes_of(place).first().copied()
    }
}

/// An address of the Internet, by which a policy that speaks of all is found.
const PUBLIC: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::new(8, 8, 8, 8));

/// How a port of a Service is open to the outside, and as which port; its load balancer, if it has one, is of this sort.
fn open(spec: &ServiceSpec, port: &ServicePort, balancer: Via) -> Vec<(Via, Option<u16>)> {
    let (own, node_port) = (number(port.port), number(port.node_port));
    let mut open = Vec::new();
    match spec.r#type.as_str() {
        "LoadBalancer" => {
            open.push((balancer, own));
            open.extend(node_port.map(|port| (Via::NodePort, Some(port))));
        }
        "NodePort" => open.push((Via::NodePort, node_port)),
        _ => {}
    }
    if !spec.external_ips.is_empty() {
        open.push((Via::ExternalIp, own));
    }
    open
}
