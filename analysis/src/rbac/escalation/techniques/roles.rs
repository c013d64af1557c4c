//! Roles into which somebody writes what they do not hold: `pkg/registry/rbac/clusterrole/policybased/storage.go`.
//!
//! Whoever holds all that they write gains nothing. So only `escalate` counts; a new object is asked for without its name.
//! What is written helps whoever has the role, and has to be one of those whom the attacker can act as.

use std::collections::BTreeSet;

use shared::escalations::Technique;

use super::has;
use crate::rbac::escalation::build::Builder;
use crate::rbac::escalation::fact::{Fact, Half, Place};
use crate::rbac::escalation::power::Power;

pub(super) fn combine(builder: &mut Builder<'_>, write: Half, escalate: Half, premises: &[Fact; 2]) -> bool {
    let written = match (write.power, escalate.power) {
        (Power::CreateClusterRole, Power::EscalateClusterRole) if escalate.names.is_none() => vec![Fact::NewRole],
        (Power::CreateRole, Power::EscalateRole) if escalate.names.is_none() => {
            let place = write.place.meet(escalate.place);
            place.into_iter().map(Fact::NewRoleIn).collect()
        }
        (Power::ChangeClusterRole, Power::EscalateClusterRole) => {
            let roles = builder.cluster_roles.iter().map(|(name, role)| (*name, *role));
            written(builder, [write, escalate], Place::Cluster, roles)
        }
        (Power::ChangeRole, Power::EscalateRole) => {
            let Some(place) = write.place.meet(escalate.place) else {
                return false;
            };
            let roles = builder.roles.iter();
            let roles = roles.filter(|((namespace, _), _)| Place::In(*namespace).is_within(place));
            let roles: Vec<(&str, u32)> = roles.map(|((_, name), role)| (*name, *role)).collect();
            written(builder, [write, escalate], place, roles.into_iter())
        }
        _ => return false,
    };
    for fact in &written {
        builder.draft.derive(premises, *fact, Default::default());
    }
    !written.is_empty()
}

fn written<'a>(
    builder: &Builder<'_>,
    halves: [Half; 2],
    place: Place,
    roles: impl Iterator<Item = (&'a str, u32)>,
) -> Vec<Fact> {
    if halves.iter().all(|half| half.names.is_none()) {
        return vec![Fact::RewritesAny(place)];
    }
    let lists = halves.map(|half| builder.draft.names(half.names));
    let named = roles.filter(|(name, _)| lists.iter().all(|list| has(list, name)));
    named.map(|(_, role)| Fact::Rewrites(role)).collect()
}

/// What is written counts where somebody has the role. A ClusterRole that is written can be labelled, and so add to what
/// others aggregate.
pub(super) fn close(builder: &mut Builder<'_>) {
    let facts = builder.draft.facts.clone();
    let had = builder.had();
    let held: BTreeSet<u32> = had.iter().filter_map(|(_, role, _)| *role).collect();
    let in_cluster: BTreeSet<u32> = builder.cluster_roles.values().copied().collect();
    for fact in facts {
        match fact {
            Fact::RewritesAny(place) => {
                let all: Vec<u32> = match place {
                    Place::Cluster => held.intersection(&in_cluster).copied().collect(),
                    _ => roles_in(builder, place, &held),
                };
                for role in all {
                    imply(builder, fact, Fact::Rewrites(role), None);
                }
                if place == Place::Cluster {
                    imply(builder, fact, Fact::NewRole, None);
                }
            }
            Fact::Rewrites(role) if in_cluster.contains(&role) => imply(builder, fact, Fact::NewRole, None),
            Fact::NewRole => {
                for role in builder.aggregators.clone() {
                    imply(builder, fact, Fact::Rewrites(role), Some(Technique::Aggregate));
                }
            }
            _ => {}
        }
    }
    for (fact, role, place) in had {
        let Some(role) = role else { continue };
        let rewrites = Fact::Rewrites(role);
        if builder.draft.find(rewrites).is_some() && builder.closed.insert((rewrites, fact)) {
            let everything = Fact::Held(None, place);
            builder
                .draft
                .step(&[rewrites, fact], everything, Technique::RewriteRole);
        }
    }
}

fn roles_in(builder: &Builder<'_>, place: Place, held: &BTreeSet<u32>) -> Vec<u32> {
    let roles = builder.roles.iter();
    let within = roles.filter(|((namespace, _), role)| Place::In(*namespace).is_within(place) && held.contains(role));
    within.map(|(_, role)| *role).collect()
}

fn imply(builder: &mut Builder<'_>, premise: Fact, target: Fact, technique: Option<Technique>) {
    if !builder.closed.insert((premise, target)) {
        return;
    }
    match technique {
        Some(technique) => builder.draft.step(&[premise], target, technique),
        None => builder.draft.implies(premise, target),
    }
}
