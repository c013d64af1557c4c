//! Powers: what a permission lets someone do beyond what it says, and who holds it through which binding and rule.
//!
//! A check of a power judges each binding by itself, and reports it once with all whom it gives the power. What grants
//! everything is left to `cluster-admin-bound`, and so is what `admin` and `edit` give to people in a namespace: that is what
//! Kubernetes made these roles for. In `kube-system` the same is as bad as in the whole cluster, and is reported.

pub mod custom;
mod finding;
mod fix;
mod place;
pub mod takeover;

use std::collections::BTreeSet;

use shared::verdict::Severity;

use crate::check::{Check, Need, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::{PolicyRule, Subject};
use crate::model::{Kind, Object};
use crate::rbac::binding::{implied_group, is_masters};
use crate::rbac::{Binding, Role, rules};

pub use finding::{agree, finding, finding_of_half, of_subjects, who};
pub(crate) use fix::fix;
pub use place::Place;

/// What a check of a power reads, if the power can be held in one namespace.
pub const READS: &[Need] = &[
    Need::Read(Kind::ClusterRoleBinding),
    Need::Read(Kind::RoleBinding),
    Need::Read(Kind::ClusterRole),
    Need::Read(Kind::Role),
];

/// What a check of a power reads that can be held in the whole cluster only: a RoleBinding never grants what stands in no
/// namespace.
pub const CLUSTER_READS: &[Need] = &[Need::Read(Kind::ClusterRoleBinding), Need::Read(Kind::ClusterRole)];

/// Something that a subject can do once it may do something else.
#[derive(Debug, Clone, Copy)]
pub struct Power {
    /// The check that reports it.
    pub check: &'static Check,
    /// What it lets its holder do, after "may": `create pods`.
    pub may: &'static str,
    /// What follows from that, in a sentence.
    pub so: &'static str,
    /// The permissions of which any gives it.
    pub permissions: &'static [Permission],
    /// Whether a rule that names objects gives it too.
    pub names: Names,
    /// How bad it is in one namespace; in the whole cluster it is as bad as the check says.
    pub in_namespace: Severity,
}

/// Verbs on one resource.
#[derive(Debug, Clone, Copy)]
pub struct Permission {
    /// Of which any is enough.
    pub verbs: &'static [&'static str],
    /// Its API group; empty for the core group.
    pub group: &'static str,
    /// `pods`, or `pods/exec` for a subresource; `*` for any resource of the group, but no subresource.
    pub resource: &'static str,
    /// Whether it stands in no namespace, so that a RoleBinding does not grant it.
    pub is_of_cluster: bool,
}

/// Which rules give a power although they name objects.
#[derive(Debug, Clone, Copy)]
pub enum Names {
    /// None: over few objects it is no power, or requests of its kind carry no name.
    Narrow,
    /// All, for the verbs whose requests carry a name. Over few objects it is less bad.
    Any,
    /// Those that name one of these.
    Of(&'static [&'static str]),
}

/// Verbs on one resource.
pub const fn permission(verbs: &'static [&'static str], group: &'static str, resource: &'static str) -> Permission {
    let is_of_cluster = false;
    Permission {
        verbs,
        group,
        resource,
        is_of_cluster,
    }
}

/// Verbs on one resource that stands in no namespace.
pub const fn of_cluster(verbs: &'static [&'static str], group: &'static str, resource: &'static str) -> Permission {
    let is_of_cluster = true;
    Permission {
        verbs,
        group,
        resource,
        is_of_cluster,
    }
}

/// Who holds a power through one binding, and by which rules.
#[derive(Debug, Clone)]
pub struct Held<'a> {
    /// The binding.
    pub binding: Binding<'a>,
    /// The role that it grants.
    pub role: Role<'a>,
    /// Its subjects that hold the power, each with its place in the list.
    pub holders: Vec<(usize, &'a Subject)>,
    /// The rules that give it.
    pub rules: Vec<&'a PolicyRule>,
    /// Where it holds: less than the binding grants in, if it needs another permission that is held in a part of that.
    pub place: Place,
    /// The names that make a rule which names objects give it, where others would not.
    pub names: Option<BTreeSet<String>>,
}

/// Judges one binding by one power.
pub fn judge(cluster: &Cluster<'_>, object: &Object, power: &Power) -> Outcome {
    match held(cluster, object, power) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() => Outcome::Pass,
        Some(held) => Outcome::Fail(vec![finding(power, &held)]),
    }
}

/// Who holds a power through a binding; none for what is no binding, or binds a role that is not there.
pub fn held<'a>(cluster: &Cluster<'a>, object: &'a Object, power: &Power) -> Option<Held<'a>> {
    let binding = Binding::of(object)?;
    let role = Role::bound_by(cluster.snapshot, &binding)?;
    let gives = |rule: &&PolicyRule| power.is_given_by(rule, binding.is_cluster_wide());
    let (mut holders, mut rules) = (Vec::new(), Vec::new());
    // Most bindings give none of the powers, and then nobody has to be looked at.
    if role.rules.iter().any(gives) {
        for (place, subject) in binding.distinct_subjects().filter(|(_, subject)| !is_masters(subject)) {
            let granted = judged(&role, &binding, subject);
            let giving: Vec<&PolicyRule> = granted.iter().copied().filter(gives).collect();
            if !giving.is_empty() && !granted.iter().any(|rule| rules::is_everything(rule)) {
                holders.push((place, subject));
                rules.extend(giving);
            }
        }
    }
    let mut seen = BTreeSet::new();
    rules.retain(|rule| seen.insert(std::ptr::from_ref::<PolicyRule>(rule)));
    Some(Held {
        binding,
        role,
        holders,
        rules,
        place: Place::of(&binding),
        names: power.names.decisive(),
    })
}

impl Names {
    fn decisive(self) -> Option<BTreeSet<String>> {
        match self {
            Self::Of(names) => Some(names.iter().map(|name| (*name).to_owned()).collect()),
            Self::Narrow | Self::Any => None,
        }
    }
}

/// The rules for which a subject of a binding is judged.
fn judged<'a>(role: &Role<'a>, binding: &Binding<'a>, subject: &'a Subject) -> Vec<&'a PolicyRule> {
    let is_person = binding.service_account(subject).is_none() && implied_group(subject).is_none();
    let is_meant = matches!(role.reference.name.as_str(), "admin" | "edit") && !is_of_system(binding);
    if is_meant && is_person && !binding.is_cluster_wide() && role.default().is_some() {
        return role.beyond_default();
    }
    role.beyond_defaults(binding, subject)
}

/// Whether a binding grants where the cluster's own components run.
fn is_of_system(binding: &Binding<'_>) -> bool {
    binding.meta.namespace == "kube-system"
}

impl Power {
    /// Whether a rule gives it, in the whole cluster or in a namespace.
    pub fn is_given_by(&self, rule: &PolicyRule, is_cluster_wide: bool) -> bool {
        let granted = |permission: &&Permission| is_cluster_wide || !permission.is_of_cluster;
        let mut granted = self.permissions.iter().filter(granted);
        granted.any(|permission| allows(rule, permission, self.names))
    }
}

/// Whether a rule allows one of the verbs on the resource.
pub fn allows(rule: &PolicyRule, permission: &Permission, names: Names) -> bool {
    let name = match (rule.resource_names.as_slice(), names) {
        ([], _) => "",
        (_, Names::Narrow) => return false,
        ([first, ..], Names::Any) => first.as_str(),
        (named, Names::Of(wanted)) => match named.iter().find(|name| wanted.contains(&name.as_str())) {
            Some(name) => name.as_str(),
            None => return false,
        },
    };
    let Some(resource) = asked_for(rule, permission) else {
        return false;
    };
    let group = permission.group;
    permission.verbs.iter().any(|verb| {
        let request = rules::Request {
            verb,
            group,
            resource,
            name,
        };
        (name.is_empty() || carries_name(verb, resource)) && rules::allows(rule, &request)
    })
}

/// The resource of a permission; any that the rule lists where the permission is for all of a group.
fn asked_for<'a>(rule: &'a PolicyRule, permission: &Permission) -> Option<&'a str> {
    match permission.resource {
        "*" => {
            let mut listed = rule.resources.iter().map(String::as_str);
            listed.find(|resource| !resource.contains('/'))
        }
        resource => Some(resource),
    }
}

/// Whether a request of that verb says which object it is for. What is made has no name yet, but for a subresource of
/// something that is there; the others are for many objects at once.
fn carries_name(verb: &str, resource: &str) -> bool {
    match verb {
        "create" => resource.contains('/'),
        "list" | "watch" | "deletecollection" => false,
        _ => true,
    }
}

/// The holders of a power that needs two permissions who have the other one too, through any binding, and where both hold;
/// none where nobody has it. `is_met` tells whether a rule of the first and a rule of another binding make the power.
pub fn with_other_half<'a>(
    cluster: &Cluster<'a>,
    held: &Held<'a>,
    is_met: impl Fn(&PolicyRule, &Binding<'a>, &PolicyRule) -> bool,
) -> Option<Held<'a>> {
    let here = Place::of(&held.binding);
    with_other_half_in(cluster, held, |first, other, second| {
        let place = here.meet(&Place::of(other))?;
        is_met(first, other, second).then_some(place)
    })
}

/// The same where the two rules tell where the power holds, which may be less than where both bindings grant.
pub fn with_other_half_in<'a>(
    cluster: &Cluster<'a>,
    held: &Held<'a>,
    place: impl Fn(&PolicyRule, &Binding<'a>, &PolicyRule) -> Option<Place>,
) -> Option<Held<'a>> {
    let place = &place;
    let met = |other: &Binding<'a>| {
        let role = Role::bound_by(cluster.snapshot, other)?;
        let seconds = role.rules.iter();
        let met = seconds.flat_map(|second| held.rules.iter().filter_map(move |first| place(first, other, second)));
        met.reduce(Place::join)
    };
    let mut places = Vec::new();
    let mut holders = held.holders.clone();
    holders.retain(|(_, subject)| {
        let known = places.len();
        places.extend(cluster.rbac().bindings_to(&held.binding, subject).filter_map(met));
        places.len() > known
    });
    let place = places.into_iter().reduce(Place::join)?;
    Some(Held {
        holders,
        place,
        ..held.clone()
    })
}

/// Whether a rule of a binding allows one of these.
pub fn allows_any(binding: &Binding<'_>, rule: &PolicyRule, permissions: &[Permission], names: Names) -> bool {
    let mut granted = permissions
        .iter()
        .filter(|permission| binding.is_cluster_wide() || !permission.is_of_cluster);
    granted.any(|permission| allows(rule, permission, names))
}
