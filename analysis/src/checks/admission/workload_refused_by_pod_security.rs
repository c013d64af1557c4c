//! Workloads whose pods their namespace would refuse by now.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::field::{look_up, split};
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::namespace::Namespace;
use crate::pod_security::admission::{Asked, policy};
use crate::pod_security::{Level, Violation, namespaces, of_new_pods};

/// See its fields.
pub static CHECK: Check = Check {
    id: "workload-refused-by-pod-security",
    title: "Workload would be refused by the level of its namespace",
    area: Area::Admission,
    severity: Severity::Medium,
    rationale: "Pod Security looks at a pod when it is made, and leaves those that run already. These pods do what their namespace \
        forbids, and once they have ended, on the next roll-out or when a node goes, no new ones come up. Pods that run tell what \
        admission makes of the template; where there are none, the template is judged. Exemptions in the API server's own \
        configuration can't be seen.",
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
    let pods = workload.pods_of_template(cluster.snapshot);
    let violations = of_new_pods(enforced.level, version, workload, &pods);
    Outcome::of(finding(cluster, workload, enforced, &violations).into_iter().collect())
}

/// What stands in the fields.
fn values(cluster: &Cluster<'_>, fields: &[(ObjectRef, Violation)]) -> Vec<Value> {
    let mut manifests: BTreeMap<ObjectRef, Value> = BTreeMap::new();
    let value = |(object, violation): &(ObjectRef, Violation)| {
        let manifest = manifests.entry(object.clone()).or_insert_with(|| {
            let read = cluster.snapshot.resolve(object);
            read.map(|object| object.to_manifest()).unwrap_or_default()
        });
        look_up(manifest, &split(&violation.field))
    };
    fields.iter().map(value).collect()
}

fn finding(
    cluster: &Cluster<'_>,
    workload: &Workload<'_>,
    enforced: Asked,
    violations: &[(ObjectRef, Violation)],
) -> Option<Finding> {
    if violations.is_empty() {
        return None;
    }
    let (namespace, level) = (&workload.reference.namespace, enforced.level);
    let said: Vec<&str> = violations
        .iter()
        .take(NAMED)
        .map(|(_, violation)| violation.message.as_str())
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
    let evidence = violations.iter().zip(values(cluster, violations));
    Some(evidence.fold(finding, |finding, ((object, violation), value)| {
        finding.witness_in(object.clone(), violation.field.clone(), value)
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::confinement::fixture::{RESTRICTED, pod};
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
                ("spec.containers[sidecar].securityContext.privileged", json!(true))
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

    /// The objects and fields that stand in the way of new pods, under the restricted level.
    fn refused(spec: &str, pods: &[String]) -> Vec<String> {
        let namespace = manifests("pod-security.kubernetes.io/enforce: restricted", spec);
        let found = findings(&CHECK, &(namespace + &pods.concat()));
        let witness = found.into_iter().flat_map(|finding| finding.witness);
        witness
            .map(|witness| format!("{} {}", witness.object, witness.path))
            .collect()
    }

    const PLAIN: &str = "{containers: [{name: c}]}";

    #[test]
    fn pods_tell_what_admission_makes_of_the_template() {
        assert_eq!(refused(PLAIN, &[pod("a", RESTRICTED)]), [""; 0]);
        assert!(refused(PLAIN, &[])[0].starts_with("Deployment shop/web spec.template.spec."));
        assert_eq!(refused(PLAIN, &[pod("a", PLAIN)]), refused(PLAIN, &[]));
    }

    #[test]
    fn what_only_a_pod_breaks_is_shown_in_it_and_a_debugger_is_in_no_new_pod() {
        let shares = RESTRICTED.replacen('{', "{hostPID: true, ephemeralContainers: [{name: d}], ", 1);
        assert_eq!(refused(PLAIN, &[pod("a", &shares)]), ["Pod shop/a spec.hostPID"]);
    }
}
