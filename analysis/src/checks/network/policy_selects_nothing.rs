//! Policies that protect nobody.

use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use super::policy_label_on_no_workload::unknown_label;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::network_policy::NetworkPolicy;
use crate::model::{Kind, Object};
use crate::network::policy::{selects, selects_all};

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-selects-nothing",
    title: "Network policy selects no pod",
    area: Area::Network,
    severity: Severity::Low,
    rationale: "A policy whose selector matches no pod and no pod template protects nothing, though there are workloads with each of \
        the labels that it asks for: none has them all.",
    remediation: "Correct the selector, or delete the policy if what it was made for is gone.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::NetworkPolicy)]),
    judge: Judge::Object(&[Kind::NetworkPolicy], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::NetworkPolicy(policy) = object else {
        return Outcome::NotApplicable;
    };
    if !selects_nothing(cluster, policy) {
        return Outcome::Pass;
    }
    match unknown_label(cluster, policy) {
        Some(_) => Outcome::NotApplicable,
        None => Outcome::Fail(vec![finding(object)]),
    }
}

/// Whether no pod and no template of its namespace is selected. One for all pods speaks of those to come too.
pub(super) fn selects_nothing(cluster: &Cluster<'_>, policy: &NetworkPolicy) -> bool {
    let Some(meta) = policy.metadata.as_ref().filter(|_| !selects_all(policy)) else {
        return false;
    };
    let evaluated = cluster.network();
    let known = evaluated.policy(&Kind::NetworkPolicy.reference(meta));
    if known.is_some_and(|known| !evaluated.network.classes.subject(known).is_empty()) {
        return false;
    }
    // Templates of workloads with pods, and pods on the network of their node.
    let is_selected = |workload: &Workload<'_>| {
        let mut pods = workload.pods.iter().filter_map(|pod| pod.metadata.as_ref());
        selects(policy, &workload.pod_meta.labels) || pods.any(|pod| selects(policy, &pod.labels))
    };
    !cluster.workloads_in(&meta.namespace).any(is_selected)
}

fn finding(object: &Object) -> Finding {
    let reference = object.reference();
    let message = format!(
        "The selector of {reference} matches no pod and no pod template of namespace {}, so the policy has no effect.",
        reference.namespace,
    );
    let selector = object.to_manifest()["spec"]["podSelector"].take();
    CHECK
        .finding(reference.clone(), "", format!("{reference} selects no pod"), message)
        .witness("spec.podSelector", selector)
        .patch(format!("Delete {reference}"), Patch::Delete { target: reference })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn policy(selector: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{replicas: 0, template: {{metadata: {{labels: {{app: web}}}}, spec: {{}}}}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {{name: backup, namespace: shop}}
spec: {{jobTemplate: {{spec: {{template: {{metadata: {{labels: {{app: backup}}}}, spec: {{}}}}}}}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: p, namespace: shop}}
spec: {{podSelector: {selector}}}
"
        )
    }

    #[test]
    fn a_selector_that_matches_nothing_fails_and_is_shown() {
        let found = findings(
            &CHECK,
            &policy("{matchExpressions: [{key: app, operator: In, values: [wbe]}]}"),
        )
        .remove(0);
        assert_eq!(found.title, "NetworkPolicy shop/p selects no pod");
        assert_eq!(
            found.witness[0].value,
            serde_json::json!({"matchExpressions": [{"key": "app", "operator": "In", "values": ["wbe"]}]})
        );
    }

    #[test]
    fn a_template_without_pods_is_selected_all_the_same() {
        assert_eq!(titles(&CHECK, &policy("{matchLabels: {app: web}}")), [""; 0]);
        assert_eq!(titles(&CHECK, &policy("{matchLabels: {app: backup}}")), [""; 0]);
        assert_eq!(
            titles(
                &CHECK,
                &policy("{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}")
            ),
            [""; 0]
        );
    }

    #[test]
    fn a_policy_for_all_pods_waits_for_them() {
        let empty = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: empty}
spec: {podSelector: {}}
";
        assert_eq!(titles(&CHECK, empty), [""; 0]);
    }

    #[test]
    fn a_pod_of_another_namespace_is_not_selected() {
        let moved = policy("{matchExpressions: [{key: app, operator: In, values: [web]}]}")
            .replace("{name: web, namespace: shop}", "{name: web, namespace: tools}");
        assert_eq!(titles(&CHECK, &moved).len(), 1);
    }

    #[test]
    fn labels_that_only_the_pods_have_count() {
        let pod = "
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web, role: primary}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec: {containers: [{name: c}]}
";
        assert_eq!(
            titles(&CHECK, &(policy("{matchLabels: {role: primary}}") + pod)),
            [""; 0]
        );
    }
}
