//! Every subject, binding, role and permission that access is made of, one by one, before anything is aggregated.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shared::object::ObjectRef;
use shared::rbac::graph::{Layer, Mark};
use shared::rbac::{Grant, Subject};

use crate::model::Snapshot;
use crate::model::rbac::PolicyRule;
use crate::rbac::{Binding, Role};

/// One object, and the groups that it is in, the widest first.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) layer: Layer,
    /// Names it in its layer.
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) groups: Vec<Group>,
    pub(super) mark: Mark,
    pub(super) subject: Option<Subject>,
    pub(super) object: Option<ObjectRef>,
}

/// A group of objects of one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) id: String,
    /// `RoleBindings`, `ServiceAccounts shop`.
    pub(super) kind: String,
    /// What it counts, in the plural.
    pub(super) noun: &'static str,
}

/// All of them, and the edges between.
#[derive(Debug, Default)]
pub(super) struct Objects {
    pub(super) items: Vec<Item>,
    pub(super) edges: BTreeMap<(usize, usize), Mark>,
    places: HashMap<(Layer, String), usize>,
}

/// Bindings that a graph is drawn of, and what is special about them.
pub(super) struct Wanted<'a> {
    pub(super) binding: &'a dyn Fn(&Binding<'_>) -> bool,
    pub(super) subject: &'a dyn Fn(&Binding<'_>, &Subject) -> bool,
    pub(super) marks: &'a Marks<'a>,
}

/// Chains that are special.
#[derive(Debug, Default)]
pub(super) struct Marks<'a> {
    chains: BTreeMap<(&'a ObjectRef, &'a Subject), Rules<'a>>,
    hot: BTreeSet<(&'a ObjectRef, &'a Subject)>,
}

/// What is special about rules, each by its role and its place in it.
type Rules<'a> = BTreeMap<(&'a ObjectRef, u32), Mark>;

impl<'a> Marks<'a> {
    pub(super) fn new(answer: &'a [Grant], hot: &'a [Grant]) -> Self {
        let mut marks = Self {
            hot: hot.iter().map(|grant| (&grant.binding, &grant.subject)).collect(),
            ..Self::default()
        };
        let answers = answer.iter().map(|grant| (grant, Mark::Answer));
        for (grant, mark) in answers.chain(hot.iter().map(|grant| (grant, Mark::Hot))) {
            let rules = marks.chains.entry((&grant.binding, &grant.subject)).or_default();
            let rule = (grant.aggregated.as_ref().unwrap_or(&grant.role), grant.rule);
            let most = rules.entry(rule).or_default();
            *most = mark.max(*most);
        }
        marks
    }

    pub(super) fn is_hot(&self, binding: &ObjectRef, subject: &Subject) -> bool {
        self.hot.contains(&(binding, subject))
    }

    fn of(&self, binding: &ObjectRef, subject: &Subject) -> Mark {
        let rules = self.chains.get(&(binding, subject));
        rules
            .into_iter()
            .flat_map(|rules| rules.values())
            .copied()
            .max()
            .unwrap_or_default()
    }

    /// What is special about a rule that a binding grants.
    fn of_rule(&self, binding: &ObjectRef, subjects: &[Subject], rule: (&ObjectRef, u32)) -> Mark {
        let chains = subjects
            .iter()
            .filter_map(|subject| self.chains.get(&(binding, subject)));
        chains
            .filter_map(|rules| rules.get(&rule))
            .copied()
            .max()
            .unwrap_or_default()
    }
}

impl Objects {
    pub(super) fn new(snapshot: &Snapshot, wanted: &Wanted<'_>) -> Self {
        let mut objects = Self::default();
        let own = Own::of(snapshot);
        for binding in Binding::all(snapshot).filter(|binding| (wanted.binding)(binding)) {
            objects.add_binding(snapshot, &own, &binding, wanted);
        }
        objects
    }

    fn add_binding(&mut self, snapshot: &Snapshot, own: &Own, binding: &Binding<'_>, wanted: &Wanted<'_>) {
        let reference = binding.reference();
        let mut subjects = binding.known_subjects();
        subjects.retain(|subject| (wanted.subject)(binding, subject));
        if subjects.is_empty() {
            return;
        }
        let mark = |subject: &Subject| wanted.marks.of(&reference, subject);
        let most = subjects.iter().map(mark).max().unwrap_or_default();
        let middle = self.place(binding_item(&reference, own.bindings.contains(&reference), most));
        for subject in &subjects {
            let place = self.place(subject_item(subject, own.is_subject(subject), mark(subject)));
            self.link(place, middle, mark(subject));
        }
        if let Some(role) = Role::bound_by(snapshot, binding) {
            let is_own = own.is_role(&role.reference);
            let place = self.place(role_item(&role.reference, is_own, most));
            self.link(middle, place, most);
            self.add_rules(&role, is_own, place, |rule| {
                wanted.marks.of_rule(&reference, &subjects, rule)
            });
        }
    }

    fn add_rules(&mut self, role: &Role<'_>, is_own: bool, from: usize, mark: impl Fn((&ObjectRef, u32)) -> Mark) {
        for (place, rule) in role.placed() {
            let mark = mark((place.0, place.1));
            for item in permission_items(rule, is_own, mark) {
                let to = self.place(item);
                self.link(from, to, mark);
            }
        }
    }

    /// The place of an item, which is put there the first time.
    fn place(&mut self, item: Item) -> usize {
        let next = self.items.len();
        let place = *self.places.entry((item.layer, item.id.clone())).or_insert(next);
        if place == next {
            self.items.push(item);
        } else if let Some(known) = self.items.get_mut(place) {
            known.mark = known.mark.max(item.mark);
        }
        place
    }

    fn link(&mut self, from: usize, to: usize, mark: Mark) {
        let most = self.edges.entry((from, to)).or_default();
        *most = mark.max(*most);
    }
}

/// What Kubernetes makes itself, and nobody has put to a use of their own.
#[derive(Debug, Default)]
struct Own {
    bindings: BTreeSet<ObjectRef>,
    /// Subjects and roles that stand in other bindings too.
    used_subjects: BTreeSet<Subject>,
    used_roles: BTreeSet<ObjectRef>,
}

impl Own {
    fn of(snapshot: &Snapshot) -> Self {
        let mut own = Self::default();
        for binding in Binding::all(snapshot) {
            if binding.is_default() {
                own.bindings.insert(binding.reference());
                continue;
            }
            own.used_subjects.extend(binding.known_subjects());
            own.used_roles
                .extend(Role::bound_by(snapshot, &binding).map(|role| role.reference));
        }
        own
    }

    fn is_subject(&self, subject: &Subject) -> bool {
        !self.used_subjects.contains(subject)
    }

    fn is_role(&self, role: &ObjectRef) -> bool {
        !self.used_roles.contains(role)
    }
}

fn own_group(layer: Layer, noun: &'static str) -> Group {
    Group {
        id: format!("{}-own", layer.title().to_lowercase()),
        kind: "Kubernetes' own".into(),
        noun,
    }
}

/// The group of a kind, and in it that of a namespace.
fn groups_of(kind: &str, namespace: &str, noun: &'static str) -> Vec<Group> {
    let whole = Group {
        id: kind.to_owned(),
        kind: format!("{kind}s"),
        noun,
    };
    let part = Group {
        id: format!("{kind}/{namespace}"),
        kind: format!("{kind}s {namespace}"),
        noun,
    };
    if namespace.is_empty() {
        vec![whole]
    } else {
        vec![whole, part]
    }
}

fn subject_item(subject: &Subject, is_own: bool, mark: Mark) -> Item {
    let kind = subject.kind.as_str();
    let name = match subject.namespace.as_str() {
        "" => subject.name.clone(),
        namespace => format!("{namespace}/{}", subject.name),
    };
    Item {
        layer: Layer::Subjects,
        id: subject.to_string(),
        kind: kind.into(),
        name,
        groups: if is_own {
            vec![own_group(Layer::Subjects, "subjects")]
        } else {
            groups_of(kind, &subject.namespace, "subjects")
        },
        mark,
        subject: Some(subject.clone()),
        object: None,
    }
}

fn binding_item(binding: &ObjectRef, is_own: bool, mark: Mark) -> Item {
    object_item(Layer::Bindings, binding, is_own, "bindings", mark)
}

fn role_item(role: &ObjectRef, is_own: bool, mark: Mark) -> Item {
    object_item(Layer::Roles, role, is_own, "roles", mark)
}

fn object_item(layer: Layer, object: &ObjectRef, is_own: bool, noun: &'static str, mark: Mark) -> Item {
    Item {
        layer,
        id: object.to_string(),
        kind: format!("{} {}", object.kind, object.namespace).trim_end().to_owned(),
        name: object.name.clone(),
        groups: if is_own {
            vec![own_group(layer, noun)]
        } else {
            groups_of(&object.kind, &object.namespace, noun)
        },
        mark,
        subject: None,
        object: Some(object.clone()),
    }
}

/// What a rule grants, resource by resource and path by path.
fn permission_items(rule: &PolicyRule, is_own: bool, mark: Mark) -> Vec<Item> {
    let verbs = list(&rule.verbs);
    let resources = rule.api_groups.iter().flat_map(|group| {
        rule.resources.iter().map(move |resource| match group.as_str() {
            "" => (String::new(), resource.clone()),
            // Every resource of every group.
            "*" if resource == "*" => ("*".into(), "*".into()),
            group => (group.to_owned(), format!("{resource}.{group}")),
        })
    });
    let names = match rule.resource_names.as_slice() {
        [] => String::new(),
        [name] => format!(" {name}"),
        names => format!(" ({} names)", names.len()),
    };
    let urls = rule
        .non_resource_urls
        .iter()
        .map(|url| ("paths".to_owned(), url.clone()));
    let item = |(group, what): (String, String), names: &str| Item {
        layer: Layer::Permissions,
        id: format!("{verbs} {what}{names}"),
        kind: verbs.clone(),
        name: format!("{what}{names}"),
        groups: vec![if is_own {
            own_group(Layer::Permissions, "permissions")
        } else {
            permission_group(&group)
        }],
        mark,
        subject: None,
        object: None,
    };
    let resources: Vec<Item> = resources.map(|what| item(what, &names)).collect();
    resources.into_iter().chain(urls.map(|what| item(what, ""))).collect()
}

fn permission_group(group: &str) -> Group {
    let kind = match group {
        "" => "on the core group".to_owned(),
        "*" => "on everything".to_owned(),
        "paths" => "on paths".to_owned(),
        group => format!("on {group}"),
    };
    Group {
        id: format!("permissions/{group}"),
        kind,
        noun: "permissions",
    }
}

fn list(verbs: &[String]) -> String {
    let sorted: BTreeSet<&str> = verbs.iter().map(String::as_str).collect();
    if sorted.contains("*") {
        return "every verb".into();
    }
    sorted.into_iter().collect::<Vec<_>>().join(", ")
}
