//! Bindings that let someone write roles and bindings.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, of_cluster, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "role-writes",
    title: "Roles and bindings can be written",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "Nobody can grant what they do not hold, unless they may bind or escalate. But whoever writes \
        roles and bindings hands on to others all that they hold, deletes the bindings of others, and labels a role \
        so that admin, edit or view take it in.",
    remediation: "Let the pipeline that is reviewed write roles and bindings, and nobody else. Whoever manages \
        one namespace needs rolebindings there only, with bind on the roles by name.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "write roles or bindings",
    so: "Who does hands on what they hold themselves, and takes from others what those hold.",
    permissions: &[
        of_cluster(
            &["create", "update", "patch", "delete"],
            "rbac.authorization.k8s.io",
            "clusterrolebindings",
        ),
        of_cluster(
            &["create", "update", "patch", "delete"],
            "rbac.authorization.k8s.io",
            "clusterroles",
        ),
        permission(
            &["create", "update", "patch", "delete"],
            "rbac.authorization.k8s.io",
            "rolebindings",
        ),
        permission(
            &["create", "update", "patch", "delete"],
            "rbac.authorization.k8s.io",
            "roles",
        ),
    ],
    names: Names::Narrow,
    in_namespace: Severity::Low,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    power::judge(cluster, object, &POWER)
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    #[test]
    fn each_of_the_four_counts() {
        for rule in [
            "{verbs: [create], apiGroups: ['rbac.authorization.k8s.io'], resources: [clusterrolebindings]}",
            "{verbs: [patch], apiGroups: ['rbac.authorization.k8s.io'], resources: [clusterroles]}",
            "{verbs: [delete], apiGroups: ['rbac.authorization.k8s.io'], resources: [rolebindings]}",
            "{verbs: [update], apiGroups: ['rbac.authorization.k8s.io'], resources: [roles]}",
            "{verbs: ['*'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Medium], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn reading_binding_and_what_is_named_pass() {
        for rule in [
            "{verbs: [get, list, watch, bind, escalate], apiGroups: ['rbac.authorization.k8s.io'], resources: [clusterroles, roles]}",
            "{verbs: [update], apiGroups: ['rbac.authorization.k8s.io'], resources: [clusterroles], resourceNames: [own]}",
            "{verbs: [create], apiGroups: [''], resources: [roles]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn in_one_namespace_it_is_less_bad() {
        let rule = "{verbs: [create], apiGroups: ['rbac.authorization.k8s.io'], resources: [rolebindings]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [Severity::Low]);
    }

    #[test]
    fn what_stands_in_no_namespace_is_not_granted_in_one() {
        let rule =
            "{verbs: [create], apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles, clusterrolebindings]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), []);
    }
}
