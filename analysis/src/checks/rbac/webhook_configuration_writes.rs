//! Bindings that let someone change what judges requests before they are stored.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, of_cluster};

/// See its fields.
pub static CHECK: Check = Check {
    id: "webhook-configuration-writes",
    title: "Admission can be changed",
    area: Area::Rbac,
    severity: Severity::High,
    rationale: "An admission webhook sees every object that it is called for, Secrets included, and a mutating \
        one rewrites them. Whoever changes webhooks and admission policies reads what they like, slips containers \
        into every pod, or turns a policy engine off.",
    remediation: "Leave it to the controllers that own a configuration. A rule that names one in resourceNames keeps the \
        others safe, but whoever holds it rewrites that one: what it is called for, and where its requests go.",
    reads: power::CLUSTER_READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "change what judges requests",
    so: "A webhook sees what it is called for, a mutating one rewrites it, and without them policies do \
        not hold.",
    permissions: &[
        of_cluster(
            &["create", "update", "patch", "delete", "deletecollection"],
            "admissionregistration.k8s.io",
            "mutatingwebhookconfigurations",
        ),
        of_cluster(
            &["create", "update", "patch", "delete", "deletecollection"],
            "admissionregistration.k8s.io",
            "validatingwebhookconfigurations",
        ),
        of_cluster(
            &["create", "update", "patch", "delete", "deletecollection"],
            "admissionregistration.k8s.io",
            "mutatingadmissionpolicies",
        ),
        of_cluster(
            &["create", "update", "patch", "delete", "deletecollection"],
            "admissionregistration.k8s.io",
            "mutatingadmissionpolicybindings",
        ),
        of_cluster(
            &["create", "update", "patch", "delete", "deletecollection"],
            "admissionregistration.k8s.io",
            "validatingadmissionpolicies",
        ),
        of_cluster(
            &["create", "update", "patch", "delete", "deletecollection"],
            "admissionregistration.k8s.io",
            "validatingadmissionpolicybindings",
        ),
    ],
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
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

    #[test]
    fn webhooks_and_policies_count() {
        for rule in [
            "{verbs: [patch], apiGroups: ['admissionregistration.k8s.io'], resources: [mutatingwebhookconfigurations]}",
            "{verbs: [delete], apiGroups: ['admissionregistration.k8s.io'], resources: [validatingadmissionpolicybindings]}",
            "{verbs: ['*'], apiGroups: ['admissionregistration.k8s.io'], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::High], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn reading_and_what_no_name_is_asked_for_pass() {
        for rule in [
            "{verbs: [get, list, watch], apiGroups: ['admissionregistration.k8s.io'], resources: [mutatingwebhookconfigurations]}",
            "{verbs: [create, deletecollection], apiGroups: ['admissionregistration.k8s.io'], resources: [mutatingwebhookconfigurations], resourceNames: [own]}",
            "{verbs: [patch], apiGroups: [''], resources: [mutatingwebhookconfigurations]}",
            "{verbs: [patch], apiGroups: ['admissionregistration.k8s.io'], resources: [validatingadmissionpolicies/status]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn one_that_is_named_is_rewritten_as_freely_and_is_less_bad() {
        let rule = "{verbs: [update, patch], apiGroups: ['admissionregistration.k8s.io'], \
            resources: [mutatingwebhookconfigurations], resourceNames: [inj]}";
        let manifests = granted("ClusterRoleBinding", rule);
        let found = findings(&CHECK, &manifests).remove(0);
        assert_eq!(found.severity, Severity::Medium);
        let named = "It holds for what is named inj only.";
        assert!(found.message.contains(named), "{}", found.message);
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn a_role_binding_reaches_no_webhook() {
        let rule =
            "{verbs: [patch], apiGroups: ['admissionregistration.k8s.io'], resources: [mutatingwebhookconfigurations]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), []);
    }
}
