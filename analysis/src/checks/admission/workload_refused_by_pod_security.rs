//! Workloads whose pods their namespace would refuse by now.

use serde_json::Value;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::field::{look_up, split};
use crate::finding::Finding;
use crate::model::namespace::Namespace;
use crate::model::{Kind, Object};
use crate::pod_security::admission::{Asked, policy};
use crate::pod_security::{Level, Pod, Version, Violation, namespaces, of_workload, violations};

/// See its fields.
pub static CHECK: Check = Check {
    id: "workload-refused-by-pod-security",
    title: "Workload would be refused by the level of its namespace",
    area: Area::Admission,
    severity: Severity::Medium,
    rationale: "Pod Security looks at a pod when it is made, and leaves those that run already. These pods do what their namespace \
        forbids, and once they have ended, on the next roll-out or when a node goes, no new ones come up. Exemptions in the API server's \
        own configuration can't be seen.",
    remediation: "Change the fields that are named, or move the workload to a namespace of a wider level.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::Namespace)]),
    judge: Judge::Workload(judge),
};

/// How many fields the message names.
const NAMED: usize = 3;

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let namespace = cluster.snapshot.find::<Namespace>("", &workload.reference.namespace);
    let Some(meta) = namespace.and_then(|namespace| namespace.metadata.as_ref()) else {
        return Outcome::NotApplicable;
    };
    let enforced = policy(meta).enforce;
    // The kubelet makes static pods, and is not refused.
    if enforced.level == Level::Privileged || workload.is_static_pod() {
        return Outcome::NotApplicable;
    }
    let version = enforced.version_in(namespaces::version_in(cluster));
    let violations = of_workload(enforced.level, version, workload);
    Outcome::of(finding(workload, enforced, version, &violations).into_iter().collect())
}

/// What stands in the fields: in the template those that the template breaks, which come first, and in a pod the others.
fn values(workload: &Workload<'_>, level: Level, version: Version, fields: &[Violation]) -> Vec<Value> {
    let template = Pod {
        meta: workload.pod_meta,
        spec: workload.spec,
    };
    let of_template = violations(level, version, template).len();
    let manifest = workload.object.map(Object::to_manifest).unwrap_or_default();
    let pods: Vec<Value> = workload
        .pods
        .iter()
        .filter_map(|pod| serde_json::to_value(pod).ok())
        .collect();
    let above = workload.path.strip_suffix("spec").unwrap_or_default();
    let value = |(place, violation): (usize, &Violation)| {
        if place < of_template && !manifest.is_null() {
            return look_up(&manifest, &split(&violation.field));
        }
        let field = split(violation.field.strip_prefix(above).unwrap_or(&violation.field));
        let mut found = pods.iter().map(|pod| look_up(pod, &field));
        found.find(|value| !value.is_null()).unwrap_or_default()
    };
    fields.iter().enumerate().map(value).collect()
}

fn finding(workload: &Workload<'_>, enforced: Asked, version: Version, violations: &[Violation]) -> Option<Finding> {
    if violations.is_empty() {
        return None;
    }
    let (namespace, level) = (&workload.reference.namespace, enforced.level);
    let said: Vec<&str> = violations
        .iter()
        .take(NAMED)
        .map(|violation| violation.message.as_str())
        .collect();
    let more = match violations.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" And {more} more."),
    };
    let title = format!(
        "Namespace {namespace} enforces {level}, which refuses new pods of {}",
        workload.reference.name
    );
    let finding = CHECK.finding(workload.reference.clone(), level.name(), title, said.join(" ") + &more);
    let values = values(workload, level, version, violations);
    let evidence = violations.iter().zip(values);
    Some(evidence.fold(finding, |finding, (violation, value)| {
        finding.witness(violation.field.clone(), value)
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::fixture::findings;

    fn manifests(labels: &str, spec: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{{labels}}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{spec: {spec}}}}}
"
        )
    }

    const SHARES: &str = "{hostPID: true, hostIPC: true, containers: [{name: c}]}";

    #[test]
    fn what_the_enforced_level_refuses_is_one_finding_with_all_its_fields() {
        let found = findings(
            &CHECK,
            &manifests("pod-security.kubernetes.io/enforce: baseline", SHARES),
        );
        let [finding] = found.as_slice() else {
            panic!("{found:?}")
        };
        let evidence = finding.witness.iter();
        let evidence: Vec<_> = evidence
            .map(|witness| (witness.path.as_str(), &witness.value))
            .collect();
        let yes = &json!(true);
        assert_eq!(
            evidence,
            [("spec.template.spec.hostPID", yes), ("spec.template.spec.hostIPC", yes)]
        );
    }

    #[test]
    fn the_evidence_is_what_stands_in_the_field_of_template_or_pod() {
        let template = "{containers: [{name: c, ports: [{containerPort: 80, hostPort: 8080}]}]}";
        let pod = "
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec: {containers: [{name: c, ports: [{containerPort: 80, hostPort: 8080}]}, {name: sidecar, securityContext: {privileged: true}}]}
";
        let manifests = manifests("pod-security.kubernetes.io/enforce: baseline", template) + pod;
        let found = findings(&CHECK, &manifests);
        let evidence = found[0].witness.iter();
        let evidence: Vec<_> = evidence
            .map(|witness| (witness.path.as_str(), witness.value.clone()))
            .collect();
        assert_eq!(
            evidence,
            [
                ("spec.template.spec.containers[c].ports[80].hostPort", json!(8080)),
                (
                    "spec.template.spec.containers[sidecar].securityContext.privileged",
                    json!(true)
                )
            ]
        );
    }

    #[test]
    fn what_is_only_warned_of_is_not_refused() {
        assert!(findings(&CHECK, &manifests("pod-security.kubernetes.io/warn: baseline", SHARES)).is_empty());
    }

    #[test]
    fn the_version_that_the_label_pins_decides() {
        let plain = "{securityContext: {runAsNonRoot: true}, containers: [{name: c}]}";
        let pinned = "pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/enforce-version: v1.7";
        assert!(findings(&CHECK, &manifests(pinned, plain)).is_empty());
        assert_eq!(
            findings(
                &CHECK,
                &manifests("pod-security.kubernetes.io/enforce: restricted", plain)
            )
            .len(),
            1
        );
    }
}
