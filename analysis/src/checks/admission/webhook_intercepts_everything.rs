//! Webhooks that must answer before the cluster can do anything.

use serde_json::json;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use super::WEBHOOK_CONFIGURATIONS;
use crate::admission::filter::Filter;
use crate::admission::rules::{self, LEASES, NODES, PODS, Resource};
use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::admission::RuleWithOperations;
use crate::model::{Kind, Object, Snapshot};
use crate::webhook::{Webhook, webhooks};

/// See its fields.
pub static CHECK: Check = Check {
    id: "webhook-intercepts-everything",
    title: "Webhook stands before everything",
    area: Area::Admission,
    severity: Severity::Medium,
    rationale: "A webhook that is called for every resource, those that keep the cluster alive included, and refuses when it \
        does not answer, can lock the cluster: nodes can't renew their Leases and count as lost, controllers lose their \
        leadership, and the pods that would answer can't be started. A mutating one that fails open can't lock the cluster, \
        but whoever controls it changes whatever is written, which is of low severity.",
    remediation: "Name the resources that it is for in its rules, and leave kube-system, kube-node-lease and its own namespace \
        out by a namespaceSelector. Leases and nodes need no policy in admission.",
    reads: &[
        Need::Read(Kind::ValidatingWebhookConfiguration),
        Need::Read(Kind::MutatingWebhookConfiguration),
        Need::Read(Kind::Namespace),
    ],
    judge: Judge::Object(WEBHOOK_CONFIGURATIONS, judge),
};

/// What the cluster lives by: the resource, its namespace, and how it is told.
const VITAL: &[(Resource, &str, &str)] = &[
    (LEASES, "kube-node-lease", "the Leases of nodes"),
    (LEASES, "kube-system", "the Leases of controllers"),
    (NODES, "", "nodes"),
    (PODS, "kube-system", "pods of kube-system"),
];

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let webhooks = webhooks(object);
    let matters = |webhook: &&Webhook<'_>| !webhook.fails_open || !webhook.is_validating;
    let (plain, conditional): (Vec<&Webhook<'_>>, Vec<&Webhook<'_>>) = webhooks
        .iter()
        .filter(matters)
        .filter(|webhook| !vital(cluster.snapshot, webhook).is_empty())
        .partition(|webhook| webhook.conditions.is_empty());
    if webhooks.is_empty() {
        return Outcome::NotApplicable;
    }
    let found = plain
        .iter()
        .map(|webhook| finding(cluster.snapshot, object.reference(), webhook));
    let unseen = conditional.first().map(|webhook| {
        format!(
            "What the matchConditions of webhook {} leave out can't be told: CEL is not evaluated.",
            webhook.name
        )
    });
    Outcome::of_seen(found.collect(), unseen)
}

/// What it takes in of what the cluster lives by, without naming it. One with a selector of objects was made for some.
fn vital(snapshot: &Snapshot, webhook: &Webhook<'_>) -> Vec<&'static str> {
    if webhook
        .objects
        .is_some_and(|selector| !crate::selector::is_empty(selector))
    {
        return Vec::new();
    }
    let filter = Filter::of_webhook(webhook);
    let is_taken = |(resource, namespace, _): &&(Resource, &str, &str)| {
        let selected = !resource.is_namespaced || filter.selects_namespace(snapshot, namespace) == Some(true);
        selected && webhook.rules.iter().any(|rule| takes_in(rule, *resource))
    };
    VITAL.iter().filter(is_taken).map(|(_, _, words)| *words).collect()
}

fn takes_in(rule: &RuleWithOperations, resource: Resource) -> bool {
    let writes = |operation: &String| matches!(operation.as_str(), "*" | "CREATE" | "UPDATE");
    rule.operations.iter().any(writes)
        && rule
            .rule
            .as_ref()
            .is_some_and(|rule| rules::is_wildcard(rule) && rules::takes_in(rule, resource))
}

fn finding(snapshot: &Snapshot, object: ObjectRef, webhook: &Webhook<'_>) -> Finding {
    let (name, vital) = (webhook.name, vital(snapshot, webhook).join(", "));
    let message = match webhook.fails_open {
        false => format!("While {name} of {object} does not answer, nothing of these can be written: {vital}."),
        true => format!(
            "Whoever controls what answers for {name} of {object} can change what is written of all, {vital} included."
        ),
    };
    let reach = match vital.contains("nodes") {
        true => "the whole cluster",
        false => "kube-system too",
    };
    let wildcards = webhook
        .rules
        .iter()
        .filter(|rule| rule.rule.as_ref().is_some_and(rules::is_wildcard));
    let mut finding = CHECK
        .finding(
            object.clone(),
            name,
            format!("Webhook {name} is called for {reach}"),
            message,
        )
        .witness(
            format!("webhooks[{name}].rules"),
            json!(wildcards.map(rules::words).collect::<Vec<_>>()),
        )
        .witness(format!("webhooks[{name}].namespaceSelector"), json!(webhook.namespaces))
        .witness(
            format!("webhooks[{name}].failurePolicy"),
            if webhook.fails_open { "Ignore" } else { "Fail" },
        );
    if webhook.fails_open {
        finding.severity = Severity::Low;
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Outcome;
    use crate::fixture::{findings, snapshot};

    fn webhook(kind: &str, more: &str, resources: &str) -> String {
        format!(
            "
apiVersion: admissionregistration.k8s.io/v1
kind: {kind}
metadata: {{name: guard}}
webhooks:
- name: guard.example
  rules: [{{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: [{resources}]}}]
  {more}
"
        )
    }

    const VALIDATING: &str = "ValidatingWebhookConfiguration";
    const NOT_SYSTEM: &str = "namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, kube-node-lease]}]}";

    #[test]
    fn one_for_everything_that_fails_closed_can_lock_the_cluster() {
        let found = findings(&CHECK, &webhook(VALIDATING, "failurePolicy: Fail", "'*'")).remove(0);
        assert_eq!(found.severity, Severity::Medium);
        assert!(
            found
                .message
                .ends_with("the Leases of nodes, the Leases of controllers, nodes, pods of kube-system."),
            "{}",
            found.message
        );
    }

    #[test]
    fn leaving_the_system_out_leaves_nodes_which_are_in_no_namespace() {
        let found = findings(&CHECK, &webhook(VALIDATING, NOT_SYSTEM, "'*/*'")).remove(0);
        assert!(found.message.ends_with("can be written: nodes."), "{}", found.message);
        let narrow =
            webhook(VALIDATING, NOT_SYSTEM, "'*'").replace("resources: ['*']", "resources: ['*'], scope: Namespaced");
        assert!(findings(&CHECK, &narrow).is_empty());
    }

    #[test]
    fn one_that_fails_open_matters_where_it_changes_things() {
        assert!(findings(&CHECK, &webhook(VALIDATING, "failurePolicy: Ignore", "'*'")).is_empty());
        let mutating = webhook("MutatingWebhookConfiguration", "failurePolicy: Ignore", "'*'");
        assert_eq!(findings(&CHECK, &mutating).remove(0).severity, Severity::Low);
    }

    #[test]
    fn one_that_names_its_resources_passes() {
        assert!(
            findings(
                &CHECK,
                &webhook(VALIDATING, "failurePolicy: Fail", "pods, leases, nodes")
            )
            .is_empty()
        );
    }

    #[test]
    fn what_conditions_leave_out_is_not_evaluated() {
        let conditional = webhook(VALIDATING, "matchConditions: [{name: c, expression: 'false'}]", "'*'");
        let snapshot = snapshot(&conditional);
        let outcomes = crate::run::outcomes(&CHECK, &Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH));
        assert!(matches!(outcomes[0].1, Outcome::NotEvaluated(_)));
    }
}
