//! Containers that get requests before they can answer.

use serde_json::json;
use shared::verdict::{Area, Severity};

use super::runs_to_its_end;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::container::Container;
use crate::model::service::{Service, ServicePort};
use crate::resources::demand::is_sidecar;
use crate::services::{self, services_of};

/// See its fields.
pub static CHECK: Check = Check {
    id: "readiness-probe-missing",
    title: "Container behind a Service has no readiness probe",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "Without a readiness probe a pod counts as ready as soon as its processes run: a Service sends it \
        requests that it can't answer yet, and a roll-out goes on although the new version does not work. Judged are \
        the containers that a Service leads to; where no container declares its port, one probe in the pod is enough.",
    remediation: "Add a readinessProbe that asks what the Service is asked for.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::Service)]),
    judge: Judge::Workload(judge),
};

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if workload.is_static_pod() || runs_to_its_end(workload) {
        return Outcome::NotApplicable;
    }
    let services: Vec<&Service> = services_of(cluster, workload)
        .into_iter()
        .filter(|service| waits_for_readiness(service))
        .collect();
    let Some(first) = services.first() else {
        return Outcome::NotApplicable;
    };
    let unwatched = serving(workload, &services)
        .into_iter()
        .filter(|at| at.container.readiness_probe.is_none());
    let leading = |at: &ContainerAt<'_>| services.iter().find(|service| leads_to(service, at.container));
    Outcome::of(
        unwatched
            .map(|at| finding(workload, at, leading(&at).unwrap_or(first)))
            .collect(),
    )
}

/// Whether a Service leads to ready pods only.
fn waits_for_readiness(service: &Service) -> bool {
    service
        .spec
        .as_ref()
        .is_some_and(|spec| !spec.publish_not_ready_addresses)
}

/// The containers that must be ready: those that declare a port that a Service leads to. Where none does, all of them, unless
/// one that watches itself keeps the pod from being ready too early.
fn serving<'a>(workload: &Workload<'a>, services: &[&Service]) -> Vec<ContainerAt<'a>> {
    let runs = |at: &ContainerAt<'_>| at.list == ContainerList::Regular || is_sidecar(at.container);
    let running: Vec<ContainerAt<'a>> = workload
        .containers()
        .filter(|at| at.pod.is_none() && runs(at))
        .collect();
    let declaring: Vec<ContainerAt<'a>> = running
        .iter()
        .copied()
        .filter(|at| services.iter().any(|service| leads_to(service, at.container)))
        .collect();
    let is_watched = running.iter().any(|at| at.container.readiness_probe.is_some());
    match (declaring.is_empty(), is_watched) {
        (false, _) => declaring,
        (true, true) => Vec::new(),
        (true, false) => running
            .into_iter()
            .filter(|at| at.list == ContainerList::Regular)
            .collect(),
    }
}

/// Whether a container declares a port that a Service leads to.
fn leads_to(service: &Service, container: &Container) -> bool {
    let mut ports = service.spec.iter().flat_map(|spec| &spec.ports);
    ports.any(|port| declares(container, port))
}

/// Whether a container declares the port that a port of a Service leads to, by number or name.
fn declares(container: &Container, port: &ServicePort) -> bool {
    let target = port.target_port.as_ref();
    container.ports.iter().any(|own| match target {
        Some(target) if target.kind != 0 => own.name == target.string,
        Some(target) if target.int != 0 => own.container_port == target.int,
        _ => own.container_port == port.port,
    })
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>, service: &Service) -> Finding {
    let name = &at.container.name;
    let reference = services::reference(service);
    let selector = service.spec.as_ref().map(|spec| &spec.selector);
    CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} has no readiness probe"),
            format!(
                "{reference} sends requests to {} as soon as container {name} runs, whether it can answer or not.",
                workload.reference
            ),
        )
        .witness_at(workload.container_field(at, "readinessProbe"), json!(null))
        .witness_in(reference, "spec.selector", json!(selector))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::titles;

    fn deployment(spec: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{metadata: {{labels: {{app: web, tier: front}}}}, spec: {spec}}}}}
---
"
        )
    }

    fn service(spec: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{{spec}}}
---
"
        )
    }

    const TWO: &str = "{containers: [{name: web, ports: [{name: http, containerPort: 8080}]}, {name: log}]}";

    #[test]
    fn the_container_that_a_service_leads_to_needs_a_probe() {
        for port in [
            "{port: 80, targetPort: http}",
            "{port: 80, targetPort: 8080}",
            "{port: 8080}",
        ] {
            let manifests = deployment(TWO) + &service(&format!("selector: {{app: web}}, ports: [{port}]"));
            assert_eq!(
                titles(&CHECK, &manifests),
                ["Container web has no readiness probe"],
                "{port}"
            );
        }
    }

    #[test]
    fn without_a_service_nobody_waits_for_it() {
        for spec in [
            "selector: {app: other}, ports: [{port: 8080}]",
            "ports: [{port: 8080}]",
            "type: ExternalName, externalName: example.com, selector: {app: web}",
            "selector: {app: web}, ports: [{port: 8080}], publishNotReadyAddresses: true",
        ] {
            assert!(titles(&CHECK, &(deployment(TWO) + &service(spec))).is_empty(), "{spec}");
        }
    }

    #[test]
    fn where_no_container_declares_the_port_one_probe_is_enough() {
        let leads = service("selector: {app: web}, ports: [{port: 9000}]");
        assert_eq!(titles(&CHECK, &(deployment(TWO) + &leads)).len(), 2);
        let watched = TWO.replace("{name: log}", "{name: log, readinessProbe: {tcpSocket: {port: 9000}}}");
        assert!(titles(&CHECK, &(deployment(&watched) + &leads)).is_empty());
    }

    #[test]
    fn a_sidecar_that_serves_needs_a_probe() {
        let side = "{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 443}]}], containers: [{name: web}]}";
        let leads = service("selector: {app: web}, ports: [{port: 443}]");
        assert_eq!(
            titles(&CHECK, &(deployment(side) + &leads)),
            ["Container proxy has no readiness probe"]
        );
    }
}
