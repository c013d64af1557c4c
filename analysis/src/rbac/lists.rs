//! Subjects, bindings and roles, one by one: the lists behind the graph, and what is known of each.

use std::collections::{BTreeMap, BTreeSet};

use shared::object::ObjectRef;
use shared::rbac::lists::{AccessSize, BindingRow, PlacedRule, RoleDetail, RoleRow, SubjectRow};
use shared::rbac::{Rule, Subject, SubjectKind};
use shared::snapshots::Collected;

use super::{Binding, Role};
use super::{binding, role};
use crate::model::pod::Pod;
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object, Snapshot};

/// How much there is.
pub fn size(snapshot: &Snapshot) -> AccessSize {
    let subjects: BTreeSet<Subject> = Binding::all(snapshot)
        .flat_map(|binding| binding.known_subjects())
        .collect();
    AccessSize {
        subjects: count(subjects.len()),
        bindings: count(Binding::all(snapshot).count()),
        roles: count(snapshot.of(Kind::ClusterRole).len() + snapshot.of(Kind::Role).len()),
    }
}

/// Every subject that a binding names, and every service account, by kind, namespace and name.
pub fn subjects(snapshot: &Snapshot) -> Vec<SubjectRow> {
    let mut rows: BTreeMap<Subject, (u32, bool, BTreeSet<&str>)> = BTreeMap::new();
    for object in snapshot.of(Kind::ServiceAccount) {
        rows.entry(account(&object.meta().namespace, &object.meta().name))
            .or_default();
    }
    for binding in Binding::all(snapshot) {
        for subject in binding.known_subjects() {
            let (bindings, is_cluster_wide, namespaces) = rows.entry(subject).or_default();
            *bindings += 1;
            *is_cluster_wide |= binding.is_cluster_wide();
            namespaces.extend(Some(binding.meta.namespace.as_str()).filter(|namespace| !namespace.is_empty()));
        }
    }
    let pods = pods(snapshot);
    let row = |(subject, (bindings, is_cluster_wide, namespaces)): (Subject, (u32, bool, BTreeSet<&str>))| SubjectRow {
        bindings,
        is_cluster_wide,
        namespaces: count(namespaces.len()),
        pods: pods.as_ref().and_then(|pods| pods_of(pods, &subject)),
        is_missing: is_missing(snapshot, &subject),
        subject,
    };
    rows.into_iter().map(row).collect()
}

/// The service accounts that pods run as, and how many; none where pods were not read.
fn pods(snapshot: &Snapshot) -> Option<BTreeMap<(&str, &str), u32>> {
    if !is_read(snapshot, Kind::Pod) {
        return None;
    }
    let mut pods: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for object in snapshot.of(Kind::Pod) {
        if let Object::Pod(pod) = object.as_ref() {
            *pods.entry((&object.meta().namespace, account_of(pod))).or_default() += 1;
        }
    }
    Some(pods)
}

/// The name of the service account that a pod runs as.
fn account_of(pod: &Pod) -> &str {
    let name = pod.spec.as_ref().map_or("", |spec| &spec.service_account_name);
    if name.is_empty() { "default" } else { name }
}

/// The service accounts that a pod runs as, as namespace and name; none where pods were not read.
pub fn in_use(snapshot: &Snapshot) -> Option<BTreeSet<(&str, &str)>> {
    Some(pods(snapshot)?.into_keys().collect())
}

/// Who is in a group that the API server itself fills, in words; none for whoever else.
pub fn members(subject: &Subject) -> Option<String> {
    Some(subject)
        .filter(|subject| subject.kind == SubjectKind::Group)
        .and_then(|group| binding::members(&group.name))
}

fn pods_of(pods: &BTreeMap<(&str, &str), u32>, subject: &Subject) -> Option<u32> {
    let is_account = subject.kind == SubjectKind::ServiceAccount;
    is_account.then(|| {
        pods.get(&(subject.namespace.as_str(), subject.name.as_str()))
            .copied()
            .unwrap_or(0)
    })
}

fn is_missing(snapshot: &Snapshot, subject: &Subject) -> bool {
    subject.kind == SubjectKind::ServiceAccount
        && is_read(snapshot, Kind::ServiceAccount)
        && snapshot
            .get(Kind::ServiceAccount, &subject.namespace, &subject.name)
            .is_none()
}

fn is_read(snapshot: &Snapshot, kind: Kind) -> bool {
    matches!(snapshot.outcome(kind), Collected::Collected { .. })
}

fn account(namespace: &str, name: &str) -> Subject {
    Subject {
        kind: SubjectKind::ServiceAccount,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    }
}

/// Every binding, those of the whole cluster first.
pub fn bindings(snapshot: &Snapshot) -> Vec<BindingRow> {
    Binding::all(snapshot)
        .filter_map(|binding| binding_row(snapshot, &binding))
        .collect()
}

fn binding_row(snapshot: &Snapshot, binding: &Binding<'_>) -> Option<BindingRow> {
    let role = role::reference(binding)?;
    let is_read = Kind::of_group_kind(&role.group, &role.kind).is_some_and(|kind| is_read(snapshot, kind));
    Some(BindingRow {
        binding: binding.reference(),
        is_dangling: is_read && Role::bound_by(snapshot, binding).is_none(),
        is_default: binding.is_default(),
        subjects: binding.known_subjects(),
        role,
    })
}

/// Every role, ClusterRoles first.
pub fn roles(snapshot: &Snapshot) -> Vec<RoleRow> {
    let granted = granted(snapshot);
    let objects = snapshot.of(Kind::ClusterRole).iter().chain(snapshot.of(Kind::Role));
    let roles = objects.filter_map(|object| Role::of(snapshot, object));
    roles
        .map(|role| role_row(&role, granted.get(&role.reference).map_or(&[], Vec::as_slice)))
        .collect()
}

/// Bindings by the role that they grant.
fn granted(snapshot: &Snapshot) -> BTreeMap<ObjectRef, Vec<BindingRow>> {
    let mut granted: BTreeMap<ObjectRef, Vec<BindingRow>> = BTreeMap::new();
    for row in bindings(snapshot) {
        granted.entry(row.role.clone()).or_default().push(row);
    }
    granted
}

fn role_row(role: &Role<'_>, bindings: &[BindingRow]) -> RoleRow {
    let subjects: BTreeSet<&Subject> = bindings.iter().flat_map(|binding| &binding.subjects).collect();
    RoleRow {
        role: role.reference.clone(),
        rules: count(role.rules.len()),
        bindings: count(bindings.len()),
        subjects: count(subjects.len()),
        is_default: role.default().is_some() && role.beyond_default().is_empty(),
    }
}

/// One role; none where there is none of that kind and name.
pub fn role(snapshot: &Snapshot, reference: &ObjectRef) -> Option<RoleDetail> {
    let role = Role::of(snapshot, snapshot.resolve(reference)?)?;
    let bindings = granted(snapshot).remove(reference).unwrap_or_default();
    let rules = role.placed().map(|((source, place), written)| PlacedRule {
        rule: rule(written),
        aggregated: (*source != role.reference).then(|| source.clone()),
        place,
    });
    Some(RoleDetail {
        row: role_row(&role, &bindings),
        rules: rules.collect(),
        bindings,
    })
}

/// A rule as its role writes it.
fn rule(written: &PolicyRule) -> Rule {
    Rule {
        verbs: written.verbs.clone(),
        api_groups: written.api_groups.clone(),
        resources: written.resources.clone(),
        resource_names: written.resource_names.clone(),
        non_resource_urls: written.non_resource_urls.clone(),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    const SHOP: &str = "
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop}
spec: {serviceAccountName: web, containers: [{name: c, image: i}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: readers, namespace: shop}
roleRef: {kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: web}, {kind: ServiceAccount, name: gone}, {kind: Group, name: sre}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: dangling}
roleRef: {kind: ClusterRole, name: nowhere}
subjects: [{kind: Group, name: sre}]
";

    #[test]
    fn every_subject_is_listed_with_what_binds_it_and_what_runs_as_it() {
        let rows = subjects(&snapshot(SHOP));
        let told: Vec<(String, u32, bool, u32, Option<u32>, bool)> = rows
            .into_iter()
            .map(|row| {
                let SubjectRow {
                    subject,
                    bindings,
                    is_cluster_wide,
                    namespaces,
                    pods,
                    is_missing,
                } = row;
                (
                    subject.to_string(),
                    bindings,
                    is_cluster_wide,
                    namespaces,
                    pods,
                    is_missing,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("Group sre".to_owned(), 2, true, 1, None, false),
                ("ServiceAccount shop/gone".to_owned(), 1, false, 1, Some(0), true),
                ("ServiceAccount shop/web".to_owned(), 1, false, 1, Some(1), false),
            ]
        );
    }

    #[test]
    fn nobody_is_missing_where_service_accounts_were_not_read() {
        let mut cluster = snapshot(SHOP);
        let denied = Collected::Denied { reason: "no".into() };
        cluster.set(Kind::ServiceAccount, denied, Vec::new());
        assert!(subjects(&cluster).iter().all(|row| !row.is_missing));
    }

    #[test]
    fn a_role_tells_its_rules_and_its_bindings() {
        let cluster = snapshot(SHOP);
        let all = roles(&cluster);
        assert_eq!(all.len(), 1);
        let detail = role(&cluster, &all[0].role).unwrap();
        assert_eq!((detail.row.rules, detail.row.bindings, detail.row.subjects), (1, 1, 3));
        assert_eq!(detail.rules[0].rule.resources, ["pods"]);
        assert_eq!(detail.bindings[0].binding.name, "readers");
    }

    #[test]
    fn a_binding_without_its_role_is_dangling() {
        let told: Vec<(String, bool)> = bindings(&snapshot(SHOP))
            .into_iter()
            .map(|row| (row.binding.name, row.is_dangling))
            .collect();
        assert_eq!(told, [("dangling".to_owned(), true), ("readers".to_owned(), false)]);
    }
}
