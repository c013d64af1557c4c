//! Containers that take ports of their node.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::finding::Finding;
use crate::model::container::ContainerPort;

/// See its fields.
pub static CHECK: Check = Check {
    id: "host-port-used",
    title: "Container takes a port of its node",
    area: Area::Privileged,
    severity: Severity::Low,
    rationale: "A hostPort is open on the address of the node, to whoever reaches that, and network plugins differ in whether \
        network policies hold there. Only one pod of a node can have it. Pods that share the network of their node are left \
        out: all of their ports are the node's, as host-namespace-shared says.",
    remediation: "Remove hostPort and let a Service publish the port.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let containers = workload.containers().filter(|at| !workload.spec_of(*at).host_network);
    Outcome::of(containers.filter_map(|at| finding(workload, at)).collect())
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let ports: Vec<&ContainerPort> = at.container.ports.iter().filter(|port| port.host_port != 0).collect();
    let numbers: BTreeSet<i32> = ports.iter().map(|port| port.host_port).collect();
    let noun = match numbers.len() {
        0 => return None,
        1 => "port",
        _ => "ports",
    };
    let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
    let (name, reference, taken) = (&at.container.name, &workload.reference, numbers.join(", "));
    let title = format!("Container {name} takes {noun} {taken} of its node");
    let message = format!("Whoever reaches a node of {reference} reaches container {name} by {noun} {taken}.");
    let finding = CHECK.container_finding(workload, at, title, message).patch(
        format!("Take no port of the node for {name}"),
        patch(workload, at, &ports),
    );
    Some(ports.iter().fold(finding, |finding, port| {
        let field = format!("ports[{}].hostPort", port.container_port);
        finding.witness_at(workload.container_field(at, &field), port.host_port)
    }))
}

/// A patch tells ports apart by the container's number, so there is none where two protocols share one.
fn patch(workload: &Workload<'_>, at: ContainerAt<'_>, ports: &[&ContainerPort]) -> Option<Patch> {
    let numbers: BTreeSet<i32> = at.container.ports.iter().map(|port| port.container_port).collect();
    if numbers.len() != at.container.ports.len() {
        return None;
    }
    let closed: Vec<Value> = ports
        .iter()
        .map(|port| json!({"containerPort": port.container_port, "hostPort": null}))
        .collect();
    workload.patch_container(at, json!({"ports": closed}))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn container(ports: &str, pod: &str) -> String {
        deployment(&format!("{{{pod}containers: [{{name: c, ports: [{ports}]}}]}}"))
    }

    #[test]
    fn ports_of_the_node_are_one_finding_of_the_container() {
        let ports = "{containerPort: 80, hostPort: 8080}, {containerPort: 443, hostPort: 8443}, {containerPort: 9}";
        assert_eq!(
            titles(&CHECK, &container(ports, "")),
            ["Container c takes ports 8080, 8443 of its node"]
        );
        assert!(is_closed_by_patches(&CHECK, &container(ports, "")));
        assert_eq!(titles(&CHECK, &container("{containerPort: 80}", "")), [""; 0]);
    }

    #[test]
    fn two_protocols_of_one_port_cannot_be_patched_apart() {
        let ports =
            "{containerPort: 53, protocol: UDP, hostPort: 53}, {containerPort: 53, protocol: TCP, hostPort: 53}";
        let found = findings(&CHECK, &container(ports, "")).remove(0);
        assert_eq!(
            (found.title.as_str(), found.patch),
            ("Container c takes port 53 of its node", None)
        );
    }

    #[test]
    fn where_the_whole_network_is_shared_ports_are_no_finding_of_their_own() {
        let ports = "{containerPort: 80, hostPort: 80}";
        assert_eq!(titles(&CHECK, &container(ports, "hostNetwork: true, ")), [""; 0]);
    }
}
