//! Clusters in which no policy holds pods back.

use serde_json::json;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use super::pod_security_not_enforced::LABEL;
use crate::admission::engine::engines;
use crate::admission::is_of_the_system;
use crate::admission::known::Webhooks;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-engine-absent",
    title: "No policy engine",
    area: Area::Admission,
    severity: Severity::Low,
    rationale: "Without a policy engine or an admission policy, what RBAC lets someone create is created, whatever it is: \
        images from anywhere, Services open to the internet, Ingresses for hosts of others. A cluster in which each \
        namespace with workloads enforces a Pod Security level passes, as these hold the pods at least.",
    remediation: "Bind ValidatingAdmissionPolicies, which need nothing installed, or install an engine such as Kyverno, \
        Gatekeeper or Kubewarden. Begin with warnings, and deny once they are dealt with.",
    reads: &workloads_and::<16>(&[
        Need::Read(Kind::Namespace),
        Need::Read(Kind::ValidatingWebhookConfiguration),
        Need::Read(Kind::MutatingWebhookConfiguration),
        Need::IfServed(Kind::ValidatingAdmissionPolicy),
        Need::IfServed(Kind::ValidatingAdmissionPolicyBinding),
        Need::Read(Kind::Service),
        Need::Read(Kind::CustomResourceDefinition),
        Need::Read(Kind::ApiService),
    ]),
    judge: Judge::Cluster(judge),
};

fn judge(cluster: &Cluster<'_>) -> Outcome {
    let engines = engines(cluster, &Webhooks::new(cluster));
    if engines.iter().any(|engine| engine.is_known && engine.is_asked) {
        return Outcome::Pass;
    }
    let unguarded = unguarded(cluster);
    if unguarded.is_empty() {
        return Outcome::Pass;
    }
    if let Some(unknown) = engines.iter().find(|engine| !engine.is_known) {
        let name = &unknown.name;
        return Outcome::Manual(format!(
            "Webhook {name} may refuse pods; look at whether it enforces policy."
        ));
    }
    let idle: Vec<&str> = engines.iter().map(|engine| engine.name.as_str()).collect();
    Outcome::of(vec![finding(&unguarded, &idle)])
}

/// The namespaces with workloads, but for the system's, that enforce no Pod Security level.
fn unguarded<'a>(cluster: &Cluster<'a>) -> Vec<&'a str> {
    let metas = cluster
        .snapshot
        .all::<Namespace>()
        .filter_map(|namespace| namespace.metadata.as_ref());
    let is_open = |meta: &&ObjectMeta| {
        let level = meta.labels.get(LABEL).map_or("privileged", String::as_str);
        let is_used = cluster.workloads_in(&meta.name).next().is_some();
        is_used && level == "privileged" && !is_of_the_system(&meta.name)
    };
    metas.filter(is_open).map(|meta| meta.name.as_str()).collect()
}

fn finding(unguarded: &[&str], idle: &[&str]) -> crate::finding::Finding {
    let there = match idle {
        [] => "Nothing that enforces policy was found".to_owned(),
        idle => format!(
            "{} is there, but is asked about nothing or denies nothing",
            idle.join(", ")
        ),
    };
    let namespaces = match unguarded {
        [one] => format!("namespace {one} enforces no Pod Security level"),
        more => format!("{} namespaces enforce no Pod Security level", more.len()),
    };
    CHECK
        .finding(
            ObjectRef::cluster(),
            "",
            CHECK.title,
            format!("{there}, and {namespaces}."),
        )
        .witness("engines", json!(idle))
        .witness("namespaces", json!(unguarded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{snapshot, titles};

    fn shop(label: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{{label}}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{spec: {{containers: [{{name: c, image: i}}]}}}}}}
"
        )
    }

    fn webhook(name: &str) -> String {
        format!(
            "---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: policy}}
webhooks: [{{name: {name}, rules: [{{operations: [CREATE], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}}]}}]
"
        )
    }

    const DEFINED: &str = "---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: clusterpolicies.kyverno.io}
spec: {group: kyverno.io}
";

    #[test]
    fn nothing_that_enforces_policy_fails() {
        assert_eq!(titles(&CHECK, &shop("")), ["No policy engine"]);
        assert_eq!(titles(&CHECK, &(shop("") + DEFINED)), ["No policy engine"]);
    }

    #[test]
    fn an_engine_that_is_asked_or_pod_security_everywhere_passes() {
        let kyverno = shop("") + DEFINED + &webhook("validate.kyverno.svc-fail");
        assert_eq!(titles(&CHECK, &kyverno), [""; 0]);
        assert_eq!(
            titles(&CHECK, &shop("pod-security.kubernetes.io/enforce: baseline")),
            [""; 0]
        );
    }

    #[test]
    fn a_webhook_that_is_not_known_is_for_a_person_to_look_at() {
        let snapshot = snapshot(&(shop("") + &webhook("guard.example")));
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        assert!(matches!(judge(&cluster), Outcome::Manual(reason) if reason.contains("guard.example")));
    }
}
