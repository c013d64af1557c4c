//! Bindings that grant something to whoever reaches the API server.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::{PolicyRule, Subject};
use crate::model::{Kind, Object};
use crate::power;
use crate::rbac::{Binding, Role, rules};

/// See its fields.
pub static CHECK: Check = Check {
    id: "anonymous-bound",
    title: "Permissions for whoever is not signed in",
    area: Area::Rbac,
    severity: Severity::High,
    rationale: "system:anonymous and system:unauthenticated are whoever reaches the API server, from a pod or from the \
        internet, and the audit log does not tell afterwards who it was. Kubernetes lets them read whether the server is \
        healthy and which version it has, and kubeadm the one ConfigMap with which nodes join.",
    remediation: "Take them off the binding. Let monitoring sign in with a service account.",
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
    let granted = |subject: &Subject| -> Vec<&PolicyRule> {
        let granted = role.beyond_defaults(&binding, subject);
        let is_given = |rule: &&PolicyRule| binding.is_cluster_wide() || !rule.resources.is_empty();
        granted.into_iter().filter(is_given).collect()
    };
    let subjects: Vec<_> = binding
        .distinct_subjects()
        .filter(|(_, subject)| is_anonymous(subject) && !granted(subject).is_empty())
        .collect();
    let Some((_, first)) = subjects.first() else {
        return Outcome::Pass;
    };
    Outcome::Fail(vec![finding(&binding, &role, &subjects, &granted(first))])
}

fn is_anonymous(subject: &Subject) -> bool {
    match subject.kind.as_str() {
        "Group" => subject.name == "system:unauthenticated",
        "User" => subject.name == "system:anonymous",
        _ => false,
    }
}

/// URLs tell less than objects, and whoever changes something does not only look.
fn severity(granted: &[&PolicyRule]) -> Severity {
    let is_reading = |verb: &String| matches!(verb.as_str(), "get" | "list" | "watch");
    let objects = || granted.iter().filter(|rule| !rule.resources.is_empty());
    match objects().next() {
        None => Severity::Medium,
        Some(_) if objects().all(|rule| rule.verbs.iter().all(is_reading)) => Severity::High,
        Some(_) => Severity::Critical,
    }
}

fn finding(
    binding: &Binding<'_>,
    role: &Role<'_>,
    subjects: &[(usize, &Subject)],
    granted: &[&PolicyRule],
) -> crate::finding::Finding {
    let title = format!(
        "Whoever reaches the API server holds {} {}",
        role.reference,
        binding.place()
    );
    let message = format!(
        "{} grants {} to {} {}, and with it to whoever reaches the API server, without signing in.",
        binding.reference(),
        role.reference,
        power::who(binding, subjects),
        binding.place(),
    );
    let mut finding = power::of_subjects(&CHECK, binding, subjects, title, message);
    if let Some(rule) = granted.first() {
        let (source, path) = role.place_of(rule);
        finding = finding.witness_in(source, path, rules::evidence(rule));
    }
    finding.severity = severity(granted);
    finding
}

#[cfg(test)]
mod tests {
    use shared::patch::Patch;
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

    fn to(subject: &str, rule: &str) -> String {
        granted("ClusterRoleBinding", rule).replace("{kind: ServiceAccount, name: app, namespace: shop}", subject)
    }

    const READ: &str = "{verbs: [get, list], apiGroups: [''], resources: [pods]}";
    const GROUP: &str = "{kind: Group, name: 'system:unauthenticated'}";

    #[test]
    fn the_group_and_the_user_are_the_same_people() {
        for subject in [GROUP, "{kind: User, name: 'system:anonymous'}"] {
            assert_eq!(severities(&CHECK, &to(subject, READ)), [Severity::High], "{subject}");
            assert!(is_closed_by_patches(&CHECK, &to(subject, READ)), "{subject}");
        }
        for subject in [
            "{kind: Group, name: 'system:anonymous'}",
            "{kind: Group, name: 'system:authenticated'}",
        ] {
            assert_eq!(severities(&CHECK, &to(subject, READ)), [], "{subject}");
        }
    }

    #[test]
    fn changing_is_worse_than_reading_and_urls_are_less_bad() {
        assert_eq!(
            severities(&CHECK, &to(GROUP, &READ.replace("list", "create"))),
            [Severity::Critical]
        );
        assert_eq!(
            severities(&CHECK, &to(GROUP, "{verbs: [get], nonResourceURLs: [/metrics]}")),
            [Severity::Medium]
        );
    }

    #[test]
    fn a_default_role_that_was_widened_gets_its_rules_back_and_keeps_its_subjects() {
        let manifests = to(
            GROUP,
            "{verbs: [get], nonResourceURLs: [/healthz]}, {verbs: [get], apiGroups: [''], resources: [pods]}",
        )
        .replace("tested", "'system:public-info-viewer'")
        .replace("name: b}", "name: 'system:public-info-viewer'}");
        let found = findings(&CHECK, &manifests).remove(0);
        let Some(Patch::Merge { target, .. }) = &found.patch else {
            panic!("not a merge patch")
        };
        assert_eq!(
            (target.kind.as_str(), target.name.as_str()),
            ("ClusterRole", "system:public-info-viewer")
        );
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn what_kubernetes_grants_itself_passes_and_urls_in_a_namespace_grant_nothing() {
        let default = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: 'system:public-info-viewer'}
roleRef: {kind: ClusterRole, name: 'system:public-info-viewer'}
subjects: [{kind: Group, name: 'system:unauthenticated'}]
";
        assert_eq!(severities(&CHECK, default), []);
        let bound = granted("RoleBinding", "{verbs: [get], nonResourceURLs: [/metrics]}")
            .replace("{kind: ServiceAccount, name: app, namespace: shop}", GROUP);
        assert_eq!(severities(&CHECK, &bound), []);
    }
}
