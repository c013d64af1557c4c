//! What checks ask of all bindings at once.

use std::collections::{BTreeMap, BTreeSet};

use shared::object::ObjectRef;

use super::binding::{self, Binding};
use super::role::{self, Role};
use crate::model::rbac::{ClusterRole, Subject};
use crate::model::{Kind, Snapshot};

/// Bindings, indexed by the role that they grant and by whom they name.
#[derive(Debug, Default)]
pub struct Rbac<'a> {
    bindings: BTreeMap<ObjectRef, Vec<Binding<'a>>>,
    subjects: BTreeMap<String, Vec<Binding<'a>>>,
    granted: BTreeSet<(&'a str, &'a str)>,
    granted_groups: BTreeSet<&'a str>,
}

impl<'a> Rbac<'a> {
    /// Indexes the bindings of a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let mut index = Self::default();
        for object in snapshot
            .of(Kind::ClusterRoleBinding)
            .iter()
            .chain(snapshot.of(Kind::RoleBinding))
        {
            if let Some(binding) = Binding::of(object) {
                index.add(snapshot, binding);
            }
        }
        index.add_aggregated(snapshot);
        index
    }

    fn add(&mut self, snapshot: &'a Snapshot, binding: Binding<'a>) {
        let Some(reference) = role::reference(&binding) else {
            return;
        };
        self.bindings.entry(reference).or_default().push(binding);
        for (_, subject) in binding.distinct_subjects() {
            self.subjects
                .entry(binding.identity(subject))
                .or_default()
                .push(binding);
        }
        if let Some(role) = Role::bound_by(snapshot, &binding) {
            binding
                .subjects
                .iter()
                .for_each(|subject| self.grant(&role, &binding, subject));
        }
    }

    /// Every service account is in groups to which Kubernetes grants discovery: only what goes beyond that counts. What it
    /// grants to a service account by name counts whole.
    fn grant(&mut self, role: &Role<'a>, binding: &Binding<'a>, subject: &'a Subject) {
        if let Some(account) = binding.service_account(subject) {
            if !role.rules.is_empty() {
                self.granted.insert(account);
            }
        } else if binding::implied_group(subject).is_some() && !role.beyond_defaults(binding, subject).is_empty() {
            self.granted_groups.insert(&subject.name);
        }
    }

    /// Whoever is bound to an aggregating role holds the roles that it aggregates. All that are aggregated through others
    /// count among them, so only its own bindings are passed on.
    fn add_aggregated(&mut self, snapshot: &'a Snapshot) {
        let aggregators = snapshot
            .all::<ClusterRole>()
            .filter(|role| role.aggregation_rule.is_some());
        let bound: Vec<_> = aggregators
            .filter_map(|role| Some((role, self.bindings.get(&role::cluster_role(role))?.clone())))
            .collect();
        for (aggregator, bindings) in bound {
            for role in role::aggregated(snapshot, aggregator) {
                self.bindings
                    .entry(role::cluster_role(role))
                    .or_default()
                    .extend(&bindings);
            }
        }
    }

    /// The bindings that grant a role: by itself first, those of the whole cluster before others, then through one that
    /// aggregates it.
    pub fn bindings_of(&self, role: &ObjectRef) -> &[Binding<'a>] {
        self.bindings.get(role).map_or(&[], Vec::as_slice)
    }

    /// The bindings that grant something to a subject of a binding, by itself or through the groups that Kubernetes puts it
    /// in. Which other groups a user is in, only whoever authenticates it knows.
    pub fn bindings_to(&self, binding: &Binding<'a>, subject: &'a Subject) -> impl Iterator<Item = &Binding<'a>> {
        let implied = match binding.service_account(subject) {
            Some((namespace, _)) => service_account_groups(namespace),
            None => vec!["Group system:authenticated".to_owned()],
        };
        std::iter::once(binding.identity(subject))
            .chain(implied)
            .flat_map(|who| self.subjects.get(&who).into_iter().flatten())
    }

    /// The bindings that grant something to a service account, by itself or through the groups that it is in.
    pub fn bindings_to_account(&self, namespace: &str, name: &str) -> impl Iterator<Item = &Binding<'a>> {
        std::iter::once(format!("ServiceAccount {namespace}/{name}"))
            .chain(service_account_groups(namespace))
            .flat_map(|who| self.subjects.get(&who).into_iter().flatten())
    }

    /// Whether a service account may do anything beyond what every service account may by default.
    pub fn is_granted(&self, namespace: &str, name: &str) -> bool {
        self.granted.contains(&(namespace, name))
            || ["system:authenticated", "system:serviceaccounts"]
                .iter()
                .any(|group| self.granted_groups.contains(group))
            || self
                .granted_groups
                .contains(format!("system:serviceaccounts:{namespace}").as_str())
    }
}

/// The groups that a service account of a namespace is in.
fn service_account_groups(namespace: &str) -> Vec<String> {
    vec![
        format!("Group system:serviceaccounts:{namespace}"),
        "Group system:serviceaccounts".to_owned(),
        "Group system:authenticated".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    fn is_granted(binding: &str) -> bool {
        let manifests = format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: reader}}
rules: [{{verbs: [get], apiGroups: [''], resources: [pods]}}]
---
apiVersion: rbac.authorization.k8s.io/v1
{binding}
"
        );
        Rbac::new(&snapshot(&manifests)).is_granted("shop", "web")
    }

    #[test]
    fn a_service_account_is_granted_by_kind_by_user_name_and_by_its_groups() {
        for subject in [
            "{kind: ServiceAccount, name: web, namespace: shop}",
            "{kind: User, name: 'system:serviceaccount:shop:web'}",
            "{kind: Group, name: 'system:serviceaccounts:shop'}",
            "{kind: Group, name: 'system:serviceaccounts'}",
            "{kind: Group, name: 'system:authenticated'}",
        ] {
            let binding = "kind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: reader}";
            assert!(is_granted(&format!("{binding}\nsubjects: [{subject}]")), "{subject}");
        }
    }

    #[test]
    fn others_and_discovery_and_missing_roles_grant_it_nothing() {
        for (role, subject) in [
            ("reader", "{kind: ServiceAccount, name: web, namespace: tools}"),
            ("reader", "{kind: ServiceAccount, name: web}"),
            ("reader", "{kind: Group, name: 'system:serviceaccounts:tools'}"),
            ("gone", "{kind: ServiceAccount, name: web, namespace: shop}"),
        ] {
            let binding = format!(
                "kind: ClusterRoleBinding\nmetadata: {{name: b}}\nroleRef: {{kind: ClusterRole, name: {role}}}"
            );
            assert!(
                !is_granted(&format!("{binding}\nsubjects: [{subject}]")),
                "{role} {subject}"
            );
        }
        let discovery = "kind: ClusterRoleBinding\nmetadata: {name: 'system:discovery'}\n\
            roleRef: {kind: ClusterRole, name: 'system:discovery'}\nsubjects: [{kind: Group, name: 'system:authenticated'}]";
        assert!(!is_granted(discovery));
    }

    #[test]
    fn an_aggregated_role_is_bound_with_its_aggregator() {
        let snapshot = snapshot(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: outer}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: outer}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: inner, labels: {to: outer}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: ClusterRole, name: outer}
",
        );
        let inner = snapshot.get(Kind::ClusterRole, "", "inner").unwrap().reference();
        assert_eq!(Rbac::new(&snapshot).bindings_of(&inner).len(), 1);
    }

    #[test]
    fn a_role_that_is_aggregated_in_two_steps_is_bound_once() {
        let snapshot = snapshot(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: a-outer}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: outer}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: inner, labels: {to: outer}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: inner}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: leaf, labels: {to: inner}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: ClusterRole, name: a-outer}
",
        );
        let leaf = snapshot.get(Kind::ClusterRole, "", "leaf").unwrap().reference();
        assert_eq!(Rbac::new(&snapshot).bindings_of(&leaf).len(), 1);
    }
}
