//! Bindings that let someone create persistent volumes.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, of_cluster};

/// See its fields.
pub static CHECK: Check = Check {
    id: "persistent-volume-creation",
    title: "Persistent volumes can be created",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "A persistent volume may be a path of a node, and a pod that claims it mounts that path even \
        where Pod Security forbids hostPath. Whoever creates both reads and writes the disk of a node.",
    remediation: "Leave volumes to the provisioners of storage classes, and let people create claims only.",
    reads: power::CLUSTER_READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "create persistent volumes",
    so: "A persistent volume may be a path of a node, which a pod then mounts past Pod Security.",
    permissions: &[of_cluster(&["create"], "", "persistentvolumes")],
    names: Names::Narrow,
    in_namespace: Severity::Medium,
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
    fn creating_counts() {
        for rule in [
            "{verbs: [create], apiGroups: [''], resources: [persistentvolumes]}",
            "{verbs: ['*'], apiGroups: [''], resources: [persistentvolumes]}",
            "{verbs: [create], apiGroups: [''], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Medium], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn claims_and_changes_pass() {
        for rule in [
            "{verbs: [create], apiGroups: [''], resources: [persistentvolumeclaims]}",
            "{verbs: [update, patch, delete], apiGroups: [''], resources: [persistentvolumes]}",
            "{verbs: [create], apiGroups: ['storage.k8s.io'], resources: [persistentvolumes]}",
            "{verbs: [create], apiGroups: [''], resources: [persistentvolumes/status]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn a_role_binding_makes_no_volume() {
        let rule = "{verbs: [create], apiGroups: [''], resources: [persistentvolumes]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), []);
    }
}
