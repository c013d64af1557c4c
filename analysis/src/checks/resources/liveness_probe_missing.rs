//! Containers that nobody restarts when they hang.

use shared::verdict::{Area, Severity};

use super::runs_to_its_end;
use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::finding::Finding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "liveness-probe-missing",
    title: "Container has no liveness probe",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "The kubelet restarts a container whose process ends. One that hangs, in a deadlock for instance, goes \
        on until somebody notices, unless a liveness probe fails. Jobs and pods that run to their end, init \
        containers, sidecars and what admission puts into pods are left out, and so are static pods.",
    remediation: "Add a livenessProbe that fails only where a restart helps: it must not depend on other services, or \
        their outage restarts everything. Give slow starters a startupProbe. If the process ends by itself whenever \
        it can't go on, accept this.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if workload.is_static_pod() || runs_to_its_end(workload) {
        return Outcome::NotApplicable;
    }
    let regular = workload
        .containers()
        .filter(|at| at.list == ContainerList::Regular && at.pod.is_none());
    let unwatched = regular.filter(|at| at.container.liveness_probe.is_none());
    Outcome::of(unwatched.map(|at| finding(workload, at)).collect())
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Finding {
    let name = &at.container.name;
    CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} has no liveness probe"),
            format!(
                "If container {name} of {} hangs, nothing restarts it.",
                workload.reference
            ),
        )
        .witness_at(workload.container_field(at, "livenessProbe"), serde_json::Value::Null)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::titles;

    fn workload(kind: &str, spec: &str) -> String {
        let (api, spec) = match kind {
            "Pod" => ("v1", spec.to_owned()),
            "CronJob" => (
                "batch/v1",
                format!("{{jobTemplate: {{spec: {{template: {{spec: {spec}}}}}}}}}"),
            ),
            "Job" => ("batch/v1", format!("{{template: {{spec: {spec}}}}}")),
            _ => ("apps/v1", format!("{{template: {{spec: {spec}}}}}")),
        };
        format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: web, namespace: shop}}\nspec: {spec}")
    }

    #[test]
    fn containers_need_a_probe_and_init_containers_and_sidecars_do_not() {
        let spec = "{initContainers: [{name: init}, {name: side, restartPolicy: Always}], containers: [{name: web}, {name: log, livenessProbe: {tcpSocket: {port: 80}}}]}";
        for kind in ["Deployment", "StatefulSet", "DaemonSet", "Pod"] {
            assert_eq!(
                titles(&CHECK, &workload(kind, spec)),
                ["Container web has no liveness probe"],
                "{kind}"
            );
        }
    }

    #[test]
    fn what_runs_to_its_end_needs_none() {
        for kind in ["Job", "CronJob"] {
            assert!(
                titles(&CHECK, &workload(kind, "{containers: [{name: web}]}")).is_empty(),
                "{kind}"
            );
        }
        for policy in ["Never", "OnFailure"] {
            let pod = workload(
                "Pod",
                &format!("{{restartPolicy: {policy}, containers: [{{name: web}}]}}"),
            );
            assert!(titles(&CHECK, &pod).is_empty(), "{policy}");
        }
    }

    #[test]
    fn what_admission_puts_into_pods_is_left_out() {
        let watched = "{containers: [{name: web, livenessProbe: {tcpSocket: {port: 80}}}]}";
        let pod = "
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec: {containers: [{name: web}, {name: proxy}]}
";
        let manifests = format!("{}\n---\n{pod}", workload("Deployment", watched));
        assert!(titles(&CHECK, &manifests).is_empty());
    }
}
