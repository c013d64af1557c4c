//! Every pair of workloads, and of workloads and outside addresses, between which something may pass.

use std::collections::{BTreeMap, BTreeSet};

use shared::network::{All, BlockEndpoint, Connections, Endpoint, Pair, ProtocolPorts, WorkloadEndpoint};

use super::address::Addresses;
use super::classes::{ClassId, Of};
use super::connections;
use super::engine::Network;
use super::interned::{ALL, Id, Interned, NONE};
use super::model::{Model, Place, Pods};

/// Pods of a workload that policies do not tell apart.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) endpoint: Endpoint,
    pub(super) workload: usize,
    pub(super) class: ClassId,
    /// How many pods these are; one where there is only a template.
    pub(super) pods: u32,
    /// The nodes of its pods that are known.
    nodes: BTreeSet<usize>,
    is_host: bool,
}

/// Calls `each` with every pair, in order: by source, then by destination, outside addresses last. A workload with itself is left
/// out.
///
/// # Errors
/// What `each` fails with: nothing follows it.
pub fn pairs<E>(model: &Model, network: &Network, mut each: impl FnMut(Pair) -> Result<(), E>) -> Result<(), E> {
    let units = units(model, network);
    let mut listed = Listed::default();
    let mut sets = network.sets().clone();
    for source in &units {
        for destination in units
            .iter()
            .filter(|destination| destination.workload != source.workload)
        {
            let id = match shares_node(source, destination) {
                true => ALL,
                false => network.pass(&mut sets, source.class, destination.class),
            };
            if id != NONE {
                each(pair(&source.endpoint, &destination.endpoint, listed.of(&sets, id)))?;
            }
        }
        for (block, id) in outside(network, |outside| network.pass(&mut sets, source.class, outside)) {
            each(pair(&source.endpoint, &block, listed.of(&sets, id)))?;
        }
    }
    for destination in &units {
        for (block, id) in outside(network, |outside| network.pass(&mut sets, outside, destination.class)) {
            each(pair(&block, &destination.endpoint, listed.of(&sets, id)))?;
        }
    }
    Ok(())
}

fn pair(source: &Endpoint, destination: &Endpoint, connections: Connections) -> Pair {
    Pair {
        source: source.clone(),
        destination: destination.clone(),
        connections,
    }
}

/// Traffic between a pod and its own node is always let through, and so that with pods on the node's network.
pub(super) fn shares_node(one: &Unit, two: &Unit) -> bool {
    (one.is_host || two.is_host) && !one.nodes.is_disjoint(&two.nodes)
}

/// What may pass from or to outside addresses, as the fewest blocks.
fn outside(network: &Network, mut pass: impl FnMut(ClassId) -> Id) -> Vec<(Endpoint, Id)> {
    let mut by_set: BTreeMap<Id, Addresses> = BTreeMap::new();
    for (class, known) in (0..).zip(&network.classes.all) {
        if let Of::Addresses(addresses) = &known.of {
            let together = by_set.entry(pass(class)).or_default();
            *together = together.union(addresses);
        }
    }
    by_set.remove(&NONE);
    let blocks = by_set.iter().flat_map(|(id, addresses)| {
        let blocks = addresses.blocks().into_iter();
        blocks.map(move |block| (block, *id))
    });
    let mut blocks: Vec<_> = blocks.collect();
    blocks.sort_unstable();
    let endpoint = |cidr: ipnet::IpNet| Endpoint::Block(BlockEndpoint { cidr: cidr.to_string() });
    blocks.into_iter().map(|(block, id)| (endpoint(block), id)).collect()
}

/// The workloads by namespace, kind and name; those of whose pods policies tell some from others once for each sort.
pub(super) fn units(model: &Model, network: &Network) -> Vec<Unit> {
    let mut sorts: BTreeMap<usize, Vec<Unit>> = BTreeMap::new();
    for (entry, pods) in model.pods.iter().enumerate() {
        let of_workload = sorts.entry(pods.workload).or_default();
        for (class, place) in network.classes.of_pods[entry].iter().zip(&pods.each) {
            let known = of_workload.iter().position(|unit| unit.class == *class);
            let unit = known.unwrap_or_else(|| {
                of_workload.push(unit(model, pods.workload, *class, pods.host_network));
                of_workload.len() - 1
            });
            of_workload[unit].nodes.extend(place.node);
            of_workload[unit].pods += 1;
        }
    }
    let mut units: Vec<Unit> = sorts.into_values().flat_map(numbered).collect();
    units.sort_by(|one, two| one.endpoint.cmp(&two.endpoint));
    units
}

fn unit(model: &Model, workload: usize, class: ClassId, is_host: bool) -> Unit {
    let reference = &model.workloads[workload];
    Unit {
        endpoint: Endpoint::Workload(WorkloadEndpoint {
            namespace: reference.namespace.clone(),
            kind: reference.kind.clone(),
            name: reference.name.clone(),
        }),
        workload,
        class,
        pods: 0,
        nodes: BTreeSet::new(),
        is_host,
    }
}

/// One pod by itself.
pub(super) fn pod(endpoint: Endpoint, pods: &Pods, place: &Place, class: ClassId) -> Unit {
    Unit {
        endpoint,
        workload: pods.workload,
        class,
        pods: 1,
        nodes: place.node.into_iter().collect(),
        is_host: pods.host_network,
    }
}

fn numbered(mut sorts: Vec<Unit>) -> Vec<Unit> {
    if sorts.len() > 1 {
        for (number, unit) in (1..).zip(&mut sorts) {
            if let Endpoint::Workload(workload) = &mut unit.endpoint {
                workload.name = format!("{}#{number}", workload.name);
            }
        }
    }
    sorts
}

/// Sets as they are listed, made once each.
#[derive(Default)]
pub(super) struct Listed(BTreeMap<Id, Connections>);

impl Listed {
    pub(super) fn of(&mut self, sets: &Interned, id: Id) -> Connections {
        self.0.entry(id).or_insert_with(|| listed(sets.get(id))).clone()
    }
}

/// A set of connections, as it is listed.
pub fn listed(set: &connections::Connections) -> Connections {
    if set.is_all() {
        return Connections::All(All::All);
    }
    let each = set.each().map(|(protocol, ports)| ProtocolPorts {
        protocol: protocol.name().to_owned(),
        ports: ports.intervals().iter().map(|(first, last)| [*first, *last]).collect(),
    });
    Connections::Some(each.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Cluster;
    use crate::fixture::snapshot;
    use crate::network::read;
    use chrono::DateTime;

    fn lines(manifests: &str) -> Vec<String> {
        let snapshot = snapshot(manifests);
        let model = Model::of(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
        let network = Network::new(&model, read::policies(&snapshot).0);
        let mut lines = Vec::new();
        let each = |pair: Pair| {
            let connections = serde_json::to_string(&pair.connections).unwrap();
            lines.push(format!("{} {} {connections}", pair.source, pair.destination));
            Ok::<(), ()>(())
        };
        pairs(&model, &network, each).unwrap();
        lines
    }

    const TWO: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}
";

    #[test]
    fn without_policies_everyone_reaches_everyone() {
        assert_eq!(
            lines(TWO),
            [
                "Deployment shop/web StatefulSet shop/db \"all\"",
                "Deployment shop/web 0.0.0.0/0 \"all\"",
                "Deployment shop/web ::/0 \"all\"",
                "StatefulSet shop/db Deployment shop/web \"all\"",
                "StatefulSet shop/db 0.0.0.0/0 \"all\"",
                "StatefulSet shop/db ::/0 \"all\"",
                "0.0.0.0/0 Deployment shop/web \"all\"",
                "::/0 Deployment shop/web \"all\"",
                "0.0.0.0/0 StatefulSet shop/db \"all\"",
                "::/0 StatefulSet shop/db \"all\"",
            ]
        );
    }

    #[test]
    fn a_named_port_is_that_of_the_destination_and_blocks_are_told_in_full() {
        let policies = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: sql}]}]
  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/30, except: [10.0.0.0/32]}}], ports: [{port: 443, endPort: 444}, {protocol: UDP}]}]
";
        assert_eq!(
            lines(&format!("{TWO}---{policies}")),
            [
                "Deployment shop/web StatefulSet shop/db [{\"protocol\":\"TCP\",\"ports\":[[5432,5432]]}]",
                "Deployment shop/web 0.0.0.0/0 \"all\"",
                "Deployment shop/web ::/0 \"all\"",
                "StatefulSet shop/db 10.0.0.1/32 [{\"protocol\":\"TCP\",\"ports\":[[443,444]]},{\"protocol\":\"UDP\",\"ports\":[[1,65535]]}]",
                "StatefulSet shop/db 10.0.0.2/31 [{\"protocol\":\"TCP\",\"ports\":[[443,444]]},{\"protocol\":\"UDP\",\"ports\":[[1,65535]]}]",
                "0.0.0.0/0 Deployment shop/web \"all\"",
                "::/0 Deployment shop/web \"all\"",
            ]
        );
    }

    #[test]
    fn pods_of_one_workload_that_policies_tell_apart_are_listed_each() {
        let pod = |name: &str, role: &str| {
            format!(
                "
apiVersion: v1
kind: Pod
metadata:
  name: {name}
  namespace: shop
  labels: {{app: db, role: {role}}}
  ownerReferences: [{{apiVersion: apps/v1, kind: StatefulSet, name: db, controller: true}}]
spec: {{containers: [{{name: c, image: i}}]}}
---
"
            )
        };
        let policy = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {role: replica}}, policyTypes: [Ingress, Egress]}
";
        let pods = [pod("db-0", "primary"), pod("db-1", "replica"), pod("db-2", "replica")].concat();
        let found = lines(&format!("{TWO}---{pods}{policy}"));
        let among: Vec<&String> = found.iter().filter(|line| !line.contains("/0 ")).collect();
        assert_eq!(
            among,
            [
                "Deployment shop/web StatefulSet shop/db#1 \"all\"",
                "StatefulSet shop/db#1 Deployment shop/web \"all\"",
            ]
        );
        // Where nobody tells them apart they are one.
        assert!(lines(&format!("{TWO}---{pods}")).iter().all(|line| !line.contains('#')));
    }
}
