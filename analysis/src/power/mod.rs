//! Powers: what a permission lets someone do beyond what it says, and who holds it through which binding and rule.
//!
//! A check of a power judges each binding by itself, and reports it once with all whom it gives the power. What grants
//! everything is left to `cluster-admin-bound`, and so is what `admin` and `edit` give to people in a namespace: that is what
//! Kubernetes made these roles for. In `kube-system` the same is as bad as in the whole cluster, and is reported.

pub mod custom;
mod finding;
mod fix;
pub mod takeover;

use std::collections::BTreeSet;

use shared::verdict::Severity;

use crate::check::{Check, Need, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::{PolicyRule, Subject};
use crate::model::{Kind, Object};
use crate::rbac::binding::{implied_group, is_masters};
use crate::rbac::{Binding, Role, rules};

pub use finding::{finding, finding_of_half, of_subjects, who};

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
    /// `pods`, or `pods/exec` for a subresource.
    pub resource: &'static str,
    /// Whether it stands in no namespace, so that a RoleBinding does not grant it.
    pub is_of_cluster: bool,
}

/// Which rules give a power although they name objects.
#[derive(Debug, Clone, Copy)]
pub enum Names {
    /// None: over few objects it is no power, or requests of its kind carry no name.
    Narrow,
    /// All.
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
#[derive(Debug)]
pub struct Held<'a> {
    /// The binding.
    pub binding: Binding<'a>,
    /// The role that it grants.
    pub role: Role<'a>,
    /// Its subjects that hold the power, each with its place in the list.
    pub holders: Vec<(usize, &'a Subject)>,
    /// The rules that give it.
    pub rules: Vec<&'a PolicyRule>,
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
    })
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
        let mut granted = self
            .permissions
            .iter()
            .filter(|permission| is_cluster_wide || !permission.is_of_cluster);
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
    let Permission { group, resource, .. } = *permission;
    permission.verbs.iter().any(|verb| {
        rules::allows(
            rule,
            &rules::Request {
                verb,
                group,
                resource,
                name,
            },
        )
    })
}

/// Whether someone whom a binding names may do one of these too, through any binding that grants in the same place: the other
/// half of a power that needs two.
pub fn also<'a>(
    cluster: &Cluster<'a>,
    binding: &Binding<'a>,
    subject: &'a Subject,
    permissions: &[Permission],
    names: Names,
) -> bool {
    let meets = |other: &Binding<'_>| {
        other.is_cluster_wide() || binding.is_cluster_wide() || other.meta.namespace == binding.meta.namespace
    };
    let grants = |other: &Binding<'a>| {
        let mut granted = permissions
            .iter()
            .filter(|permission| other.is_cluster_wide() || !permission.is_of_cluster);
        let role = Role::bound_by(cluster.snapshot, other);
        role.is_some_and(|role| granted.any(|permission| role.rules.iter().any(|rule| allows(rule, permission, names))))
    };
    cluster
        .rbac()
        .bindings_to(binding, subject)
        .any(|other| meets(other) && grants(other))
}

/// The holders of a power who may do one of these too.
pub fn holders_also<'a>(
    cluster: &Cluster<'a>,
    held: &Held<'a>,
    permissions: &[Permission],
    names: Names,
) -> Vec<(usize, &'a Subject)> {
    let holders = held.holders.iter().copied();
    holders
        .filter(|(_, subject)| also(cluster, &held.binding, subject, permissions, names))
        .collect()
}
