//! What the demo's API server answers a handshake with.

use shared::certificates::{CertificateFacts, ServingCertificate};

use super::clock::Clock;
use super::rng;

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
    }
}
