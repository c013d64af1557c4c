//! Whom the ends of an intent mean.

use std::collections::BTreeMap;

use shared::network::{BlockEndpoint, Endpoint, WorkloadEndpoint};

use super::written::{End, Where};
use crate::network::address::Addresses;
use crate::network::classes::{ClassId, Of};
use crate::network::engine::Network;
use crate::network::internet::public;
use crate::network::model::{Model, Named};
use crate::selector;

/// Whoever is at an end, by what no policy tells apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    /// The workloads of each class, by their places, each once and in the order in which they are listed.
    pub(super) workloads: BTreeMap<ClassId, Vec<usize>>,
    /// The outside addresses of each class.
    pub(super) addresses: BTreeMap<ClassId, Addresses>,
}

impl Side {
    /// Whether it is nobody.
    pub(super) fn is_empty(&self) -> bool {
        self.workloads.is_empty() && self.addresses.is_empty()
    }
}

/// What is asked of each intent, made once for all of them.
pub(super) struct Ends<'a> {
    model: &'a Model,
    network: &'a Network,
    /// The place of each workload in a listing.
    order: Vec<usize>,
}

impl<'a> Ends<'a> {
    pub(super) fn of(model: &'a Model, network: &'a Network) -> Self {
        let mut listed: Vec<usize> = (0..model.workloads.len()).collect();
        listed.sort_by_key(|place| endpoint(model, *place));
        let mut order = vec![0; listed.len()];
        for (number, place) in listed.into_iter().enumerate() {
            order[place] = number;
        }
        Self { model, network, order }
    }

    /// Whom an end means, pods on the network of their node among them.
    pub(super) fn meant(&self, end: &End) -> Side {
        match end {
            End::Pods { .. } => self.pods(|entry, selected| selected[entry], end),
            End::Block(cidr) => self.outside(&Addresses::block(cidr.0)),
            End::Internet => self.outside(public()),
        }
    }

    /// Everybody else: pods, but those on the network of a node, which no policy keeps from the pods there; and outside addresses.
    pub(super) fn others(&self, end: &End) -> Side {
        let is_other = |entry: usize, selected: &[bool]| !selected[entry] && !self.model.pods[entry].host_network;
        let meant = match end {
            End::Pods { .. } => Addresses::default(),
            End::Block(cidr) => Addresses::block(cidr.0),
            End::Internet => public().clone(),
        };
        let mut side = self.outside(&Addresses::all().difference(&meant));
        side.workloads = self.pods(is_other, end).workloads;
        side
    }

    fn pods(&self, is_one: impl Fn(usize, &[bool]) -> bool, end: &End) -> Side {
        let selected = self.selected(end);
        let mut workloads: BTreeMap<ClassId, Vec<usize>> = BTreeMap::new();
        for (entry, pods) in self
            .model
            .pods
            .iter()
            .enumerate()
            .filter(|(entry, _)| is_one(*entry, &selected))
        {
            for class in &self.network.classes.of_pods[entry] {
                let known = workloads.entry(*class).or_default();
                if known.last() != Some(&pods.workload) {
                    known.push(pods.workload);
                }
            }
        }
        for known in workloads.values_mut() {
            known.sort_by_key(|place| self.order[*place]);
            known.dedup();
        }
        Side {
            workloads,
            addresses: BTreeMap::new(),
        }
    }

    /// Whether the pods of each entry are meant.
    fn selected(&self, end: &End) -> Vec<bool> {
        let End::Pods { namespaces, pods } = end else {
            return vec![false; self.model.pods.len()];
        };
        let wanted = match namespaces {
            Where::Selected(selector) => Some(selector.selector()),
            Where::Everywhere | Where::Named(_) => None,
        };
        let is_there = |namespace: &Named| match (namespaces, &wanted) {
            (Where::Named(name), _) => namespace.name == *name,
            (_, Some(wanted)) => selector::matches(wanted, &namespace.labels),
            (_, None) => true,
        };
        let there: Vec<bool> = self.model.namespaces.iter().map(is_there).collect();
        let pods = pods.as_ref().map(super::written::Selector::selector);
        let is_meant = |labels| pods.as_ref().is_none_or(|wanted| selector::matches(wanted, labels));
        let entries = self.model.pods.iter();
        entries
            .map(|entry| there[entry.namespace] && is_meant(&entry.labels))
            .collect()
    }

    fn outside(&self, wanted: &Addresses) -> Side {
        let classes = (0..).zip(&self.network.classes.all);
        let addresses = classes.filter_map(|(class, known)| match &known.of {
            Of::Addresses(addresses) => Some((class, addresses.intersection(wanted))),
            Of::Pods | Of::Host => None,
        });
        Side {
            workloads: BTreeMap::new(),
            addresses: addresses.filter(|(_, addresses)| !addresses.is_empty()).collect(),
        }
    }

    /// How a workload is told.
    pub(super) fn workload(&self, place: usize) -> Endpoint {
        endpoint(self.model, place)
    }
}

fn endpoint(model: &Model, place: usize) -> Endpoint {
    let reference = &model.workloads[place];
    Endpoint::Workload(WorkloadEndpoint {
        namespace: reference.namespace.clone(),
        kind: reference.kind.clone(),
        name: reference.name.clone(),
    })
}

/// How addresses are told: by the first of their blocks.
pub(super) fn block(addresses: &Addresses) -> Endpoint {
    let first = addresses.blocks().into_iter().next();
    Endpoint::Block(BlockEndpoint {
        cidr: first.map(|block| block.to_string()).unwrap_or_default(),
    })
}
