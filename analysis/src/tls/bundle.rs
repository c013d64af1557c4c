//! Bundles of certificate authorities, in PEM.

use chrono::{DateTime, Utc};
use x509_parser::pem::Pem;

/// What is read of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Whom it names, as RFC 4514 writes it: `CN=webhook-ca`.
    pub subject: String,
    /// From when it is valid.
    pub not_before: DateTime<Utc>,
    /// Until when it is valid.
    pub not_after: DateTime<Utc>,
}

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

/// The certificates of a bundle, in order. Blocks of other types and broken ones are passed over, as `AppendCertsFromPEM`
/// of Go's `crypto/x509` does.
///
/// # Errors
/// There is no certificate in it, or none that is whole.
pub fn parse(pem: &[u8]) -> Result<Vec<Authority>, BundleError> {
    let blocks = Pem::iter_from_buffer(pem).take(MAX_CERTIFICATES);
    let certificates: Vec<Option<Authority>> = blocks
        .map(Result::ok)
        .filter(|block| block.as_ref().is_none_or(|block| block.label == "CERTIFICATE"))
        .map(|block| authority(&block?))
        .collect();
    if certificates.is_empty() {
        return Err(BundleError::NoCertificate);
    }
    let whole: Vec<Authority> = certificates.into_iter().flatten().collect();
    if whole.is_empty() {
        Err(BundleError::Malformed)
    } else {
        Ok(whole)
    }
}

fn authority(block: &Pem) -> Option<Authority> {
    let certificate = block.parse_x509().ok()?;
    let validity = certificate.validity();
    let instant = |time: &x509_parser::time::ASN1Time| DateTime::from_timestamp(time.timestamp(), 0);
    Some(Authority {
        subject: certificate.subject().to_string(),
        not_before: instant(&validity.not_before)?,
        not_after: instant(&validity.not_after)?,
    })
}

/// The certificate of a bundle that is valid longest: while it is, the bundle serves.
pub fn last_to_expire(authorities: &[Authority]) -> Option<&Authority> {
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
