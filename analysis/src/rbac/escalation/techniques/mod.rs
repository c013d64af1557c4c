//! The means by which somebody gains what they were not given, a family a file.

mod admission;
mod bindings;
mod certificates;
mod identities;
mod nodes;
mod pods;
mod roles;
mod secrets;

use super::build::{Builder, From};
use super::fact::{Fact, Half};
use super::power::Grants;

/// What follows from one permission.
pub(super) fn apply(builder: &mut Builder<'_>, from: &From, grants: &Grants) {
    admission::apply(builder, from, grants);
    identities::apply(builder, from, grants);
    nodes::apply(builder, from, grants);
    pods::apply(builder, from, grants);
    secrets::apply(builder, from, grants);
}

/// What follows from two permissions of one identity. Whether anything does.
pub(super) fn combine(builder: &mut Builder<'_>, one: Half, other: Half, premises: &[Fact; 2]) -> bool {
    bindings::combine(builder, one, other, premises)
        || roles::combine(builder, one, other, premises)
        || identities::combine(builder, one, other, premises)
        || certificates::combine(builder, one, other, premises)
}

/// What follows that makes more roles known.
pub(super) fn close(builder: &mut Builder<'_>) {
    bindings::close(builder);
    roles::close(builder);
}

/// What follows without any permission, and from permissions of several identities.
pub(super) fn finish(builder: &mut Builder<'_>) {
    admission::finish(builder);
    certificates::finish(builder);
    identities::finish(builder);
    nodes::finish(builder);
    pods::finish(builder);
    secrets::finish(builder);
}

/// Whether a list of names holds one; an empty one holds all.
fn has(names: &[String], name: &str) -> bool {
    names.is_empty() || names.iter().any(|other| other == name)
}

/// The permissions of a power that somebody has, of whichever identity.
fn halves(builder: &Builder<'_>, power: super::power::Power) -> Vec<Half> {
    let halves = builder.draft.facts.iter().filter_map(|fact| match fact {
        Fact::May(half) if half.power == power => Some(*half),
        _ => None,
    });
    halves.collect()
}
