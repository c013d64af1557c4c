//! Bindings that let someone choose what workloads run.

use shared::verdict::{Area, Severity};

use super::pod_creation;
use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Held, Names, Permission, Power, permission};

const WRITING: &[&str] = &["create", "update", "patch"];

/// See its fields.
pub static CHECK: Check = Check {
    id: "workload-creation",
    title: "Workloads can be created or changed",
    area: Area::Rbac,
    severity: Severity::High,
    rationale: "A Deployment, a Job or any other workload makes pods, so whoever writes one creates pods without the \
        permission to: as any service account of the namespace, with any Secret there. Changing one does the same in the place \
        of something that is trusted. The service account of a pod that runs can't be changed, but its images can, and another \
        image has the token and the Secrets of the pod.",
    remediation: "Let the pipeline that is reviewed write workloads, in the namespaces that it deploys to. A rule that names a \
        workload in resourceNames gives its holder all that the service accounts and Secrets of the namespace are good for. \
        Enforce Pod Security at the restricted level there.",
    reads: power::READS,
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
        // What a job runs can't be changed any more.
        permission(&["create"], "batch", "jobs"),
        permission(WRITING, "", "replicationcontrollers"),
        PODS,
    ],
    names: Names::Any,
    in_namespace: Severity::Medium,
};

const PODS: Permission = permission(&["update", "patch"], "", "pods");

/// What is left of it for whoever may change pods only: what runs already runs something else, as who it was. That is as bad
/// as commands in these containers.
static IMAGES: Power = Power {
    check: &CHECK,
    may: "change the images of running pods",
    so: "The new image has the token, the Secrets and the volumes of the pod; its service account can't be changed.",
    permissions: &[PODS],
    names: Names::Any,
    in_namespace: Severity::Medium,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        // Whoever may create pods already gains nothing, and is reported for that.
        Some(held) if held.holders.is_empty() || creates_pods(&held) => Outcome::Pass,
        Some(held) => Outcome::Fail(vec![power::finding(power_of(&held), &held)]),
    }
}

fn power_of(held: &Held<'_>) -> &'static Power {
    let mut kinds = POWER
        .permissions
        .iter()
        .filter(|permission| permission.resource != "pods");
    let is_given = |permission: &Permission| {
        held.rules
            .iter()
            .any(|rule| power::allows(rule, permission, POWER.names))
    };
    match kinds.any(is_given) {
        true => &POWER,
        false => &IMAGES,
    }
}

fn creates_pods(held: &Held<'_>) -> bool {
    let gives = |rule| pod_creation::POWER.is_given_by(rule, held.binding.is_cluster_wide());
    held.role.rules.iter().any(|rule| gives(rule))
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

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
    fn other_groups_scaling_jobs_that_run_and_what_no_name_is_asked_for_pass() {
        for rule in [
            "{verbs: [create], apiGroups: [''], resources: [deployments]}",
            "{verbs: [update], apiGroups: [apps], resources: [deployments/scale, deployments/status]}",
            "{verbs: [create], apiGroups: [apps], resources: [deployments], resourceNames: [web]}",
            "{verbs: [update, patch], apiGroups: [batch], resources: [jobs]}",
            "{verbs: [get, list, delete], apiGroups: [apps, batch], resources: ['*']}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn a_workload_that_is_named_counts_and_is_less_bad() {
        let rule = "{verbs: [get, patch], apiGroups: [apps], resources: [daemonsets], resourceNames: [kube-proxy]}";
        let manifests = granted("RoleBinding", rule);
        assert_eq!(severities(&CHECK, &manifests), [Severity::Low]);
        assert!(is_closed_by_patches(&CHECK, &manifests));
        let system = manifests.replace("namespace: shop}\nroleRef", "namespace: kube-system}\nroleRef");
        let found = findings(&CHECK, &system).remove(0);
        assert_eq!(found.severity, Severity::Medium);
        assert!(
            found.message.contains("what is named kube-proxy only"),
            "{}",
            found.message
        );
    }

    #[test]
    fn of_a_pod_that_runs_only_the_images_change() {
        let title = |rule: &str| findings(&CHECK, &granted("RoleBinding", rule)).remove(0).title;
        let pods = "{verbs: [patch], apiGroups: [''], resources: [pods]}";
        let images = "ServiceAccount shop/app may change the images of running pods in namespace shop";
        assert_eq!(title(pods), images);
        let more = format!("{pods}, {{verbs: [patch], apiGroups: [apps], resources: [deployments]}}");
        assert!(title(&more).contains("may create or change workloads"));
    }

    #[test]
    fn who_may_create_pods_is_reported_for_that() {
        let rules = "{verbs: [create], apiGroups: ['', apps], resources: [pods, deployments]}";
        assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rules)), []);
    }
}
