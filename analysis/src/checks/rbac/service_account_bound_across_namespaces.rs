//! Bindings that let workloads of one namespace change another.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::{PolicyRule, Subject};
use crate::model::{Kind, Object};
use crate::power;
use crate::rbac::{Binding, Role, defaults};

/// See its fields.
pub static CHECK: Check = Check {
    id: "service-account-bound-across-namespaces",
    title: "Service account of another namespace bound",
    area: Area::Rbac,
    severity: Severity::Low,
    rationale: "Whoever runs a pod in the namespace of the service account reaches into this one, though nothing that is in it \
        says so. Those who own the two seldom know of each other.",
    remediation: "Let a service account of the namespace itself do the work, or make sure that nobody else runs pods where the \
        other one is. Reading passes, unless it is of Secrets.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::RoleBinding], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(binding) = Binding::of(object) else {
        return Outcome::NotApplicable;
    };
    let Some(role) = Role::bound_by(cluster.snapshot, &binding) else {
        return Outcome::NotApplicable;
    };
    let here = binding.meta.namespace.as_str();
    let is_foreign = |subject: &Subject| {
        binding
            .service_account(subject)
            .is_some_and(|(namespace, _)| namespace != here)
            && !defaults::names(&binding, subject)
    };
    let foreign: Vec<_> = binding
        .distinct_subjects()
        .filter(|(_, subject)| is_foreign(subject))
        .collect();
    if foreign.is_empty() || role.rules.iter().all(|rule| is_harmless(rule)) {
        return Outcome::Pass;
    }
    let who = power::who(&binding, &foreign);
    let reaches = power::agree(&foreign, "reaches", "reach");
    let title = format!("{who} {reaches} into namespace {here}");
    let message = format!(
        "{} grants {} to {who} {}.",
        binding.reference(),
        role.reference,
        binding.place()
    );
    Outcome::Fail(vec![power::of_subjects(&CHECK, &binding, &foreign, title, message)])
}

fn is_harmless(rule: &PolicyRule) -> bool {
    let reads = rule
        .verbs
        .iter()
        .all(|verb| matches!(verb.as_str(), "get" | "list" | "watch"));
    reads
        && !rule
            .resources
            .iter()
            .any(|resource| matches!(resource.as_str(), "*" | "secrets"))
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    const WRITE: &str = "{verbs: [get, patch], apiGroups: [apps], resources: [deployments]}";

    fn of(namespace: &str, rule: &str) -> Vec<Severity> {
        let account = format!("name: app, namespace: {namespace}}}");
        severities(
            &CHECK,
            &granted("RoleBinding", rule).replace("name: app, namespace: shop}", &account),
        )
    }

    #[test]
    fn changing_another_namespace_or_reading_its_secrets_is_reported() {
        assert_eq!(of("ci", WRITE), [Severity::Low]);
        assert_eq!(
            of("ci", "{verbs: [get], apiGroups: [''], resources: [secrets]}"),
            [Severity::Low]
        );
        let manifests =
            granted("RoleBinding", WRITE).replace("name: app, namespace: shop}", "name: app, namespace: ci}");
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn ones_own_namespace_reading_and_the_whole_cluster_pass() {
        assert_eq!(of("shop", WRITE), []);
        assert_eq!(of("''", WRITE), []);
        assert_eq!(of("ci", "{verbs: [list], apiGroups: [''], resources: [pods]}"), []);
        let wide = granted("ClusterRoleBinding", WRITE);
        assert_eq!(severities(&CHECK, &wide), []);
    }
}
