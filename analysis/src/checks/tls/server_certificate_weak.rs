//! Servers whose certificate can be forged with effort that is within reach.

use serde_json::json;
use shared::certificates::CertificateFacts;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::finding::Finding;
use crate::model::Kind;
use crate::tls::servers::{Server, judge_kubelet, judge_named};

/// See its fields.
pub static CHECK: Check = Check {
    id: "server-certificate-weak",
    title: "Server's certificate is weak",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "Who breaks a server's key can pose as it, and one signed over MD5 or SHA-1 can be forged. NIST SP 800-131A \
        has ended RSA below 2048 bits, elliptic curves below 224 bits, and signatures over SHA-1. This looks at what the API \
        server answers with, and at the kubelets and other servers that --probe-kubelets and --probe have called.",
    remediation: "Have a new certificate issued, with a key of RSA 2048, P-256 or more and a signature over SHA-256 or more. \
        kubeadm certs renew makes those of the control plane; kubelets get theirs from the cluster's CA where \
        serverTLSBootstrap is on.",
    reads: &[Need::Read(Kind::Node)],
    judge: Judge::Each(&[
        Judge::Cluster(|cluster| judge_named(cluster, judge)),
        Judge::Object(&[Kind::Node], |cluster, node| judge_kubelet(cluster, node, judge)),
    ]),
};

fn judge(server: &Server<'_>) -> Option<Finding> {
    let certificate = &server.serving.certificate;
    let (field, value, weakness) = weakness(certificate)?;
    let finding = CHECK.finding(
        server.object.clone(),
        server.subkey,
        format!("Certificate of the {} {weakness}", server.name),
        format!(
            "The {} answers with {}, which {weakness}.",
            server.name, certificate.subject
        ),
    );
    Some(finding.witness(field, value))
}

/// The field that shows it, its value, and what is weak.
fn weakness(certificate: &CertificateFacts) -> Option<(&'static str, serde_json::Value, String)> {
    let (key, signature) = (&certificate.key_algorithm, &certificate.signature_algorithm);
    let least = match key.as_str() {
        "RSA" => 2048,
        "EC" => 224,
        _ => 0,
    };
    if let Some(bits) = certificate.key_bits.filter(|bits| *bits < least) {
        let words = format!("has a key of {key} with {bits} bits only");
        return Some(("certificate.keyBits", json!(bits), words));
    }
    // Nobody relies on what a certificate says of itself.
    let is_signed_by_another = certificate.issuer != certificate.subject;
    let is_weak = ["md5", "sha1"]
        .iter()
        .any(|hash| signature.to_ascii_lowercase().contains(hash));
    (is_signed_by_another && is_weak).then(|| {
        (
            "certificate.signatureAlgorithm",
            json!(signature),
            format!("is signed by {signature}"),
        )
    })
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

    fn with(key: &str, bits: u32, signature: &str, issuer: &str) -> ServingCertificate {
        let mut made = serving(LONG);
        let facts = &mut made.certificate;
        (facts.key_algorithm, facts.key_bits) = (key.into(), Some(bits));
        (facts.signature_algorithm, facts.issuer) = (signature.into(), issuer.into());
        made
    }

    fn titles(served: ServingCertificate) -> Vec<String> {
        let mut snapshot = snapshot("");
        snapshot.serving = Some(Ok(served));
        findings_in(&CHECK, &snapshot)
            .into_iter()
            .map(|finding| finding.title)
            .collect()
    }

    #[test]
    fn short_keys_and_broken_hashes_are_weak() {
        let sha256 = "sha256WithRSAEncryption";
        assert_eq!(
            titles(with("RSA", 1024, sha256, "CN=ca")),
            ["Certificate of the API server has a key of RSA with 1024 bits only"]
        );
        assert_eq!(titles(with("EC", 192, sha256, "CN=ca")).len(), 1);
        assert_eq!(titles(with("RSA", 2048, "sha1WithRSAEncryption", "CN=ca")).len(), 1);
        assert_eq!(titles(with("EC", 256, "ecdsa-with-SHA1", "CN=ca")).len(), 1);
        for strong in [
            with("RSA", 2048, sha256, "CN=ca"),
            with("Ed25519", 256, "1.3.101.112", "CN=ca"),
            with("RSA", 2048, "sha1WithRSAEncryption", "CN=long-ca"),
        ] {
            assert_eq!(titles(strong), [""; 0]);
        }
    }

    #[test]
    fn kubelets_and_endpoints_are_told_apart() {
        let mut snapshot = snapshot("apiVersion: v1\nkind: Node\nmetadata: {name: n1}");
        let weak = Handshake::Answered {
            serving: with("RSA", 1024, "sha256WithRSAEncryption", "CN=ca"),
        };
        let probe = KubeletProbe {
            handshake: weak.clone(),
            ..kubelet(LONG)
        };
        snapshot.probes.kubelets = Some(BTreeMap::from([("n1".into(), probe)]));
        snapshot.probes.endpoints = BTreeMap::from([("etcd:2379".into(), weak)]);
        let found = findings_in(&CHECK, &snapshot);
        let places: Vec<_> = found
            .iter()
            .map(|finding| (finding.object.kind.as_str(), finding.subkey.as_str()))
            .collect();
        assert_eq!(places, [("Cluster", "etcd:2379"), ("Node", "")]);
    }
}
