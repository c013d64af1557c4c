//! Roles of either kind, found by their bindings, with the rules that they come to.

use std::collections::BTreeSet;

use shared::object::ObjectRef;

use super::binding::Binding;
use super::defaults;
use crate::model::meta::ObjectMeta;
use crate::model::rbac::{ClusterRole, PolicyRule, Subject};
use crate::model::{Kind, Object, Snapshot, Typed};
use crate::selector;

/// A Role or a ClusterRole.
#[derive(Debug, Clone)]
pub struct Role<'a> {
    /// What a person would type to find it.
    pub reference: ObjectRef,
    /// Its rules; those of the roles that it aggregates where nobody has filled them in.
    pub rules: Vec<&'a PolicyRule>,
    /// The roles in which these rules stand.
    sources: Vec<(ObjectRef, &'a [PolicyRule])>,
    /// Whether a controller keeps its rules, which it takes from the roles that it aggregates.
    is_aggregate: bool,
}

/// Whether a rule is one of these, and not just like one of them.
pub fn is_among(rule: &PolicyRule, rules: &[&PolicyRule]) -> bool {
    rules.iter().any(|other| std::ptr::eq(*other, rule))
}

impl<'a> Role<'a> {
    /// The object as a role, if it is one.
    pub fn of(snapshot: &'a Snapshot, object: &'a Object) -> Option<Self> {
        let sources = match object {
            Object::Role(role) => vec![(object.reference(), role.rules.as_slice())],
            Object::ClusterRole(role) => sources(snapshot, role),
            _ => return None,
        };
        Some(Self::with(object, sources))
    }

    /// A default of Kubernetes that was not read. Its rules are filled in, but not with what manifests add to it.
    fn of_default(snapshot: &'a Snapshot, reference: &ObjectRef) -> Option<Self> {
        let object = defaults::restored(reference)?;
        let mut default = Self::of(snapshot, object)?;
        if let Object::ClusterRole(role) = object {
            let all = aggregated(snapshot, role).into_iter();
            let added = all.map(|other| (cluster_role(other), other.rules.as_slice()));
            for (reference, rules) in added.filter(|(reference, _)| snapshot.resolve(reference).is_some()) {
                default.rules.extend(rules);
                default.sources.push((reference, rules));
            }
        }
        Some(default)
    }

    fn with(object: &Object, sources: Vec<(ObjectRef, &'a [PolicyRule])>) -> Self {
        Self {
            reference: object.reference(),
            rules: sources.iter().flat_map(|(_, rules)| *rules).collect(),
            sources,
            is_aggregate: matches!(object, Object::ClusterRole(role) if role.aggregation_rule.is_some()),
        }
    }

    /// The one role in which all of these rules stand, with all of its own: the role to change, so that they go. None where
    /// they stand in several, or where a controller would put them back.
    pub fn holder(&self, rules: &[&PolicyRule]) -> Option<(ObjectRef, &'a [PolicyRule])> {
        let mut holders = self
            .sources
            .iter()
            .filter(|(_, held)| held.iter().any(|rule| is_among(rule, rules)));
        let (role, held) = holders.next()?;
        let is_kept = self.is_aggregate && *role == self.reference;
        (holders.next().is_none() && !is_kept).then(|| (role.clone(), *held))
    }

    /// Each rule, with the role in which it stands and its place there.
    pub fn placed(&self) -> impl Iterator<Item = ((&ObjectRef, u32), &'a PolicyRule)> {
        let sources = self.sources.iter();
        sources.flat_map(|(role, rules)| (0..).map(move |place| (role, place)).zip(*rules))
    }

    /// Where one of its rules stands: `rules[2]` of itself, or of a role that it aggregates.
    pub fn place_of(&self, rule: &PolicyRule) -> (ObjectRef, String) {
        let place = |rules: &[PolicyRule]| rules.iter().position(|other| std::ptr::eq(other, rule));
        let mut sources = self.sources.iter();
        let found = sources.find_map(|(role, rules)| Some((role.clone(), place(rules)?)));
        let (role, place) = found.unwrap_or_else(|| (self.reference.clone(), 0));
        (role, format!("rules[{place}]"))
    }

    /// The role that a binding grants; none where it is missing. A default of Kubernetes never is: the API server puts it
    /// back when it starts, and manifests do not carry it.
    pub fn bound_by(snapshot: &'a Snapshot, binding: &Binding<'a>) -> Option<Self> {
        Self::resolve(snapshot, &reference(binding)?)
    }

    fn resolve(snapshot: &'a Snapshot, reference: &ObjectRef) -> Option<Self> {
        match snapshot.resolve(reference) {
            Some(object) => Self::of(snapshot, object),
            None => Self::of_default(snapshot, reference),
        }
    }

    /// The ClusterRole of that name; one of Kubernetes' defaults where it was not read.
    pub fn cluster_role(snapshot: &'a Snapshot, name: &str) -> Option<Self> {
        let meta = ObjectMeta {
            name: name.to_owned(),
            ..ObjectMeta::default()
        };
        Self::resolve(snapshot, &Kind::ClusterRole.reference(&meta))
    }

    /// Whether the role is one of Kubernetes' defaults, by name; whether by content too, [`Role::beyond_default`] tells.
    pub fn default(&self) -> Option<&'static [PolicyRule]> {
        defaults::rules(&self.reference)
    }

    /// The rules that grant something which Kubernetes' default of that name does not; all of them where there is none.
    pub fn beyond_default(&self) -> Vec<&'a PolicyRule> {
        match self.default() {
            Some(default) => self
                .rules
                .iter()
                .copied()
                .filter(|rule| !super::rules::covers(default, rule))
                .collect(),
            None => self.rules.clone(),
        }
    }

    /// What a binding grants to a subject beyond what Kubernetes grants by default. A subject of a default binding has
    /// only the excess of the role; everyone else has the whole of it.
    pub fn beyond_defaults(&self, binding: &Binding<'_>, subject: &Subject) -> Vec<&'a PolicyRule> {
        if defaults::names(binding, subject) {
            self.beyond_default()
        } else {
            self.rules.clone()
        }
    }
}

/// The role that a binding names; none for kinds that are no role.
pub(super) fn reference(binding: &Binding<'_>) -> Option<ObjectRef> {
    let (kind, namespace) = match (binding.role_ref.kind.as_str(), binding.kind) {
        ("ClusterRole", _) => (Kind::ClusterRole, ""),
        ("Role", Kind::RoleBinding) => (Kind::Role, binding.meta.namespace.as_str()),
        _ => return None,
    };
    let info = kind.info();
    let name = binding.role_ref.name.clone();
    Some(ObjectRef {
        group: info.group.into(),
        kind: info.kind.into(),
        namespace: namespace.into(),
        name,
    })
}

/// What a person would type to find a ClusterRole.
pub(super) fn cluster_role(role: &ClusterRole) -> ObjectRef {
    Kind::ClusterRole.reference(role.metadata.as_ref().unwrap_or(&ObjectMeta::default()))
}

/// A controller fills in the rules of an aggregating role in a live cluster; in manifests they are empty.
fn sources<'a>(snapshot: &'a Snapshot, role: &'a ClusterRole) -> Vec<(ObjectRef, &'a [PolicyRule])> {
    let roles = if role.aggregation_rule.is_none() || !role.rules.is_empty() {
        vec![role]
    } else {
        aggregated(snapshot, role)
    };
    let source = |role: &'a ClusterRole| (cluster_role(role), role.rules.as_slice());
    roles.into_iter().map(source).collect()
}

/// The ClusterRoles that the API server makes itself and that were not read, as manifests do not carry them.
pub(super) fn missing_defaults(snapshot: &Snapshot) -> impl Iterator<Item = &ClusterRole> {
    missing(snapshot, Kind::ClusterRole).filter_map(ClusterRole::of)
}

/// What the API server makes itself of a kind and that was not read.
pub(super) fn missing<'a>(snapshot: &'a Snapshot, kind: Kind) -> impl Iterator<Item = &'a Object> {
    let missing = defaults::of_api_server(kind).filter(|default| snapshot.resolve(&default.reference()).is_none());
    missing.map(|default| -> &'a Object { default.as_ref() })
}

/// All ClusterRoles that a role aggregates, directly or through others; itself not among them.
pub(super) fn aggregated<'a>(snapshot: &'a Snapshot, role: &'a ClusterRole) -> Vec<&'a ClusterRole> {
    let mut seen: BTreeSet<&str> = BTreeSet::from([name(role)]);
    let mut open = vec![role];
    let mut found = Vec::new();
    let all: Vec<&ClusterRole> = snapshot
        .all::<ClusterRole>()
        .chain(missing_defaults(snapshot))
        .collect();
    while let Some(aggregator) = open.pop() {
        for role in all.iter().copied().filter(|role| selects(aggregator, role)) {
            if seen.insert(name(role)) {
                found.push(role);
                open.push(role);
            }
        }
    }
    found
}

/// Whether another role takes this one in.
pub fn is_aggregated(snapshot: &Snapshot, role: &ClusterRole) -> bool {
    snapshot
        .all::<ClusterRole>()
        .any(|aggregator| selects(aggregator, role) && name(aggregator) != name(role))
}

fn name(role: &ClusterRole) -> &str {
    role.metadata.as_ref().map_or("", |meta| meta.name.as_str())
}

fn selects(aggregator: &ClusterRole, role: &ClusterRole) -> bool {
    let (Some(aggregation), Some(meta)) = (&aggregator.aggregation_rule, &role.metadata) else {
        return false;
    };
    aggregation
        .cluster_role_selectors
        .iter()
        .any(|selector| selector::matches(selector, &meta.labels))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    fn rules_of(manifests: &str, name: &str) -> usize {
        let snapshot = snapshot(manifests);
        let role = snapshot.get(Kind::ClusterRole, "", name).unwrap();
        Role::of(&snapshot, role).unwrap().rules.len()
    }

    const AGGREGATES: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: outer}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: outer}}]}
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
";

    #[test]
    fn aggregation_is_expanded_through_cycles_where_rules_are_not_filled_in() {
        assert_eq!(rules_of(AGGREGATES, "outer"), 1);
        assert_eq!(rules_of(AGGREGATES, "inner"), 1);
    }

    #[test]
    fn rules_that_the_controller_filled_in_stand() {
        let filled = AGGREGATES.replace(
            "metadata: {name: outer}",
            "metadata: {name: outer}\nrules: [{verbs: [a]}, {verbs: [b]}]",
        );
        assert_eq!(rules_of(&filled, "outer"), 2);
    }

    fn bound(kind: &str, role: &str) -> Option<usize> {
        let snapshot = snapshot(&format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: admin, namespace: shop}}
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: b, namespace: tools}}
roleRef: {{kind: {kind}, name: {role}}}
"
        ));
        let binding = Binding::of(&snapshot.of(Kind::RoleBinding)[0])?;
        Role::bound_by(&snapshot, &binding).map(|role| role.rules.len())
    }

    #[test]
    fn a_role_of_the_same_name_in_another_namespace_is_another_role() {
        assert_eq!(bound("Role", "admin"), None);
    }

    const EXTRA: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: extra, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}
rules: [{verbs: [get], apiGroups: [''], resources: [secrets]}]
";

    #[test]
    fn a_default_role_that_manifests_lack_has_what_they_add_to_it() {
        let (with, without) = (snapshot(EXTRA), snapshot(""));
        let beyond = |snapshot| Role::cluster_role(snapshot, "view").unwrap().beyond_default().len();
        assert_eq!((beyond(&with), beyond(&without)), (1, 0));
        let role = Role::cluster_role(&with, "view").unwrap();
        let (holder, _) = role.holder(&role.beyond_default()).unwrap();
        assert_eq!(holder.name, "extra");
    }

    #[test]
    fn an_empty_role_of_manifests_has_what_it_aggregates_of_the_defaults() {
        let admin = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: admin}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {rbac.authorization.k8s.io/aggregate-to-admin: 'true'}}]}
rules: []
";
        assert!(rules_of(admin, "admin") > 10);
    }

    #[test]
    fn a_default_role_is_there_though_manifests_lack_it() {
        assert_eq!(bound("ClusterRole", "cluster-admin"), Some(2));
        assert_eq!(bound("ClusterRole", "nobody-has-this"), None);
    }
}
