//! Bindings that let someone read all Secrets of one namespace.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "secrets-readable-in-namespace",
    title: "All Secrets of a namespace can be read",
    area: Area::LeastPrivilege,
    severity: Severity::Low,
    rationale: "A workload needs a Secret or two, and most often mounts them. One that may read them all hands over the keys of \
        every other workload of the namespace; in kube-system those of the cluster. list and watch return values just as get \
        does. People who hold admin or edit there are left out: that is what these roles are for.",
    remediation: "Name the Secrets in resourceNames, or mount them and grant nothing.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "read all Secrets",
    so: "They hold the keys of every other workload there.",
    permissions: &[permission(&["get", "list", "watch"], "", "secrets")],
    names: Names::Narrow,
    in_namespace: Severity::Low,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() => Outcome::Pass,
        Some(held) => {
            let mut finding = power::finding(&POWER, &held);
            if held.binding.meta.namespace == "kube-system" {
                finding.severity = Severity::High;
            }
            Outcome::Fail(vec![finding])
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    #[test]
    fn each_reading_verb_counts_and_kube_system_is_worse() {
        for verb in ["get", "list", "watch", "'*'"] {
            let rule = format!("{{verbs: [{verb}], apiGroups: [''], resources: [secrets, configmaps]}}");
            let manifests = granted("RoleBinding", &rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Low], "{verb}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{verb}");
            let system = manifests.replace("namespace: shop}\nroleRef", "namespace: kube-system}\nroleRef");
            assert_eq!(severities(&CHECK, &system), [Severity::High], "{verb}");
        }
    }

    #[test]
    fn secrets_by_name_and_writing_them_pass_and_the_whole_cluster_is_reported_elsewhere() {
        for rule in [
            "{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [tls]}",
            "{verbs: [create, update], apiGroups: [''], resources: [secrets]}",
            "{verbs: [get], apiGroups: [apps], resources: [secrets]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [], "{rule}");
        }
        let reading = "{verbs: [get], apiGroups: [''], resources: [secrets]}";
        assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", reading)), []);
    }
}
