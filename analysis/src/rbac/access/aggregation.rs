//! What aggregating ClusterRoles come to, as the controller of `pkg/controller/clusterroleaggregation` fills them in.

use std::collections::BTreeMap;

use super::{Origin, RoleEntry};
use crate::model::rbac::ClusterRole;
use crate::model::{Object, Typed};
use crate::selector;

/// For each role, the roles whose rules it comes to.
///
/// In a running cluster those are its own. In manifests a role that aggregates has what it selects, and what stands in it
/// only where it was exported from a cluster: the controller overwrites everything else.
pub(super) fn sources(roles: &[RoleEntry], origin: Origin) -> Vec<Vec<u32>> {
    let mut sources: Vec<Vec<u32>> = (0..).zip(roles).map(|(id, _)| vec![id]).collect();
    if origin == Origin::Live {
        return sources;
    }
    let selected: BTreeMap<usize, Bits> = roles
        .iter()
        .enumerate()
        .filter_map(|(id, entry)| Some((id, selected(roles, id, aggregator(entry)?))))
        .collect();
    for id in selected.keys() {
        let reached = closure(&selected, *id);
        let holds = |id: &usize| !selected.contains_key(id) || is_exported(&roles[*id].object);
        let holders = reached.filter(holds).filter_map(|id| u32::try_from(id).ok());
        sources[*id] = holders.collect();
    }
    sources
}

fn aggregator(entry: &RoleEntry) -> Option<&ClusterRole> {
    ClusterRole::of(&entry.object).filter(|role| role.aggregation_rule.is_some())
}

/// Only the API server sets when an object was created.
fn is_exported(object: &Object) -> bool {
    object.meta().creation_timestamp.is_some()
}

/// The roles that a role selects, but itself.
fn selected(roles: &[RoleEntry], id: usize, aggregator: &ClusterRole) -> Bits {
    let mut bits = Bits::new(roles.len());
    for (other, entry) in roles.iter().enumerate() {
        if other != id && ClusterRole::of(&entry.object).is_some() && selects(aggregator, &entry.object) {
            bits.0[other / 64] |= 1 << (other % 64);
        }
    }
    bits
}

fn selects(role: &ClusterRole, other: &Object) -> bool {
    let labels = &other.meta().labels;
    let selectors = role
        .aggregation_rule
        .iter()
        .flat_map(|rule| &rule.cluster_role_selectors);
    selectors
        .into_iter()
        .any(|selector| selector::matches(selector, labels))
}

/// A role and all that it aggregates, directly or through others.
fn closure(selected: &BTreeMap<usize, Bits>, start: usize) -> impl Iterator<Item = usize> {
    let mut open = vec![start];
    let mut reached = Bits::new(0);
    while let Some(id) = open.pop() {
        if let Some(selected) = selected.get(&id) {
            open.extend(reached.extend(selected));
        }
    }
    let mut all: Vec<usize> = reached.ones().filter(|id| *id != start).chain([start]).collect();
    all.sort_unstable();
    all.into_iter()
}

/// A set of small numbers, a bit each: many roles that all aggregate each other stay cheap.
struct Bits(Vec<u64>);

impl Bits {
    fn new(length: usize) -> Self {
        Self(vec![0; length.div_ceil(64)])
    }

    /// Adds all of another set, and returns what was not there.
    fn extend(&mut self, other: &Self) -> Vec<usize> {
        self.0.resize(other.0.len(), 0);
        let mut new = Self::new(0);
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            new.0.push(theirs & !*mine);
            *mine |= theirs;
        }
        new.ones().collect()
    }

    fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        let bits = |(word, bits): (usize, &u64)| {
            let bits = *bits;
            (0..64)
                .filter(move |bit| bits >> bit & 1 == 1)
                .map(move |bit| word * 64 + bit)
        };
        self.0.iter().enumerate().flat_map(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Access;
    use super::super::fixture::{allowed, get};
    use super::Origin;
    use crate::fixture::snapshot;
    use crate::model::Kind;
    use crate::rbac::defaults;

    const WORLD: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: outer}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: outer}}]}
rules: [{verbs: [get], apiGroups: [''], resources: [written]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: inner, labels: {to: outer}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: inner}}, {matchLabels: {to: outer}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: leaf, labels: {to: inner}}
rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: outer}
subjects: [{kind: User, name: ann}]
";

    fn can(manifests: &str, origin: Origin, resource: &str) -> bool {
        allowed(&Access::new(&snapshot(manifests), origin), "ann", &get(resource, ""))
    }

    const FILES: Origin = Origin::Files { defaults: false };

    #[test]
    fn a_role_of_manifests_has_what_it_selects_and_not_what_stands_in_it() {
        assert!(can(WORLD, FILES, "pods"));
        assert!(!can(WORLD, FILES, "written"));
    }

    #[test]
    fn a_role_of_a_cluster_has_what_stands_in_it() {
        assert!(!can(WORLD, Origin::Live, "pods"));
        assert!(can(WORLD, Origin::Live, "written"));
    }

    #[test]
    fn a_role_that_was_exported_has_both() {
        let exported = WORLD.replace(
            "{name: outer}\naggregation",
            "{name: outer, creationTimestamp: '2026-01-01T00:00:00Z'}\naggregation",
        );
        assert!(can(&exported, FILES, "pods") && can(&exported, FILES, "written"));
    }

    #[test]
    fn the_defaults_of_the_api_server_come_to_what_the_controller_filled_in() {
        let access = Access::new(&snapshot(""), Origin::Files { defaults: true });
        for name in ["admin", "edit", "view"] {
            let place = (0..)
                .zip(&access.roles)
                .find(|(_, entry)| entry.object.meta().name == name);
            let (id, entry) = place.unwrap();
            let filled: Vec<_> = super::super::build::rules(&entry.object).to_vec();
            let expanded: Vec<_> = access
                .rules_of(id)
                .filter_map(|(rule, _)| access.written(rule).cloned())
                .collect();
            assert!(!filled.is_empty());
            assert!(
                filled.iter().all(|rule| crate::rbac::rules::covers(&expanded, rule)),
                "{name}"
            );
            assert!(
                expanded.iter().all(|rule| crate::rbac::rules::covers(&filled, rule)),
                "{name}"
            );
        }
        assert_eq!(
            defaults::of_api_server(Kind::ClusterRoleBinding)
                .filter(|object| object.meta().name == "kubeadm:cluster-admins")
                .count(),
            0
        );
    }

    #[test]
    fn what_manifests_add_to_a_default_is_in_it() {
        let manifests = WORLD
            .replace("name: outer}\nsubjects", "name: view}\nsubjects")
            .replace(
                "{to: inner}}\nrules",
                "{to: inner, rbac.authorization.k8s.io/aggregate-to-view: 'true'}}\nrules",
            )
            .replace("resources: [pods]", "resources: [widgets]");
        assert!(can(&manifests, Origin::Files { defaults: true }, "widgets"));
    }
}
