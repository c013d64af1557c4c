//! Questions about two ends: pods, or addresses.

use std::net::IpAddr;

use super::classes::ClassId;
use super::connections::Connections;
use super::engine::Network;
use super::model::Model;

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A pod: its entry in the model, and its place in it.
    Pod(usize, usize),
    /// Somebody with an address, who is no pod that is known.
    Address(IpAddr),
}

/// What may pass between two ends.
///
/// "A pod cannot block itself", and traffic between a pod and its own node, and so between it and the pods on that node's network,
/// is always let through.
pub fn connections(model: &Model, network: &Network, from: End, to: End) -> Connections {
    if from == to || shares_node(model, from, to) {
        return Connections::all();
    }
    network.connections(class(network, from), class(network, to))
}

fn class(network: &Network, end: End) -> ClassId {
    match end {
        End::Pod(entry, place) => network.classes.of_pods[entry][place],
        End::Address(address) => network.classes.of_address(address),
    }
}

fn shares_node(model: &Model, from: End, to: End) -> bool {
    let (End::Pod(from, one), End::Pod(to, two)) = (from, to) else {
        return false;
    };
    let (from, to) = (&model.pods[from], &model.pods[to]);
    let node = from.each[one].node;
    (from.host_network || to.host_network) && node.is_some() && node == to.each[two].node
}
