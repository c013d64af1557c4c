//! Webhooks that guard security and let everything through while they are down.

use serde_json::json;
use shared::object::ObjectRef;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use super::WEBHOOK_CONFIGURATIONS;
use crate::admission::rules;
use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::webhook::{Backend, Webhook, backend, webhooks};

/// See its fields.
pub static CHECK: Check = Check {
    id: "webhook-fails-open",
    title: "Security webhook fails open",
    area: Area::Admission,
    severity: Severity::Medium,
    rationale: "With failurePolicy Ignore, what the webhook should have looked at passes whenever it does not answer in time: \
        whoever can slow it down, or waits for its roll-out, gets past it, and nothing shows it. Only webhooks for pods, \
        workloads, RBAC, namespaces, Secrets and network policies are reported. A mutating one is of low severity.",
    remediation: "Set failurePolicy: Fail, once the webhook runs with several replicas and leaves out its own namespace and \
        kube-system, so that it can't lock the cluster.",
    // Services and EndpointSlices serve the patch alone: where they were not read there is none.
    reads: &[
        Need::Read(Kind::ValidatingWebhookConfiguration),
        Need::Read(Kind::MutatingWebhookConfiguration),
    ],
    judge: Judge::Object(WEBHOOK_CONFIGURATIONS, judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let webhooks = webhooks(object);
    if webhooks.is_empty() {
        return Outcome::NotApplicable;
    }
    let open = webhooks.iter().filter(|webhook| webhook.fails_open);
    Outcome::of(
        open.filter_map(|webhook| {
            let guarded = rules::first_written(webhook.rules, rules::GUARDED)?;
            Some(finding(cluster, object.reference(), webhook, guarded.name))
        })
        .collect(),
    )
}

fn finding(cluster: &Cluster<'_>, object: ObjectRef, webhook: &Webhook<'_>, guarded: &str) -> Finding {
    let name = webhook.name;
    let mut finding = CHECK
        .finding(
            object.clone(),
            name,
            format!("Webhook {name} lets {guarded} through when it fails"),
            format!("While {name} of {object} does not answer, {guarded} are admitted as if it did not exist."),
        )
        .witness(format!("webhooks[{name}].failurePolicy"), "Ignore")
        .patch(
            format!("Let {name} refuse what it can not judge"),
            fail_closed(cluster, object, webhook),
        );
    if !webhook.is_validating {
        finding.severity = Severity::Low;
    }
    finding
}

/// Closes it, unless nothing is seen to answer its calls: then nothing might be admitted any more.
fn fail_closed(cluster: &Cluster<'_>, target: ObjectRef, webhook: &Webhook<'_>) -> Option<Patch> {
    let answers = backend(cluster, webhook.service?) == Backend::Ready;
    let body = json!({"webhooks": [{"name": webhook.name, "failurePolicy": "Fail"}]});
    answers.then(|| Patch::Strategic {
        target,
        body: body.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{findings, snapshot, titles};
    use shared::snapshots::Collected;

    fn webhook(kind: &str, policy: &str, group: &str, resource: &str) -> String {
        format!(
            "
apiVersion: admissionregistration.k8s.io/v1
kind: {kind}
metadata: {{name: guard}}
webhooks:
- name: check.guard.example
  {policy}
  clientConfig: {{service: {{namespace: guard, name: guard}}}}
  rules: [{{operations: [CREATE], apiGroups: ['{group}'], apiVersions: ['*'], resources: ['{resource}']}}]
---
"
        )
    }

    const BACKEND: &str = "
apiVersion: v1
kind: Service
metadata: {name: guard, namespace: guard}
spec: {ports: [{port: 443}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: guard-1, namespace: guard, labels: {kubernetes.io/service-name: guard}}
endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
";

    const VALIDATING: &str = "ValidatingWebhookConfiguration";

    #[test]
    fn a_validating_webhook_that_ignores_failures_fails() {
        let finding = findings(
            &CHECK,
            &(webhook(VALIDATING, "failurePolicy: Ignore", "", "pods") + BACKEND),
        )
        .remove(0);
        assert_eq!(
            finding.title,
            "Webhook check.guard.example lets pods through when it fails"
        );
        assert_eq!((finding.severity, finding.patch.is_some()), (Severity::Medium, true));
    }

    #[test]
    fn a_mutating_one_is_low() {
        let manifests = webhook("MutatingWebhookConfiguration", "failurePolicy: Ignore", "*", "*");
        assert_eq!(findings(&CHECK, &manifests).remove(0).severity, Severity::Low);
    }

    #[test]
    fn fail_is_the_default_and_passes() {
        for policy in ["", "failurePolicy: Fail"] {
            assert!(titles(&CHECK, &webhook(VALIDATING, policy, "*", "*/*")).is_empty());
        }
    }

    #[test]
    fn what_guards_nothing_of_security_is_not_reported() {
        for (group, resource) in [
            ("cert-manager.io", "certificates"),
            ("", "configmaps"),
            ("", "pods/status"),
            ("apps", "pods"),
        ] {
            assert!(
                titles(&CHECK, &webhook(VALIDATING, "failurePolicy: Ignore", group, resource)).is_empty(),
                "{resource}"
            );
        }
    }

    #[test]
    fn a_webhook_that_nothing_answers_is_not_made_to_block() {
        assert_eq!(
            findings(&CHECK, &webhook(VALIDATING, "failurePolicy: Ignore", "", "*"))
                .remove(0)
                .patch,
            None
        );
    }

    #[test]
    fn it_is_decided_without_services_and_endpoints_and_then_has_no_patch() {
        let mut snapshot = snapshot(&webhook(VALIDATING, "failurePolicy: Ignore", "", "pods"));
        for kind in [Kind::Service, Kind::EndpointSlice] {
            let reason = "not in files".to_owned();
            snapshot.set(kind, Collected::Skipped { reason }, Vec::new());
        }
        let report = crate::run(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let found = report
            .findings
            .iter()
            .find(|finding| finding.check == CHECK.id)
            .unwrap();
        assert_eq!(found.patch, None);
    }
}
