//! Servers that accept versions of TLS that are no longer safe.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::finding::Finding;
use crate::model::Kind;
use crate::tls::servers::{Server, judge_kubelet, judge_named};

/// See its fields.
pub static CHECK: Check = Check {
    id: "server-accepts-old-tls",
    title: "Server accepts TLS 1.0 or 1.1",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "TLS 1.0 and 1.1 rest on MD5 and SHA-1, and RFC 8996 forbids them. Who stands between a client that still \
        offers them and the server can weaken the connection to them. This looks at how the API server answers, and at the \
        kubelets and other servers that --probe-kubelets and --probe have called.",
    remediation: "Set --tls-min-version=VersionTLS12 on the API server, and tlsMinVersion: VersionTLS12 in the kubelet's \
        configuration; both are the default where nothing is set.",
    reads: &[Need::Read(Kind::Node)],
    judge: Judge::Each(&[
        Judge::Cluster(|cluster| judge_named(cluster, judge)),
        Judge::Object(&[Kind::Node], |cluster, node| judge_kubelet(cluster, node, judge)),
    ]),
};

fn judge(server: &Server<'_>) -> Option<Finding> {
    let protocols = server.serving.protocols.iter().map(String::as_str);
    let old: Vec<&str> = protocols.filter(|version| matches!(*version, "1.0" | "1.1")).collect();
    let words = old.join(" and ");
    let finding = || {
        let finding = CHECK.finding(
            server.object.clone(),
            server.subkey,
            format!("The {} accepts TLS {words}", server.name),
            format!("The {} took a handshake of TLS {words}.", server.name),
        );
        finding.witness("protocols", json!(server.serving.protocols))
    };
    (!old.is_empty()).then(finding)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use shared::certificates::ServingCertificate;
    use shared::probes::{Handshake, KubeletProbe};

    use super::CHECK;
    use crate::fixture::{findings_in, snapshot};
    use crate::tls::fixture::{kubelet, serving};

    const LONG: &str = include_str!("../../tls/fixture/long.pem");

    fn speaking(versions: &[&str]) -> ServingCertificate {
        ServingCertificate {
            protocols: versions.iter().map(ToString::to_string).collect(),
            ..serving(LONG)
        }
    }

    #[test]
    fn each_old_version_is_named_and_new_ones_pass() {
        let mut snapshot = snapshot("apiVersion: v1\nkind: Node\nmetadata: {name: n1}");
        snapshot.serving = Some(Ok(speaking(&["1.2"])));
        assert!(findings_in(&CHECK, &snapshot).is_empty());
        snapshot.serving = Some(Ok(speaking(&["1.0", "1.1", "1.2"])));
        let probe = KubeletProbe {
            handshake: Handshake::Answered {
                serving: speaking(&["1.1", "1.2"]),
            },
            ..kubelet(LONG)
        };
        snapshot.probes.kubelets = Some(BTreeMap::from([("n1".into(), probe)]));
        let found = findings_in(&CHECK, &snapshot);
        let titles: Vec<_> = found.iter().map(|finding| finding.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "The API server accepts TLS 1.0 and 1.1",
                "The kubelet of n1 accepts TLS 1.1"
            ]
        );
    }
}
