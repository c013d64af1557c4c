//! Bindings that let someone change the ConfigMaps that the cluster itself is set up by.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "system-config-writes",
    title: "The cluster's own settings can be changed",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "ConfigMaps of kube-system decide for everyone: coredns where each name leads, aws-auth on EKS who is an \
        administrator, extension-apiserver-authentication whose certificates aggregated servers believe.",
    remediation: "Grant ConfigMaps in the namespaces where they are needed, and none of kube-system by a ClusterRoleBinding.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "change the ConfigMaps of kube-system",
    so: "They decide where names lead, and on some clusters who is an administrator.",
    permissions: &[permission(&["update", "patch"], "", "configmaps")],
    names: Names::Of(&[
        "aws-auth",
        "coredns",
        "extension-apiserver-authentication",
        "kube-proxy",
        "kubeadm-config",
        "kubelet-config",
    ]),
    in_namespace: Severity::Medium,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() || !reaches_kube_system(&held) => Outcome::Pass,
        Some(held) => Outcome::Fail(vec![finding(cluster, &held)]),
    }
}

fn reaches_kube_system(held: &power::Held<'_>) -> bool {
    held.binding.is_cluster_wide() || held.binding.meta.namespace == "kube-system"
}

/// EKS names its version, and makes an administrator of whoever writes aws-auth.
fn finding(cluster: &Cluster<'_>, held: &power::Held<'_>) -> crate::finding::Finding {
    let mut finding = power::finding(&POWER, held);
    let is_named = |name: &str| {
        held.rules
            .iter()
            .any(|rule| rule.resource_names.iter().any(|named| named == name))
    };
    if is_named("aws-auth") || cluster.snapshot.version.contains("-eks-") {
        finding.severity = finding.severity.max(Severity::High);
    }
    finding
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

    const ANY: &str = "{verbs: [get, patch], apiGroups: [''], resources: [configmaps]}";

    #[test]
    fn writing_all_config_maps_or_one_that_decides_counts() {
        let named = |name: &str| {
            format!("{{verbs: [update], apiGroups: [''], resources: [configmaps], resourceNames: [own, {name}]}}")
        };
        let severities_of = |rule: &str| severities(&CHECK, &granted("ClusterRoleBinding", rule));
        assert_eq!(severities_of(ANY), [Severity::Medium]);
        assert_eq!(severities_of(&named("coredns")), [Severity::Medium]);
        assert_eq!(severities_of(&named("aws-auth")), [Severity::High]);
        assert_eq!(severities_of(&named("leader-election")), []);
        assert!(is_closed_by_patches(&CHECK, &granted("ClusterRoleBinding", ANY)));
    }

    #[test]
    fn the_patch_leaves_the_names_that_decide_nothing() {
        let rule = "{verbs: [get, update], apiGroups: [''], resources: [configmaps], resourceNames: [own, coredns]}";
        let manifests = granted("ClusterRoleBinding", rule);
        assert!(is_closed_by_patches(&CHECK, &manifests));
        let found = findings(&CHECK, &manifests).remove(0);
        assert!(
            found.message.contains("what is named coredns only"),
            "{}",
            found.message
        );
        let patch = serde_json::to_value(&found.patch).unwrap();
        let rule = |verbs: &[&str], name: &str| serde_json::json!({"verbs": verbs, "apiGroups": [""], "resources": ["configmaps"], "resourceNames": [name]});
        assert_eq!(
            patch["body"]["rules"],
            serde_json::json!([rule(&["get", "update"], "own"), rule(&["get"], "coredns")])
        );
    }

    #[test]
    fn other_namespaces_and_making_new_ones_pass() {
        let in_namespace = |namespace: &str| {
            granted("RoleBinding", ANY).replace(
                "namespace: shop}\nroleRef",
                &format!("namespace: {namespace}}}\nroleRef"),
            )
        };
        assert_eq!(severities(&CHECK, &in_namespace("shop")), []);
        assert_eq!(severities(&CHECK, &in_namespace("kube-system")), [Severity::Medium]);
        let create = "{verbs: [create, get, delete], apiGroups: [''], resources: [configmaps]}";
        assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", create)), []);
    }
}
