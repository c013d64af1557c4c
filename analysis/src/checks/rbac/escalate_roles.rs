//! Bindings that let someone write into a role what they do not hold.

use std::collections::BTreeSet;

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object};
use crate::power::{self, Held, Names, Place, Power, of_cluster, permission};
use crate::rbac::{Binding, rules};

const RBAC: &str = "rbac.authorization.k8s.io";

/// See its fields.
pub static CHECK: Check = Check {
    id: "escalate-roles",
    title: "Roles can be widened without limit",
    area: Area::Rbac,
    severity: Severity::Critical,
    rationale: "Nobody can write into a role what they do not hold themselves, unless they may escalate. Together with the \
        permission to write roles that makes an administrator: the role that is widened may be one's own.",
    remediation: "Take escalate off. A controller that writes roles should hold what it writes into them, so that its own role \
        shows how far it reaches.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "widen roles without limit",
    so: "Who may escalate writes into a role what they do not hold.",
    permissions: &[
        of_cluster(&["escalate"], RBAC, "clusterroles"),
        permission(&["escalate"], RBAC, "roles"),
    ],
    names: Names::Any,
    in_namespace: Severity::High,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() => Outcome::Pass,
        Some(held) => Outcome::Fail(vec![finding(cluster, &held)]),
    }
}

/// A role that is named is no limit where it is the holder's own: everything can be written into it.
fn finding<'a>(cluster: &Cluster<'a>, held: &Held<'a>) -> Finding {
    let is_met = |escalate: &PolicyRule, other: &Binding<'_>, write: &PolicyRule| {
        widened(held, escalate, other, write).next().is_some()
    };
    let both = power::with_other_half(cluster, held, is_met);
    let lacks = "write the same roles there";
    let mut finding = power::finding_of_half(&POWER, held, both.as_ref(), lacks);
    let own = own_roles(cluster, held);
    for (of, severity) in [("clusterroles", CHECK.severity), ("roles", POWER.in_namespace)] {
        let is_own = |escalate: &PolicyRule, other: &Binding<'_>, write: &PolicyRule| {
            let mut roles = widened(held, escalate, other, write);
            roles.any(|role| role.0 == of && own.contains(&role))
        };
        if finding.severity < severity && power::with_other_half(cluster, held, is_own).is_some() {
            finding.severity = severity;
            finding.message += " One of these roles is the holder's own, and what is written into it the holder has.";
        }
    }
    finding
}

/// The roles that can be widened where a rule lets them be escalated and a rule of another binding lets them be written, as
/// resource and name; the name is empty where any can be. Roles of either kind count for themselves only. A new role is asked
/// for without its name, so that names do not let it be made.
fn widened<'r>(
    held: &Held<'_>,
    escalate: &'r PolicyRule,
    other: &Binding<'_>,
    write: &'r PolicyRule,
) -> impl Iterator<Item = (&'static str, &'r str)> {
    let is_whole = held.binding.is_cluster_wide() && other.is_cluster_wide();
    let resources = ["clusterroles", "roles"]
        .into_iter()
        .filter(move |resource| is_whole || *resource == "roles");
    resources.flat_map(move |resource| {
        let may = |rule, verbs, names| power::allows(rule, &permission(verbs, RBAC, resource), names);
        let is_escalated = may(escalate, &["escalate"], Names::Any);
        let is_made = may(write, &["create"], Names::Narrow) && escalate.resource_names.is_empty();
        let is_changed = may(write, &["update", "patch"], Names::Any);
        let any = is_escalated
            && (is_made || is_changed && escalate.resource_names.is_empty() && write.resource_names.is_empty());
        let named = rules::common_names(escalate, write).filter(move |_| is_escalated && is_changed);
        any.then_some("")
            .into_iter()
            .chain(named)
            .map(move |name| (resource, name))
    })
}

/// The roles that are granted to holders: ClusterRoles in the whole cluster, and Roles in the namespace of the binding.
fn own_roles<'a>(cluster: &Cluster<'a>, held: &Held<'a>) -> BTreeSet<(&'static str, &'a str)> {
    let bindings = held
        .holders
        .iter()
        .flat_map(|(_, subject)| cluster.rbac().bindings_to(&held.binding, subject));
    let role = |binding: &Binding<'a>| match binding.role_ref.kind.as_str() {
        "ClusterRole" if binding.is_cluster_wide() => Some(("clusterroles", binding.role_ref.name.as_str())),
        "Role" if Place::of(&held.binding).has(&binding.meta.namespace) => {
            Some(("roles", binding.role_ref.name.as_str()))
        }
        _ => None,
    };
    bindings.filter_map(role).collect()
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

    const ESCALATE: &str =
        "{verbs: [escalate], apiGroups: [rbac.authorization.k8s.io], resources: [roles, clusterroles]}";
    const WRITE: &str = "{verbs: [patch], apiGroups: [rbac.authorization.k8s.io], resources: [roles, clusterroles]}";

    #[test]
    fn escalating_and_writing_make_an_administrator_of_that_place() {
        let both = format!("{ESCALATE}, {WRITE}");
        let manifests = granted("ClusterRoleBinding", &both);
        assert_eq!(severities(&CHECK, &manifests), [Severity::Critical]);
        assert!(is_closed_by_patches(&CHECK, &manifests));
        assert_eq!(severities(&CHECK, &granted("RoleBinding", &both)), [Severity::High]);
    }

    #[test]
    fn the_halves_may_come_from_two_bindings_that_meet() {
        let second = granted("RoleBinding", WRITE)
            .replace("tested", "writer")
            .replace("name: b,", "name: c,");
        let manifests = format!("{}\n---\n{second}", granted("RoleBinding", ESCALATE));
        assert_eq!(severities(&CHECK, &manifests), [Severity::High]);
        let elsewhere = manifests.replace("name: c, namespace: shop", "name: c, namespace: tools");
        assert_eq!(severities(&CHECK, &elsewhere), [Severity::Low]);
    }

    fn rule(verbs: &str, resource: &str, names: &str) -> String {
        format!(
            "{{verbs: [{verbs}], apiGroups: [rbac.authorization.k8s.io], resources: [{resource}], resourceNames: [{names}]}}"
        )
    }

    fn of(kind: &str, escalate: &str, write: &str) -> Vec<Severity> {
        severities(&CHECK, &granted(kind, &format!("{escalate}, {write}")))
    }

    #[test]
    fn roles_of_the_other_kind_and_other_names_are_not_widened() {
        let (any, roles) = (rule("escalate", "clusterroles", ""), rule("'*'", "roles", ""));
        let writes = rule("create, update", "roles", "");
        assert_eq!(of("ClusterRoleBinding", &any, &writes), [Severity::Low]);
        assert_eq!(of("ClusterRoleBinding", &roles, ""), [Severity::Critical]);
        let (a, b) = (
            rule("escalate", "clusterroles", "a"),
            rule("update", "clusterroles", "b"),
        );
        assert_eq!(of("ClusterRoleBinding", &a, &b), [Severity::Low]);
        assert_eq!(
            of("ClusterRoleBinding", &a, &b.replace("[b]", "[a, b]")),
            [Severity::High]
        );
        let create = rule("create", "clusterroles", "");
        assert_eq!(of("ClusterRoleBinding", &a, &create), [Severity::Low]);
    }

    #[test]
    fn it_holds_where_both_halves_do() {
        let second = granted("RoleBinding", WRITE)
            .replace("tested", "writer")
            .replace("name: b, namespace: shop", "name: c, namespace: dev");
        let manifests = format!("{}\n---\n{second}", granted("ClusterRoleBinding", ESCALATE));
        let found = findings(&CHECK, &manifests).remove(0);
        assert_eq!(found.severity, Severity::High);
        assert!(found.title.ends_with("in namespace dev"), "{}", found.title);
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn a_role_that_is_named_is_no_limit_where_it_is_ones_own() {
        let own = rule("update, escalate", "clusterroles", "tested");
        assert_eq!(of("ClusterRoleBinding", &own, ""), [Severity::Critical]);
        let other = own.replace("[tested]", "[other]");
        assert_eq!(of("ClusterRoleBinding", &other, ""), [Severity::High]);
    }

    #[test]
    fn one_half_alone_is_said_to_do_nothing() {
        let found = findings(&CHECK, &granted("ClusterRoleBinding", ESCALATE)).remove(0);
        assert_eq!(found.severity, Severity::Low);
        assert!(found.message.contains("Alone it does nothing"), "{}", found.message);
        assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", WRITE)), []);
    }

    #[test]
    fn cluster_roles_are_not_widened_in_a_namespace() {
        let rule = "{verbs: ['*'], apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), []);
    }
}
