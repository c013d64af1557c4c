//! Pods: those that somebody makes, and those that they get into.

use shared::escalations::{Sink, Technique};

use super::{halves, has};
use crate::rbac::escalation::build::{Builder, From};
use crate::rbac::escalation::draft::Because;
use crate::rbac::escalation::fact::{Fact, Half, Place};
use crate::rbac::escalation::power::{Grants, Power};
use crate::rbac::escalation::running::{self, Running};
use crate::rbac::escalation::world::{self, KUBE_SYSTEM, Level};

pub(super) fn apply(builder: &mut Builder<'_>, from: &From, grants: &Grants) {
    match grants.power {
        Power::CreateWorkload => {
            let target = Fact::NewPods(from.place);
            builder
                .draft
                .derive(&[from.fact], target, from.by(Technique::CreatePods));
        }
        Power::ChangeWorkload => change(builder, from, grants),
        Power::Enter => get_in(builder, from, &grants.names, Technique::EnterPod),
        Power::EnterByGet if builder.world.enters_by_get => {
            get_in(builder, from, &grants.names, Technique::EnterPod);
        }
        Power::ChangePod => get_in(builder, from, &grants.names, Technique::ChangePod),
        Power::DebugPod => {
            get_in(builder, from, &grants.names, Technique::ChangePod);
            debug(builder, from, &grants.names);
        }
        Power::DeletePods | Power::CreateVolume | Power::CreateNamespace if grants.names.is_empty() => {
            builder.may(from, half(grants.power, from.place));
        }
        Power::LabelNamespace => label(builder, from, &grants.names),
        _ => {}
    }
}

fn half(power: Power, place: Place) -> Half {
    Half {
        power,
        place,
        names: None,
    }
}

/// A workload that is there gets another template, and so pods of the attacker's own.
fn change(builder: &mut Builder<'_>, from: &From, grants: &Grants) {
    let world = builder.world;
    for namespace in world.within(from.place) {
        let mut workloads = world.places[namespace as usize].workloads.iter();
        if workloads.any(|(resource, name)| *resource == grants.ask.resource && has(&grants.names, name)) {
            let target = Fact::NewPods(Place::In(namespace));
            builder
                .draft
                .derive(&[from.fact], target, from.by(Technique::ChangeWorkload));
        }
    }
}

fn get_in(builder: &mut Builder<'_>, from: &From, names: &[String], technique: Technique) {
    if names.is_empty() {
        let target = Fact::RunningPods(from.place);
        builder.draft.derive(&[from.fact], target, from.by(technique));
        return;
    }
    for_each_named(builder, from.place, names, |builder, place, running, nodes| {
        enter(builder, &[from.fact], from.by(technique), place, running, nodes);
    });
}

/// A container that is added may be privileged where the namespace lets it.
fn debug(builder: &mut Builder<'_>, from: &From, names: &[String]) {
    let because = from.by(Technique::PrivilegedContainer);
    for_each_named(builder, from.place, names, |builder, place, _, nodes| {
        if place.level == Level::Privileged {
            on_nodes(builder, &[from.fact], because, nodes);
        }
    });
}

/// Workloads with pods of these names, and the nodes of those; of manifests, that show no pods, only where all are meant.
fn for_each_named(
    builder: &mut Builder<'_>,
    place: Place,
    names: &[String],
    mut act: impl FnMut(&mut Builder<'_>, &world::Place, &Running, &[u32]),
) {
    let world = builder.world;
    for namespace in world.within(place) {
        let place = &world.places[namespace as usize];
        for running in &place.running {
            let named: Vec<(String, Option<u32>)> = running
                .pods
                .iter()
                .filter(|(name, _)| has(names, name))
                .cloned()
                .collect();
            if names.is_empty() || !named.is_empty() {
                act(builder, place, running, &running::nodes(&named));
            }
        }
    }
}

/// What whoever is in a pod has: its token, its namespace, and its node if nothing holds it in.
pub(super) fn enter(
    builder: &mut Builder<'_>,
    premises: &[Fact],
    because: Because,
    place: &world::Place,
    running: &Running,
    nodes: &[u32],
) {
    take(builder, premises, because, place, running);
    if running.breaks_out {
        on_nodes(builder, premises, because, nodes);
    }
}

fn take(builder: &mut Builder<'_>, premises: &[Fact], because: Because, place: &world::Place, running: &Running) {
    if let Some(account) = running.account {
        builder.draft.derive(premises, Fact::Subject(account), because);
    }
    if place.name == KUBE_SYSTEM {
        let code = Fact::Sink(Sink::KubeSystemCode);
        builder.draft.derive(premises, code, because);
    }
}

/// Root on these nodes; on one that is not known, where none is.
fn on_nodes(builder: &mut Builder<'_>, premises: &[Fact], because: Because, nodes: &[u32]) {
    for node in nodes {
        builder.draft.derive(premises, Fact::Node(*node), because);
    }
    if nodes.is_empty() {
        builder.draft.derive(premises, Fact::Sink(Sink::NodeRoot), because);
    }
}

/// A RoleBinding lets change the namespace that it stands in.
fn label(builder: &mut Builder<'_>, from: &From, names: &[String]) {
    let world = builder.world;
    if from.place == Place::Cluster && names.is_empty() {
        builder.may(from, half(Power::LabelNamespace, Place::Every));
        return;
    }
    for namespace in world.within(from.place) {
        if has(names, &world.places[namespace as usize].name) {
            builder.may(from, half(Power::LabelNamespace, Place::In(namespace)));
        }
    }
}

pub(super) fn finish(builder: &mut Builder<'_>) {
    let world = builder.world;
    for (id, place) in (0..).zip(&world.places) {
        let (new, running) = (Fact::NewPods(Place::In(id)), Fact::RunningPods(Place::In(id)));
        builder.draft.implies(Fact::NewPods(Place::Every), new);
        builder.draft.implies(Fact::RunningPods(Place::Every), running);
        let stolen = Fact::StolenPods(Place::In(id));
        builder.draft.implies(Fact::StolenPods(Place::Every), stolen);
        builder.draft.implies(new, Fact::Accounts(Place::In(id)));
        if place.name == KUBE_SYSTEM {
            builder.draft.implies(new, Fact::Sink(Sink::KubeSystemCode));
        }
        if place.level == Level::Privileged {
            builder.draft.step(&[new], Fact::AnyNode, Technique::PrivilegedPod);
        }
        for pods in &place.running {
            let break_out = Because {
                technique: Some(Technique::BreakOut),
                ..Because::default()
            };
            take(builder, &[running], Because::default(), place, pods);
            // They run on the node that is owned, and no longer where they did.
            take(builder, &[stolen], Because::default(), place, pods);
            if pods.breaks_out {
                on_nodes(builder, &[running], break_out, &running::nodes(&pods.pods));
            }
        }
    }
    let volumes = halves(builder, Power::CreateVolume);
    let (labels, namespaces) = (
        halves(builder, Power::LabelNamespace),
        halves(builder, Power::CreateNamespace),
    );
    for (id, place) in (0..).zip(&world.places) {
        let new = Fact::NewPods(Place::In(id));
        // A pod that may not run as root writes little of the node's.
        if matches!(place.level, Level::Privileged | Level::Baseline) {
            root_by(builder, &volumes, Place::In(id), new, Technique::HostPathVolume);
        }
        if matches!(place.level, Level::Baseline | Level::Restricted) {
            root_by(builder, &labels, Place::In(id), new, Technique::RelabelNamespace);
        }
    }
    root_by(
        builder,
        &namespaces,
        Place::Every,
        Fact::NewPods(Place::Every),
        Technique::CreateNamespace,
    );
}

fn root_by(builder: &mut Builder<'_>, halves: &[Half], place: Place, new: Fact, technique: Technique) {
    for half in halves.iter().filter(|half| place.is_within(half.place)) {
        builder.draft.step(&[Fact::May(*half), new], Fact::AnyNode, technique);
    }
}
