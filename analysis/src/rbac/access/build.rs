//! Making the index: one pass over roles, one over bindings.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::coverage;
use super::matcher::Rule;
use super::names::{Name, Names};
use super::resources::Resources;
use super::{Access, BindingEntry, Bound, Granted, Origin, RoleEntry, RuleId, SubjectEntry, aggregation};
use crate::model::rbac::{PolicyRule, Subject};
use crate::model::service_account::ServiceAccount;
use crate::model::{Kind, Object, Snapshot};
use crate::rbac::{Binding, defaults, role};

/// The rules that stand in a role.
pub(super) fn rules(role: &Object) -> &[PolicyRule] {
    match role {
        Object::Role(role) => &role.rules,
        Object::ClusterRole(role) => &role.rules,
        _ => &[],
    }
}

/// The objects of a kind, with those that the API server adds to manifests.
fn objects(snapshot: &Snapshot, origin: Origin, kind: Kind) -> Vec<Arc<Object>> {
    let mut objects = snapshot.of(kind).to_vec();
    if origin == (Origin::Files { defaults: true }) {
        let is_written = |default: &Object| {
            let meta = default.meta();
            snapshot.get(kind, &meta.namespace, &meta.name).is_some()
        };
        let added = defaults::of_api_server(kind).filter(|default| !is_written(default));
        objects.extend(added.cloned());
    }
    objects
}

/// Kind, namespace and name of a role.
type RoleKey = (Kind, String, String);

impl Access {
    /// Indexes the roles and bindings of a snapshot.
    pub fn new(snapshot: &Snapshot, origin: Origin) -> Self {
        let mut access = Self::empty(snapshot, origin);
        let by_key = access.add_roles(snapshot, origin);
        for kind in [Kind::ClusterRoleBinding, Kind::RoleBinding] {
            for object in objects(snapshot, origin, kind) {
                access.add_binding(snapshot, origin, &by_key, object);
            }
        }
        access.sort();
        access
    }

    fn empty(snapshot: &Snapshot, origin: Origin) -> Self {
        Self {
            origin,
            names: Names::new(),
            roles: Vec::new(),
            bindings: Vec::new(),
            subjects: Vec::new(),
            users: HashMap::new(),
            groups: HashMap::new(),
            by_resource: HashMap::new(),
            by_url: Vec::new(),
            unread: coverage::unread(snapshot),
            resources: Resources::new(snapshot, origin),
            accounts: if origin == Origin::Live {
                accounts(snapshot)
            } else {
                None
            },
        }
    }

    fn add_roles(&mut self, snapshot: &Snapshot, origin: Origin) -> HashMap<RoleKey, u32> {
        let mut by_key = HashMap::new();
        for kind in [Kind::ClusterRole, Kind::Role] {
            for object in objects(snapshot, origin, kind) {
                let meta = object.meta();
                let id = number(self.roles.len());
                by_key.insert((kind, meta.namespace.clone(), meta.name.clone()), id);
                self.add_role(id, object);
            }
        }
        let sources = aggregation::sources(&self.roles, origin);
        for (id, sources) in (0..).zip(sources) {
            for source in &sources {
                self.roles[*source as usize].holders.push(id);
            }
            self.roles[id as usize].sources = sources;
        }
        by_key
    }

    fn add_role(&mut self, id: u32, object: Arc<Object>) {
        let names = &mut self.names;
        let rules: Vec<Rule> = rules(&object).iter().map(|rule| Rule::new(names, rule)).collect();
        for (place, rule) in (0..).zip(&rules) {
            let found = RuleId { role: id, rule: place };
            for resource in rule.resources.iter() {
                self.by_resource.entry(resource).or_default().push(found);
            }
            if !rule.urls.is_empty() {
                self.by_url.push(found);
            }
        }
        self.roles.push(RoleEntry {
            object,
            rules,
            sources: Vec::new(),
            holders: Vec::new(),
            bound: Bound::default(),
        });
    }

    fn add_binding(
        &mut self,
        snapshot: &Snapshot,
        origin: Origin,
        by_key: &HashMap<RoleKey, u32>,
        object: Arc<Object>,
    ) {
        let Some(binding) = Binding::of(&object) else {
            return;
        };
        let id = number(self.bindings.len());
        let namespace = (!binding.is_cluster_wide()).then(|| self.names.add(&binding.meta.namespace));
        let grants = self.granted(snapshot, origin, by_key, &binding);
        let mut seen = BTreeSet::new();
        let subjects = binding
            .subjects
            .iter()
            .filter_map(|subject| self.add_subject(&binding, subject));
        let subjects: Vec<u32> = subjects.filter(|subject| seen.insert(*subject)).collect();
        for subject in &subjects {
            add(&mut self.subjects[*subject as usize].bound, namespace, id);
        }
        if let Granted::Role(role) = grants {
            add(&mut self.roles[role as usize].bound, namespace, id);
        }
        self.bindings.push(BindingEntry {
            object,
            namespace,
            grants,
            subjects,
        });
    }

    /// The number of a subject; none for kinds that are none, and for a service account without a namespace.
    fn add_subject(&mut self, binding: &Binding<'_>, subject: &Subject) -> Option<u32> {
        let (is_group, name) = match subject.kind.as_str() {
            "User" => (false, self.names.add(&subject.name)),
            "Group" => (true, self.names.add(&subject.name)),
            "ServiceAccount" => {
                let namespace = match subject.namespace.as_str() {
                    "" if binding.is_cluster_wide() => return None,
                    "" => &binding.meta.namespace,
                    namespace => namespace,
                };
                let user = format!("system:serviceaccount:{namespace}:{}", subject.name);
                (false, self.names.add(&user))
            }
            _ => return None,
        };
        let known = if is_group { &mut self.groups } else { &mut self.users };
        let subjects = &mut self.subjects;
        Some(*known.entry(name).or_insert_with(|| {
            subjects.push(SubjectEntry {
                is_group,
                name,
                bound: Bound::default(),
            });
            number(subjects.len() - 1)
        }))
    }

    fn granted(
        &self,
        snapshot: &Snapshot,
        origin: Origin,
        by_key: &HashMap<RoleKey, u32>,
        binding: &Binding<'_>,
    ) -> Granted {
        let Some(reference) = role::reference(binding) else {
            return Granted::Missing;
        };
        let kind = if reference.kind == "Role" {
            Kind::Role
        } else {
            Kind::ClusterRole
        };
        let key = (kind, reference.namespace.clone(), reference.name.clone());
        if let Some(role) = by_key.get(&key) {
            return Granted::Role(*role);
        }
        // Every role that manifests lack is doubtful; what is asked of manifests is answered by them.
        let is_doubtful = origin == Origin::Live && snapshot.doubtful.contains(&reference);
        if is_doubtful || self.unread.iter().any(|unread| unread.kind == kind) {
            Granted::Unread(kind)
        } else {
            Granted::Missing
        }
    }

    /// Bindings came in the order of their namespaces' names; they are found by their numbers.
    fn sort(&mut self) {
        let subjects = self.subjects.iter_mut().map(|subject| &mut subject.bound);
        let roles = self.roles.iter_mut().map(|role| &mut role.bound);
        subjects.chain(roles).for_each(|bound| bound.namespaced.sort());
    }
}

fn add(bound: &mut Bound, namespace: Option<Name>, binding: u32) {
    match namespace {
        Some(namespace) => bound.namespaced.push((namespace, binding)),
        None => bound.cluster.push(binding),
    }
}

/// No snapshot holds four thousand million of anything.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn accounts(snapshot: &Snapshot) -> Option<BTreeMap<String, BTreeSet<String>>> {
    if !snapshot.outcome(Kind::ServiceAccount).is_known() {
        return None;
    }
    let mut accounts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for account in snapshot.all::<ServiceAccount>() {
        if let Some(meta) = &account.metadata {
            accounts
                .entry(meta.namespace.clone())
                .or_default()
                .insert(meta.name.clone());
        }
    }
    Some(accounts)
}
