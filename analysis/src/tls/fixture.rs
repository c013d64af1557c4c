//! Servers for tests, as they were seen.

use shared::certificates::ServingCertificate;
use shared::probes::{Anonymous, Handshake, KubeletProbe, ReadOnlyPort};

use super::bundle;

/// A server that serves with the first certificate of the PEM.
///
/// # Panics
/// There is none.
pub(crate) fn serving(pem: &str) -> ServingCertificate {
    ServingCertificate {
        certificate: bundle::parse(pem.as_bytes()).expect("a certificate").remove(0),
        chain_length: 1,
        protocols: vec!["1.2".into(), "1.3".into()],
        client_certificate_requested: true,
    }
}

/// The same, as it answered a handshake.
pub(crate) fn answered(pem: &str, client_certificate_requested: bool) -> Handshake {
    Handshake::Answered {
        serving: ServingCertificate {
            client_certificate_requested,
            ..serving(pem)
        },
    }
}

/// A kubelet of which nothing is wrong but, perhaps, its certificate.
pub(crate) fn kubelet(pem: &str) -> KubeletProbe {
    KubeletProbe {
        address: "192.0.2.1:10250".into(),
        handshake: answered(pem, true),
        anonymous: Anonymous::Refused,
        read_only_port: ReadOnlyPort::Closed,
    }
}
