//! Whether what is declared stays open: policies that were made are held against it.

use std::collections::BTreeSet;

use shared::network::propose::{Clients, Kept};
use shared::object::ObjectRef;

use super::needs::{Needs, Port};
use crate::network::change::{Joint, Joints, joints};
use crate::network::classes::Of;
use crate::network::connections::Protocol;
use crate::network::engine::Network;
use crate::network::model::Model;

/// A cluster before and after.
pub(super) struct Verifying<'a> {
    model: &'a Model,
    states: [&'a Network; 2],
    /// The classes of pods that have an address of their own, by the place of their namespace.
    in_namespaces: Vec<BTreeSet<Joint>>,
    of_workloads: Vec<BTreeSet<Joint>>,
    /// The namespace of each workload that has pods.
    namespace_of: Vec<Option<usize>>,
    outside: Joints,
}

/// A part of a cluster of which all that is needed must stay.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'a> {
    /// What is needed of these workloads, by their places.
    To(&'a BTreeSet<usize>),
    /// The same, and what pods of a namespace need of others.
    Around(&'a BTreeSet<usize>, usize),
}

impl<'a> Verifying<'a> {
    pub(super) fn of(model: &'a Model, before: &'a Network, after: &'a Network) -> Self {
        let mut verifying = Self {
            model,
            states: [before, after],
            in_namespaces: vec![BTreeSet::new(); model.namespaces.len()],
            of_workloads: vec![BTreeSet::new(); model.workloads.len()],
            namespace_of: vec![None; model.workloads.len()],
            outside: joints(before, after),
        };
        let classes = before.classes.of_pods.iter().zip(&after.classes.of_pods);
        for (pods, (before, after)) in model.pods.iter().zip(classes) {
            let joints = before
                .iter()
                .zip(after)
                .map(|(before, after)| [Some(*before), Some(*after)]);
            let joints: BTreeSet<Joint> = joints.collect();
            if !pods.host_network {
                verifying.in_namespaces[pods.namespace].extend(&joints);
            }
            verifying.of_workloads[pods.workload].extend(joints);
            verifying.namespace_of[pods.workload] = Some(pods.namespace);
        }
        verifying
    }

    /// What is needed and stays.
    ///
    /// # Errors
    /// A port that would no longer be open to somebody who needs it.
    pub(super) fn kept(&self, needs: &Needs, part: Part<'_>) -> Result<Vec<Kept>, String> {
        let mut kept = Vec::new();
        let everywhere: BTreeSet<Joint> = self.in_namespaces.iter().flatten().copied().collect();
        for (port, clients) in needs {
            let (workloads, from) = match part {
                Part::To(workloads) => (workloads, None),
                Part::Around(workloads, namespace) => (workloads, Some(namespace)),
            };
            let is_own = workloads.contains(&port.0);
            if !is_own && from.is_none() {
                continue;
            }
            for (one, because) in clients {
                let mut sources = self.sources(*port, one, &everywhere);
                if let Some(namespace) = from.filter(|_| !is_own) {
                    sources.retain(|joint| self.in_namespaces[namespace].contains(joint));
                }
                if let Some(source) = sources.iter().find(|source| self.is_cut(**source, *port)) {
                    return Err(self.told(*port, because, *source));
                }
                // What policies cut off before is not kept.
                if is_own && sources.iter().any(|source| self.is_open(1, *source, *port)) {
                    kept.push(self.kept_port(*port, one, because));
                }
            }
        }
        Ok(kept)
    }

    fn sources(&self, (workload, ..): Port, clients: &Clients, everywhere: &BTreeSet<Joint>) -> Vec<Joint> {
        match clients {
            Clients::Everyone => self.outside.all().chain(everywhere.iter().copied()).collect(),
            Clients::Cluster => everywhere.iter().copied().collect(),
            Clients::Namespace => {
                let namespace = self.namespace_of[workload].map(|place| &self.in_namespaces[place]);
                namespace.into_iter().flatten().copied().collect()
            }
            Clients::Workloads { workloads } => {
                let places = workloads
                    .iter()
                    .filter_map(|one| self.model.workloads.binary_search(one).ok());
                places.flat_map(|place| &self.of_workloads[place]).copied().collect()
            }
        }
    }

    /// Whether what was open no longer is.
    fn is_cut(&self, from: Joint, port: Port) -> bool {
        let mut to = self.of_workloads[port.0].iter();
        to.any(|to| self.passes(0, (from, *to), port) && !self.passes(1, (from, *to), port))
    }

    /// Whether it is open to any of the workload's pods, before or after.
    fn is_open(&self, side: usize, from: Joint, port: Port) -> bool {
        let mut to = self.of_workloads[port.0].iter();
        to.any(|to| self.passes(side, (from, *to), port))
    }

    fn passes(&self, side: usize, (from, to): (Joint, Joint), (_, protocol, port): Port) -> bool {
        match (from[side], to[side]) {
            (Some(from), Some(to)) => self.states[side].connections(from, to).ports(protocol).contains(port),
            _ => false,
        }
    }

    fn told(&self, (workload, protocol, port): Port, because: &BTreeSet<ObjectRef>, source: Joint) -> String {
        let whom = match source[1].map(|class| &self.states[1].classes.all[class as usize].of) {
            Some(Of::Addresses(_)) => "outside addresses",
            _ => "pods",
        };
        let because = because.first().map(ToString::to_string).unwrap_or_default();
        let workload = &self.model.workloads[workload];
        let name = Protocol::name(protocol);
        format!("{because} declares that {name} {port} of {workload} is open, and {whom} would be cut off from it.")
    }

    fn kept_port(&self, (workload, protocol, port): Port, from: &Clients, because: &BTreeSet<ObjectRef>) -> Kept {
        Kept {
            workload: self.model.workloads[workload].clone(),
            protocol: protocol.name().to_owned(),
            port,
            from: from.clone(),
            because: because.iter().cloned().collect(),
        }
    }
}

/// The workloads of a namespace, by their places.
pub(super) fn workloads_in(model: &Model, namespace: &str) -> BTreeSet<usize> {
    let all = model.workloads.iter().enumerate();
    let own = all.filter(|(_, workload)| workload.namespace == namespace);
    own.map(|(place, _)| place).collect()
}
