//! Bindings that name single people.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::Subject;
use crate::model::{Kind, Object};
use crate::power;
use crate::rbac::{Binding, defaults, expected};

/// See its fields.
pub static CHECK: Check = Check {
    id: "user-bound-directly",
    title: "User bound by name",
    area: Area::Rbac,
    severity: Severity::Low,
    rationale: "Groups come from where people are hired and leave; names in bindings stay. Whoever has left, and whoever gets \
        the name next, still holds what the binding says, and no list of members shows it.",
    remediation: "Bind a group that the identity provider keeps, and take the user off.",
    reads: &[
        crate::check::Need::Read(Kind::ClusterRoleBinding),
        crate::check::Need::Read(Kind::RoleBinding),
    ],
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(binding) = Binding::of(object) else {
        return Outcome::NotApplicable;
    };
    let is_person = |subject: &Subject| {
        subject.kind == "User" && !subject.name.starts_with("system:") && !defaults::names(&binding, subject)
    };
    let users: Vec<_> = binding
        .distinct_subjects()
        .filter(|(_, subject)| is_person(subject))
        .collect();
    if users.is_empty() {
        return Outcome::Pass;
    }
    let (who, role) = (power::who(&binding, &users), binding.role_ref);
    let title = format!("{who} {} bound by name", power::agree(&users, "is", "are"));
    let message = format!(
        "{} grants {} {} {} to {who}, and not to a group.",
        binding.reference(),
        role.kind,
        role.name,
        binding.place(),
    );
    let mut finding = power::of_subjects(&CHECK, &binding, &users, title, message);
    // Whom a cloud binds for itself is known by name; what is granted to them is another matter.
    finding.expected = expected::reason(&binding, users.iter().map(|(_, user)| *user), &[]);
    Outcome::Fail(vec![finding])
}

#[cfg(test)]
mod tests {
    use shared::patch::Patch;
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, is_closed_by_patches, severities};

    fn binding(subjects: &str) -> String {
        format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: b, namespace: shop}}
roleRef: {{kind: ClusterRole, name: view}}
subjects: [{subjects}]
"
        )
    }

    #[test]
    fn people_are_reported_once_and_leave_the_group_on_the_binding() {
        let manifests = binding("{kind: User, name: jane}, {kind: User, name: john}, {kind: Group, name: ops}");
        assert_eq!(severities(&CHECK, &manifests), [Severity::Low]);
        assert!(is_closed_by_patches(&CHECK, &manifests));
        let Some(Patch::Merge { body, .. }) = findings(&CHECK, &manifests).remove(0).patch else {
            panic!("not a merge patch")
        };
        assert_eq!(body["subjects"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn components_and_service_accounts_are_no_people() {
        for subject in [
            "{kind: User, name: 'system:kube-scheduler'}",
            "{kind: User, name: 'system:serviceaccount:shop:web'}",
            "{kind: Group, name: jane}",
        ] {
            assert_eq!(severities(&CHECK, &binding(subject)), [], "{subject}");
        }
    }
}
