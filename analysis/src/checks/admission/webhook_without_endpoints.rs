//! Webhooks whose Service nobody answers for.

use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use super::{WEBHOOK_CONFIGURATIONS, WEBHOOKS};
use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Object;
use crate::model::admission::ServiceReference;
use crate::webhook::{Backend, Webhook, backend, webhooks};

/// See its fields.
pub static CHECK: Check = Check {
    id: "webhook-without-endpoints",
    title: "Webhook's service has no endpoint",
    area: Area::Admission,
    severity: Severity::High,
    rationale: "A webhook that nobody answers for either blocks every request that it matches (failurePolicy Fail), the \
        creation of pods often among them, or guards nothing at all (Ignore), which is of medium severity. It is what stays \
        behind when a policy engine is removed by halves.",
    remediation: "Bring the service back, or delete the webhook configuration if its program is gone for good.",
    reads: WEBHOOKS,
    judge: Judge::Object(WEBHOOK_CONFIGURATIONS, judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let webhooks = webhooks(object);
    let backed: Vec<_> = webhooks
        .iter()
        .filter_map(|webhook| Some((webhook, webhook.service?)))
        .collect();
    if backed.is_empty() {
        return Outcome::NotApplicable;
    }
    let finding = |(webhook, service): &(&Webhook<'_>, &ServiceReference)| {
        let lacks = lacking(backend(cluster, service))?;
        Some(finding(object.reference(), webhook, service, &lacks))
    };
    Outcome::of(backed.iter().filter_map(finding).collect())
}

/// What is missing, as the end of a sentence about the Service. What stands behind a name outside can't be seen.
fn lacking(backend: Backend) -> Option<String> {
    match backend {
        Backend::Ready | Backend::Outside => None,
        Backend::NoService => Some("does not exist".into()),
        Backend::NoPort(port) => Some(format!("has no port {port}")),
        Backend::NoEndpoint => Some("has no endpoint that is ready".into()),
    }
}

fn finding(object: ObjectRef, webhook: &Webhook<'_>, service: &ServiceReference, lacks: &str) -> Finding {
    let name = webhook.name;
    let (severity, policy, effect) = match webhook.fails_open {
        false => (
            Severity::High,
            "Fail",
            "the API server refuses every request that it matches",
        ),
        true => (Severity::Medium, "Ignore", "everything passes as if it did not exist"),
    };
    let address = format!("{}/{}", service.namespace, service.name);
    let mut finding = CHECK
        .finding(
            object.clone(),
            name,
            format!("Webhook {name} calls Service {address}, which {lacks}"),
            format!("Nothing answers the calls of {name} in {object}, so {effect}."),
        )
        .witness(
            format!("webhooks[{name}].clientConfig.service"),
            format!("{address}:{}", service.port.unwrap_or(443)),
        )
        .witness(format!("webhooks[{name}].failurePolicy"), policy);
    finding.severity = severity;
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{findings, titles};

    const WEBHOOK: &str = "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks:
- name: check.guard.example
  failurePolicy: Fail
  clientConfig: {service: {namespace: guard, name: guard}}
- name: outside.guard.example
  clientConfig: {url: 'https://guard.example'}
---
";

    const SERVICE: &str = "
apiVersion: v1
kind: Service
metadata: {name: guard, namespace: guard}
spec: {type: ClusterIP, ports: [{port: 443}]}
---
";

    fn slice(service: &str, ready: &str) -> String {
        format!(
            "
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {{name: {service}-1, namespace: guard, labels: {{kubernetes.io/service-name: {service}}}}}
endpoints: [{{addresses: [10.0.0.1]{ready}}}]
---
"
        )
    }

    fn lacks(manifests: &str) -> String {
        let titles = titles(&CHECK, manifests);
        assert!(titles.len() < 2);
        titles
            .first()
            .and_then(|title| title.split("which ").nth(1))
            .unwrap_or_default()
            .to_owned()
    }

    #[test]
    fn the_service_must_exist_with_the_port_and_a_ready_endpoint() {
        assert_eq!(lacks(WEBHOOK), "does not exist");
        assert_eq!(lacks(&(WEBHOOK.to_owned() + SERVICE)), "has no endpoint that is ready");
        assert_eq!(
            lacks(&(WEBHOOK.to_owned() + SERVICE + &slice("guard", ", conditions: {ready: false}"))),
            "has no endpoint that is ready"
        );
        assert_eq!(
            lacks(&(WEBHOOK.to_owned() + SERVICE + &slice("other", ""))),
            "has no endpoint that is ready"
        );
        assert_eq!(
            lacks(&(WEBHOOK.to_owned() + &SERVICE.replace("443", "8443") + &slice("guard", ""))),
            "has no port 443"
        );
    }

    #[test]
    fn a_ready_endpoint_passes_and_one_that_does_not_say_is_ready() {
        assert_eq!(
            lacks(&(WEBHOOK.to_owned() + SERVICE + &slice("guard", ", conditions: {ready: true}"))),
            ""
        );
        assert_eq!(lacks(&(WEBHOOK.to_owned() + SERVICE + &slice("guard", ""))), "");
    }

    #[test]
    fn a_name_outside_of_the_cluster_is_not_judged() {
        let outside = SERVICE.replace(
            "type: ClusterIP, ports: [{port: 443}]",
            "type: ExternalName, externalName: guard.example",
        );
        assert_eq!(lacks(&(WEBHOOK.to_owned() + &outside)), "");
    }

    #[test]
    fn the_failure_policy_tells_how_bad_it_is() {
        let severity = |manifests: &str| findings(&CHECK, manifests).remove(0).severity;
        assert_eq!(severity(WEBHOOK), Severity::High);
        assert_eq!(
            severity(&WEBHOOK.replace("failurePolicy: Fail", "failurePolicy: Ignore")),
            Severity::Medium
        );
        assert_eq!(
            severity(&WEBHOOK.replace("failurePolicy: Fail", "timeoutSeconds: 5")),
            Severity::High
        );
    }
}
