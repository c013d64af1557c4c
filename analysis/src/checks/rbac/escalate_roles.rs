//! Bindings that let someone write into a role what they do not hold.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Permission, Power, of_cluster, permission};

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
    controls: &[
        ("CIS 1.12", "5.1.8"),
        ("NSA", "RBAC"),
        ("OWASP K8s 2025", "K02"),
        ("MITRE ATT&CK", "T1098"),
    ],
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

/// The other half.
const WRITING: &[Permission] = &[
    of_cluster(&["create", "update", "patch"], RBAC, "clusterroles"),
    permission(&["create", "update", "patch"], RBAC, "roles"),
];

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() => Outcome::Pass,
        Some(held) => {
            let lacks = "whom it names write roles there";
            Outcome::Fail(vec![power::finding_of_half(cluster, &POWER, &held, WRITING, lacks)])
        }
    }
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
