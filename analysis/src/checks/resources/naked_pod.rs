//! Pods that nobody brings back.

use serde_json::json;
use shared::verdict::{Area, Severity};

use super::runs_to_its_end;
use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "naked-pod",
    title: "Pod has no controller",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "A pod that no controller made is gone with its node, and when it is evicted: nothing makes it again. \
        It is also what stays behind when somebody tried something by hand, or broke in. Static pods and pods that \
        run to their end are left out.",
    remediation: "Make a Deployment, a StatefulSet or a Job of it, or delete it if it was a trial.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let Some(object) = workload.object.filter(|object| object.kind() == Kind::Pod) else {
        return Outcome::Pass;
    };
    if workload.is_static_pod() || runs_to_its_end(workload) {
        return Outcome::NotApplicable;
    }
    // Whoever owns it without controlling it made it, and may do so again.
    if !object.meta().owner_references.is_empty() {
        return Outcome::Pass;
    }
    let reference = object.reference();
    let finding = CHECK
        .finding(
            reference.clone(),
            "",
            format!("{reference} has no controller"),
            format!("If {reference} is evicted, or its node fails, nothing makes it again."),
        )
        .witness("metadata.ownerReferences", json!(null));
    Outcome::Fail(vec![finding])
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::titles;

    fn pod(meta: &str, spec: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop{meta}}}\nspec: {{containers: [{{name: c}}]{spec}}}"
        )
    }

    #[test]
    fn a_pod_by_itself_fails() {
        for spec in ["", ", restartPolicy: Always"] {
            assert_eq!(titles(&CHECK, &pod("", spec)), ["Pod shop/web has no controller"]);
        }
    }

    #[test]
    fn a_pod_with_an_owner_or_an_end_passes() {
        for owner in [
            "apiVersion: apps/v1, kind: ReplicaSet, name: web, controller: true",
            "apiVersion: example.com/v1, kind: App, name: web",
        ] {
            let owned = pod(&format!(", ownerReferences: [{{{owner}}}]"), "");
            assert!(titles(&CHECK, &owned).is_empty(), "{owner}");
        }
        assert!(titles(&CHECK, &pod("", ", restartPolicy: Never")).is_empty());
    }

    #[test]
    fn static_pods_are_left_out() {
        let pod = crate::control_plane::fixture::api_server("cp1", &[]);
        assert!(titles(&CHECK, &pod).is_empty());
    }
}
