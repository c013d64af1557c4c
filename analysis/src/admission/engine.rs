//! The policy engines of a cluster.

use shared::admission::Engine;
use shared::object::ObjectRef;

use super::known::{Program, Webhooks, is_marked};
use super::{image_verification, policy, rules};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::model::api::{ApiService, CustomResourceDefinition};
use crate::webhook::Webhook;

/// The engines that are known.
static PROGRAMS: &[Program] = &[
    Program {
        name: "Kyverno",
        marks: &[".kyverno.svc", "kyverno-svc"],
        images: &["kyverno"],
        groups: &["kyverno.io"],
    },
    Program {
        name: "Gatekeeper",
        marks: &[".gatekeeper.sh", "gatekeeper-webhook-service"],
        images: &["gatekeeper"],
        groups: &["gatekeeper.sh"],
    },
    Program {
        name: "Kubewarden",
        marks: &[".kubewarden.admission", "policy-server-"],
        images: &["policy-server"],
        groups: &["kubewarden.io"],
    },
    Program {
        name: "jsPolicy",
        marks: &["jspolicy"],
        images: &["jspolicy"],
        groups: &["jspolicy.com"],
    },
];

/// The engines that were found, known ones first, then whatever else may refuse pods.
pub fn engines(cluster: &Cluster<'_>, webhooks: &Webhooks<'_>) -> Vec<Engine> {
    let known = PROGRAMS.iter().filter_map(|program| {
        let found = webhooks.recognise(cluster, program, rules::GUARDED)?;
        Some(Engine {
            name: program.name.into(),
            is_known: true,
            is_asked: !found.asked.is_empty(),
            objects: found.asked,
            evidence: found.evidence,
        })
    });
    known
        .chain(policies(cluster))
        .chain(security_context_constraints(cluster))
        .chain(others(webhooks))
        .collect()
}

/// Kubernetes' own policies, where one that looks at workloads refuses anything.
fn policies(cluster: &Cluster<'_>) -> Option<Engine> {
    let snapshot = cluster.snapshot;
    let about_workloads = policy::all(snapshot, Kind::ValidatingAdmissionPolicy)
        .filter(|policy| rules::first_written(&policy::rules(policy), rules::WORKLOADS).is_some());
    let found: Vec<(ObjectRef, bool)> = about_workloads
        .map(|policy| {
            let denies = policy::bindings(snapshot, &policy).iter().any(policy::Bound::denies);
            (policy.kind.reference(policy.meta), denies)
        })
        .collect();
    let denying = found.iter().filter(|(_, denies)| *denies).count();
    (!found.is_empty()).then(|| Engine {
        name: "ValidatingAdmissionPolicy".into(),
        is_known: true,
        is_asked: denying > 0,
        evidence: vec![format!("Of {} policies for workloads {denying} deny.", found.len())],
        objects: found.into_iter().map(|(object, _)| object).collect(),
    })
}

/// OpenShift holds every pod against its constraints.
fn security_context_constraints(cluster: &Cluster<'_>) -> Option<Engine> {
    const GROUP: &str = "security.openshift.io";
    let definitions = cluster.snapshot.all::<CustomResourceDefinition>();
    let mut defined = definitions
        .filter_map(|definition| definition.spec.as_ref())
        .map(|spec| spec.group.as_str());
    let apis = cluster.snapshot.all::<ApiService>();
    let mut served = apis.filter_map(|api| api.spec.as_ref()).map(|spec| spec.group.as_str());
    (defined.any(|group| group == GROUP) || served.any(|group| group == GROUP)).then(|| Engine {
        name: "SecurityContextConstraints".into(),
        is_known: true,
        is_asked: true,
        objects: Vec::new(),
        evidence: vec![format!("The cluster serves {GROUP}, as OpenShift does.")],
    })
}

/// Validating webhooks that are shown pods, and belong to no program that is known.
fn others(webhooks: &Webhooks<'_>) -> Vec<Engine> {
    let programs = || PROGRAMS.iter().chain(image_verification::PROGRAMS);
    let is_other = |webhook: &Webhook<'_>| {
        webhook.is_validating
            && rules::take_in_new_pods(webhook.rules)
            && !programs().any(|program| is_marked(webhook, program))
    };
    let unknown = webhooks.iter().filter(|(_, webhook)| is_other(webhook));
    unknown
        .map(|(object, webhook)| Engine {
            name: webhook.name.into(),
            is_known: false,
            is_asked: true,
            objects: vec![object.reference()],
            evidence: vec!["It is shown pods and may refuse them; what it asks of them can't be seen.".into()],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    fn found(manifests: &str) -> Vec<(String, bool)> {
        let snapshot = snapshot(manifests);
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let found = engines(&cluster, &Webhooks::new(&cluster)).into_iter();
        found.map(|engine| (engine.name, engine.is_asked)).collect()
    }

    fn webhook(name: &str, group: &str, resources: &str) -> String {
        format!(
            "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: {name}}}
webhooks:
- name: {name}
  clientConfig: {{service: {{namespace: policy, name: answers}}}}
  rules: [{{operations: [CREATE], apiGroups: ['{group}'], apiVersions: ['*'], resources: [{resources}]}}]
---
"
        )
    }

    fn definition(group: &str) -> String {
        format!(
            "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: things.{group}}}
spec: {{group: {group}}}
---
"
        )
    }

    fn answering(image: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Service
metadata: {{name: answers, namespace: policy}}
spec: {{selector: {{app: p}}, ports: [{{port: 443}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: p, namespace: policy}}
spec: {{template: {{metadata: {{labels: {{app: p}}}}, spec: {{containers: [{{name: c, image: '{image}'}}]}}}}}}
---
"
        )
    }

    #[test]
    fn an_engine_is_known_by_two_of_webhook_image_and_resources() {
        let (mark, other) = ("validation.gatekeeper.sh", "guard.example");
        let (group, image) = (
            definition("templates.gatekeeper.sh"),
            answering("mirror.local/gatekeeper:v3"),
        );
        let gatekeeper = [("Gatekeeper".to_owned(), true)];
        assert_eq!(found(&(webhook(mark, "*", "'*'") + &group)), gatekeeper);
        assert_eq!(found(&(webhook(mark, "*", "'*'") + &image)), gatekeeper);
        assert_eq!(
            found(&(webhook(other, "", "configmaps") + &group + &image)),
            [("Gatekeeper".to_owned(), false)]
        );
        assert_eq!(found(&webhook(mark, "*", "'*'")), []);
    }

    #[test]
    fn resources_without_a_webhook_are_an_engine_that_nobody_asks() {
        assert_eq!(found(&definition("kyverno.io")), [("Kyverno".to_owned(), false)]);
    }

    #[test]
    fn a_webhook_of_ones_own_may_be_an_engine() {
        assert_eq!(
            found(&webhook("guard.example", "", "pods")),
            [("guard.example".to_owned(), true)]
        );
        assert_eq!(found(&webhook("guard.example", "cert-manager.io", "'*'")), []);
    }

    #[test]
    fn policies_of_kubernetes_count_where_one_for_workloads_denies() {
        let policy = |resource: &str, action: &str| {
            format!(
                "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {{name: p}}
spec: {{matchConstraints: {{resourceRules: [{{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [{resource}]}}]}}}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {{name: b}}
spec: {{policyName: p, validationActions: [{action}]}}
"
            )
        };
        let name = "ValidatingAdmissionPolicy".to_owned();
        assert_eq!(found(&policy("pods", "Deny")), [(name.clone(), true)]);
        assert_eq!(found(&policy("pods", "Audit")), [(name, false)]);
        assert_eq!(found(&policy("configmaps", "Deny")), []);
    }

    #[test]
    fn open_shift_has_its_own() {
        assert_eq!(
            found(&definition("security.openshift.io")),
            [("SecurityContextConstraints".to_owned(), true)]
        );
    }
}
