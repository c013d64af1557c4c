//! Probes and hooks that have the node call another host.

use std::collections::BTreeSet;
use std::net::IpAddr;

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::pod_security::{Level, Violation, of_workload_in, version};

/// See its fields.
pub static CHECK: Check = Check {
    id: "probe-host-set",
    title: "Probe or hook names a host",
    area: Area::Privileged,
    severity: Severity::Medium,
    rationale: "The kubelet calls the host that a probe or hook names, from the node and with its address: who may create a pod reaches by it \
        what only nodes may reach, such as the metadata service of a cloud or a port of the loopback. The baseline level of the Pod \
        Security Standards refuses it from 1.34 on; it is judged here whatever the cluster's version. A pod on the \
        network of its node has no address but the node's: where it names the loopback or that address it names itself, and is let \
        be. So are static pods, which their node runs from a file.",
    remediation: "Leave the host out: the probe then calls the pod itself.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if workload.is_static_pod() {
        return Outcome::NotApplicable;
    }
    let named = of_workload_in("hostProbesAndHostLifecycle", Level::Baseline, version::NEWEST, workload);
    if named.is_empty() {
        return Outcome::Pass;
    }
    let own = own_addresses(workload);
    let of_others = named
        .iter()
        .filter(|violation| !workload.spec.host_network || !is_own(host(violation), &own));
    Outcome::of(of_others.map(|violation| finding(workload, violation)).collect())
}

/// The addresses of its pods.
fn own_addresses<'a>(workload: &Workload<'a>) -> BTreeSet<&'a str> {
    let statuses = workload.pods.iter().filter_map(|pod| pod.status.as_ref());
    statuses
        .flat_map(|status| status.pod_ips.iter().map(|ip| &ip.ip).chain([&status.pod_ip]))
        .map(String::as_str)
        .collect()
}

/// Whether a host is the one that a pod on the network of its node is on.
fn is_own(host: &str, own: &BTreeSet<&str>) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()) || own.contains(host)
}

/// The host that is named: the last word of what is said of it.
fn host(violation: &Violation) -> &str {
    let message = violation.message.trim_end_matches('.');
    message.rsplit(' ').next().unwrap_or_default()
}

fn finding(workload: &Workload<'_>, violation: &Violation) -> Finding {
    let within = violation
        .field
        .split_once("ontainers[")
        .map_or(violation.field.as_str(), |(_, rest)| rest);
    let subkey = within.replacen("].", "/", 1);
    let title = violation.message.trim_end_matches('.').to_owned();
    let message = format!("{} It is in {}.", violation.message, workload.reference);
    CHECK
        .finding(workload.reference.clone(), subkey, title, message)
        .witness(violation.field.clone(), host(violation))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::findings;

    #[test]
    fn a_host_in_a_probe_or_hook_is_reported_and_none_is_not() {
        let spec = "{containers: [{name: c, livenessProbe: {httpGet: {host: 169.254.169.254, port: 80}},
            readinessProbe: {httpGet: {port: 80}}, lifecycle: {preStop: {tcpSocket: {host: h, port: 1}}}}]}";
        let found = findings(&CHECK, &deployment(spec));
        let subkeys: Vec<&str> = found.iter().map(|finding| finding.subkey.as_str()).collect();
        assert_eq!(
            subkeys,
            ["c/livenessProbe.httpGet.host", "c/lifecycle.preStop.tcpSocket.host"]
        );
        assert_eq!(found[0].witness[0].value, "169.254.169.254");
    }

    fn on_the_node(host: &str, kind: &str) -> usize {
        let spec = format!(
            "{{hostNetwork: true, containers: [{{name: c, livenessProbe: {{httpGet: {{host: '{host}', port: 80}}}}}}]}}"
        );
        let manifests = deployment(&spec).replace("kind: Deployment", &format!("kind: {kind}"));
        findings(&CHECK, &manifests).len()
    }

    #[test]
    fn a_pod_on_the_network_of_its_node_may_name_itself() {
        for host in ["127.0.0.1", "127.0.0.53", "::1", "localhost"] {
            assert_eq!(on_the_node(host, "DaemonSet"), 0, "{host}");
        }
        assert_eq!(on_the_node("169.254.169.254", "DaemonSet"), 1);
        let elsewhere = "{containers: [{name: c, livenessProbe: {httpGet: {host: 127.0.0.1, port: 80}}}]}";
        assert_eq!(findings(&CHECK, &deployment(elsewhere)).len(), 1);
    }

    #[test]
    fn the_address_of_the_node_is_the_pods_own_where_it_is_on_its_network() {
        let pod = "
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec: {hostNetwork: true, containers: [{name: c, livenessProbe: {tcpSocket: {host: 10.0.0.7, port: 80}}}]}
status: {podIP: 10.0.0.7}
";
        assert_eq!(findings(&CHECK, pod).len(), 0);
        assert_eq!(
            findings(&CHECK, &pod.replace("podIP: 10.0.0.7", "podIP: 10.0.0.8")).len(),
            1
        );
    }

    #[test]
    fn static_pods_are_left_out() {
        let pod = crate::control_plane::fixture::api_server("cp1", &[]).replace(
            "name: kube-apiserver, ",
            "name: kube-apiserver, livenessProbe: {httpGet: {host: 10.0.0.1, port: 6443}}, ",
        );
        assert!(pod.contains("livenessProbe"));
        assert_eq!(findings(&CHECK, &pod).len(), 0);
    }
}
