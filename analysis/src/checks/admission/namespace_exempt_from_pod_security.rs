//! Namespaces that are left out of the Pod Security Standards on purpose.

use serde_json::json;
use shared::verdict::{Area, Severity};

use super::pod_security_not_enforced::{LABEL, broken, enforce_baseline, in_the_way};
use crate::admission::is_of_the_system;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;

/// See its fields.
pub static CHECK: Check = Check {
    id: "namespace-exempt-from-pod-security",
    title: "Namespace is exempt from Pod Security",
    area: Area::Admission,
    severity: Severity::Medium,
    rationale: "The label privileged lets pods of every kind in, for good: whoever may create pods there can take over the \
        node. Agents of the node and storage drivers need it, and a namespace of their own for it; an application does not. \
        Namespaces of the system are left to pod-security-not-enforced.",
    remediation: "Enforce baseline where its pods allow it. Move what needs more into a namespace of its own that few may write \
        to, and keep the warn and audit labels at baseline, so that what else comes in is seen.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::Namespace)]),
    judge: Judge::Namespace(judge),
};

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    let Some(meta) = namespace.metadata.as_ref().filter(|_| !namespace.is_terminating()) else {
        return Outcome::NotApplicable;
    };
    if is_of_the_system(&meta.name) || cluster.workloads_in(&meta.name).next().is_none() {
        return Outcome::NotApplicable;
    }
    match meta.labels.get(LABEL).map(String::as_str) {
        Some("privileged") => Outcome::of(vec![finding(cluster, meta)]),
        // Whether it enforces anything is another check's question.
        _ => Outcome::Pass,
    }
}

fn finding(cluster: &Cluster<'_>, meta: &ObjectMeta) -> Finding {
    let object = Kind::Namespace.reference(meta);
    let broken = broken(cluster, &meta.name);
    let needs = match broken.is_empty() {
        true => " None of its workloads needs more than baseline.".to_owned(),
        false => in_the_way(&broken),
    };
    let message = format!(
        "Namespace {} lets pods of every kind in, by its label.{needs}",
        meta.name
    );
    let patch = broken.is_empty().then(|| enforce_baseline(object.clone()));
    CHECK
        .finding(object, "", CHECK.title, message)
        .witness(format!("metadata.labels[{LABEL}]"), json!("privileged"))
        .patch(format!("Enforce the baseline level in {}", meta.name), patch)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn manifests(namespace: &str, level: &str, spec: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: {namespace}, labels: {{pod-security.kubernetes.io/enforce: {level}}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {namespace}}}
spec: {{template: {{spec: {spec}}}}}
"
        )
    }

    const PLAIN: &str = "{containers: [{name: c, image: i}]}";
    const AGENT: &str = "{hostPID: true, containers: [{name: c, image: i}]}";

    #[test]
    fn an_exemption_that_nothing_needs_can_be_taken_back() {
        let needless = manifests("shop", "privileged", PLAIN);
        let found = findings(&CHECK, &needless).remove(0);
        assert!(
            found
                .message
                .ends_with("None of its workloads needs more than baseline."),
            "{}",
            found.message
        );
        assert!(is_closed_by_patches(&CHECK, &needless));
    }

    #[test]
    fn one_that_a_workload_needs_names_it_and_has_no_patch() {
        let found = findings(&CHECK, &manifests("agents", "privileged", AGENT)).remove(0);
        assert!(
            found
                .message
                .ends_with("Baseline would refuse Deployment web (Namespaces of the node)."),
            "{}",
            found.message
        );
        assert_eq!(found.patch, None);
    }

    #[test]
    fn other_levels_and_namespaces_of_the_system_are_no_findings() {
        for (namespace, level) in [
            ("shop", "baseline"),
            ("kube-system", "privileged"),
            ("openshift-dns", "privileged"),
        ] {
            assert_eq!(
                titles(&CHECK, &manifests(namespace, level, AGENT)),
                [""; 0],
                "{namespace} {level}"
            );
        }
    }
}
