//! Bundles of certificate authorities, in PEM.

use shared::certificates::CertificateFacts;
use x509_parser::pem::Pem;

use super::certificate::{self, CertificateError};

/// Why a bundle can't be used to verify anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// There is no PEM block of a certificate in it.
    #[error("it holds no certificate in PEM")]
    NoCertificate,
    /// Every certificate in it is broken.
    #[error("no certificate of it can be decoded")]
    Malformed,
}

/// More certificates than this in one bundle are not read.
const MAX_CERTIFICATES: usize = 500;

/// The certificates of a bundle, in order, with what can't be read of it. Blocks of other types are passed over.
pub fn certificates(pem: &[u8]) -> Vec<Result<CertificateFacts, CertificateError>> {
    let blocks = Pem::iter_from_buffer(pem).take(MAX_CERTIFICATES);
    blocks
        .map(Result::ok)
        .filter(|block| block.as_ref().is_none_or(|block| block.label == "CERTIFICATE"))
        .map(|block| certificate::read(&block.ok_or(CertificateError::Malformed)?.contents))
        .collect()
}

/// The same without broken ones, which `AppendCertsFromPEM` of Go's `crypto/x509` passes over too.
///
/// # Errors
/// There is no certificate in it, or none that is whole.
pub fn parse(pem: &[u8]) -> Result<Vec<CertificateFacts>, BundleError> {
    let certificates = certificates(pem);
    if certificates.is_empty() {
        return Err(BundleError::NoCertificate);
    }
    let whole: Vec<CertificateFacts> = certificates.into_iter().filter_map(Result::ok).collect();
    if whole.is_empty() {
        Err(BundleError::Malformed)
    } else {
        Ok(whole)
    }
}

/// The certificate of a bundle that is valid longest: while it is, the bundle serves.
pub fn last_to_expire(authorities: &[CertificateFacts]) -> Option<&CertificateFacts> {
    authorities.iter().max_by_key(|authority| authority.not_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = include_str!("fixture/expired.pem");
    const LONG: &str = include_str!("fixture/long.pem");

    #[test]
    fn a_chain_is_read_in_order_and_the_last_to_expire_counts() {
        let authorities = parse(format!("{LONG}{OLD}").as_bytes()).unwrap();
        assert_eq!(authorities.len(), 2);
        assert_eq!(authorities[1].subject, "CN=old-ca");
        assert_eq!(authorities[1].not_after.to_rfc3339(), "2026-01-01T00:00:00+00:00");
        assert_eq!(last_to_expire(&authorities).unwrap().subject, "CN=long-ca");
    }

    #[test]
    fn other_blocks_and_text_between_are_passed_over() {
        let key = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
        assert_eq!(
            parse(format!("the authority:\n{key}\n{OLD}").as_bytes()).unwrap().len(),
            1
        );
    }

    #[test]
    fn what_holds_no_certificate_or_broken_ones_alone_is_an_error() {
        assert_eq!(parse(b"\n"), Err(BundleError::NoCertificate));
        assert_eq!(parse(b"not a certificate"), Err(BundleError::NoCertificate));
        for content in ["AAAA", "*"] {
            let broken = format!("-----BEGIN CERTIFICATE-----\n{content}\n-----END CERTIFICATE-----\n");
            assert_eq!(parse(broken.as_bytes()), Err(BundleError::Malformed));
            assert_eq!(parse(format!("{broken}{OLD}").as_bytes()).unwrap().len(), 1);
        }
    }
}
