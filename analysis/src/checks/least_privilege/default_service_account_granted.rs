//! Permissions of service accounts that pods get without asking.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::rbac::Subject;
use crate::model::{Kind, Object};
use crate::rbac::binding::subject_manifest;
use crate::rbac::{Binding, Role, defaults};

/// See its fields.
pub static CHECK: Check = Check {
    id: "default-service-account-granted",
    title: "Default service account holds permissions",
    area: Area::LeastPrivilege,
    severity: Severity::Medium,
    rationale: "Every pod that names no service account runs as the one called default, with its token mounted. What is \
        granted to it is granted to all of them, and to whatever is deployed there next.",
    remediation: "Make a service account for the workload that needs the permissions, bind the role to it, name it in the \
        workload, and take default, or the group that it is in, off the binding.",
    reads: &[
        Need::Read(Kind::ClusterRoleBinding),
        Need::Read(Kind::RoleBinding),
        Need::Read(Kind::ClusterRole),
        Need::Read(Kind::Role),
    ],
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(binding) = Binding::of(object) else {
        return Outcome::NotApplicable;
    };
    // A role that is missing or empty grants nothing.
    let Some(role) = Role::bound_by(cluster.snapshot, &binding).filter(|role| !role.rules.is_empty()) else {
        return Outcome::NotApplicable;
    };
    let findings = binding.distinct_subjects().filter_map(|(place, subject)| {
        let whose = whose(&binding, &role, subject)?;
        Some(finding(&binding, &role, (place, subject), &whose))
    });
    Outcome::of(findings.collect())
}

/// Whose default service account the subject is, or has among its members: `namespace shop`, `every namespace`. What
/// Kubernetes grants to a group by default does not count.
fn whose<'a>(binding: &Binding<'a>, role: &Role<'_>, subject: &'a Subject) -> Option<String> {
    let of = |namespace: &str| (!namespace.is_empty()).then(|| format!("namespace {namespace}"));
    if let Some((namespace, name)) = binding.service_account(subject) {
        return (name == "default").then(|| of(namespace)).flatten();
    }
    if subject.kind != "Group" || role.beyond_defaults(binding, subject).is_empty() {
        return None;
    }
    match subject.name.as_str() {
        "system:authenticated" | "system:serviceaccounts" => Some("every namespace".to_owned()),
        name => of(name.strip_prefix("system:serviceaccounts:")?),
    }
}

fn finding(binding: &Binding<'_>, role: &Role<'_>, (place, subject): (usize, &Subject), whose: &str) -> Finding {
    let through = match subject.kind.as_str() {
        "Group" => format!("{}, and with it ", binding.name_of(subject)),
        _ => String::new(),
    };
    let message = format!(
        "{} grants {} to {through}the default service account of {whose}, {}. Pods there that name no service account have it.",
        binding.reference(),
        role.reference,
        binding.place(),
    );
    let title = format!("The default service account of {whose} is granted {}", role.reference);
    // Where Kubernetes itself names the group, what is too much was added to the role.
    let (change, patch) = match defaults::names(binding, subject) {
        true => defaults::role_restored(binding).unzip(),
        false => {
            let change = format!("Take {} from {}", role.reference, binding.name_of(subject));
            (Some(change), binding.without(subject))
        }
    };
    CHECK
        .finding(binding.reference(), binding.name_of(subject), title, message)
        .witness(format!("subjects[{place}]"), subject_manifest(subject))
        .witness("roleRef.name", binding.role_ref.name.as_str())
        .patch(change.unwrap_or_default(), patch)
}

#[cfg(test)]
mod tests {
    use shared::patch::Patch;

    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn binding(kind: &str, namespace: &str, role: &str, subjects: &str) -> String {
        format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata: {{name: b, namespace: '{namespace}'}}
roleRef: {{kind: ClusterRole, name: {role}}}
subjects: [{subjects}]
"
        )
    }

    #[test]
    fn default_is_known_by_kind_and_by_user_name() {
        for subject in [
            "{kind: ServiceAccount, name: default, namespace: shop}",
            "{kind: ServiceAccount, name: default}",
            "{kind: User, name: 'system:serviceaccount:shop:default'}",
        ] {
            let found = findings(&CHECK, &binding("RoleBinding", "shop", "view", subject)).remove(0);
            assert_eq!(
                found.title, "The default service account of namespace shop is granted ClusterRole view",
                "{subject}"
            );
            assert!(found.message.contains("in namespace shop only"), "{}", found.message);
        }
    }

    #[test]
    fn a_cluster_role_binding_grants_it_in_the_whole_cluster_and_needs_its_namespace() {
        let with = "{kind: ServiceAccount, name: default, namespace: shop}";
        assert!(
            findings(&CHECK, &binding("ClusterRoleBinding", "", "view", with))[0]
                .message
                .contains("in the whole cluster")
        );
        assert_eq!(
            titles(
                &CHECK,
                &binding(
                    "ClusterRoleBinding",
                    "",
                    "view",
                    "{kind: ServiceAccount, name: default}"
                )
            ),
            [""; 0]
        );
    }

    #[test]
    fn other_subjects_called_default_pass_and_so_does_a_role_that_is_missing() {
        let others = "{kind: User, name: default}, {kind: Group, name: default}, {kind: ServiceAccount, name: app}";
        assert_eq!(titles(&CHECK, &binding("RoleBinding", "shop", "view", others)), [""; 0]);
        let default = "{kind: ServiceAccount, name: default}";
        assert_eq!(
            titles(&CHECK, &binding("RoleBinding", "shop", "gone", default)),
            [""; 0]
        );
    }

    #[test]
    fn a_group_that_every_service_account_is_in_grants_it_to_default_too() {
        for (group, whose) in [
            ("system:serviceaccounts:shop", "namespace shop"),
            ("system:serviceaccounts", "every namespace"),
            ("system:authenticated", "every namespace"),
        ] {
            let manifests = binding(
                "RoleBinding",
                "shop",
                "edit",
                &format!("{{kind: Group, name: '{group}'}}"),
            );
            assert_eq!(
                titles(&CHECK, &manifests),
                [format!(
                    "The default service account of {whose} is granted ClusterRole edit"
                )]
            );
        }
    }

    #[test]
    fn what_kubernetes_grants_to_a_group_by_default_passes() {
        let discovery = binding(
            "ClusterRoleBinding",
            "",
            "'system:discovery'",
            "{kind: Group, name: 'system:authenticated'}",
        );
        assert_eq!(
            titles(&CHECK, &discovery.replace("name: b,", "name: 'system:discovery',")),
            [""; 0]
        );
    }

    #[test]
    fn the_patch_keeps_the_other_subjects() {
        let subjects = "{kind: ServiceAccount, name: default, namespace: shop}, {kind: Group, name: ops}";
        let found = findings(&CHECK, &binding("RoleBinding", "shop", "view", subjects)).remove(0);
        let Some(Patch::Merge { body, .. }) = found.patch else {
            panic!("not a merge patch")
        };
        assert_eq!(body["subjects"], serde_json::json!([{"kind": "Group", "name": "ops"}]));
    }

    #[test]
    fn that_each_project_of_openshift_may_pull_its_images_passes_and_more_does_not() {
        let role = |resource: &str| {
            format!(
                "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: 'system:image-puller'}}
rules: [{{verbs: [get], apiGroups: ['', image.openshift.io], resources: [{resource}]}}]
---
"
            )
        };
        let pullers = |namespace: &str| {
            let group = format!("{{kind: Group, name: 'system:serviceaccounts:{namespace}'}}");
            binding("RoleBinding", "shop", "'system:image-puller'", &group)
                .replace("name: b,", "name: 'system:image-pullers',")
        };
        let found = |resource: &str, namespace: &str| titles(&CHECK, &(role(resource) + &pullers(namespace))).len();
        assert_eq!(found("imagestreams/layers", "shop"), 0);
        assert_eq!(found("secrets", "shop"), 1);
        assert_eq!(found("imagestreams/layers", "other"), 1);
    }
}
