//! Whose reach is asked about, as a person names them.

use shared::network::reach::Named;
use shared::network::{BlockEndpoint, Endpoint, WorkloadEndpoint};

use crate::network::classes::ClassId;
use crate::network::engine::Network;
use crate::network::listing::{self, Unit};
use crate::network::model::Model;

/// Pods that policies do not tell apart, or an address.
pub(super) struct End {
    pub(super) endpoint: Endpoint,
    pub(super) class: ClassId,
    /// None of an address.
    pub(super) unit: Option<Unit>,
}

impl End {
    pub(super) fn of(unit: &Unit) -> Self {
        Self {
            endpoint: unit.endpoint.clone(),
            class: unit.class,
            unit: Some(unit.clone()),
        }
    }

    pub(super) fn is_one(&self) -> bool {
        self.unit.as_ref().is_some_and(|unit| unit.pods == 1)
    }

    pub(super) fn shares_node(&self, other: &Self) -> bool {
        let both = self.unit.as_ref().zip(other.unit.as_ref());
        both.is_some_and(|(one, two)| listing::shares_node(one, two))
    }
}

/// The sorts of pods of somebody.
pub(super) fn ends(model: &Model, network: &Network, units: &[Unit], of: &Named) -> Vec<End> {
    match of {
        Named::Address(address) => {
            let cidr = ipnet::IpNet::from(*address).to_string();
            vec![End {
                endpoint: Endpoint::Block(BlockEndpoint { cidr }),
                class: network.classes.of_address(*address),
                unit: None,
            }]
        }
        Named::Workload(of) => {
            let is_it = |unit: &&Unit| {
                let known = &model.workloads[unit.workload];
                (&known.namespace, &known.kind, &known.name) == (&of.namespace, &of.kind, &of.name)
            };
            let sorts: Vec<End> = units.iter().filter(is_it).map(End::of).collect();
            match sorts.is_empty() {
                true => pod(model, network, of).iter().map(End::of).collect(),
                false => sorts,
            }
        }
    }
}

/// A pod by its own name.
fn pod(model: &Model, network: &Network, of: &WorkloadEndpoint) -> Option<Unit> {
    let entries = model.pods.iter().zip(&network.classes.of_pods);
    let near = entries.filter(|(pods, _)| of.kind == "Pod" && model.namespaces[pods.namespace].name == of.namespace);
    let mut places = near.flat_map(|(pods, classes)| {
        let places = pods.each.iter().zip(classes);
        places.map(move |(place, class)| (pods, place, *class))
    });
    let (pods, place, class) = places.find(|(_, place, _)| place.pod == of.name)?;
    Some(listing::pod(Endpoint::Workload(of.clone()), pods, place, class))
}
