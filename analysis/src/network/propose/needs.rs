//! What a cluster declares to be needed: who must reach which ports of which workloads.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shared::network::exposure::{Sources, Via, Way};
use shared::network::propose::{Callers, Clients};
use shared::object::ObjectRef;

use crate::cluster::Cluster;
use crate::model::api::{ApiService, CustomResourceDefinition};
use crate::model::service::Service;
use crate::model::{Kind, Object};
use crate::network::connections::Protocol;
use crate::network::exposure::targets::Index;
use crate::network::model::Model;
use crate::services;
use crate::webhook::webhooks;

/// Ports of workloads, by their places in the model.
pub(super) type Port = (usize, Protocol, u16);

/// For each port, to whom it must be open and what says so. Whoever is among others is left out.
pub(super) type Needs = BTreeMap<Port, BTreeMap<Clients, BTreeSet<ObjectRef>>>;

/// All of them.
pub(super) fn needs(cluster: &Cluster<'_>, model: &Model, index: &Index<'_>, ways: &[Way], callers: Callers) -> Needs {
    let places: HashMap<&ObjectRef, usize> = model.workloads.iter().zip(0..).collect();
    let hosts = model.pods.iter().filter(|pods| pods.host_network);
    let hosts: BTreeSet<&ObjectRef> = hosts.map(|pods| &model.workloads[pods.workload]).collect();
    let mut needs = Needs::new();
    let mut add = |port: Port, clients: Clients, because: ObjectRef| {
        needs
            .entry(port)
            .or_default()
            .entry(clients)
            .or_default()
            .insert(because);
    };
    for way in ways.iter().filter(|way| way.via != Via::HostNetwork) {
        let known = (places.get(&way.workload), Protocol::named(&way.protocol), way.target);
        if let (Some(place), Some(protocol), Some(port)) = known {
            add((*place, protocol, port), of_way(&hosts, way), way.object.clone());
        }
    }
    let of_services = match callers {
        Callers::Cluster => Clients::Cluster,
        Callers::Namespace => Clients::Namespace,
    };
    let called = called(cluster);
    for service in cluster.snapshot.all::<Service>() {
        let reference = services::reference(service);
        for port in service.spec.iter().flat_map(|spec| &spec.ports) {
            for target in index.targets(cluster, service, port) {
                let target = (model.pods[target.entry].workload, target.protocol, target.port);
                add(target, of_services.clone(), reference.clone());
                let by_server = called.get(&(&reference.namespace, &reference.name, port.port));
                for caller in by_server.into_iter().flatten() {
                    add(target, Clients::Everyone, caller.clone());
                }
            }
        }
    }
    needs.values_mut().for_each(narrow);
    needs
}

/// A load balancer, or a node that passes traffic on, may put its own address in place of the client's, so that everyone must be let
/// in; and so it is where it is not known who passes it on, or who does is on the network of a node, which no selector means.
fn of_way(hosts: &BTreeSet<&ObjectRef>, way: &Way) -> Clients {
    let Sources::Controller { workloads, .. } = &way.sources else {
        return Clients::Everyone;
    };
    match workloads.iter().any(|workload| hosts.contains(workload)) {
        true => Clients::Everyone,
        false => Clients::Workloads {
            workloads: workloads.clone(),
        },
    }
}

/// Everyone and the cluster hold all others; of a namespace and controllers, neither holds the other.
fn narrow(clients: &mut BTreeMap<Clients, BTreeSet<ObjectRef>>) {
    for widest in [Clients::Everyone, Clients::Cluster] {
        if clients.contains_key(&widest) {
            let because = std::mem::take(clients).into_values().flatten().collect();
            clients.insert(widest, because);
            return;
        }
    }
}

/// Ports of Services that the API server calls, from an address that no selector means.
type Called<'a> = BTreeMap<(&'a String, &'a String, i32), Vec<ObjectRef>>;

fn called<'a>(cluster: &'a Cluster<'_>) -> Called<'a> {
    let mut called = Called::new();
    let snapshot = cluster.snapshot;
    let configurations = [Kind::ValidatingWebhookConfiguration, Kind::MutatingWebhookConfiguration];
    for object in configurations.iter().flat_map(|kind| snapshot.of(*kind)) {
        let object: &Object = object;
        for service in webhooks(object).into_iter().filter_map(|webhook| webhook.service) {
            let key = (&service.namespace, &service.name, service.port.unwrap_or(443));
            called.entry(key).or_default().push(object.reference());
        }
    }
    for api in snapshot.all::<ApiService>() {
        let service = api.spec.as_ref().and_then(|spec| spec.service.as_ref());
        if let (Some(service), Some(meta)) = (service, &api.metadata) {
            let key = (&service.namespace, &service.name, service.port.unwrap_or(443));
            called.entry(key).or_default().push(Kind::ApiService.reference(meta));
        }
    }
    for definition in snapshot.all::<CustomResourceDefinition>() {
        let conversion = definition
            .spec
            .as_ref()
            .and_then(|spec| spec.conversion.as_ref()?.webhook.as_ref());
        let service = conversion.and_then(|webhook| webhook.client_config.as_ref()?.service.as_ref());
        if let (Some(service), Some(meta)) = (service, &definition.metadata) {
            let key = (&service.namespace, &service.name, service.port.unwrap_or(443));
            called
                .entry(key)
                .or_default()
                .push(Kind::CustomResourceDefinition.reference(meta));
        }
    }
    called
}
