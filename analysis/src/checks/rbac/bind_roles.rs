//! Bindings that let someone grant roles that they do not hold.

use std::collections::BTreeSet;

use shared::verdict::{Area, Severity};

use super::escalate_roles;
use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object};
use crate::power::{self, Held, Names, Place, Power, permission};
use crate::rbac::{Binding, Role, rules};

const RBAC: &str = "rbac.authorization.k8s.io";

/// See its fields.
pub static CHECK: Check = Check {
    id: "bind-roles",
    title: "Roles can be granted that the granter does not hold",
    area: Area::Rbac,
    severity: Severity::Critical,
    rationale: "Nobody can grant a role whose permissions they do not hold, unless they may bind it. Together with the \
        permission to write bindings that makes an administrator: the role may be cluster-admin, and the subject oneself.",
    remediation: "Name the roles that may be granted in resourceNames, and none that leads to everything. Judged are rules \
        without names, and names of such roles.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports. A RoleBinding lets ClusterRoles be bound in its namespace.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "grant roles without holding them",
    so: "Who may bind a role grants it to anyone.",
    permissions: &[
        permission(&["bind"], RBAC, "clusterroles"),
        permission(&["bind"], RBAC, "roles"),
    ],
    names: Names::Any,
    in_namespace: Severity::High,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(mut held) = power::held(cluster, object, &POWER) else {
        return Outcome::NotApplicable;
    };
    let named = held.rules.iter().flat_map(|rule| &rule.resource_names);
    let strong: BTreeSet<String> = named.filter(|name| is_strong(cluster, name)).cloned().collect();
    let is_strong = |rule: &PolicyRule| {
        rule.resource_names.is_empty() || rule.resource_names.iter().any(|name| strong.contains(name))
    };
    held.rules.retain(|rule| is_strong(rule));
    held.names = Some(strong);
    if held.holders.is_empty() || held.rules.is_empty() {
        return Outcome::Pass;
    }
    Outcome::Fail(vec![finding(cluster, &held)])
}

fn finding<'a>(cluster: &Cluster<'a>, held: &Held<'a>) -> Finding {
    let place = |bind: &PolicyRule, other: &Binding<'_>, write: &PolicyRule| place(cluster, held, bind, other, write);
    let both = power::with_other_half_in(cluster, held, place);
    power::finding_of_half(&POWER, held, both.as_ref(), "write bindings that grant them")
}

/// Which roles a binding of which kind grants: their resource and kind, and those of the bindings. A ClusterRoleBinding grants
/// no roles of a namespace.
const GRANTS: &[(&str, &str, &str, Kind)] = &[
    (
        "clusterroles",
        "ClusterRole",
        "clusterrolebindings",
        Kind::ClusterRoleBinding,
    ),
    ("clusterroles", "ClusterRole", "rolebindings", Kind::RoleBinding),
    ("roles", "Role", "rolebindings", Kind::RoleBinding),
];

/// Where a rule of another binding lets those bindings be written that grant what a rule lets be bound. Whoever makes a binding
/// chooses its role; in one that is there the role stays, and subjects are added.
fn place(
    cluster: &Cluster<'_>,
    held: &Held<'_>,
    bind: &PolicyRule,
    other: &Binding<'_>,
    write: &PolicyRule,
) -> Option<Place> {
    let meet = Place::of(&held.binding).meet(&Place::of(other))?;
    let mut places = Vec::new();
    for (roles, role_kind, bindings, kind) in GRANTS {
        let may = |rule, verbs, resource, names| power::allows(rule, &permission(verbs, RBAC, resource), names);
        let is_bound = may(bind, &["bind"], roles, Names::Any);
        if !is_bound || *kind == Kind::ClusterRoleBinding && meet != Place::Cluster {
            continue;
        }
        let is_changed = may(write, &["update", "patch"], bindings, Names::Any);
        if may(write, &["create"], bindings, Names::Narrow) || is_changed && write.resource_names.is_empty() {
            return Some(meet);
        }
        if is_changed {
            let there = Binding::all(cluster.snapshot).filter(|there| there.kind == *kind);
            let of_kind = there.filter(|there| there.role_ref.kind == *role_kind);
            let named = of_kind.filter(|there| write.resource_names.contains(&there.meta.name));
            let here = named.filter(|there| meet.has(&there.meta.namespace) && may_bind(held, bind, there));
            places.extend(here.map(|there| Place::of(&there)));
        }
    }
    places.into_iter().reduce(Place::join)
}

/// Whether a rule lets the role of a binding be bound, by a name that counts.
fn may_bind(held: &Held<'_>, bind: &PolicyRule, there: &Binding<'_>) -> bool {
    let is_name = |name: &String| *name == there.role_ref.name;
    bind.resource_names.is_empty()
        || bind.resource_names.iter().any(is_name) && held.names.iter().flatten().any(is_name)
}

/// Whether a role that may be bound grants everything, or what makes that of it.
fn is_strong(cluster: &Cluster<'_>, name: &str) -> bool {
    let leads = |rule: &&PolicyRule| {
        let unlimited = [&escalate_roles::POWER, &POWER];
        rules::is_everything(rule) || unlimited.into_iter().any(|power| power.is_given_by(rule, true))
    };
    Role::cluster_role(cluster.snapshot, name).is_some_and(|role| role.rules.iter().any(leads))
}

#[cfg(test)]
mod tests {
    use shared::patch::Patch;
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

    fn rules(bind: &str) -> String {
        let write =
            "{verbs: [create], apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings, clusterrolebindings]}";
        let bind =
            format!("{{verbs: [bind], apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles]{bind}}}");
        format!("{bind}, {write}")
    }

    #[test]
    fn binding_and_writing_bindings_make_an_administrator_of_that_place() {
        for bind in ["", ", resourceNames: [view, cluster-admin]"] {
            let manifests = granted("ClusterRoleBinding", &rules(bind));
            assert_eq!(severities(&CHECK, &manifests), [Severity::Critical], "{bind}");
            assert!(is_closed_by_patches(&CHECK, &manifests));
            assert_eq!(
                severities(&CHECK, &granted("RoleBinding", &rules(bind))),
                [Severity::High]
            );
        }
    }

    fn of(bind: &str, write: &str) -> Vec<Severity> {
        let rule = |verb: &str, resource: &str| {
            format!("{{verbs: [{verb}], apiGroups: [rbac.authorization.k8s.io], resources: [{resource}]}}")
        };
        let rules = format!("{}, {}", rule("bind", bind), rule("create", write));
        severities(&CHECK, &granted("ClusterRoleBinding", &rules))
    }

    #[test]
    fn a_role_of_a_namespace_is_bound_by_role_bindings_only() {
        assert_eq!(of("roles", "clusterrolebindings"), [Severity::Low]);
        assert_eq!(of("roles", "rolebindings"), [Severity::Critical]);
        assert_eq!(of("clusterroles", "clusterrolebindings"), [Severity::Critical]);
    }

    #[test]
    fn it_holds_where_bindings_can_be_written() {
        let write = "{verbs: [create], apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings]}";
        let second = granted("RoleBinding", write)
            .replace("tested", "writer")
            .replace("name: b, namespace: shop", "name: c, namespace: dev");
        let bind = "{verbs: [bind], apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles]}";
        let manifests = format!("{}\n---\n{second}", granted("ClusterRoleBinding", bind));
        let found = findings(&CHECK, &manifests).remove(0);
        assert_eq!(found.severity, Severity::High);
        assert!(found.title.ends_with("in namespace dev"), "{}", found.title);
    }

    #[test]
    fn a_binding_that_is_named_counts_if_it_grants_what_may_be_bound() {
        let write = |name: &str| {
            let bind = "{verbs: [bind], apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], \
                resourceNames: [cluster-admin]}";
            let write = format!(
                "{{verbs: [update], apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], \
                resourceNames: [{name}]}}"
            );
            let there = granted("ClusterRoleBinding", "")
                .replace("tested", "cluster-admin")
                .replace("name: b}", "name: admins}")
                .replace("name: app", "name: other");
            let there = there.split("---").last().unwrap().to_owned();
            let manifests = format!(
                "{}\n---\n{there}",
                granted("ClusterRoleBinding", &format!("{bind}, {write}"))
            );
            severities(&CHECK, &manifests)
        };
        assert_eq!(
            (write("admins"), write("b")),
            (vec![Severity::Critical], vec![Severity::Low])
        );
    }

    #[test]
    fn it_holds_in_the_namespace_of_the_binding_that_can_be_changed() {
        let rule = |verb: &str, resource: &str, name: &str| {
            format!(
                "{{verbs: [{verb}], apiGroups: [rbac.authorization.k8s.io], resources: [{resource}], resourceNames: [{name}]}}"
            )
        };
        let rules = format!(
            "{}, {}",
            rule("bind", "clusterroles", "cluster-admin"),
            rule("patch", "rolebindings", "admins")
        );
        let there = "
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: admins, namespace: dev}
roleRef: {kind: ClusterRole, name: cluster-admin}
";
        let manifests = format!("{}\n---\n{there}", granted("ClusterRoleBinding", &rules));
        let found = findings(&CHECK, &manifests).remove(0);
        assert_eq!(found.severity, Severity::High);
        assert!(found.title.ends_with("in namespace dev"), "{}", found.title);
    }

    #[test]
    fn whoever_has_not_signed_in_has_nothing_of_those_who_have() {
        let bind = granted(
            "ClusterRoleBinding",
            "{verbs: [bind], apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles]}",
        );
        let write = granted(
            "ClusterRoleBinding",
            "{verbs: [create], apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings]}",
        )
        .replace("tested", "writer")
        .replace("name: b}", "name: c}");
        let app = "{kind: ServiceAccount, name: app, namespace: shop}";
        let to = |manifests: &str, group: &str| manifests.replace(app, &format!("{{kind: Group, name: '{group}'}}"));
        let manifests = |group: &str| format!("{}\n---\n{}", to(&bind, group), to(&write, "system:authenticated"));
        assert_eq!(
            severities(&CHECK, &manifests("system:unauthenticated")),
            [Severity::Low]
        );
        assert_eq!(severities(&CHECK, &manifests("ops")), [Severity::Critical]);
    }

    #[test]
    fn a_patch_leaves_the_names_that_lead_nowhere() {
        let found = findings(
            &CHECK,
            &granted("ClusterRoleBinding", &rules(", resourceNames: [view, cluster-admin]")),
        )
        .remove(0);
        let Some(Patch::Merge { body, .. }) = found.patch else {
            panic!("not a merge patch")
        };
        assert_eq!(body["rules"][0]["resourceNames"], serde_json::json!(["view"]));
        assert!(
            found.message.contains("what is named cluster-admin only"),
            "{}",
            found.message
        );
    }

    #[test]
    fn roles_that_lead_nowhere_may_be_bound_by_name() {
        assert_eq!(
            severities(
                &CHECK,
                &granted("ClusterRoleBinding", &rules(", resourceNames: [edit, view, gone]"))
            ),
            []
        );
    }

    #[test]
    fn one_half_alone_is_hygiene() {
        let bind = "{verbs: [bind], apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles]}";
        assert_eq!(
            severities(&CHECK, &granted("ClusterRoleBinding", bind)),
            [Severity::Low]
        );
        assert_eq!(
            severities(
                &CHECK,
                &granted("ClusterRoleBinding", &bind.replace("[bind]", "[create]"))
            ),
            []
        );
    }
}
