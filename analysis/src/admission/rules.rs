//! What a webhook or a policy is called for, as `k8s.io/apiserver/pkg/admission/plugin/webhook/predicates/rules` reads it.

use crate::model::admission::{Rule, RuleWithOperations};

/// A resource that requests are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resource {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// Its plural name, with the subresource: `pods/exec`.
    pub name: &'static str,
    /// Whether its objects stand in a namespace.
    pub is_namespaced: bool,
}

const fn namespaced(group: &'static str, name: &'static str) -> Resource {
    let is_namespaced = true;
    Resource {
        group,
        name,
        is_namespaced,
    }
}

const fn of_cluster(group: &'static str, name: &'static str) -> Resource {
    let is_namespaced = false;
    Resource {
        group,
        name,
        is_namespaced,
    }
}

/// Pods.
pub const PODS: Resource = namespaced("", "pods");
/// Nodes.
pub const NODES: Resource = of_cluster("", "nodes");
/// The locks by which nodes and controllers show that they live.
pub const LEASES: Resource = namespaced("coordination.k8s.io", "leases");

/// What runs pods.
pub const WORKLOADS: &[Resource] = &[
    PODS,
    namespaced("apps", "deployments"),
    namespaced("apps", "daemonsets"),
    namespaced("apps", "statefulsets"),
    namespaced("batch", "jobs"),
    namespaced("batch", "cronjobs"),
];

/// What security hangs on. Webhooks are never called for admission's own kinds.
pub const GUARDED: &[Resource] = &[
    PODS,
    namespaced("", "pods/ephemeralcontainers"),
    namespaced("", "pods/exec"),
    namespaced("apps", "deployments"),
    namespaced("apps", "daemonsets"),
    namespaced("apps", "statefulsets"),
    namespaced("batch", "jobs"),
    namespaced("batch", "cronjobs"),
    namespaced("rbac.authorization.k8s.io", "roles"),
    namespaced("rbac.authorization.k8s.io", "rolebindings"),
    of_cluster("rbac.authorization.k8s.io", "clusterroles"),
    of_cluster("rbac.authorization.k8s.io", "clusterrolebindings"),
    of_cluster("", "namespaces"),
    namespaced("", "secrets"),
    namespaced("", "serviceaccounts"),
    namespaced("networking.k8s.io", "networkpolicies"),
];

/// The first of these resources that the rules take in when one is written or used.
pub fn first_written(rules: &[RuleWithOperations], resources: &[Resource]) -> Option<Resource> {
    let writes = |rule: &RuleWithOperations| rule.operations.iter().any(|operation| operation != "DELETE");
    let written = |resource: &Resource| {
        let rules = rules.iter().filter(|rule| writes(rule));
        rules
            .filter_map(|rule| rule.rule.as_ref())
            .any(|rule| takes_in(rule, *resource))
    };
    resources.iter().copied().find(written)
}

/// Whether the rules take in the creation of pods.
pub fn take_in_new_pods(rules: &[RuleWithOperations]) -> bool {
    rules.iter().any(is_for_new_pods)
}

/// Whether a rule takes in the creation of pods.
pub fn is_for_new_pods(rule: &RuleWithOperations) -> bool {
    let creates = rule
        .operations
        .iter()
        .any(|operation| matches!(operation.as_str(), "CREATE" | "*"));
    creates && rule.rule.as_ref().is_some_and(|rule| takes_in(rule, PODS))
}

/// Whether a rule takes in a resource: `*` is every resource and no subresource, `pods/*` every subresource, `*/*`
/// everything.
pub fn takes_in(rule: &Rule, resource: Resource) -> bool {
    let (name, sub) = resource.name.split_once('/').unwrap_or((resource.name, ""));
    let is_taken = |pattern: &String| {
        let (pattern_name, pattern_sub) = pattern.split_once('/').unwrap_or((pattern, ""));
        (pattern_name == "*" || pattern_name == name) && (pattern_sub == "*" || pattern_sub == sub)
    };
    let in_scope = match rule.scope.as_deref() {
        Some("Namespaced") => resource.is_namespaced,
        Some("Cluster") => !resource.is_namespaced,
        _ => true,
    };
    let of_group = |pattern: &String| pattern == "*" || pattern == resource.group;
    in_scope && rule.api_groups.iter().any(of_group) && rule.resources.iter().any(is_taken)
}

/// Whether it names no resource, but takes them all.
pub fn is_wildcard(rule: &Rule) -> bool {
    rule.resources.iter().any(|pattern| pattern == "*" || pattern == "*/*")
}

/// What a rule is for: `CREATE, UPDATE pods, pods/exec`, `CREATE deployments of apps`.
pub fn words(rule: &RuleWithOperations) -> String {
    let operations = match rule.operations.iter().any(|operation| operation == "*") {
        true => "Every use of".to_owned(),
        false => rule.operations.join(", "),
    };
    let Some(rule) = &rule.rule else { return operations };
    let resources: Vec<&str> = rule.resources.iter().map(|pattern| resource_words(pattern)).collect();
    format!("{operations} {}{}", resources.join(", "), groups(&rule.api_groups))
}

fn resource_words(pattern: &str) -> &str {
    match pattern {
        "*" => "every resource",
        "*/*" => "every resource and subresource",
        other => other,
    }
}

fn groups(groups: &[String]) -> String {
    let name = |group: &String| match group.as_str() {
        "" => "core".to_owned(),
        other => other.to_owned(),
    };
    match groups {
        [] => String::new(),
        [only] if only.is_empty() => String::new(),
        all if all.iter().any(|group| group == "*") => " of every group".into(),
        some => format!(" of {}", some.iter().map(name).collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(yaml: &str) -> RuleWithOperations {
        serde_saphyr::from_str(yaml).unwrap()
    }

    #[test]
    fn a_star_takes_in_no_subresource() {
        let takes = |resource: &str, name| {
            let rule = rule(&format!("{{apiGroups: [''], resources: ['{resource}']}}"));
            takes_in(&rule.rule.unwrap(), namespaced("", name))
        };
        assert!(!takes("*", "pods/exec"));
        assert!(takes("pods/*", "pods/exec"));
        assert!(!takes("pods", "pods/exec"));
        assert!(takes("*/*", "pods"));
    }

    #[test]
    fn the_scope_and_the_operation_count() {
        let new =
            |fields: &str| take_in_new_pods(&[rule(&format!("{{apiGroups: ['*'], resources: ['*'], {fields}}}"))]);
        assert!(new("operations: [CREATE]") && new("operations: ['*'], scope: Namespaced"));
        assert!(!new("operations: [UPDATE, DELETE]") && !new("operations: [CREATE], scope: Cluster"));
    }

    #[test]
    fn rules_are_told_in_words() {
        let told = |yaml: &str| words(&rule(yaml));
        assert_eq!(
            told("{operations: [CREATE, UPDATE], apiGroups: [''], resources: [pods, pods/exec]}"),
            "CREATE, UPDATE pods, pods/exec"
        );
        assert_eq!(
            told("{operations: ['*'], apiGroups: ['*'], resources: ['*']}"),
            "Every use of every resource of every group"
        );
        assert_eq!(
            told("{operations: [CREATE], apiGroups: ['', apps], resources: [deployments]}"),
            "CREATE deployments of core, apps"
        );
    }
}
