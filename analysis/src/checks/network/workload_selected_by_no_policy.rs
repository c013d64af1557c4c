//! Workloads that were forgotten among policies.

use serde_json::json;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::network_policy::NetworkPolicy;
use crate::model::pairs::Labels;
use crate::network::default_deny::{ByDefault, CLUSTER_WIDE, is_isolated, of_labels};
use crate::network::policy::{is_subject, isolates_ingress, runs, selects};
use crate::network::rule::Direction;

/// See its fields.
pub static CHECK: Check = Check {
    id: "workload-selected-by-no-policy",
    title: "No network policy selects the workload",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "Its namespace has network policies, but none isolates these pods: every pod of the cluster can connect to \
        them, although somebody meant to restrict who talks to whom here.",
    // No patch: who must reach it is not written anywhere. The patch of namespace-without-default-deny closes this too.
    remediation: "Add a policy that selects the pods and lists who may connect, or correct the selector that should have \
        matched. A policy that selects all pods of the namespace covers those to come.",
    reads: &workloads_and::<12>(&[
        Need::Read(Kind::NetworkPolicy),
        CLUSTER_WIDE[0],
        CLUSTER_WIDE[1],
        CLUSTER_WIDE[2],
    ]),
    judge: Judge::Workload(judge),
};

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let namespace = &workload.reference.namespace;
    let policies = cluster.policies_in(namespace);
    // Where there are none at all, namespace-without-policy says so once.
    if policies.is_empty() || !is_subject(workload) || !runs(workload) {
        return Outcome::NotApplicable;
    }
    let evaluated = cluster.network();
    let network = &evaluated.network;
    let mut pods = evaluated.pods_of(&workload.reference);
    let Some((open, _)) = pods.find(|(_, class)| !is_isolated(network, *class, Direction::Ingress)) else {
        return Outcome::Pass;
    };
    let is_open = |labels: &&Labels| {
        let selecting = |policy: &&NetworkPolicy| isolates_ingress(policy) && selects(policy, labels);
        let by_default = evaluated
            .namespace(namespace)
            .map(|namespace| of_labels(network, namespace, labels, Direction::Ingress));
        !policies.iter().any(selecting) && by_default != Some(ByDefault::Denied)
    };
    let template = Some(&workload.pod_meta.labels).filter(is_open);
    Outcome::Fail(vec![finding(
        workload,
        policies,
        &place(workload, &open.labels, template),
    )])
}

/// Labels, and where they stand.
type Place<'a> = (ObjectRef, String, &'a Labels);

/// Controllers add labels of their own to pods: so those of the template are shown where nothing selects them either,
/// and else the pod that has others.
fn place<'a>(workload: &Workload<'_>, open: &'a Labels, template: Option<&'a Labels>) -> Place<'a> {
    let metas = || workload.pods.iter().filter_map(|pod| pod.metadata.as_ref());
    match (
        template.filter(|_| workload.object.is_some()),
        metas().find(|meta| meta.labels == *open),
    ) {
        (None, Some(pod)) => (Kind::Pod.reference(pod), "metadata.labels".to_owned(), open),
        (template, _) => {
            let path = workload.path.strip_suffix("spec").unwrap_or_default();
            (
                workload.reference.clone(),
                format!("{path}metadata.labels"),
                template.unwrap_or(open),
            )
        }
    }
}

fn finding(workload: &Workload<'_>, policies: &[&NetworkPolicy], (object, path, labels): &Place<'_>) -> Finding {
    let policies = match policies.len() {
        1 => "the one network policy".to_owned(),
        more => format!("any of the {more} network policies"),
    };
    let message = format!(
        "Pods of {} are not selected for ingress by {policies} of the namespace, so every connection to them is let in.",
        workload.reference,
    );
    CHECK
        .finding(
            workload.reference.clone(),
            "",
            format!("No network policy selects {}", workload.reference),
            message,
        )
        .witness_in(object.clone(), path.as_str(), json!(labels))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn workload(pod: &str, policies: &[&str]) -> String {
        let mut manifests = format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{metadata: {{labels: {{app: web}}}}, spec: {{{pod}}}}}}}
"
        );
        for (number, spec) in policies.iter().enumerate() {
            manifests += &format!(
                "
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: p{number}, namespace: shop}}
spec: {spec}
"
            );
        }
        manifests
    }

    const OTHER: &str = "{podSelector: {matchLabels: {app: db}}}";

    fn fails(policies: &[&str]) -> bool {
        !titles(&CHECK, &workload("", policies)).is_empty()
    }

    #[test]
    fn a_workload_that_policies_pass_over_fails() {
        let found = findings(&CHECK, &workload("", &[OTHER])).remove(0);
        assert_eq!(found.title, "No network policy selects Deployment shop/web");
        assert_eq!(
            (found.witness[0].path.as_str(), &found.witness[0].value["app"]),
            ("spec.template.metadata.labels", &"web".into())
        );
    }

    #[test]
    fn selection_by_labels_by_expression_and_of_all_counts() {
        assert!(!fails(&[OTHER, "{podSelector: {matchLabels: {app: web}}}"]));
        assert!(!fails(&[
            "{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}}"
        ]));
        assert!(!fails(&[
            "{podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [db]}]}}"
        ]));
        assert!(!fails(&["{podSelector: {}}"]));
    }

    #[test]
    fn a_policy_for_egress_alone_isolates_nothing_for_ingress() {
        assert!(fails(&["{podSelector: {}, policyTypes: [Egress], egress: [{}]}"]));
        assert!(!fails(&["{podSelector: {}, egress: [{}]}"]));
    }

    #[test]
    fn namespaces_without_policies_and_pods_on_the_network_of_their_node_do_not_count() {
        assert_eq!(titles(&CHECK, &workload("", &[])), [""; 0]);
        assert_eq!(titles(&CHECK, &workload("hostNetwork: true", &[OTHER])), [""; 0]);
    }

    #[test]
    fn the_labels_of_the_pods_themselves_count_where_there_are_pods() {
        let pod = |labels: &str| {
            format!(
                "
---
apiVersion: v1
kind: Pod
metadata:
  name: web-1
  namespace: shop
  labels: {{{labels}}}
  ownerReferences: [{{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}}]
spec: {{containers: [{{name: c}}]}}
"
            )
        };
        let policy = "{podSelector: {matchLabels: {app: web}}}";
        assert_eq!(
            titles(&CHECK, &(workload("", &[policy]) + &pod("app: web, extra: x"))),
            [""; 0]
        );
        let found = findings(&CHECK, &(workload("", &[policy]) + &pod("app: quarantine"))).remove(0);
        assert_eq!(
            (found.witness[0].object.kind.as_str(), found.witness[0].path.as_str()),
            ("Pod", "metadata.labels")
        );
        let found = findings(
            &CHECK,
            &(workload("", &[OTHER]) + &pod("app: web, pod-template-hash: x")),
        )
        .remove(0);
        assert_eq!(found.witness[0].path, "spec.template.metadata.labels");
        assert_eq!(found.witness[0].value, serde_json::json!({"app": "web"}));
    }

    #[test]
    fn a_policy_of_another_namespace_does_not_count() {
        let other = workload("", &["{podSelector: {}}"]).replace(
            "kind: NetworkPolicy\nmetadata: {name: p0, namespace: shop}",
            "kind: NetworkPolicy\nmetadata: {name: p0, namespace: tools}",
        );
        assert_eq!(
            titles(&CHECK, &format!("{other}\n---\n{}", workload("", &[OTHER]))).len(),
            1
        );
    }
}
