//! Acting as somebody else: impersonation, as `staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation` checks it,
//! and tokens that are asked for.

use shared::escalations::Technique;

use crate::rbac::escalation::build::{Builder, From};
use crate::rbac::escalation::draft::{Because, number};
use crate::rbac::escalation::fact::{Fact, Half, Place};
use crate::rbac::escalation::power::{Grants, Power};
use crate::rbac::escalation::world::{AUTHENTICATED, MASTERS, World};

pub(super) fn apply(builder: &mut Builder<'_>, from: &From, grants: &Grants) {
    if grants.power == Power::CreateAccount {
        let half = Half {
            power: Power::CreateAccount,
            place: from.place,
            names: None,
        };
        return builder.may(from, half);
    }
    let (technique, targets) = match grants.power {
        Power::CreateToken => (
            Technique::CreateToken,
            accounts(builder, from.place, &grants.names, false),
        ),
        Power::ImpersonateAccount => (
            Technique::Impersonate,
            accounts(builder, from.place, &grants.names, true),
        ),
        Power::ImpersonateUser => (Technique::Impersonate, users(builder.world, &grants.names)),
        _ => return,
    };
    for target in targets {
        builder.draft.derive(&[from.fact], target, from.by(technique));
    }
}

/// Service accounts of these names. Those that are not there get no token, and can be impersonated.
fn accounts(builder: &Builder<'_>, place: Place, names: &[String], has_missing: bool) -> Vec<Fact> {
    if names.is_empty() {
        return vec![if has_missing {
            Fact::AccountNames(place)
        } else {
            Fact::Accounts(place)
        }];
    }
    let mut found = Vec::new();
    for namespace in builder.world.within(place) {
        let place = &builder.world.places[namespace as usize];
        let holders = names.iter().filter_map(|name| builder.world.holder(&place.name, name));
        found.extend(holders.filter(|subject| has_missing || !place.missing.contains(subject)));
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(Fact::Subject).collect()
}

/// Users of these names. Who names a service account is asked for that, and not for a user.
fn users(world: &World, names: &[String]) -> Vec<Fact> {
    if names.is_empty() {
        return vec![Fact::AnyUser];
    }
    let found = names.iter().filter_map(|name| world.find(false, name));
    found
        .filter(|subject| world.account(*subject).is_none())
        .map(Fact::Subject)
        .collect()
}

/// Groups are impersonated beside a user, never alone.
pub(super) fn combine(builder: &mut Builder<'_>, group: Half, user: Half, premises: &[Fact; 2]) -> bool {
    let is_user = matches!(user.power, Power::ImpersonateUser | Power::ImpersonateAccount);
    if group.power != Power::ImpersonateGroup || !is_user {
        return false;
    }
    let names = builder.draft.names(group.names);
    let mut targets: Vec<Fact> = names
        .iter()
        .filter_map(|name| builder.world.find(true, name).map(Fact::Subject))
        .collect();
    if group.names.is_none() {
        targets.push(Fact::AnyGroup);
    }
    if super::has(&names, super::super::world::NODES) && names_a_node(builder, user) {
        targets.push(Fact::NodeIdentity);
    }
    let because = Because {
        technique: Some(Technique::Impersonate),
        ..Because::default()
    };
    for target in &targets {
        builder.draft.derive(premises, *target, because);
    }
    !targets.is_empty()
}

fn names_a_node(builder: &Builder<'_>, user: Half) -> bool {
    let names = builder.draft.names(user.names);
    let is_node = |name: &String| name.starts_with("system:node:");
    user.power == Power::ImpersonateUser && (names.is_empty() || names.iter().any(is_node))
}

pub(super) fn finish(builder: &mut Builder<'_>) {
    let world = builder.world;
    for subject in 0..number(world.subjects.len()) {
        let who = &world.subjects[subject as usize];
        let fact = Fact::Subject(subject);
        let is_account = world.account(subject).is_some();
        if who.is_group {
            builder.draft.implies(Fact::AnyGroup, fact);
        } else if !is_account {
            builder.draft.implies(Fact::AnyUser, fact);
        }
        for group in world.implied(subject) {
            builder.draft.implies(fact, Fact::Subject(group));
        }
        if who.is_group && who.name != MASTERS {
            builder.draft.implies(Fact::AnyCertificate, fact);
        }
    }
    // Whoever acts as any user, or any member of a group, has signed in.
    if let Some(everyone) = world.find(true, AUTHENTICATED) {
        builder.draft.implies(Fact::AnyUser, Fact::Subject(everyone));
    }
    accounts_of_places(builder);
}

fn accounts_of_places(builder: &mut Builder<'_>) {
    let world = builder.world;
    let made = super::halves(builder, Power::CreateAccount);
    builder
        .draft
        .implies(Fact::AccountNames(Place::Every), Fact::Accounts(Place::Every));
    for (id, place) in (0..).zip(&world.places) {
        let (accounts, names) = (Fact::Accounts(Place::In(id)), Fact::AccountNames(Place::In(id)));
        builder.draft.implies(Fact::Accounts(Place::Every), accounts);
        builder.draft.implies(Fact::AccountNames(Place::Every), names);
        builder.draft.implies(names, accounts);
        for account in &place.accounts {
            builder.draft.implies(accounts, Fact::Subject(*account));
        }
        for account in &place.missing {
            builder.draft.implies(names, Fact::Subject(*account));
        }
        // Names that bindings hold in advance are taken by whoever makes such an account, and acts as all of the place.
        for made in made.iter().filter(|made| Place::In(id).is_within(made.place)) {
            let premises = [Fact::May(*made), accounts];
            builder.draft.step(&premises, names, Technique::CreateToken);
        }
        // Each has a service account `default` at least.
        if let Some(all) = world.holder(&place.name, "default") {
            builder.draft.implies(accounts, Fact::Subject(all));
        }
    }
}
