//! Bindings that let someone choose what workloads run.

use shared::verdict::{Area, Severity};

use super::pod_creation;
use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, permission};

const WRITING: &[&str] = &["create", "update", "patch"];

/// See its fields.
pub static CHECK: Check = Check {
    id: "workload-creation",
    title: "Workloads can be created or changed",
    area: Area::Rbac,
    severity: Severity::High,
    rationale: "A Deployment, a Job or any other workload makes pods, so whoever writes one creates pods without the \
        permission to: as any service account of the namespace, with any Secret there. Changing one, or the image of a pod, \
        does the same in the place of something that is trusted.",
    remediation: "Let the pipeline that is reviewed write workloads, in the namespaces that it deploys to. Enforce Pod Security \
        at the restricted level there.",
    reads: power::READS,
    controls: &[
        ("CIS 1.12", "5.1.4"),
        ("NSA", "RBAC"),
        ("OWASP K8s 2025", "K02"),
        ("MITRE ATT&CK", "T1610"),
    ],
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "create or change workloads",
    so: "Their pods run as any service account of the namespace, with any Secret there.",
    permissions: &[
        permission(WRITING, "apps", "daemonsets"),
        permission(WRITING, "apps", "deployments"),
        permission(WRITING, "apps", "replicasets"),
        permission(WRITING, "apps", "statefulsets"),
        permission(WRITING, "batch", "cronjobs"),
        permission(WRITING, "batch", "jobs"),
        permission(WRITING, "", "replicationcontrollers"),
        permission(&["update", "patch"], "", "pods"),
    ],
    names: Names::Narrow,
    in_namespace: Severity::Medium,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        // Whoever may create pods already gains nothing, and is reported for that.
        Some(held) if held.holders.is_empty() || creates_pods(&held) => Outcome::Pass,
        Some(held) => Outcome::Fail(vec![power::finding(&POWER, &held)]),
    }
}

fn creates_pods(held: &power::Held<'_>) -> bool {
    let gives = |rule| pod_creation::POWER.is_given_by(rule, held.binding.is_cluster_wide());
    held.role.rules.iter().any(|rule| gives(rule))
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    #[test]
    fn every_kind_that_makes_pods_counts_in_its_own_group() {
        for rule in [
            "{verbs: [create], apiGroups: [apps], resources: [deployments]}",
            "{verbs: [patch], apiGroups: [apps], resources: ['*']}",
            "{verbs: [update], apiGroups: [batch], resources: [cronjobs]}",
            "{verbs: [create], apiGroups: [''], resources: [replicationcontrollers]}",
            "{verbs: [patch], apiGroups: [''], resources: [pods]}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::High], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
            assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [Severity::Medium]);
        }
    }

    #[test]
    fn other_groups_scaling_and_what_is_named_pass() {
        for rule in [
            "{verbs: [create], apiGroups: [''], resources: [deployments]}",
            "{verbs: [update], apiGroups: [apps], resources: [deployments/scale, deployments/status]}",
            "{verbs: [patch], apiGroups: [apps], resources: [deployments], resourceNames: [web]}",
            "{verbs: [get, list, delete], apiGroups: [apps, batch], resources: ['*']}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn who_may_create_pods_is_reported_for_that() {
        let rules = "{verbs: [create], apiGroups: ['', apps], resources: [pods, deployments]}";
        assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rules)), []);
    }
}
