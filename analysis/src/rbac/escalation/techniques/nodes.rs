//! Nodes: through their kubelets, as root, and as the identity of one.

use shared::escalations::{Sink, Technique};

use super::{halves, has};
use crate::rbac::escalation::build::{Builder, From};
use crate::rbac::escalation::fact::{Fact, Half, Place};
use crate::rbac::escalation::power::{Grants, Power};
use crate::rbac::escalation::running;
use crate::rbac::escalation::world::KUBE_SYSTEM;

pub(super) fn apply(builder: &mut Builder<'_>, from: &From, grants: &Grants) {
    match grants.power {
        Power::ProxyNode if grants.names.is_empty() => {
            let target = Fact::RunningPods(Place::Every);
            builder
                .draft
                .derive(&[from.fact], target, from.by(Technique::NodeProxy));
        }
        Power::ProxyNode => proxy(builder, from, &grants.names),
        Power::ChangeNode if grants.names.is_empty() => {
            let half = Half {
                power: Power::ChangeNode,
                place: from.place,
                names: None,
            };
            builder.may(from, half);
        }
        _ => {}
    }
}

/// The kubelet of a node runs commands in its pods.
fn proxy(builder: &mut Builder<'_>, from: &From, names: &[String]) {
    let world = builder.world;
    for place in &world.places {
        for running in &place.running {
            let mut nodes = running::nodes(&running.pods);
            nodes.retain(|node| has(names, &world.nodes[*node as usize]));
            if !nodes.is_empty() {
                super::pods::enter(
                    builder,
                    &[from.fact],
                    from.by(Technique::NodeProxy),
                    place,
                    running,
                    &nodes,
                );
            }
        }
    }
}

pub(super) fn finish(builder: &mut Builder<'_>) {
    root(builder);
    steal(builder);
    // The Node authoriser lets a kubelet ask for the tokens of its pods, and read their secrets.
    let world = builder.world;
    for place in &world.places {
        for account in place.running.iter().filter_map(|running| running.account) {
            let target = Fact::Subject(account);
            builder
                .draft
                .step(&[Fact::NodeIdentity], target, Technique::NodeCredentials);
        }
    }
}

/// Root on a node reads the tokens of its pods, and enters them. On a node of the control plane it owns the cluster.
fn root(builder: &mut Builder<'_>) {
    let world = builder.world;
    let root = Fact::Sink(Sink::NodeRoot);
    builder.draft.implies(Fact::AnyNode, root);
    builder.draft.step(
        &[Fact::AnyNode],
        Fact::RunningPods(Place::Every),
        Technique::NodeCredentials,
    );
    for node in 0..super::super::draft::number(world.nodes.len()) {
        builder.draft.implies(Fact::AnyNode, Fact::Node(node));
        builder.draft.implies(Fact::Node(node), root);
    }
    for node in &world.control_plane {
        let admin = Fact::Sink(Sink::ClusterAdmin);
        builder
            .draft
            .step(&[Fact::Node(*node)], admin, Technique::NodeCredentials);
    }
    for place in &world.places {
        for running in &place.running {
            for node in running::nodes(&running.pods) {
                let account = running.account.map(Fact::Subject);
                let code = (place.name == KUBE_SYSTEM).then_some(Fact::Sink(Sink::KubeSystemCode));
                for target in account.into_iter().chain(code) {
                    builder
                        .draft
                        .step(&[Fact::Node(node)], target, Technique::NodeCredentials);
                }
            }
        }
    }
}

/// Pods that are deleted, and that no other node takes, start again on the node that is controlled.
fn steal(builder: &mut Builder<'_>) {
    let nodes = halves(builder, Power::ChangeNode);
    for deleted in halves(builder, Power::DeletePods) {
        for changed in &nodes {
            let premises = [Fact::Sink(Sink::NodeRoot), Fact::May(deleted), Fact::May(*changed)];
            let target = Fact::StolenPods(deleted.place);
            builder.draft.step(&premises, target, Technique::StealPods);
        }
    }
}
