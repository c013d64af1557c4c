//! Bindings that grant something to everyone who has signed in.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::Subject;
use crate::model::{Kind, Object};
use crate::power::{self, takeover};
use crate::rbac::binding::implied_group;
use crate::rbac::{Binding, Role};

/// See its fields.
pub static CHECK: Check = Check {
    id: "everyone-bound",
    title: "Permissions for everyone",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "system:authenticated is everyone who signs in, and system:serviceaccounts every pod: a role for them is held by \
        each workload that is broken into. On GKE the first is everyone with a Google account. Kubernetes lets them ask \
        what the API serves and what they may do themselves.",
    remediation: "Bind the groups and service accounts that need the role. What only tells which kinds there are is granted \
        already.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(binding) = Binding::of(object) else {
        return Outcome::NotApplicable;
    };
    let Some(role) = Role::bound_by(cluster.snapshot, &binding) else {
        return Outcome::NotApplicable;
    };
    let is_granted = |subject: &Subject| !role.beyond_defaults(&binding, subject).is_empty();
    let subjects: Vec<_> = binding
        .distinct_subjects()
        .filter(|(_, subject)| is_everyone(subject) && is_granted(subject))
        .collect();
    match subjects.is_empty() {
        true => Outcome::Pass,
        false => Outcome::Fail(vec![finding(&binding, &role, &subjects)]),
    }
}

fn is_everyone(subject: &Subject) -> bool {
    subject.kind == "Group" && matches!(subject.name.as_str(), "system:authenticated" | "system:serviceaccounts")
}

fn finding(binding: &Binding<'_>, role: &Role<'_>, subjects: &[(usize, &Subject)]) -> crate::finding::Finding {
    let whom = subjects.first().and_then(|(_, subject)| implied_group(subject));
    let who = power::who(binding, subjects);
    let holds = power::agree(subjects, "holds", "hold");
    let title = format!("{who} {holds} {} {}", role.reference, binding.place());
    let mut message = format!(
        "{} grants {} {} to {who}: {}.",
        binding.reference(),
        role.reference,
        binding.place(),
        whom.unwrap_or_default(),
    );
    let is_cluster_wide = binding.is_cluster_wide();
    let power = takeover::power_of(&role.rules, is_cluster_wide);
    if let Some(power) = power {
        message += &format!(" They may {power}.");
    }
    let mut finding = power::of_subjects(&CHECK, binding, subjects, title, message);
    finding.severity = match power {
        Some(_) if is_cluster_wide => Severity::Critical,
        Some(_) => Severity::High,
        None => Severity::Medium,
    };
    finding
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

    fn to(kind: &str, group: &str, rule: &str) -> String {
        let subject = format!("{{kind: Group, name: '{group}'}}");
        granted(kind, rule).replace("{kind: ServiceAccount, name: app, namespace: shop}", &subject)
    }

    const READ: &str = "{verbs: [get], apiGroups: [''], resources: [pods]}";

    #[test]
    fn everyone_is_known_by_either_group_and_what_takes_over_is_worse() {
        let exec = "{verbs: [create], apiGroups: [''], resources: [pods/exec]}";
        for group in ["system:authenticated", "system:serviceaccounts"] {
            let manifests = to("ClusterRoleBinding", group, READ);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Medium], "{group}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{group}");
            assert_eq!(
                severities(&CHECK, &to("ClusterRoleBinding", group, exec)),
                [Severity::Critical],
                "{group}"
            );
            assert_eq!(
                severities(&CHECK, &to("RoleBinding", group, exec)),
                [Severity::High],
                "{group}"
            );
        }
    }

    #[test]
    fn two_groups_hold_it_together() {
        let both = "system:authenticated'}, {kind: Group, name: 'system:serviceaccounts";
        let found = findings(&CHECK, &to("RoleBinding", both, READ)).remove(0);
        let title = "Group system:authenticated and Group system:serviceaccounts hold ClusterRole tested in namespace shop only";
        assert_eq!(found.title, title);
    }

    #[test]
    fn a_default_role_that_was_widened_gets_its_rules_back_and_everyone_keeps_discovery() {
        let manifests = to("ClusterRoleBinding", "system:authenticated", READ)
            .replace("tested", "'system:discovery'")
            .replace("name: b}", "name: 'system:discovery'}");
        let found = findings(&CHECK, &manifests).remove(0);
        let change = "Give ClusterRole system:discovery back the rules that Kubernetes gives it, and no others";
        assert_eq!(found.change, change);
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn whom_kubernetes_binds_itself_stays_where_others_were_added() {
        let both = "system:authenticated'}, {kind: Group, name: 'system:serviceaccounts";
        let manifests = to("ClusterRoleBinding", both, READ)
            .replace("tested", "'system:discovery'")
            .replace("name: b}", "name: 'system:discovery'}");
        let found = findings(&CHECK, &manifests).remove(0);
        let patch = serde_json::to_value(&found.patch).unwrap();
        assert_eq!(patch["body"]["subjects"][0]["name"], "system:authenticated");
        assert_eq!(patch["body"]["subjects"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn smaller_groups_and_discovery_pass() {
        assert_eq!(
            severities(&CHECK, &to("ClusterRoleBinding", "system:serviceaccounts:shop", READ)),
            []
        );
        let discovery = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: 'system:discovery'}
roleRef: {kind: ClusterRole, name: 'system:discovery'}
subjects: [{kind: Group, name: 'system:authenticated'}]
";
        assert_eq!(severities(&CHECK, discovery), []);
    }
}
