//! Bindings that let someone put a server of their own behind the API.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, of_cluster};

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-service-writes",
    title: "Parts of the API can be taken over",
    area: Area::Rbac,
    severity: Severity::High,
    rationale: "An APIService says who answers for an API group, and the API server passes requests on with \
        the names of those who send them. Whoever writes one answers in the place of the cluster for that group, or \
        of its metrics, and sees who asks what.",
    remediation: "Leave API services to the operators that bring one: name it in resourceNames, with update and \
        patch only.",
    reads: power::CLUSTER_READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "take over parts of the API",
    so: "An APIService of its own answers for an API group in the place of the cluster.",
    permissions: &[of_cluster(
        &["create", "update", "patch", "delete"],
        "apiregistration.k8s.io",
        "apiservices",
    )],
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
    fn writing_counts() {
        for rule in [
            "{verbs: [create], apiGroups: ['apiregistration.k8s.io'], resources: [apiservices]}",
            "{verbs: [patch], apiGroups: ['apiregistration.k8s.io'], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::High], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn reading_and_what_is_named_pass() {
        for rule in [
            "{verbs: [get, list, watch], apiGroups: ['apiregistration.k8s.io'], resources: [apiservices]}",
            "{verbs: [update], apiGroups: ['apiregistration.k8s.io'], resources: [apiservices], resourceNames: [v1beta1.metrics.k8s.io]}",
            "{verbs: [update], apiGroups: ['apiregistration.k8s.io'], resources: [apiservices/status]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn a_role_binding_reaches_no_api_service() {
        let rule = "{verbs: [create], apiGroups: ['apiregistration.k8s.io'], resources: [apiservices]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), []);
    }
}
