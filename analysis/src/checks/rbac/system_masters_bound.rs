//! The group that no role binds and nobody can be taken out of.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power;
use crate::rbac::binding::is_masters;
use crate::rbac::{Binding, defaults};

/// See its fields.
pub static CHECK: Check = Check {
    id: "system-masters-bound",
    title: "system:masters in use",
    area: Area::Rbac,
    severity: Severity::Low,
    rationale: "Members of system:masters may do everything, before any role or webhook is asked, and a certificate that names \
        the group can't be revoked. A binding that names it grants nothing, and lets it seem a group like others.",
    remediation: "Take the group off the binding. Keep a certificate of it locked away for emergencies, and sign in otherwise \
        through a group that a binding names, as kubeadm:cluster-admins.",
    reads: power::READS,
    judge: Judge::Each(&[
        Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
        Judge::Cluster(members),
    ]),
};

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(binding) = Binding::of(object) else {
        return Outcome::NotApplicable;
    };
    let masters: Vec<_> = binding
        .distinct_subjects()
        .filter(|(_, subject)| is_masters(subject) && !defaults::names(&binding, subject))
        .collect();
    if masters.is_empty() {
        return Outcome::Pass;
    }
    let reference = binding.reference();
    let title = format!("{reference} names system:masters");
    let message = format!("{reference} grants nothing to Group system:masters: its members may do everything already.");
    Outcome::Fail(vec![power::of_subjects(&CHECK, &binding, &masters, title, message)])
}

fn members(_: &Cluster<'_>) -> Outcome {
    Outcome::Manual(
        "Who is in system:masters, only certificates and identity providers show: look for it there.".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use shared::verdict::{Severity, Verdict};

    use super::CHECK;
    use crate::fixture::{is_closed_by_patches, severities, snapshot};

    fn binding(name: &str, subjects: &str) -> String {
        format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: {name}}}
roleRef: {{kind: ClusterRole, name: cluster-admin}}
subjects: [{subjects}]
"
        )
    }

    const MASTERS: &str = "{kind: Group, name: 'system:masters'}";

    #[test]
    fn a_binding_of_ones_own_that_names_it_is_reported() {
        let manifests = binding("admins", &format!("{MASTERS}, {{kind: Group, name: ops}}"));
        assert_eq!(severities(&CHECK, &manifests), [Severity::Low]);
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn kubernetes_own_binding_passes_and_a_person_has_to_look_at_the_members() {
        let manifests = binding("cluster-admin", MASTERS);
        assert_eq!(severities(&CHECK, &manifests), []);
        let report = crate::run(&snapshot(&manifests), chrono::DateTime::UNIX_EPOCH);
        let result = report.results.iter().find(|result| result.check == CHECK.id).unwrap();
        assert_eq!(result.verdict, Verdict::Manual);
    }

    #[test]
    fn a_user_of_that_name_is_somebody_else() {
        assert_eq!(
            severities(&CHECK, &binding("admins", "{kind: User, name: 'system:masters'}")),
            []
        );
    }
}
