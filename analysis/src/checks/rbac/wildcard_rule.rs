//! Rules that grant by wildcard.

use std::collections::BTreeSet;

use serde_json::json;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object};
use crate::rbac::{Binding, Role, rules};

/// See its fields.
pub static CHECK: Check = Check {
    id: "wildcard-rule",
    title: "Rule grants by wildcard",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "A wildcard grants what nobody has thought of: subresources such as pods/exec, verbs such as escalate, bind \
        and impersonate, and every kind that is installed later. Roles that Kubernetes makes itself are judged only for what \
        was added to them.",
    remediation: "List the verbs and resources that are used; the audit log shows which these are. Delete the role if \
        nothing binds it.",
    reads: &[
        Need::Read(Kind::ClusterRole),
        Need::Read(Kind::Role),
        Need::Read(Kind::ClusterRoleBinding),
        Need::Read(Kind::RoleBinding),
    ],
    judge: Judge::Object(&[Kind::ClusterRole, Kind::Role], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    // The rules of an aggregating role are those of other roles, which are judged themselves and are what can be edited.
    if matches!(object, Object::ClusterRole(role) if role.aggregation_rule.is_some()) {
        return Outcome::NotApplicable;
    }
    let Some(role) = Role::of(cluster.snapshot, object) else {
        return Outcome::NotApplicable;
    };
    let bindings = cluster.rbac().bindings_of(&role.reference);
    let mut seen = BTreeSet::new();
    let wildcards = role
        .beyond_default()
        .into_iter()
        .filter(|rule| is_wildcard(rule) && seen.insert(rules::describe(rule)));
    Outcome::of(wildcards.map(|rule| finding(&role, rule, bindings)).collect())
}

/// Rules for URLs are left out: they reach no object.
fn is_wildcard(rule: &PolicyRule) -> bool {
    !rule.resources.is_empty() && (has_star(&rule.verbs) || has_star(&rule.resources))
}

fn has_star(list: &[String]) -> bool {
    list.iter().any(|item| item == "*")
}

/// What stands behind verbs that a wildcard includes although nobody lists them: `escalate`, `bind`, `impersonate`,
/// `approve`, `sign`.
const SPECIAL_VERBS_ON: &[&str] = &[
    "certificatesigningrequests",
    "clusterrolebindings",
    "clusterroles",
    "groups",
    "rolebindings",
    "roles",
    "serviceaccounts",
    "signers",
    "users",
];

/// An unbound rule grants nothing yet. A bound one is as bad as what its wildcard takes in.
fn severity(rule: &PolicyRule, bindings: &[Binding<'_>]) -> Severity {
    let all_resources = has_star(&rule.resources);
    let core = rule.api_groups.iter().any(|group| group.is_empty() || group == "*");
    let special = rule
        .resources
        .iter()
        .any(|resource| SPECIAL_VERBS_ON.contains(&resource.as_str()));
    let wide = bindings.iter().any(Binding::is_cluster_wide);
    match (has_star(&rule.verbs), all_resources) {
        _ if bindings.is_empty() || !rule.resource_names.is_empty() => Severity::Low,
        (true, true) if core && wide => Severity::High,
        (true, true) => Severity::Medium,
        (false, true) if core => Severity::Medium,
        (true, false) if special => Severity::Medium,
        _ => Severity::Low,
    }
}

fn finding(role: &Role<'_>, rule: &PolicyRule, bindings: &[Binding<'_>]) -> Finding {
    let place = role
        .rules
        .iter()
        .position(|other| std::ptr::eq(*other, rule))
        .unwrap_or_default();
    let what = rules::describe(rule);
    let title = format!("A rule of {} grants {}", role.reference, wildcard(rule));
    let groups = if has_star(&rule.api_groups) {
        "every API group"
    } else {
        "the API groups that it names"
    };
    let excess = if role.default().is_some() {
        " Kubernetes' own role of this name lacks the rule."
    } else {
        ""
    };
    let message = format!("{title}, in {groups}: {what}.{excess} {}", bound(bindings));
    let mut finding = CHECK
        .finding(role.reference.clone(), &what, title, message)
        .witness(format!("rules[{place}]"), rules::evidence(rule))
        .patch(
            match role.default() {
                Some(_) => format!("Remove the rule that was added to {}", role.reference),
                None => format!("Delete {}, which nothing binds", role.reference),
            },
            patch(role, rule, bindings),
        );
    for binding in bindings.iter().take(MAX_WITNESSES) {
        finding = finding.witness_in(binding.reference(), "roleRef.name", binding.role_ref.name.as_str());
    }
    finding.severity = severity(rule, bindings);
    finding
}

fn wildcard(rule: &PolicyRule) -> &'static str {
    match (has_star(&rule.verbs), has_star(&rule.resources)) {
        (true, true) => "every verb on every resource",
        (true, false) => "every verb",
        _ => "every resource",
    }
}

/// Bindings that a finding shows; it counts them all.
const MAX_WITNESSES: usize = 5;

fn bound(bindings: &[Binding<'_>]) -> String {
    match bindings {
        [] => "Nothing binds the role, so nobody holds this yet.".to_owned(),
        [only] => format!("{} grants it {}.", only.reference(), only.place()),
        [first, others @ ..] => {
            let and = if others.len() == 1 {
                "one more binding".to_owned()
            } else {
                format!("{} more bindings", others.len())
            };
            format!("{} grants it {}, and {and}.", first.reference(), first.place())
        }
    }
}

/// A role of more rules is not patched: each patch would repeat all the others.
const MAX_PATCHED_RULES: usize = 100;

/// What was added to a default can be taken off, and what nobody holds can go; what to list instead of the wildcard only
/// the role's users know.
fn patch(role: &Role<'_>, rule: &PolicyRule, bindings: &[Binding<'_>]) -> Option<Patch> {
    let target = role.reference.clone();
    if role.default().is_none() {
        return bindings.is_empty().then_some(Patch::Delete { target });
    }
    if role.rules.len() > MAX_PATCHED_RULES {
        return None;
    }
    let what = rules::describe(rule);
    let kept = role.rules.iter().filter(|other| rules::describe(other) != what);
    let kept: Vec<_> = kept.map(|rule| rules::manifest(rule)).collect();
    Some(Patch::Merge {
        target,
        body: json!({ "rules": kept }),
    })
}

#[cfg(test)]
mod tests {
    use shared::patch::Patch;
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::findings;

    fn role(name: &str, rules: &str) -> String {
        format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: '{name}'}}
rules: [{rules}]
"
        )
    }

    fn bound(rules: &str) -> String {
        format!(
            "{}\n---\n
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: b}}
roleRef: {{kind: ClusterRole, name: helper}}
subjects: [{{kind: Group, name: ops}}]
",
            role("helper", rules)
        )
    }

    fn severities(manifests: &str) -> Vec<Severity> {
        findings(&CHECK, manifests)
            .into_iter()
            .map(|finding| finding.severity)
            .collect()
    }

    #[test]
    fn a_bound_wildcard_is_as_bad_as_what_it_takes_in() {
        let core = "{verbs: ['*'], apiGroups: [''], resources: ['*']}";
        let reading = "{verbs: [get, list], apiGroups: ['*'], resources: ['*']}";
        let roles = "{verbs: ['*'], apiGroups: [rbac.authorization.k8s.io], resources: [roles]}";
        let custom = "{verbs: ['*'], apiGroups: [cert-manager.io], resources: [certificates]}";
        assert_eq!(severities(&bound(core)), [Severity::High]);
        assert_eq!(severities(&bound(reading)), [Severity::Medium]);
        assert_eq!(severities(&bound(roles)), [Severity::Medium]);
        assert_eq!(severities(&bound(custom)), [Severity::Low]);
    }

    #[test]
    fn a_role_that_nothing_binds_is_said_to_be_unbound_and_can_go() {
        let found = findings(
            &CHECK,
            &role("helper", "{verbs: ['*'], apiGroups: [''], resources: ['*']}"),
        )
        .remove(0);
        assert_eq!(found.severity, Severity::Low);
        assert!(
            found
                .message
                .ends_with("Nothing binds the role, so nobody holds this yet."),
            "{}",
            found.message
        );
        assert!(matches!(found.patch, Some(Patch::Delete { .. })));
    }

    #[test]
    fn stars_that_are_no_wildcards_pass() {
        let names = "{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: ['*']}";
        let subresources = "{verbs: [get], apiGroups: [''], resources: ['pods/*', '*/scale']}";
        let urls = "{verbs: ['*'], nonResourceURLs: ['/metrics/*']}";
        assert_eq!(severities(&bound(&format!("{names}, {subresources}, {urls}"))), []);
    }

    #[test]
    fn a_default_role_is_judged_for_what_was_added_and_keeps_the_rest() {
        let everything = "{verbs: ['*'], apiGroups: ['*'], resources: ['*']}";
        assert_eq!(severities(&role("cluster-admin", everything)), []);
        let kept = "{verbs: [get], nonResourceURLs: [/healthz, /livez, /readyz, /version, /version/]}";
        let found = findings(
            &CHECK,
            &role("system:public-info-viewer", &format!("{kept}, {everything}")),
        )
        .remove(0);
        assert!(
            found
                .message
                .contains("Kubernetes' own role of this name lacks the rule."),
            "{}",
            found.message
        );
        let Some(Patch::Merge { body, .. }) = found.patch else {
            panic!("not a merge patch")
        };
        assert_eq!(body["rules"].as_array().unwrap().len(), 1);
        assert_eq!(body["rules"][0]["nonResourceURLs"][0], "/healthz");
    }

    #[test]
    fn a_label_does_not_make_a_role_a_default() {
        let everything = "{verbs: ['*'], apiGroups: ['*'], resources: ['*']}";
        let labelled = role("helper", everything).replace(
            "name: 'helper'",
            "name: helper, labels: {kubernetes.io/bootstrapping: rbac-defaults}",
        );
        assert_eq!(severities(&labelled).len(), 1);
    }

    #[test]
    fn an_aggregating_role_is_judged_through_the_roles_that_it_aggregates() {
        let aggregating = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: outer}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: outer}}]}
rules: [{verbs: ['*'], apiGroups: [example.org], resources: [things]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: inner, labels: {to: outer}}
rules: [{verbs: ['*'], apiGroups: [example.org], resources: [things]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: outer}
";
        let found = findings(&CHECK, aggregating);
        assert_eq!(
            found
                .iter()
                .map(|finding| finding.object.name.as_str())
                .collect::<Vec<_>>(),
            ["inner"]
        );
        assert!(
            found[0]
                .message
                .contains("ClusterRoleBinding b grants it in the whole cluster"),
            "{}",
            found[0].message
        );
    }

    #[test]
    fn identity_does_not_depend_on_the_order_of_rules() {
        let (one, two) = (
            "{verbs: ['*'], apiGroups: [a], resources: [p, q]}",
            "{verbs: [get], apiGroups: [b], resources: [r]}",
        );
        let subkey = |rules: &str| findings(&CHECK, &bound(rules)).remove(0).subkey;
        assert_eq!(
            subkey(&format!("{one}, {two}")),
            subkey(&format!("{two}, {one}").replace("p, q", "q, p"))
        );
    }
}
