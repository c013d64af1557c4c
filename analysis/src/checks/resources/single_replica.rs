//! Services that one pod answers for.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::service::Service;
use crate::model::{Kind, Object};
use crate::services::{self, services_of};

/// See its fields.
pub static CHECK: Check = Check {
    id: "single-replica",
    title: "One pod answers for a Service",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "While the only pod is moved, by an upgrade of its node for instance, nobody answers; and whoever can \
        kill it, by a request that exhausts it, has taken the service down. Deployments and StatefulSets that no \
        Service leads to, as most controllers, are left out. A HorizontalPodAutoscaler may raise the number; those \
        are not read.",
    remediation: "Run two replicas or more, spread over nodes, with a PodDisruptionBudget. If the program can't have \
        a second one beside it, accept this with that reason.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::Service)]),
    judge: Judge::Workload(judge),
};

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let is_judged = workload
        .object
        .is_some_and(|object| matches!(object.kind(), Kind::Deployment | Kind::StatefulSet));
    let services = services_of(cluster, workload);
    match (workload.replicas, services.first()) {
        (Some(1), Some(service)) if is_judged => Outcome::Fail(vec![finding(workload, service)]),
        (Some(2..), Some(_)) if is_judged => Outcome::Pass,
        _ => Outcome::NotApplicable,
    }
}

/// The number as it is written.
fn written(object: &Object) -> Option<i32> {
    match object {
        Object::Deployment(it) => it.spec.as_ref()?.replicas,
        Object::StatefulSet(it) => it.spec.as_ref()?.replicas,
        _ => None,
    }
}

fn finding(workload: &Workload<'_>, service: &Service) -> Finding {
    let reference = &workload.reference;
    let service = services::reference(service);
    let number = workload.object.and_then(written);
    let default = if number.is_none() {
        ", as nothing else is written"
    } else {
        ""
    };
    CHECK
        .finding(
            reference.clone(),
            "",
            format!("{reference} runs one pod"),
            format!("{service} leads to the one pod of {reference}{default}: while that is replaced, nobody answers."),
        )
        .witness("spec.replicas", json!(number))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn workload(kind: &str, spec: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: {kind}
metadata: {{name: web, namespace: shop}}
spec: {{{spec}template: {{metadata: {{labels: {{app: web}}}}, spec: {{containers: [{{name: c}}]}}}}}}
---
"
        )
    }

    const SERVICE: &str = "
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
";

    #[test]
    fn one_replica_behind_a_service_fails_written_or_not() {
        for kind in ["Deployment", "StatefulSet"] {
            for spec in ["replicas: 1, ", ""] {
                let manifests = workload(kind, spec) + SERVICE;
                assert_eq!(titles(&CHECK, &manifests), [format!("{kind} shop/web runs one pod")]);
            }
        }
        let unwritten = findings(&CHECK, &(workload("Deployment", "") + SERVICE)).remove(0);
        assert_eq!(unwritten.witness[0].value, serde_json::Value::Null);
    }

    #[test]
    fn two_replicas_none_and_what_no_service_leads_to_do_not() {
        for spec in ["replicas: 2, ", "replicas: 0, "] {
            assert!(
                titles(&CHECK, &(workload("Deployment", spec) + SERVICE)).is_empty(),
                "{spec}"
            );
        }
        assert!(titles(&CHECK, &workload("Deployment", "replicas: 1, ")).is_empty());
        assert!(titles(&CHECK, &(workload("DaemonSet", "") + SERVICE)).is_empty());
    }
}
