//! Bindings that let someone grant roles that they do not hold.

use shared::verdict::{Area, Severity};

use super::escalate_roles;
use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object};
use crate::power::{self, Held, Names, Permission, Power, of_cluster, permission};
use crate::rbac::{Role, rules};

const RBAC: &str = "rbac.authorization.k8s.io";

/// See its fields.
pub static CHECK: Check = Check {
    id: "bind-roles",
    title: "Roles can be granted that nobody holds",
    area: Area::Rbac,
    severity: Severity::Critical,
    rationale: "Nobody can grant a role whose permissions they do not hold, unless they may bind it. Together with the \
        permission to write bindings that makes an administrator: the role may be cluster-admin, and the subject oneself.",
    remediation: "Name the roles that may be granted in resourceNames, and none that leads to everything. Judged are rules \
        without names, and names of such roles.",
    reads: power::READS,
    controls: &[
        ("CIS 1.12", "5.1.8"),
        ("NSA", "RBAC"),
        ("OWASP K8s 2025", "K02"),
        ("MITRE ATT&CK", "T1098"),
    ],
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports. A RoleBinding lets ClusterRoles be bound in its namespace.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "grant roles that it does not hold",
    so: "Who may bind a role grants it to anyone.",
    permissions: &[
        permission(&["bind"], RBAC, "clusterroles"),
        permission(&["bind"], RBAC, "roles"),
    ],
    names: Names::Any,
    in_namespace: Severity::High,
};

/// The other half.
const WRITING: &[Permission] = &[
    of_cluster(&["create", "update", "patch"], RBAC, "clusterrolebindings"),
    permission(&["create", "update", "patch"], RBAC, "rolebindings"),
];

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(mut held) = power::held(cluster, object, &POWER) else {
        return Outcome::NotApplicable;
    };
    held.rules.retain(|rule| leads_to_everything(cluster, rule));
    if held.holders.is_empty() || held.rules.is_empty() {
        return Outcome::Pass;
    }
    Outcome::Fail(vec![finding(cluster, &held)])
}

/// A cluster-admin that is bound by name is one as well.
fn finding<'a>(cluster: &Cluster<'a>, held: &Held<'a>) -> crate::finding::Finding {
    let lacks = "whom it names write bindings there";
    let mut finding = power::finding_of_half(cluster, &POWER, held, WRITING, lacks);
    if held.binding.is_cluster_wide() && finding.severity > Severity::Low {
        finding.severity = Severity::Critical;
    }
    finding
}

/// Whether one of the roles that a rule lets be bound grants everything, or what makes that of it; any may be meant where none
/// is named.
fn leads_to_everything(cluster: &Cluster<'_>, rule: &PolicyRule) -> bool {
    let leads = |rule: &&PolicyRule| {
        let unlimited = [&escalate_roles::POWER, &POWER];
        rules::is_everything(rule) || unlimited.into_iter().any(|power| power.is_given_by(rule, true))
    };
    let is_strong = |name: &String| {
        let role = Role::cluster_role(cluster.snapshot, name);
        role.is_some_and(|role| role.rules.iter().any(leads))
    };
    rule.resource_names.is_empty() || rule.resource_names.iter().any(is_strong)
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

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
