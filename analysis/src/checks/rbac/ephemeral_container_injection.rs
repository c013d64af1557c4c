//! Bindings that let someone add containers to running pods.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "ephemeral-container-injection",
    title: "Containers can be added to running pods",
    area: Area::Rbac,
    severity: Severity::High,
    rationale: "An ephemeral container runs inside a pod that is there already: it sees the pod's processes, \
        network, volumes and service account token, and an image of the attacker's choice is in it.",
    remediation: "Grant pods/ephemeralcontainers in the namespace of whoever debugs there, and for the time it \
        takes.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "add containers to running pods",
    so: "Such a container has the token, the network and the volumes of the pod.",
    permissions: &[permission(&["update", "patch"], "", "pods/ephemeralcontainers")],
    names: Names::Any,
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
    fn patching_and_updating_count() {
        for rule in [
            "{verbs: [patch], apiGroups: [''], resources: [pods/ephemeralcontainers]}",
            "{verbs: [update], apiGroups: [''], resources: ['*/ephemeralcontainers']}",
            "{verbs: ['*'], apiGroups: [''], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::High], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn pods_themselves_and_reading_pass() {
        for rule in [
            "{verbs: [patch], apiGroups: [''], resources: [pods]}",
            "{verbs: [patch], apiGroups: [''], resources: ['pods/*']}",
            "{verbs: [get, create], apiGroups: [''], resources: [pods/ephemeralcontainers]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn a_pod_that_is_named_counts_and_is_less_bad() {
        let rule = "{verbs: [patch], apiGroups: [''], resources: [pods/ephemeralcontainers], resourceNames: [web-0]}";
        let bound = |kind: &str| severities(&CHECK, &granted(kind, rule));
        assert_eq!(bound("ClusterRoleBinding"), [Severity::Medium]);
        assert_eq!(bound("RoleBinding"), [Severity::Low]);
    }

    #[test]
    fn in_one_namespace_it_is_less_bad() {
        let rule = "{verbs: [patch], apiGroups: [''], resources: [pods/ephemeralcontainers]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [Severity::Medium]);
    }
}
