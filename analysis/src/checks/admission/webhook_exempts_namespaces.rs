//! Webhooks that can be got round by a label.

use serde_json::json;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::admission::filter::{Filter, words};
use crate::admission::{is_of_the_system, rules};
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::meta::LabelSelector;
use crate::model::{Kind, Object};
use crate::webhook::{Webhook, webhooks};

/// See its fields.
pub static CHECK: Check = Check {
    id: "webhook-exempts-namespaces",
    title: "Validating webhook leaves workloads out",
    area: Area::Admission,
    severity: Severity::Low,
    rationale: "What a webhook's selectors leave out, it never sees: in such a namespace its policies hold nobody back. Where \
        the pod's own labels leave it out, whoever writes the pod gets past it by a label, which is of medium severity. \
        Namespaces of the system and the webhook's own are left out with reason, and so are those that a selector does not \
        choose where it chooses some.",
    remediation: "Take the exemption off the namespace, or off the selector. What needs one is better exempted in the policy \
        itself, by what it is, than by a label that many may set.",
    reads: &workloads_and::<10>(&[
        Need::Read(Kind::ValidatingWebhookConfiguration),
        Need::Read(Kind::Namespace),
    ]),
    judge: Judge::Object(&[Kind::ValidatingWebhookConfiguration], judge),
};

/// How many namespaces a message names.
const NAMED: usize = 5;

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let webhooks = webhooks(object);
    let guards = |webhook: &&Webhook<'_>| rules::first_written(webhook.rules, rules::WORKLOADS).is_some();
    let guarding: Vec<&Webhook<'_>> = webhooks.iter().filter(guards).collect();
    if guarding.is_empty() {
        return Outcome::NotApplicable;
    }
    let found = guarding.into_iter().flat_map(|webhook| {
        let namespaces = by_namespace(cluster, object.reference(), webhook);
        namespaces.into_iter().chain(by_object(object.reference(), webhook))
    });
    Outcome::of(found.collect())
}

/// Whether a selector leaves some out, rather than choosing some.
fn leaves_out(selector: &LabelSelector) -> bool {
    let excludes = |operator: &str| matches!(operator, "NotIn" | "DoesNotExist");
    let expressions = &selector.match_expressions;
    selector.match_labels.is_empty()
        && !expressions.is_empty()
        && expressions.iter().all(|requirement| excludes(&requirement.operator))
}

fn by_namespace(cluster: &Cluster<'_>, object: ObjectRef, webhook: &Webhook<'_>) -> Option<Finding> {
    let selector = webhook.namespaces.filter(|selector| leaves_out(selector))?;
    let own = webhook.service.map_or("", |service| service.namespace.as_str());
    let filter = Filter::of_webhook(webhook);
    let mut exempt = filter.exempt(cluster.snapshot);
    exempt.retain(|name| !is_of_the_system(name) && *name != own && cluster.workloads_in(name).next().is_some());
    if exempt.is_empty() {
        return None;
    }
    let name = webhook.name;
    let message = format!(
        "{name} of {object} never sees the workloads of {}: it looks at namespaces with {}.",
        listed(&exempt),
        words(selector)
    );
    let count = match exempt.len() {
        1 => "one namespace".to_owned(),
        more => format!("{more} namespaces"),
    };
    let finding = CHECK
        .finding(object, name, format!("Webhook {name} leaves {count} out"), message)
        .witness(format!("webhooks[{name}].namespaceSelector"), json!(selector));
    Some(finding.witness("exempt", json!(exempt)))
}

fn listed(names: &[&str]) -> String {
    match names.len() {
        count if count > NAMED => format!("{} and {} more", names[..NAMED].join(", "), count - NAMED),
        _ => names.join(", "),
    }
}

fn by_object(object: ObjectRef, webhook: &Webhook<'_>) -> Option<Finding> {
    let selector = webhook.objects.filter(|selector| leaves_out(selector))?;
    let name = webhook.name;
    let message = format!(
        "{name} of {object} looks at objects with {}: whoever writes one may label it so that it is not seen.",
        words(selector)
    );
    let mut finding = CHECK
        .finding(
            object,
            format!("{name} objectSelector"),
            format!("Webhook {name} can be got round by a label"),
            message,
        )
        .witness(format!("webhooks[{name}].objectSelector"), json!(selector));
    finding.severity = Severity::Medium;
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, severities, titles};
    use shared::verdict::Severity;

    fn cluster(selectors: &str) -> String {
        let namespace = |name: &str, labels: &str| {
            format!(
                "
apiVersion: v1
kind: Namespace
metadata: {{name: {name}, labels: {{{labels}}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {name}}}
spec: {{template: {{spec: {{containers: [{{name: c, image: i}}]}}}}}}
---
"
            )
        };
        let namespaces = [
            namespace("shop", ""),
            namespace("legacy", "skip: ''"),
            namespace("kube-system", "skip: ''"),
            namespace("guard", "skip: ''"),
        ];
        format!(
            "{}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: guard}}
webhooks:
- name: guard.example
  clientConfig: {{service: {{namespace: guard, name: guard}}}}
  rules: [{{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}}]
  {selectors}
",
            namespaces.concat()
        )
    }

    const SKIP: &str = "{matchExpressions: [{key: skip, operator: DoesNotExist}]}";

    #[test]
    fn a_namespace_with_workloads_that_is_left_out_is_named() {
        let found = findings(&CHECK, &cluster(&format!("namespaceSelector: {SKIP}"))).remove(0);
        assert_eq!(found.title, "Webhook guard.example leaves one namespace out");
        assert!(
            found.message.contains("the workloads of legacy: it looks"),
            "{}",
            found.message
        );
    }

    #[test]
    fn a_pod_that_may_label_itself_out_is_worse() {
        assert_eq!(
            severities(&CHECK, &cluster(&format!("objectSelector: {SKIP}"))),
            [Severity::Medium]
        );
    }

    #[test]
    fn a_webhook_for_all_or_for_chosen_ones_passes() {
        for selectors in [
            "failurePolicy: Fail",
            "namespaceSelector: {matchLabels: {team: a}}",
            "namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}",
        ] {
            assert_eq!(titles(&CHECK, &cluster(selectors)), [""; 0], "{selectors}");
        }
    }

    #[test]
    fn what_guards_no_workloads_is_not_judged() {
        let other =
            cluster(&format!("namespaceSelector: {SKIP}")).replace("resources: [pods]", "resources: [configmaps]");
        assert_eq!(titles(&CHECK, &other), [""; 0]);
    }
}
