//! Containers that may use all of their node.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::resources::given;

/// See its fields.
pub static CHECK: Check = Check {
    id: "container-without-limits",
    title: "Container has no resource limits",
    area: Area::Resources,
    severity: Severity::Medium,
    rationale: "A container without a memory limit can use up its node and have other pods killed: a leak or an attack in one \
        takes down its neighbours. Without a CPU limit alone it only slows them, as far as their requests allow, which is \
        of low severity. Limits of the pod as a whole, and the defaults of a LimitRange, count. Static pods are left out: a \
        limit on the API server or etcd does more harm than good.",
    remediation: "Set resources.limits by what the container was measured to use, or give the namespace a LimitRange with a \
        default.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::LimitRange)]),
    judge: Judge::Workload(judge),
};

fn judge<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>) -> Outcome {
    if workload.is_static_pod() {
        return Outcome::NotApplicable;
    }
    let (mut findings, mut unseen) = (Vec::new(), None);
    // An ephemeral container can't have limits.
    for at in workload.containers().filter(|at| at.list != ContainerList::Ephemeral) {
        let limit = |resource: &str| given::limit(cluster, workload, at, resource);
        let lacks = given::lacks(&["memory", "cpu"], at, "limit", limit);
        findings.extend(finding(workload, at, &lacks.missing));
        unseen = unseen.or(lacks.unseen);
    }
    Outcome::of_seen(findings, unseen)
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>, missing: &[&str]) -> Option<Finding> {
    let name = &at.container.name;
    let lacks = match missing {
        [] => return None,
        ["memory", "cpu"] => "memory or CPU",
        ["memory"] => "memory",
        _ => "CPU",
    };
    let mut finding = CHECK.container_finding(
        workload,
        at,
        format!("Container {name} has no {lacks} limit"),
        format!(
            "Container {name} of {} may use as much as its node has, and no LimitRange gives it a limit.",
            workload.reference
        ),
    );
    if !missing.contains(&"memory") {
        finding.severity = Severity::Low;
    }
    let limits = at.container.resources.as_ref().map(|resources| &resources.limits);
    Some(missing.iter().fold(finding, |finding, resource| {
        let value = limits
            .and_then(|limits| limits.get(resource))
            .map(|quantity| quantity.text.as_str());
        finding.witness_at(
            workload.container_field(at, &format!("resources.limits.{resource}")),
            value,
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{findings, titles};

    fn deployment(spec: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{spec: {spec}}}}}
---
"
        )
    }

    fn limit_range(item: &str) -> String {
        format!(
            "\napiVersion: v1\nkind: LimitRange\nmetadata: {{name: l, namespace: shop}}\nspec: {{limits: [{item}]}}\n---\n"
        )
    }

    const BARE: &str = "{initContainers: [{name: side, restartPolicy: Always}], containers: [{name: web}]}";

    #[test]
    fn init_containers_sidecars_and_containers_need_limits() {
        let titles = titles(&CHECK, &deployment(BARE));
        assert_eq!(
            titles,
            [
                "Container side has no memory or CPU limit",
                "Container web has no memory or CPU limit"
            ]
        );
    }

    #[test]
    fn both_limits_pass_and_a_missing_cpu_limit_is_low() {
        let both = deployment("{containers: [{name: web, resources: {limits: {cpu: 1, memory: 1Gi}}}]}");
        assert!(titles(&CHECK, &both).is_empty());
        let memory = deployment("{containers: [{name: web, resources: {limits: {memory: 1Gi}}}]}");
        let finding = findings(&CHECK, &memory).remove(0);
        assert_eq!(
            (finding.severity, finding.title.as_str()),
            (Severity::Low, "Container web has no CPU limit")
        );
        assert_eq!(
            finding.witness[0].path,
            "spec.template.spec.containers[web].resources.limits.cpu"
        );
    }

    #[test]
    fn a_request_is_no_limit_and_zero_is_none() {
        let zero = deployment(
            "{containers: [{name: web, resources: {requests: {memory: 1Gi}, limits: {cpu: 1, memory: '0'}}}]}",
        );
        let finding = findings(&CHECK, &zero).remove(0);
        assert_eq!(
            (finding.severity, &finding.witness[0].value),
            (Severity::Medium, &serde_json::json!("0"))
        );
    }

    #[test]
    fn limits_of_the_pod_bound_its_containers() {
        let pod = deployment("{resources: {limits: {cpu: 1, memory: 1Gi}}, containers: [{name: web}]}");
        assert!(titles(&CHECK, &pod).is_empty());
    }

    #[test]
    fn the_default_of_a_limit_range_counts_and_so_does_its_maximum() {
        for item in [
            "{type: Container, default: {cpu: 1, memory: 1Gi}}",
            "{type: Container, max: {cpu: 1, memory: 1Gi}}",
        ] {
            assert!(
                titles(&CHECK, &(deployment(BARE) + &limit_range(item))).is_empty(),
                "{item}"
            );
        }
        for item in [
            "{type: Pod, max: {cpu: 1, memory: 1Gi}}",
            "{type: Container, defaultRequest: {cpu: 1, memory: 1Gi}}",
        ] {
            assert_eq!(
                titles(&CHECK, &(deployment(BARE) + &limit_range(item))).len(),
                2,
                "{item}"
            );
        }
    }

    #[test]
    fn a_sidecar_that_only_pods_have_needs_limits_and_the_worst_pod_counts() {
        let pod = |name: &str, limits: &str| {
            format!(
                "
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop, ownerReferences: [{{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}}]}}
spec: {{containers: [{{name: web}}, {{name: proxy, resources: {{limits: {{{limits}}}}}}}]}}
---
"
            )
        };
        let limited = deployment("{containers: [{name: web, resources: {limits: {cpu: 1, memory: 1Gi}}}]}");
        let found = findings(&CHECK, &(limited + &pod("a", "memory: 1Gi") + &pod("b", "")));
        let [finding] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!((finding.subkey.as_str(), finding.severity), ("proxy", Severity::Medium));
        assert_eq!(finding.witness[0].object.name, "b");
    }

    #[test]
    fn static_pods_are_left_out() {
        let pod = crate::control_plane::fixture::api_server("cp1", &[]);
        assert!(titles(&CHECK, &pod).is_empty());
    }
}
