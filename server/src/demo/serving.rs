//! What the demo's API server and kubelets answer.

use shared::certificates::{CertificateFacts, ServingCertificate};
use shared::probes::{Anonymous, Handshake, KubeletProbe, Probes, ReadOnlyPort};

use super::clock::Clock;
use super::objects::node;
use super::rng::{self, Rng};

/// The days from which and until which its certificate is good: kubeadm makes it for a year, and an upgrade renews it.
const DAYS: (i32, i32) = (-233, 132);

/// Its certificate, and the versions of TLS that it takes.
pub(super) fn serving(clock: Clock) -> ServingCertificate {
    let names = [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "api.prod-eu-1.example.com",
        "10.96.0.1",
    ];
    let fingerprint = rng::digest(&["API server"]);
    ServingCertificate {
        certificate: CertificateFacts {
            subject: "CN=kube-apiserver".into(),
            issuer: "CN=kubernetes".into(),
            names: names.map(str::to_owned).into(),
            not_before: clock.instant(DAYS.0),
            not_after: clock.instant(DAYS.1),
            key_algorithm: "RSA".into(),
            key_bits: Some(2048),
            signature_algorithm: "sha256WithRSAEncryption".into(),
            is_authority: false,
            fingerprint: fingerprint.trim_start_matches("sha256:").to_owned(),
        },
        chain_length: 1,
        protocols: vec!["1.2".into(), "1.3".into()],
        client_certificate_requested: true,
    }
}

/// The kubelets, each with a certificate that the cluster's CA has signed for a year; nothing is wrong with them.
pub(super) fn probes(clock: Clock) -> Probes {
    let kubelets = node::names().map(|name| {
        let probe = kubelet(clock, &name);
        (name, probe)
    });
    Probes {
        kubelets: Some(kubelets.collect()),
        ..Probes::default()
    }
}

fn kubelet(clock: Clock, name: &str) -> KubeletProbe {
    let words = ["kubelet", name];
    let address = node::address(name);
    let from = -i32::try_from(Rng::of(&words).below(100)).unwrap_or_default();
    let mut serving = serving(clock);
    serving.certificate = CertificateFacts {
        subject: format!("O=system:nodes, CN=system:node:{name}"),
        names: vec![name.to_owned(), address.clone()],
        not_before: clock.instant(from),
        not_after: clock.instant(from + 365),
        key_algorithm: "EC".into(),
        key_bits: Some(256),
        fingerprint: rng::digest(&words).trim_start_matches("sha256:").to_owned(),
        ..serving.certificate
    };
    KubeletProbe {
        address: format!("{address}:10250"),
        handshake: Handshake::Answered { serving },
        anonymous: Anonymous::Refused,
        read_only_port: ReadOnlyPort::Closed,
    }
}
