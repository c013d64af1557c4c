//! Pods that lack the sidecar that they should have been given.

use shared::verdict::{Area, Severity};

use crate::admission::injection::{self, Expected};
use crate::admission::known::Webhooks;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::namespace::Namespace;

/// See its fields.
pub static CHECK: Check = Check {
    id: "sidecar-missing",
    title: "Pod lacks its sidecar",
    area: Area::Admission,
    severity: Severity::Medium,
    rationale: "The sidecar is what encrypts, authorises or watches: a pod without it speaks in the clear and is held to none \
        of the mesh's rules, though its namespace or its own annotation asks for one. Pods that were there before the label \
        lack it, and those that came while a webhook which fails open did not answer. A pod that opted out, one on the \
        network of its node and one on Windows are no findings.",
    remediation: "Restart the workload (kubectl rollout restart), and look at the events and at the injector if the new pods \
        lack it too. Let the injector's webhook fail closed.",
    reads: &workloads_and::<10>(&[
        Need::Read(Kind::Namespace),
        Need::Read(Kind::MutatingWebhookConfiguration),
    ]),
    judge: Judge::Namespace(judge),
};

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    if namespace.is_terminating() {
        return Outcome::NotApplicable;
    }
    let expected = injection::expected(cluster, &Webhooks::new(cluster), namespace);
    if expected.iter().all(|(_, sidecars)| sidecars.is_empty()) {
        return Outcome::NotApplicable;
    }
    let found = expected
        .iter()
        .flat_map(|(workload, sidecars)| sidecars.iter().filter_map(|sidecar| finding(workload, sidecar)));
    Outcome::of(found.collect())
}

fn finding(workload: &Workload<'_>, sidecar: &Expected) -> Option<Finding> {
    let lacking = sidecar.lacking(workload);
    let (first, all) = (lacking.first()?, workload.pods.len());
    let (container, injector) = (sidecar.container(), &sidecar.injector);
    let pods = match lacking.len() {
        count if count == all => "No pod".to_owned(),
        count => format!("{} of {all} pods", all - count),
    };
    let verb = if lacking.len() == all || all - lacking.len() == 1 {
        "has"
    } else {
        "have"
    };
    let message = format!(
        "{pods} of {} {verb} the container {container}, which {injector} puts in by {} of {}.",
        workload.reference, sidecar.asked_by.1, sidecar.asked_by.0
    );
    let (object, path, value) = sidecar.asked_by.clone();
    let mut finding = CHECK
        .finding(
            workload.reference.clone(),
            container,
            format!("{} lacks {container}", workload.reference),
            message,
        )
        .witness_in(object, path, value);
    if let Some(meta) = &first.metadata {
        finding = finding.witness_in(Kind::Pod.reference(meta), "spec.containers", names(first));
    }
    Some(finding)
}

fn names(pod: &crate::model::pod::Pod) -> Vec<String> {
    let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
    containers.map(|container| container.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn pods(labels: &str, template: &str, pods: &[&str]) -> String {
        let pod = |(place, containers): (usize, &&str)| {
            format!(
                "
---
apiVersion: v1
kind: Pod
metadata: {{name: web-{place}, namespace: shop, ownerReferences: [{{apiVersion: apps/v1, kind: StatefulSet, name: web, controller: true}}]}}
spec: {{containers: [{containers}]}}"
            )
        };
        let pods: String = pods.iter().enumerate().map(pod).collect();
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{{labels}}}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: web, namespace: shop}}
spec: {{template: {{{template} spec: {{containers: [{{name: c}}]}}}}}}{pods}"
        )
    }

    const ISTIO: &str = "istio-injection: enabled";
    const PLAIN: &str = "{name: c}";
    const MESHED: &str = "{name: c}, {name: istio-proxy}";

    #[test]
    fn pods_without_the_proxy_are_one_finding_on_their_workload() {
        let found = findings(&CHECK, &pods(ISTIO, "", &[PLAIN, MESHED, PLAIN]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].title, "StatefulSet shop/web lacks istio-proxy");
        assert!(
            found[0]
                .message
                .starts_with("1 of 3 pods of StatefulSet shop/web has the"),
            "{}",
            found[0].message
        );
    }

    #[test]
    fn all_that_have_it_pass_and_so_do_namespaces_that_ask_for_none() {
        assert_eq!(titles(&CHECK, &pods(ISTIO, "", &[MESHED])), [""; 0]);
        assert_eq!(titles(&CHECK, &pods("", "", &[PLAIN])), [""; 0]);
    }

    #[test]
    fn a_template_without_pods_says_nothing_of_injection() {
        assert_eq!(titles(&CHECK, &pods(ISTIO, "", &[])), [""; 0]);
    }

    #[test]
    fn a_workload_that_opted_out_is_no_finding() {
        let opted_out = "metadata: {annotations: {sidecar.istio.io/inject: 'false'}},";
        assert_eq!(titles(&CHECK, &pods(ISTIO, opted_out, &[PLAIN])), [""; 0]);
    }
}
