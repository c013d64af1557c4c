//! Namespaces in which Pod Security admission holds nobody back.

use std::collections::BTreeMap;

use serde_json::json;
use shared::object::ObjectRef;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::admission::is_of_the_system;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::pod_security::{self, Level, namespaces};

/// See its fields.
pub static CHECK: Check = Check {
    id: "pod-security-not-enforced",
    title: "Namespace enforces no Pod Security level",
    area: Area::Admission,
    severity: Severity::Medium,
    rationale: "Whoever may create pods in such a namespace may create a privileged one, and with it take over the node. \
        Only what the namespace's labels say can be seen: a default in the API server's admission configuration, or a \
        policy engine that does the same, is a reason to accept the finding. In kube-system and the namespaces of OpenShift \
        it is of low severity: who may write there rules the cluster anyway, and its pods need more than baseline.",
    remediation: "Label the namespace pod-security.kubernetes.io/enforce=baseline, or restricted where its pods allow it. \
        Where some need more, move them to a namespace of their own first; the labels warn and audit show what would be \
        refused. Running pods stay.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::Namespace)]),
    judge: Judge::Namespace(judge),
};

pub(super) const LABEL: &str = "pod-security.kubernetes.io/enforce";

/// How many workloads that stand in the way a finding names.
const NAMED: usize = 3;

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    let Some(meta) = namespace.metadata.as_ref().filter(|_| !namespace.is_terminating()) else {
        return Outcome::NotApplicable;
    };
    if cluster.workloads_in(&meta.name).next().is_none() {
        return Outcome::NotApplicable;
    }
    // The API server takes a level that it does not know for restricted. What is left out on purpose is another check's.
    match meta.labels.get(LABEL).map(String::as_str) {
        Some("privileged") if !is_of_the_system(&meta.name) => Outcome::NotApplicable,
        None | Some("privileged") => Outcome::Fail(vec![finding(cluster, meta)]),
        Some(_) => Outcome::Pass,
    }
}

fn finding(cluster: &Cluster<'_>, meta: &ObjectMeta) -> Finding {
    let level = meta.labels.get(LABEL).map(String::as_str);
    let object = Kind::Namespace.reference(meta);
    let broken = broken(cluster, &meta.name);
    let message = match level {
        None => format!(
            "Nothing in the labels of namespace {} keeps privileged pods out.",
            meta.name
        ),
        Some(_) => format!("Namespace {} lets pods of every kind in, by its label.", meta.name),
    };
    let mut finding = CHECK
        .finding(object.clone(), "", CHECK.title, message + &in_the_way(&broken))
        .witness(format!("metadata.labels[{LABEL}]"), level)
        .patch(
            format!("Enforce the baseline level in {}", meta.name),
            broken.is_empty().then(|| enforce_baseline(object)),
        );
    if is_of_the_system(&meta.name) {
        finding.severity = Severity::Low;
    }
    finding
}

pub(super) fn enforce_baseline(target: ObjectRef) -> Patch {
    Patch::Merge {
        target,
        body: json!({"metadata": {"labels": {LABEL: "baseline"}}}),
    }
}

/// The workloads that baseline would refuse, with what they break: by template, and by the pods that webhooks changed.
pub(super) fn broken(cluster: &Cluster<'_>, namespace: &str) -> BTreeMap<String, &'static str> {
    let version = namespaces::version_in(cluster);
    let named = |workload: &Workload<'_>| {
        let ObjectRef { kind, name, .. } = &workload.reference;
        let broken = pod_security::broken_by_workload(Level::Baseline, version, workload)?;
        Some((format!("{kind} {name}"), broken.title))
    };
    cluster.workloads_in(namespace).filter_map(named).collect()
}

pub(super) fn in_the_way(broken: &BTreeMap<String, &'static str>) -> String {
    let named: Vec<String> = broken
        .iter()
        .take(NAMED)
        .map(|(name, control)| format!("{name} ({control})"))
        .collect();
    match broken.len() {
        0 => String::new(),
        count if count > NAMED => {
            format!(
                " Baseline would refuse {} and {} more.",
                named.join(", "),
                count - NAMED
            )
        }
        _ => format!(" Baseline would refuse {}.", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::findings;

    fn manifests(namespace: &str, labels: &str, spec: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: {namespace}, labels: {{{labels}}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {namespace}}}
spec: {{template: {{spec: {spec}}}}}
---
"
        )
    }

    const PLAIN: &str = "{containers: [{name: c, image: i}]}";

    #[test]
    fn a_namespace_without_a_level_fails_and_can_be_labelled() {
        let finding = findings(&CHECK, &manifests("shop", "", PLAIN)).remove(0);
        assert_eq!(
            (finding.severity, finding.witness[0].value.is_null()),
            (Severity::Medium, true)
        );
        let patch = serde_json::to_value(finding.patch).unwrap();
        assert_eq!(patch["body"]["metadata"]["labels"][LABEL], "baseline");
    }

    #[test]
    fn a_namespace_that_is_being_deleted_is_not_judged() {
        let terminating =
            manifests("shop", "", PLAIN).replacen("labels: {}}", "labels: {}}\nstatus: {phase: Terminating}", 1);
        assert!(findings(&CHECK, &terminating).is_empty());
    }

    #[test]
    fn an_enforced_level_passes_and_privileged_is_none() {
        for level in ["baseline", "restricted", "no-such-level"] {
            assert!(
                findings(&CHECK, &manifests("shop", &format!("{LABEL}: {level}"), PLAIN)).is_empty(),
                "{level}"
            );
        }
        let privileged = format!("{LABEL}: privileged");
        assert_eq!(findings(&CHECK, &manifests("kube-system", &privileged, PLAIN)).len(), 1);
    }

    #[test]
    fn what_is_left_out_on_purpose_is_left_to_the_check_of_exemptions() {
        let privileged = format!("{LABEL}: privileged");
        assert!(findings(&CHECK, &manifests("shop", &privileged, PLAIN)).is_empty());
    }

    #[test]
    fn warn_and_audit_enforce_nothing() {
        let labels = "pod-security.kubernetes.io/warn: restricted, pod-security.kubernetes.io/audit: restricted";
        assert_eq!(findings(&CHECK, &manifests("shop", labels, PLAIN)).len(), 1);
    }

    #[test]
    fn no_level_is_suggested_that_a_template_or_a_changed_pod_breaks() {
        let agent = manifests("shop", "", "{hostPID: true, containers: [{name: c, image: i}]}");
        let injected = manifests("shop", "", PLAIN)
            + "
apiVersion: v1
kind: Pod
metadata: {name: web-a, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec: {initContainers: [{name: mesh, securityContext: {capabilities: {add: [NET_ADMIN]}}}], containers: [{name: c, image: i}]}
";
        for (manifests, control) in [
            (agent, "Namespaces of the node"),
            (injected, "Capabilities beyond the default"),
        ] {
            let finding = findings(&CHECK, &manifests).remove(0);
            assert_eq!(finding.patch, None);
            assert!(
                finding
                    .message
                    .ends_with(&format!("Baseline would refuse Deployment web ({control}).")),
                "{}",
                finding.message
            );
        }
    }

    #[test]
    fn namespaces_of_the_system_are_low_and_an_empty_namespace_is_not_judged() {
        for namespace in ["kube-system", "openshift-monitoring"] {
            let found = findings(&CHECK, &manifests(namespace, "", PLAIN)).remove(0);
            assert_eq!(found.severity, Severity::Low, "{namespace}");
        }
        assert!(findings(&CHECK, "apiVersion: v1\nkind: Namespace\nmetadata: {name: empty}").is_empty());
    }
}
