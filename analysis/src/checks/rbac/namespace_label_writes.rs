//! Bindings that let someone change the labels of namespaces.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "namespace-label-writes",
    title: "Pod Security can be turned off",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "Pod Security, network policies and admission webhooks choose namespaces by their labels. \
        Whoever changes a namespace takes it out of all of them, and creates the privileged pod next.",
    remediation: "Leave namespaces to whoever sets the cluster up. A pipeline that makes namespaces needs create \
        only, and a policy that checks their labels.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "change the labels of namespaces",
    so: "Pod Security, network policies and webhooks choose namespaces by their labels.",
    permissions: &[permission(&["update", "patch"], "", "namespaces")],
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
    fn changing_counts() {
        for rule in [
            "{verbs: [patch], apiGroups: [''], resources: [namespaces]}",
            "{verbs: [update], apiGroups: [''], resources: [namespaces, pods]}",
            "{verbs: ['*'], apiGroups: [''], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Medium], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn making_and_reading_them_and_their_finalizers_pass() {
        for rule in [
            "{verbs: [get, list, create, delete], apiGroups: [''], resources: [namespaces]}",
            "{verbs: [update], apiGroups: [''], resources: [namespaces/finalize, namespaces/status]}",
            "{verbs: [patch], apiGroups: [''], resources: [namespaces], resourceNames: [shop]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn a_role_binding_lets_its_own_namespace_be_changed() {
        let rule = "{verbs: [patch], apiGroups: [''], resources: [namespaces]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [Severity::Low]);
    }
}
