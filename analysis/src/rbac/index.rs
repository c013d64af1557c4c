//! What checks ask of all bindings at once.

use std::collections::{BTreeMap, BTreeSet};

use shared::object::ObjectRef;

use super::binding::{self, Binding};
use super::role::{self, Role};
use super::rules;
use crate::model::rbac::{ClusterRole, Subject};
use crate::model::{Kind, Snapshot};

/// Bindings, indexed by the role that they grant and by whom they name.
#[derive(Debug, Default)]
pub struct Rbac<'a> {
    bindings: BTreeMap<ObjectRef, Vec<Binding<'a>>>,
    subjects: BTreeMap<String, Vec<Binding<'a>>>,
    granted: BTreeSet<(&'a str, &'a str)>,
    granted_groups: BTreeSet<&'a str>,
    administrators: BTreeSet<String>,
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
        index.add_administrators(snapshot);
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
            .chain(role::missing_defaults(snapshot))
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

    /// Who can take the whole cluster over without anyone's help. Bindings that Kubernetes makes itself count though manifests
    /// lack them, and so does `system:masters`, which needs none.
    fn add_administrators(&mut self, snapshot: &'a Snapshot) {
        self.administrators.insert("Group system:masters".to_owned());
        // Manifests, which have no version of a server, may be meant for a cluster that kubeadm made.
        if snapshot.version.is_empty() {
            self.administrators.insert("Group kubeadm:cluster-admins".to_owned());
        }
        let read = snapshot.of(Kind::ClusterRoleBinding).iter().map(AsRef::as_ref);
        for object in read.chain(role::missing(snapshot, Kind::ClusterRoleBinding)) {
            let Some(binding) = Binding::of(object) else { continue };
            let role = Role::bound_by(snapshot, &binding);
            if role.is_some_and(|role| role.rules.iter().any(|rule| rules::is_unlimited(rule))) {
                let subjects = binding.distinct_subjects();
                self.administrators
                    .extend(subjects.map(|(_, subject)| binding.identity(subject)));
            }
        }
    }

    /// Whether somebody, as [`Binding::identity`] writes them, may do everything in the whole cluster, or may grant
    /// themselves anything.
    pub fn is_administrator(&self, identity: &str) -> bool {
        self.administrators.contains(identity)
    }

    /// The service accounts among these, as namespace and name.
    pub fn administrating_accounts(&self) -> impl Iterator<Item = (&str, &str)> {
        let accounts = self.administrators.iter();
        accounts.filter_map(|identity| identity.strip_prefix("ServiceAccount ")?.split_once('/'))
    }

    /// The bindings that grant a role: by itself first, those of the whole cluster before others, then through one that
    /// aggregates it.
    pub fn bindings_of(&self, role: &ObjectRef) -> &[Binding<'a>] {
        self.bindings.get(role).map_or(&[], Vec::as_slice)
    }

    /// The bindings that grant something to a subject of a binding, by itself or through the groups that Kubernetes puts it
    /// in. Which other groups a user is in, only whoever authenticates it knows.
    pub fn bindings_to(&self, binding: &Binding<'a>, subject: &'a Subject) -> impl Iterator<Item = &Binding<'a>> {
        let implied = match (binding.service_account(subject), binding.name_of(subject).as_str()) {
            (Some((namespace, _)), _) => service_account_groups(namespace),
            // Whoever has not signed in is this user in this group, and in no other.
            (None, "User system:anonymous") => vec!["Group system:unauthenticated".to_owned()],
            (None, "Group system:unauthenticated") => vec!["User system:anonymous".to_owned()],
            _ => vec!["Group system:authenticated".to_owned()],
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

    fn granted_to(subject: &str, other: &str) -> usize {
        let binding = |name: &str, subject: &str| {
            format!(
                "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: {name}}}
roleRef: {{kind: ClusterRole, name: view}}
subjects: [{subject}]
"
            )
        };
        let snapshot = snapshot(&format!("{}\n---\n{}", binding("a", subject), binding("b", other)));
        let binding = Binding::of(&snapshot.of(Kind::ClusterRoleBinding)[0]).unwrap();
        Rbac::new(&snapshot).bindings_to(&binding, &binding.subjects[0]).count()
    }

    #[test]
    fn whoever_has_not_signed_in_is_not_among_those_who_have() {
        let signed_in = "{kind: Group, name: 'system:authenticated'}";
        let (user, group) = (
            "{kind: User, name: 'system:anonymous'}",
            "{kind: Group, name: 'system:unauthenticated'}",
        );
        assert_eq!((granted_to(user, signed_in), granted_to(group, signed_in)), (1, 1));
        assert_eq!((granted_to(user, group), granted_to(group, user)), (2, 2));
        assert_eq!(granted_to("{kind: User, name: jane}", signed_in), 2);
    }

    #[test]
    fn an_administrator_may_do_everything_or_grant_themselves_anything() {
        let snapshot = snapshot(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: Group, name: ops}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: c}
roleRef: {kind: ClusterRole, name: view}
subjects: [{kind: Group, name: devs}]
",
        );
        let rbac = Rbac::new(&snapshot);
        assert!(rbac.is_administrator("Group ops") && rbac.is_administrator("Group system:masters"));
        assert!(!rbac.is_administrator("Group devs"));
        let controller = ("kube-system", "clusterrole-aggregation-controller");
        assert!(rbac.administrating_accounts().any(|account| account == controller));
    }

    #[test]
    fn a_role_that_a_default_aggregates_is_bound_with_it_though_manifests_lack_the_default() {
        let snapshot = snapshot(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: extra, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: ClusterRole, name: view}
",
        );
        let extra = snapshot.get(Kind::ClusterRole, "", "extra").unwrap().reference();
        assert_eq!(Rbac::new(&snapshot).bindings_of(&extra).len(), 1);
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
