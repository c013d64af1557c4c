//! Permissions of service accounts that pods get without asking.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::rbac::Subject;
use crate::model::{Kind, Object};
use crate::rbac::binding::subject_manifest;
use crate::rbac::{Binding, Role};

/// See its fields.
pub static CHECK: Check = Check {
    id: "default-service-account-granted",
    title: "Default service account holds permissions",
    area: Area::LeastPrivilege,
    severity: Severity::Medium,
    rationale: "Every pod that names no service account runs as the one called default, with its token mounted. What is \
        granted to it is granted to all of them, and to whatever is deployed there next.",
    remediation: "Make a service account for the workload that needs the permissions, bind the role to it, name it in the \
        workload, and take default off the binding.",
    reads: &[
        Need::Read(Kind::ClusterRoleBinding),
        Need::Read(Kind::RoleBinding),
        Need::Read(Kind::ClusterRole),
        Need::Read(Kind::Role),
    ],
    controls: &[
        ("CIS 1.12", "5.1.5"),
        ("NSA", "Service-account tokens"),
        ("OWASP K8s 2025", "K02"),
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
        let namespace = default_of(&binding, subject)?;
        Some(finding(&binding, &role, (place, subject), namespace))
    });
    Outcome::of(findings.collect())
}

/// The namespace whose default service account the subject is. One without a namespace in a ClusterRoleBinding is nobody.
fn default_of<'a>(binding: &Binding<'a>, subject: &'a Subject) -> Option<&'a str> {
    let (namespace, name) = binding.service_account(subject)?;
    (name == "default" && !namespace.is_empty()).then_some(namespace)
}

fn finding(binding: &Binding<'_>, role: &Role<'_>, (place, subject): (usize, &Subject), namespace: &str) -> Finding {
    let message = format!(
        "{} grants {} to the default service account of namespace {namespace}, {}. Every pod of that namespace that names no \
         service account has it.",
        binding.reference(),
        role.reference,
        binding.place(),
    );
    let title = format!(
        "The default service account of namespace {namespace} is granted {}",
        role.reference
    );
    CHECK
        .finding(binding.reference(), binding.name_of(subject), title, message)
        .witness(format!("subjects[{place}]"), subject_manifest(subject))
        .witness("roleRef.name", binding.role_ref.name.as_str())
        .patch(
            format!("Take {} from {}", role.reference, binding.name_of(subject)),
            binding.without(subject),
        )
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
    fn the_patch_keeps_the_other_subjects() {
        let subjects = "{kind: ServiceAccount, name: default, namespace: shop}, {kind: Group, name: ops}";
        let found = findings(&CHECK, &binding("RoleBinding", "shop", "view", subjects)).remove(0);
        let Some(Patch::Merge { body, .. }) = found.patch else {
            panic!("not a merge patch")
        };
        assert_eq!(body["subjects"], serde_json::json!([{"kind": "Group", "name": "ops"}]));
    }
}
