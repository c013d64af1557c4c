//! Probes and hooks that have the node call another host.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::pod_security::{Level, Violation, of_workload, version};

/// See its fields.
pub static CHECK: Check = Check {
    id: "probe-host-set",
    title: "Probe or hook names a host",
    area: Area::Privileged,
    severity: Severity::Medium,
    rationale: "The kubelet calls the host that a probe or hook names, from the node and with its address: who may create a pod reaches by it \
        what only nodes may reach, such as the metadata service of a cloud or a port of the loopback. The baseline level of the Pod \
        Security Standards refuses it from 1.34 on; it is judged here whatever the cluster's version.",
    remediation: "Leave the host out: the probe then calls the pod itself.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let broken = of_workload(Level::Baseline, version::NEWEST, workload);
    let of_hosts = broken
        .iter()
        .filter(|violation| violation.control.id == "hostProbesAndHostLifecycle");
    Outcome::of(of_hosts.map(|violation| finding(workload, violation)).collect())
}

fn finding(workload: &Workload<'_>, violation: &Violation) -> Finding {
    let within = violation
        .field
        .split_once("ontainers[")
        .map_or(violation.field.as_str(), |(_, rest)| rest);
    let subkey = within.replacen("].", "/", 1);
    let host = violation
        .message
        .trim_end_matches('.')
        .rsplit(' ')
        .next()
        .unwrap_or_default();
    let title = violation.message.trim_end_matches('.').to_owned();
    let message = format!("{} It is in {}.", violation.message, workload.reference);
    CHECK
        .finding(workload.reference.clone(), subkey, title, message)
        .witness(violation.field.clone(), host)
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
}
