//! Bindings to roles that somebody does not hold: `pkg/registry/rbac/rolebinding/policybased/storage.go`.
//!
//! Whoever holds all that a role grants may bind it too, and gains nothing by that. So only `bind` counts. The role that a
//! binding names can't be changed; its subjects can.

use shared::escalations::Technique;

use super::has;
use crate::rbac::escalation::build::Builder;
use crate::rbac::escalation::draft::Because;
use crate::rbac::escalation::fact::{Fact, Half, Place};
use crate::rbac::escalation::power::Power;

const BECAUSE: Because = Because {
    technique: Some(Technique::Bind),
    rule: None,
    bound: None,
    is_own: false,
};

pub(super) fn combine(builder: &mut Builder<'_>, write: Half, bind: Half, premises: &[Fact; 2]) -> bool {
    if !matches!(bind.power, Power::BindRole | Power::BindClusterRole) {
        return false;
    }
    let mut gained = match write.power {
        Power::CreateBinding => created(builder, write.place, bind),
        Power::CreateClusterBinding if bind.place == Place::Cluster && bind.power == Power::BindClusterRole => {
            cluster_roles(builder, bind, Place::Cluster)
        }
        Power::ChangeBinding | Power::ChangeClusterBinding => changed(builder, write, bind),
        _ => Vec::new(),
    };
    gained.extend(binds_new(builder, write, bind));
    for fact in &gained {
        builder.draft.derive(premises, *fact, BECAUSE);
    }
    !gained.is_empty()
}

/// Where a role can be bound that somebody has yet to make: under any name, or under one that is free.
fn binds_new(builder: &Builder<'_>, write: Half, bind: Half) -> Option<Fact> {
    let names = builder.draft.names(bind.names);
    let place = match write.power {
        Power::CreateBinding => write.place.meet(bind.place.of_namespaces())?,
        Power::CreateClusterBinding if bind.place == Place::Cluster => Place::Cluster,
        _ => return None,
    };
    let is_free = |name: &String| match (bind.power, place) {
        (Power::BindClusterRole, _) => !builder.cluster_roles.contains_key(name.as_str()),
        (_, Place::In(namespace)) => !builder.roles.contains_key(&(namespace, name.as_str())),
        _ => true,
    };
    if bind.names.is_some() && !names.iter().any(is_free) {
        return None;
    }
    match bind.power {
        Power::BindClusterRole => Some(Fact::BindsNew(place)),
        // A ClusterRoleBinding names no Role.
        _ if place == Place::Cluster => None,
        _ => Some(Fact::BindsNewIn(place)),
    }
}

/// Who makes a role of any content, and is bound to it by a binding that is made too, or that waits for it.
fn close_new(builder: &mut Builder<'_>) {
    let facts = builder.draft.facts.clone();
    let of = |wanted: fn(&Fact) -> Option<Place>| -> Vec<Place> { facts.iter().filter_map(wanted).collect() };
    let binds = of(|fact| {
        if let Fact::BindsNew(place) = fact {
            Some(*place)
        } else {
            None
        }
    });
    let lacks = of(|fact| {
        if let Fact::Lacks(place) = fact {
            Some(*place)
        } else {
            None
        }
    });
    let binds_in = of(|fact| {
        if let Fact::BindsNewIn(place) = fact {
            Some(*place)
        } else {
            None
        }
    });
    let lacks_in = of(|fact| {
        if let Fact::LacksIn(place) = fact {
            Some(*place)
        } else {
            None
        }
    });
    if facts.contains(&Fact::NewRole) {
        for place in binds {
            bound_new(
                builder,
                [Fact::NewRole, Fact::BindsNew(place)],
                Fact::Gained(None, place),
            );
        }
        for place in lacks {
            bound_new(builder, [Fact::NewRole, Fact::Lacks(place)], Fact::Held(None, place));
        }
    }
    for made in of(|fact| {
        if let Fact::NewRoleIn(place) = fact {
            Some(*place)
        } else {
            None
        }
    }) {
        for place in &binds_in {
            if let Some(both) = made.meet(*place) {
                let premises = [Fact::NewRoleIn(made), Fact::BindsNewIn(*place)];
                bound_new(builder, premises, Fact::Gained(None, both));
            }
        }
        for place in lacks_in.iter().filter(|place| place.is_within(made)) {
            let premises = [Fact::NewRoleIn(made), Fact::LacksIn(*place)];
            bound_new(builder, premises, Fact::Held(None, *place));
        }
    }
}

fn bound_new(builder: &mut Builder<'_>, premises: [Fact; 2], gained: Fact) {
    if builder.closed.insert((premises[0], premises[1])) {
        builder.draft.step(&premises, gained, Technique::RewriteRole);
    }
}

/// The roles that a new RoleBinding can name.
fn created(builder: &Builder<'_>, write: Place, bind: Half) -> Vec<Fact> {
    let Some(place) = write.meet(bind.place.of_namespaces()) else {
        return Vec::new();
    };
    if bind.power == Power::BindClusterRole {
        return cluster_roles(builder, bind, place);
    }
    if bind.names.is_none() {
        return vec![Fact::AnyRole(place)];
    }
    let names = builder.draft.names(bind.names);
    let namespaces = builder.world.within(place).into_iter();
    let keys = namespaces.flat_map(|namespace| names.iter().map(move |name| (namespace, name.as_str())));
    keys.filter_map(|key| {
        let role = builder.roles.get(&key)?;
        Some(Fact::Gained(Some(*role), Place::In(key.0)))
    })
    .collect()
}

/// The ClusterRoles that may be bound; one that grants everything stands for all.
fn cluster_roles(builder: &Builder<'_>, bind: Half, place: Place) -> Vec<Fact> {
    let names = builder.draft.names(bind.names);
    let all: Vec<u32> = match bind.names {
        Some(_) => names
            .iter()
            .filter_map(|name| builder.cluster_roles.get(name.as_str()).copied())
            .collect(),
        None => builder.cluster_roles.values().copied().collect(),
    };
    let is_everything = |role: &&u32| {
        let mut powers = builder.powers_of(**role).iter();
        powers.any(|power| power.grants.power == Power::Everything)
    };
    let roles = match all.iter().find(is_everything) {
        Some(everything) => vec![*everything],
        None => all,
    };
    roles.into_iter().map(|role| Fact::Gained(Some(role), place)).collect()
}

/// The roles of bindings that are there, to which subjects can be added.
fn changed(builder: &Builder<'_>, write: Half, bind: Half) -> Vec<Fact> {
    let (of_write, of_bind) = (builder.draft.names(write.names), builder.draft.names(bind.names));
    let is_cluster_wide = write.power == Power::ChangeClusterBinding;
    let mut gained = Vec::new();
    for bound in &builder.bindings {
        let is_kind = (bound.place == Place::Cluster) == is_cluster_wide;
        if !is_kind || !bound.place.is_within(write.place) || !bound.place.is_within(bind.place) {
            continue;
        }
        let Some(binding) = crate::rbac::Binding::of(bound.part.object) else {
            continue;
        };
        let is_of_kind = (binding.role_ref.kind == "ClusterRole") == (bind.power == Power::BindClusterRole);
        if is_of_kind && has(&of_write, &binding.meta.name) && has(&of_bind, &binding.role_ref.name) {
            gained.push(Fact::Gained(Some(bound.role), bound.place));
        }
    }
    gained
}

/// Who may be bound to every Role of a namespace can have each.
pub(super) fn close(builder: &mut Builder<'_>) {
    close_new(builder);
    let places: Vec<Place> = builder
        .draft
        .facts
        .iter()
        .filter_map(|fact| {
            if let Fact::AnyRole(place) = fact {
                Some(*place)
            } else {
                None
            }
        })
        .collect();
    for place in places {
        let roles: Vec<(u32, u32)> = builder
            .roles
            .iter()
            .map(|((namespace, _), role)| (*namespace, *role))
            .collect();
        for (namespace, role) in roles {
            let target = Fact::Gained(Some(role), Place::In(namespace));
            if Place::In(namespace).is_within(place) && builder.closed.insert((Fact::AnyRole(place), target)) {
                builder.draft.implies(Fact::AnyRole(place), target);
            }
        }
    }
}
