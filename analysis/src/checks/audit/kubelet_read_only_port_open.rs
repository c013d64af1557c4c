//! Kubelets with an open read-only port.

use shared::probes::ReadOnlyPort;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::tls::servers::{not_seen, probe};

/// See its fields.
pub static CHECK: Check = Check {
    id: "kubelet-read-only-port-open",
    title: "Kubelet's read-only port is open",
    area: Area::Audit,
    severity: Severity::High,
    rationale: "The read-only port serves what runs on the node, with its environment and its images, without TLS and to \
        everybody: no credential is asked for. This asks port 10255, where it is by custom, for its health alone, and only where \
        --probe-kubelets says so. Where nothing answers at all, a firewall may stand between, and it can't be told.",
    remediation: "Set readOnlyPort: 0 in the kubelet's configuration on the node, and restart it. What read metrics there \
        can read them from the port with TLS, as a service account that may get nodes/metrics.",
    reads: &[Need::Read(Kind::Node)],
    // No patch: the kubelet's configuration is on its node.
    judge: Judge::Object(&[Kind::Node], judge),
};

fn judge(cluster: &Cluster<'_>, node: &Object) -> Outcome {
    let name = &node.meta().name;
    let probe = match probe(cluster, name) {
        Ok(probe) => probe,
        Err(reason) => return Outcome::NotEvaluated(reason),
    };
    match &probe.read_only_port {
        ReadOnlyPort::Closed => Outcome::Pass,
        ReadOnlyPort::Open => {
            let finding = CHECK.finding(
                node.reference(),
                "",
                format!("Read-only port of the kubelet of {name} is open"),
                format!("The kubelet of {name} answers on port 10255, without TLS and without asking who calls."),
            );
            Outcome::Fail(vec![finding.witness("port 10255", "answers HTTP")])
        }
        ReadOnlyPort::Unknown { reason } => Outcome::NotEvaluated(not_seen(
            &format!("The read-only port of the kubelet of {name}"),
            reason,
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use shared::probes::{KubeletProbe, ReadOnlyPort};
    use shared::verdict::Verdict;

    use super::CHECK;
    use crate::fixture::{findings_in, snapshot, verdict};

    const NODE: &str = "apiVersion: v1\nkind: Node\nmetadata: {name: n1}";

    fn concluded(read_only_port: ReadOnlyPort) -> Verdict {
        let mut snapshot = snapshot(NODE);
        let probe = KubeletProbe {
            read_only_port,
            ..KubeletProbe::unseen("192.0.2.1:10250", "")
        };
        snapshot.probes.kubelets = Some(BTreeMap::from([("n1".into(), probe)]));
        let found = findings_in(&CHECK, &snapshot);
        assert!(found.iter().all(|finding| finding.object.name == "n1"), "{found:?}");
        verdict(&CHECK, &snapshot)
    }

    #[test]
    fn only_a_port_that_refuses_connections_passes() {
        assert_eq!(concluded(ReadOnlyPort::Open), Verdict::Fail);
        assert_eq!(concluded(ReadOnlyPort::Closed), Verdict::Pass);
        let reason = "nothing answers in time".to_owned();
        assert_eq!(concluded(ReadOnlyPort::Unknown { reason }), Verdict::NotEvaluated);
        assert_eq!(verdict(&CHECK, &snapshot(NODE)), Verdict::NotEvaluated);
    }
}
