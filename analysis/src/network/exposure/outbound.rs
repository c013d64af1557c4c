//! The ways out.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use shared::network::exposure::{Access, Reach};

use super::targets::{Index, number, protocol};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::model::node::Node;
use crate::model::service::Service;
use crate::network::classes::{ClassId, Of};
use crate::network::connections::{Connections, Ports, Protocol};
use crate::network::engine::Network;
use crate::network::internet::public;
use crate::network::listing::listed;
use crate::network::model::Model;
use crate::run::why;

/// Where cloud providers serve metadata.
const METADATA: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Who may be reached, and on which ports; or why that is not known.
type Aim = Result<Vec<(ClassId, Connections)>, String>;

/// What each workload may reach.
pub(super) fn reaches(cluster: &Cluster<'_>, model: &Model, network: &Network, index: &Index<'_>) -> Vec<Reach> {
    let hosts = hosts(model, network);
    let class = |address: IpAddr| {
        hosts
            .get(&address)
            .copied()
            .unwrap_or_else(|| network.classes.of_address(address))
    };
    let aims = [
        Ok(METADATA.map(|address| (class(address), http())).to_vec()),
        api_server(cluster, class),
        nodes(cluster, class),
        Ok(internet(network)),
        dns(cluster, network, index),
    ];
    let aims = aims.map(|aim| aim.map(distinct));
    let mut known: HashMap<BTreeSet<ClassId>, [Access; 5]> = HashMap::new();
    let all = model.workloads.iter().enumerate().map(|(place, workload)| {
        let classes = index.classes(network, place);
        let each = known
            .entry(classes)
            .or_insert_with_key(|classes| aims.each_ref().map(|aim| access(network, classes, aim)));
        let [metadata, api_server, nodes, internet, dns] = each.clone();
        Reach {
            workload: workload.clone(),
            metadata,
            api_server,
            nodes,
            internet,
            dns,
        }
    });
    all.collect()
}

fn access(network: &Network, classes: &BTreeSet<ClassId>, aim: &Aim) -> Access {
    match aim {
        Err(reason) => Access::NotKnown { reason: reason.clone() },
        Ok(aims) => {
            let each = classes
                .iter()
                .flat_map(|from| aims.iter().map(move |(to, ports)| (*from, *to, ports)));
            let all = each.fold(Connections::NONE, |all, (from, to, ports)| {
                all.union(&network.connections(from, to).intersection(ports))
            });
            Access::Known {
                connections: listed(&all),
            }
        }
    }
}

fn distinct(mut aims: Vec<(ClassId, Connections)>) -> Vec<(ClassId, Connections)> {
    aims.sort_unstable();
    aims.dedup();
    aims
}

fn http() -> Connections {
    Connections::of(Protocol::Tcp, Ports::range(80, 80))
}

/// Pods on the network of their node have its addresses, and policies may know them by it.
fn hosts(model: &Model, network: &Network) -> HashMap<IpAddr, ClassId> {
    let host = model
        .pods
        .iter()
        .zip(&network.classes.of_pods)
        .filter(|(pods, _)| pods.host_network);
    let each = host.flat_map(|(pods, classes)| pods.each.iter().zip(classes));
    each.flat_map(|(place, class)| place.addresses.iter().map(|address| (*address, *class)))
        .collect()
}

fn unread(cluster: &Cluster<'_>, kind: Kind) -> Result<(), String> {
    let outcome = cluster.snapshot.outcome(kind);
    match outcome.is_known() {
        true => Ok(()),
        false => Err(why(&kind.info().resource(), &outcome)),
    }
}

fn api_server(cluster: &Cluster<'_>, class: impl Fn(IpAddr) -> ClassId) -> Aim {
    unread(cluster, Kind::EndpointSlice)?;
    let mut aims = Vec::new();
    for slice in cluster.slices_of("default", "kubernetes") {
        let ports = slice.ports.iter().filter_map(|one| {
            let port = number(one.port?)?;
            let protocol = protocol(one.protocol.as_deref().unwrap_or_default())?;
            Some(Connections::of(protocol, Ports::range(port, port)))
        });
        let ports = ports.fold(Connections::NONE, |all, one| all.union(&one));
        let addresses = slice.endpoints.iter().flat_map(|endpoint| &endpoint.addresses);
        let addresses = addresses.filter_map(|address| address.parse().ok());
        aims.extend(addresses.map(|address| (class(address), ports.clone())));
    }
    match aims.is_empty() {
        true => Err("The endpoints of Service default/kubernetes were not seen.".into()),
        false => Ok(aims),
    }
}

fn nodes(cluster: &Cluster<'_>, class: impl Fn(IpAddr) -> ClassId) -> Aim {
    unread(cluster, Kind::Node)?;
    let statuses = cluster.snapshot.all::<Node>().filter_map(|node| node.status.as_ref());
    let addresses = statuses
        .flat_map(|status| &status.addresses)
        .filter_map(|one| one.address.parse().ok());
    let aims: Vec<_> = addresses.map(|address| (class(address), Connections::all())).collect();
    match aims.is_empty() {
        true => Err("No address of a node was seen.".into()),
        false => Ok(aims),
    }
}

fn internet(network: &Network) -> Vec<(ClassId, Connections)> {
    let classes = (0..).zip(&network.classes.all);
    let public = classes.filter(|(_, class)| match &class.of {
        Of::Addresses(addresses) => !addresses.intersection(public()).is_empty(),
        Of::Pods | Of::Host => false,
    });
    public.map(|(class, _)| (class, Connections::all())).collect()
}

fn dns(cluster: &Cluster<'_>, network: &Network, index: &Index<'_>) -> Aim {
    unread(cluster, Kind::Service)?;
    let service = cluster.snapshot.find::<Service>("kube-system", "kube-dns");
    let Some((service, spec)) = service.and_then(|service| Some((service, service.spec.as_ref()?))) else {
        return Err("There is no Service kube-system/kube-dns.".into());
    };
    let asked = spec.ports.iter().filter(|port| port.port == 53);
    let targets = asked.flat_map(|port| index.targets(cluster, service, port));
    let aims: Vec<_> = targets
        .map(|target| {
            let class = network.classes.of_pods[target.entry][target.place];
            (
                class,
                Connections::of(target.protocol, Ports::range(target.port, target.port)),
            )
        })
        .collect();
    match aims.is_empty() {
        true => Err("Service kube-system/kube-dns leads to no pod that was seen.".into()),
        false => Ok(aims),
    }
}
