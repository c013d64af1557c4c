//! Bindings that let someone change network policies.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, of_cluster, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "network-policy-writes",
    title: "Network policies can be changed",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "Network policies add up: one more that lets everything in undoes a denial by default, and \
        deleting one does so too. Whoever changes them in every namespace opens the way to whatever they are after.",
    remediation: "Let the pipeline that deploys a namespace write its policies, there only. What must hold \
        whatever a namespace says belongs in a ClusterNetworkPolicy.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "change network policies",
    so: "One more policy that lets everything in undoes what the others deny.",
    permissions: &[
        permission(
            &["create", "update", "patch", "delete", "deletecollection"],
            "networking.k8s.io",
            "networkpolicies",
        ),
        of_cluster(
            &["create", "update", "patch", "delete"],
            "policy.networking.k8s.io",
            "clusternetworkpolicies",
        ),
        of_cluster(
            &["create", "update", "patch", "delete"],
            "policy.networking.k8s.io",
            "adminnetworkpolicies",
        ),
        of_cluster(
            &["create", "update", "patch", "delete"],
            "policy.networking.k8s.io",
            "baselineadminnetworkpolicies",
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
    fn policies_of_both_sorts_count() {
        for rule in [
            "{verbs: [create], apiGroups: ['networking.k8s.io'], resources: [networkpolicies]}",
            "{verbs: [delete], apiGroups: ['networking.k8s.io'], resources: [networkpolicies]}",
            "{verbs: [patch], apiGroups: ['policy.networking.k8s.io'], resources: [clusternetworkpolicies]}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Medium], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn reading_and_ingresses_pass() {
        for rule in [
            "{verbs: [get, list, watch], apiGroups: ['networking.k8s.io'], resources: [networkpolicies]}",
            "{verbs: [create], apiGroups: ['networking.k8s.io'], resources: [ingresses]}",
            "{verbs: [create], apiGroups: [''], resources: [networkpolicies]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn in_one_namespace_it_is_less_bad() {
        let rule = "{verbs: [create], apiGroups: ['networking.k8s.io'], resources: [networkpolicies]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [Severity::Low]);
    }
}
