//! What pods of a namespace must reach outside of it, as far as it is declared.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::images::reference::ImageReference;
use crate::model::Kind;
use crate::model::service::{EndpointSlice, Service};
use crate::network::exposure::targets::{number, protocol};
use crate::run::why;

/// Where a cache of DNS on each node listens.
const NODE_CACHE: &str = "169.254.20.10";

/// The rules of a policy for egress that cut nothing off that is declared, and what a person should know of them.
///
/// # Errors
/// Something is declared that no rule can name.
pub(super) fn rules(cluster: &Cluster<'_>, namespace: &str) -> Result<(Vec<Value>, Vec<String>), String> {
    unread(cluster)?;
    let services = cluster.services_in(namespace).iter();
    let external = services.filter(|service| service.spec.as_ref().is_some_and(|spec| spec.r#type == "ExternalName"));
    if let Some(name) = external
        .filter_map(|service| service.metadata.as_ref())
        .map(|meta| &meta.name)
        .next()
    {
        return Err(format!(
            "Service {namespace}/{name} stands for a name outside of the cluster, which no NetworkPolicy can let through."
        ));
    }
    let mut rules = vec![json!({"to": [{"namespaceSelector": {}}]})];
    let mut notes = vec![
        "Pods of the namespace still reach all pods of the cluster, its DNS among them; what they call outside of it is not \
         declared and is cut off."
            .to_owned(),
    ];
    for service in cluster.services_in(namespace) {
        rules.extend(elsewhere(cluster, service));
    }
    if cluster
        .workloads_in(namespace)
        .any(|workload| cluster.mounts_token(workload))
    {
        let slices = cluster.slices_of("default", "kubernetes").iter();
        let server: Vec<Value> = slices.filter_map(|slice| to_addresses(slice)).collect();
        if server.is_empty() {
            return Err(format!(
                "Pods of {namespace} have tokens for the API server, whose addresses were not seen, so that it would be cut off."
            ));
        }
        rules.extend(server);
        notes.push("Addresses of the API server are let through as they are now.".into());
    }
    if cluster.workloads_in("kube-system").any(|workload| {
        let images = workload
            .containers()
            .filter_map(|at| ImageReference::parse(&at.container.image));
        images
            .into_iter()
            .any(|image| image.name.ends_with("k8s-dns-node-cache"))
    }) {
        let ports = json!([{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]);
        rules.push(json!({"to": [{"ipBlock": {"cidr": format!("{NODE_CACHE}/32")}}], "ports": ports}));
        notes.push(format!(
            "DNS is asked at {NODE_CACHE} on each node, where NodeLocal DNSCache listens by default."
        ));
    }
    Ok((rules, notes))
}

fn unread(cluster: &Cluster<'_>) -> Result<(), String> {
    let unread = [Kind::Service, Kind::EndpointSlice].into_iter().find_map(|kind| {
        let outcome = cluster.snapshot.outcome(kind);
        (!outcome.is_known()).then(|| why(&kind.info().resource(), &outcome))
    });
    unread.map_or(Ok(()), Err)
}

/// The endpoints of a Service that are no pods.
fn elsewhere(cluster: &Cluster<'_>, service: &Service) -> Vec<Value> {
    let Some(meta) = &service.metadata else {
        return Vec::new();
    };
    let slices = cluster.slices_of(&meta.namespace, &meta.name).iter();
    slices.filter_map(|slice| to_addresses(slice)).collect()
}

/// A rule for the endpoints of a slice that are no pods.
fn to_addresses(slice: &EndpointSlice) -> Option<Value> {
    let is_pod = |target: &crate::model::service::EndpointTarget| target.kind == "Pod";
    let endpoints = slice
        .endpoints
        .iter()
        .filter(|endpoint| !endpoint.target_ref.as_ref().is_some_and(is_pod));
    let addresses = endpoints
        .flat_map(|endpoint| &endpoint.addresses)
        .filter_map(|address| address.parse().ok());
    let blocks: BTreeSet<ipnet::IpNet> = addresses
        .map(|address: std::net::IpAddr| ipnet::IpNet::from(address))
        .collect();
    let ports = slice.ports.iter().filter_map(|one| {
        let protocol = protocol(one.protocol.as_deref().unwrap_or_default())?;
        Some(json!({"port": number(one.port?)?, "protocol": protocol.name()}))
    });
    let ports: Vec<Value> = ports.collect();
    let to = blocks
        .iter()
        .map(|block| json!({"ipBlock": {"cidr": block.to_string()}}));
    let to: Vec<Value> = to.collect();
    (!to.is_empty() && !ports.is_empty()).then(|| json!({"to": to, "ports": ports}))
}
