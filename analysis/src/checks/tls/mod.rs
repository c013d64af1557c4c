//! Encryption in transit and the certificates behind it.

pub mod apiservice_skips_tls_verification;
pub mod certificate_expiring;
pub mod ingress_without_tls;
