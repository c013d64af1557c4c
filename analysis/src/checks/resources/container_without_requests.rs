//! Containers for which nothing is kept.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::resources::given;

/// See its fields.
pub static CHECK: Check = Check {
    id: "container-without-requests",
    title: "Container asks for no CPU or memory",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "The scheduler places a pod by what it asks for: one that asks for nothing fits everywhere, also where \
        there is no room. It gets what the others leave over, and is the first to be evicted when memory runs short. \
        A limit counts as a request where none stands, as the API server has it; so do requests of the pod as a whole \
        and the defaults of a LimitRange. Static pods are left out.",
    remediation: "Set resources.requests by what the container uses as a rule, or give the namespace a LimitRange \
        with a defaultRequest.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::LimitRange)]),
    judge: Judge::Workload(judge),
};

fn judge<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>) -> Outcome {
    if workload.is_static_pod() {
        return Outcome::NotApplicable;
    }
    let (mut findings, mut unseen) = (Vec::new(), None);
    // An ephemeral container can't have requests.
    for at in workload.containers().filter(|at| at.list != ContainerList::Ephemeral) {
        let request = |resource: &str| given::request(cluster, workload, at, resource);
        let lacks = given::lacks(&["cpu", "memory"], at, "request", request);
        findings.extend(finding(workload, at, &lacks.missing));
        unseen = unseen.or(lacks.unseen);
    }
    Outcome::of_seen(findings, unseen)
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>, missing: &[&str]) -> Option<Finding> {
    let name = &at.container.name;
    let lacks = match missing {
        [] => return None,
        ["cpu", "memory"] => "CPU or memory",
        ["cpu"] => "CPU",
        _ => "memory",
    };
    let finding = CHECK.container_finding(
        workload,
        at,
        format!("Container {name} asks for no {lacks}"),
        format!(
            "Nothing is kept for container {name} of {}: the scheduler places it as if it used none.",
            workload.reference
        ),
    );
    let requests = at.container.resources.as_ref().map(|resources| &resources.requests);
    Some(missing.iter().fold(finding, |finding, resource| {
        let value = requests
            .and_then(|requests| requests.get(resource))
            .map(|quantity| quantity.text.as_str());
        finding.witness_at(
            workload.container_field(at, &format!("resources.requests.{resource}")),
            value,
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::cluster::Cluster;
    use crate::fixture::{findings, snapshot, titles};

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

    fn container(resources: &str) -> String {
        deployment(&format!("{{containers: [{{name: web, resources: {resources}}}]}}"))
    }

    fn limit_range(item: &str) -> String {
        format!(
            "\napiVersion: v1\nkind: LimitRange\nmetadata: {{name: l, namespace: shop}}\nspec: {{limits: [{item}]}}\n---\n"
        )
    }

    #[test]
    fn init_containers_sidecars_and_containers_need_requests() {
        let bare = deployment("{initContainers: [{name: side, restartPolicy: Always}], containers: [{name: web}]}");
        assert_eq!(
            titles(&CHECK, &bare),
            [
                "Container side asks for no CPU or memory",
                "Container web asks for no CPU or memory"
            ]
        );
    }

    #[test]
    fn a_limit_counts_and_a_request_of_zero_does_not() {
        assert!(titles(&CHECK, &container("{limits: {cpu: 1, memory: 1Gi}}")).is_empty());
        let zero = container("{requests: {cpu: 0, memory: 1Gi}, limits: {cpu: 1}}");
        let found = findings(&CHECK, &zero);
        assert_eq!(found[0].title, "Container web asks for no CPU");
        assert_eq!(found[0].witness[0].value, "0");
    }

    #[test]
    fn requests_of_the_pod_count() {
        let pod = deployment("{resources: {requests: {cpu: 1, memory: 1Gi}}, containers: [{name: web}]}");
        assert!(titles(&CHECK, &pod).is_empty());
    }

    #[test]
    fn every_default_of_a_limit_range_for_containers_counts() {
        for field in ["defaultRequest", "default", "max", "min"] {
            let range = limit_range(&format!("{{type: Container, {field}: {{cpu: 1, memory: 1Gi}}}}"));
            assert!(titles(&CHECK, &(container("{}") + &range)).is_empty(), "{field}");
        }
        let of_pods = limit_range("{type: Pod, max: {cpu: 1, memory: 1Gi}}");
        assert_eq!(titles(&CHECK, &(container("{}") + &of_pods)).len(), 1);
    }

    #[test]
    fn an_amount_that_makes_no_sense_is_not_guessed() {
        let snapshot = snapshot(&container("{requests: {cpu: two, memory: 1Gi}}"));
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let outcome = crate::run::outcomes(&CHECK, &cluster).remove(0).1;
        assert!(
            matches!(&outcome, Outcome::NotEvaluated(reason) if reason.contains("\"two\"")),
            "{outcome:?}"
        );
    }

    #[test]
    fn static_pods_are_left_out() {
        let pod = crate::control_plane::fixture::api_server("cp1", &[]);
        assert!(titles(&CHECK, &pod).is_empty());
    }
}
