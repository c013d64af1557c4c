//! Pods that share their node's namespaces.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::pod::PodSpec;
use crate::pod_security::host_process;

/// See its fields.
pub static CHECK: Check = Check {
    id: "host-namespace-shared",
    title: "Pod shares a namespace of its node",
    area: Area::Privileged,
    severity: Severity::High,
    rationale: "With hostPID a container sees every process of the node and, as root, can enter them; that is of high severity. \
        With hostNetwork it stands outside of all network policies and reaches what listens on the node's loopback; with \
        hostIPC it shares memory with the node's processes. Those two are of medium severity.",
    remediation: "Remove hostNetwork, hostPID and hostIPC. Publish ports by a Service or hostPort, and let only programs of the \
        platform, such as a network plugin, keep them.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

/// A namespace of the node: its field, whether a pod shares it, how bad that is, and what it gives.
struct HostNamespace {
    field: &'static str,
    is_shared: fn(&PodSpec) -> bool,
    severity: Severity,
    gives: &'static str,
}

const NAMESPACES: &[HostNamespace] = &[
    HostNamespace {
        field: "hostPID",
        is_shared: |spec| spec.host_pid,
        severity: Severity::High,
        gives: "see every process of their node",
    },
    HostNamespace {
        field: "hostNetwork",
        is_shared: |spec| spec.host_network,
        severity: Severity::Medium,
        gives: "use the network of their node, where no network policy holds",
    },
    HostNamespace {
        field: "hostIPC",
        is_shared: |spec| spec.host_ipc,
        severity: Severity::Medium,
        gives: "share memory with the processes of their node",
    },
];

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let shared = NAMESPACES
        .iter()
        .filter(|namespace| (namespace.is_shared)(workload.spec));
    Outcome::of(shared.map(|namespace| finding(workload, namespace)).collect())
}

fn finding(workload: &Workload<'_>, namespace: &HostNamespace) -> Finding {
    let field = namespace.field;
    // Processes of a Windows node must keep its network.
    let can_change = !host_process(workload.spec);
    let mut finding = CHECK
        .finding(
            workload.reference.clone(),
            field,
            format!("Pods share {field} with their node"),
            format!("Pods of {} {}.", workload.reference, namespace.gives),
        )
        .witness(workload.spec_path(field), true)
        .patch(
            format!("Drop {field} from {}", workload.reference.name),
            workload.patch_spec(json!({field: false})).filter(|_| can_change),
        );
    finding.severity = namespace.severity;
    finding
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn daemon_set(spec: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: agent, namespace: tools}}
spec: {{template: {{spec: {spec}}}}}
"
        )
    }

    #[test]
    fn each_namespace_is_a_finding_of_its_own() {
        let spec = "{hostPID: true, hostNetwork: true, hostIPC: true, containers: [{name: c}]}";
        let found = findings(&CHECK, &daemon_set(spec));
        let subkeys: Vec<&str> = found.iter().map(|finding| finding.subkey.as_str()).collect();
        assert_eq!(subkeys, ["hostPID", "hostNetwork", "hostIPC"]);
        assert_eq!(found[1].witness[0].path, "spec.template.spec.hostNetwork");
        let patch = serde_json::to_value(&found[1].patch).unwrap();
        assert_eq!(patch["body"]["spec"]["template"]["spec"]["hostNetwork"], false);
    }

    #[test]
    fn false_and_namespaces_of_the_pod_pass() {
        let spec = "{hostPID: false, shareProcessNamespace: true, hostUsers: true, containers: [{name: c}]}";
        assert!(titles(&CHECK, &daemon_set(spec)).is_empty());
    }

    #[test]
    fn a_process_of_a_windows_node_keeps_its_network() {
        let spec =
            "{hostNetwork: true, securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: c}]}";
        assert_eq!(findings(&CHECK, &daemon_set(spec)).remove(0).patch, None);
    }
}
