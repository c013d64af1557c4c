//! Webhooks for which every request waits long.

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
use crate::webhook::{Webhook, webhooks};

/// See its fields.
pub static CHECK: Check = Check {
    id: "webhook-timeout-long",
    title: "Webhook may hold requests up for long",
    area: Area::Admission,
    severity: Severity::Low,
    rationale: "Each request that the webhook is called for waits until it has answered, and mutating webhooks are waited for \
        one after the other. One that hangs then slows roll-outs, autoscaling and the replacement of lost pods down to a \
        halt, while nothing looks broken. Only webhooks for pods, workloads, RBAC, namespaces, Secrets and network policies \
        are reported: a long wait for a program's own resources holds nobody else up.",
    remediation: "Set timeoutSeconds to 10, the default, or less. A webhook that needs longer does too much in admission.",
    reads: &[
        Need::Read(Kind::ValidatingWebhookConfiguration),
        Need::Read(Kind::MutatingWebhookConfiguration),
    ],
    judge: Judge::Object(WEBHOOK_CONFIGURATIONS, judge),
};

/// The default, in seconds: who waits longer has chosen to.
const LONGEST: i32 = 10;

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let webhooks = webhooks(object);
    if webhooks.is_empty() {
        return Outcome::NotApplicable;
    }
    let long = webhooks.iter().filter(|webhook| webhook.timeout > LONGEST);
    let found = long.filter_map(|webhook| {
        let guarded = rules::first_written(webhook.rules, rules::GUARDED)?;
        Some(finding(object.reference(), webhook, guarded.name))
    });
    Outcome::of(found.collect())
}

fn finding(object: ObjectRef, webhook: &Webhook<'_>, held_up: &str) -> Finding {
    let (name, timeout) = (webhook.name, webhook.timeout);
    let then = match webhook.fails_open {
        true => "passes unseen",
        false => "is refused",
    };
    let message =
        format!("While {name} of {object} hangs, each request for {held_up} waits {timeout} seconds before it {then}.");
    CHECK
        .finding(
            object.clone(),
            name,
            format!("Webhook {name} may take {timeout} seconds"),
            message,
        )
        .witness(format!("webhooks[{name}].timeoutSeconds"), timeout)
        .patch(
            format!("Wait {LONGEST} seconds for {name} at most"),
            Patch::Strategic {
                target: object,
                body: json!({"webhooks": [{"name": name, "timeoutSeconds": LONGEST}]}).into(),
            },
        )
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{is_closed_by_patches, titles};

    fn webhook(timeout: &str, group: &str, resource: &str) -> String {
        format!(
            "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: guard}}
webhooks:
- name: check.guard.example
  {timeout}
  rules: [{{operations: [CREATE], apiGroups: ['{group}'], apiVersions: ['*'], resources: ['{resource}']}}]
"
        )
    }

    #[test]
    fn a_webhook_for_pods_that_may_take_longer_than_the_default_fails() {
        let long = webhook("timeoutSeconds: 30", "", "pods");
        assert_eq!(
            titles(&CHECK, &long),
            ["Webhook check.guard.example may take 30 seconds"]
        );
        assert!(is_closed_by_patches(&CHECK, &long));
    }

    #[test]
    fn the_default_passes_and_so_does_what_holds_nobody_else_up() {
        for (timeout, group) in [
            ("timeoutSeconds: 10", ""),
            ("failurePolicy: Fail", "*"),
            ("timeoutSeconds: 30", "cert-manager.io"),
        ] {
            assert_eq!(
                titles(&CHECK, &webhook(timeout, group, "*")),
                [""; 0],
                "{timeout} {group}"
            );
        }
    }
}
