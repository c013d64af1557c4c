//! Bindings of roles that do not exist.

use shared::object::ObjectRef;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::rbac::{Binding, Role};

/// See its fields.
pub static CHECK: Check = Check {
    id: "dangling-role-reference",
    title: "Binding names a role that does not exist",
    area: Area::Rbac,
    severity: Severity::Low,
    rationale: "Such a binding grants nothing today, and silently grants whatever a role of that name will hold once someone \
        makes one. It also hides that its subjects lack what they were meant to have.",
    remediation: "Delete the binding, or make the role that it names. The role of a binding can't be changed: bind another \
        one anew.",
    reads: &[
        Need::Read(Kind::ClusterRoleBinding),
        Need::Read(Kind::RoleBinding),
        Need::Read(Kind::ClusterRole),
        Need::Read(Kind::Role),
    ],
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match Binding::of(object) {
        None => Outcome::NotApplicable,
        Some(binding) if Role::bound_by(cluster.snapshot, &binding).is_some() => Outcome::Pass,
        Some(binding) if is_doubtful(cluster, &binding) => {
            let role = binding.role_ref;
            Outcome::NotEvaluated(format!("Whether {} {} exists was not found out.", role.kind, role.name))
        }
        Some(binding) => Outcome::Fail(vec![finding(&binding)]),
    }
}

fn is_doubtful(cluster: &Cluster<'_>, binding: &Binding<'_>) -> bool {
    let role = binding.role_ref;
    let namespace = match role.kind.as_str() {
        "Role" => binding.meta.namespace.as_str(),
        _ => "",
    };
    let is_it = |doubtful: &ObjectRef| {
        (&doubtful.kind, doubtful.namespace.as_str(), &doubtful.name) == (&role.kind, namespace, &role.name)
    };
    cluster.snapshot.doubtful.iter().any(is_it)
}

fn finding(binding: &Binding<'_>) -> Finding {
    let role = binding.role_ref;
    let namespace = match role.kind.as_str() {
        "Role" => format!(" in namespace {}", binding.meta.namespace),
        _ => String::new(),
    };
    let subjects = match binding.subjects.len() {
        0 => "It names no subject".to_owned(),
        1 => format!("It would grant the role to {}", binding.name_of(&binding.subjects[0])),
        more => format!("It would grant the role to {more} subjects"),
    };
    let message = format!(
        "{} names {} {}, and there is none{namespace}. {subjects}, {}.",
        binding.reference(),
        role.kind,
        role.name,
        binding.place(),
    );
    let title = format!(
        "{} names {} {}, which does not exist",
        binding.reference(),
        role.kind,
        role.name
    );
    let mut finding = CHECK
        .finding(binding.reference(), "", title, message)
        .witness("roleRef.kind", role.kind.as_str())
        .witness("roleRef.name", role.name.as_str())
        .patch(
            format!("Delete {}", binding.reference()),
            Patch::Delete {
                target: binding.reference(),
            },
        );
    if binding.is_cluster_wide() && !binding.subjects.is_empty() {
        finding.severity = Severity::Medium;
    }
    finding
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::findings;

    fn severities(kind: &str, namespace: &str, role: &str) -> Vec<Severity> {
        let manifests = format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: reader, namespace: shop}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata: {{name: b, namespace: '{namespace}'}}
roleRef: {{{role}}}
subjects: [{{kind: Group, name: ops}}]
"
        );
        findings(&CHECK, &manifests)
            .into_iter()
            .map(|finding| finding.severity)
            .collect()
    }

    #[test]
    fn a_missing_role_is_reported_and_worse_where_it_would_count_everywhere() {
        assert_eq!(
            severities("RoleBinding", "shop", "kind: Role, name: writer"),
            [Severity::Low]
        );
        assert_eq!(
            severities("ClusterRoleBinding", "", "kind: ClusterRole, name: writer"),
            [Severity::Medium]
        );
    }

    #[test]
    fn a_role_is_looked_for_in_the_namespace_of_the_binding() {
        assert_eq!(severities("RoleBinding", "shop", "kind: Role, name: reader"), []);
        assert_eq!(
            severities("RoleBinding", "tools", "kind: Role, name: reader"),
            [Severity::Low]
        );
    }

    #[test]
    fn a_cluster_role_of_kubernetes_itself_exists_though_manifests_lack_it() {
        assert_eq!(severities("RoleBinding", "shop", "kind: ClusterRole, name: view"), []);
    }
}
