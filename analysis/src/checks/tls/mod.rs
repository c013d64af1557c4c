//! Encryption in transit and the certificates behind it.

pub mod apiservice_skips_tls_verification;
pub mod certificate_expiring;
pub mod certificate_not_ready;
pub mod gateway_listener_without_tls;
pub mod ingress_without_tls;
pub mod mesh_mtls_not_strict;
