//! One certificate, and what it says of itself.

use std::net::IpAddr;

use chrono::DateTime;
use sha2::{Digest, Sha256};
use shared::certificates::{CertificateFacts, ServingCertificate};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;
use x509_parser::time::ASN1Time;

/// Why bytes are no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// They are not what X.509 specifies.
    #[error("it can't be decoded")]
    Malformed,
    /// Its dates are beyond any calendar.
    #[error("its dates are no dates")]
    Dates,
    /// There is none at all.
    #[error("there is no certificate")]
    Absent,
}

/// Names beyond this many are left out: no certificate that serves needs them.
const MAX_NAMES: usize = 200;

/// Reads a certificate in DER.
///
/// # Errors
/// The bytes are none.
pub fn read(der: &[u8]) -> Result<CertificateFacts, CertificateError> {
    let (_, certificate) = X509Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
    let validity = certificate.validity();
    let instant = |time: &ASN1Time| DateTime::from_timestamp(time.timestamp(), 0).ok_or(CertificateError::Dates);
    let (key_algorithm, key_bits) = key(&certificate);
    Ok(CertificateFacts {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        names: names(&certificate),
        not_before: instant(&validity.not_before)?,
        not_after: instant(&validity.not_after)?,
        key_algorithm,
        key_bits,
        signature_algorithm: algorithm(&certificate.signature_algorithm.algorithm),
        is_authority: certificate.is_ca(),
        fingerprint: Sha256::digest(der).iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

/// What a server answered handshakes with: the certificates that it sent, its own first, the versions that it took, and whether it
/// asked for a certificate too.
///
/// # Errors
/// It sent none, or its own can't be read.
pub fn serving(
    chain: &[&[u8]],
    protocols: Vec<String>,
    client_certificate_requested: bool,
) -> Result<ServingCertificate, CertificateError> {
    let own = chain.first().ok_or(CertificateError::Absent)?;
    Ok(ServingCertificate {
        certificate: read(own)?,
        chain_length: u32::try_from(chain.len()).unwrap_or(u32::MAX),
        protocols,
        client_certificate_requested,
    })
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let extension = certificate.subject_alternative_name().ok().flatten();
    let names = extension.iter().flat_map(|extension| &extension.value.general_names);
    names.filter_map(name).take(MAX_NAMES).collect()
}

/// Names by which a server is called, and those of SPIFFE.
fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) | GeneralName::URI(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = || <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    let v6 = || <[u8; 16]>::try_from(bytes).map(IpAddr::from);
    v4().or_else(|_| v6()).ok()
}

const ED25519: &str = "1.3.101.112";

fn key(certificate: &X509Certificate<'_>) -> (String, Option<u32>) {
    let info = certificate.public_key();
    let bits = |bits: usize| u32::try_from(bits).ok().filter(|bits| *bits > 0);
    match info.parsed() {
        Ok(PublicKey::RSA(key)) => ("RSA".into(), bits(key.key_size())),
        Ok(PublicKey::EC(point)) => ("EC".into(), bits(point.key_size())),
        _ if info.algorithm.algorithm.to_id_string() == ED25519 => ("Ed25519".into(), Some(256)),
        _ => (algorithm(&info.algorithm.algorithm), None),
    }
}

fn algorithm(oid: &Oid<'_>) -> String {
    let registry = x509_parser::objects::oid_registry();
    match x509_parser::objects::oid2sn(oid, registry) {
        Ok(name) => name.to_owned(),
        Err(_) => oid.to_id_string(),
    }
}

#[cfg(test)]
mod tests {
    use x509_parser::pem::Pem;

    use super::*;

    const LONG: &[u8] = include_bytes!("fixture/long.pem");

    fn der() -> Vec<u8> {
        Pem::iter_from_buffer(LONG).next().unwrap().unwrap().contents
    }

    #[test]
    fn a_certificate_says_who_signed_it_how_and_with_what_key() {
        let facts = read(&der()).unwrap();
        assert_eq!(
            (facts.subject.as_str(), facts.issuer.as_str()),
            ("CN=long-ca", "CN=long-ca")
        );
        assert_eq!((facts.key_algorithm.as_str(), facts.key_bits), ("EC", Some(256)));
        assert_eq!(facts.signature_algorithm, "ecdsa-with-SHA256");
        assert!(facts.is_authority && facts.fingerprint.len() == 64);
    }

    #[test]
    fn bytes_that_are_cut_or_are_none_are_refused() {
        let der = der();
        assert_eq!(read(&der[..der.len() / 2]), Err(CertificateError::Malformed));
        assert_eq!(read(b"{}"), Err(CertificateError::Malformed));
        assert_eq!(serving(&[], Vec::new(), false), Err(CertificateError::Absent));
    }

    #[test]
    fn a_chain_is_known_by_its_first_certificate() {
        let der = der();
        let served = serving(&[&der, b"rubbish"], vec!["1.3".into()], false).unwrap();
        assert_eq!(
            (served.chain_length, served.certificate.subject.as_str()),
            (2, "CN=long-ca")
        );
    }

    #[test]
    fn addresses_are_four_bytes_or_sixteen() {
        assert_eq!(address(&[10, 0, 0, 1]).unwrap().to_string(), "10.0.0.1");
        assert_eq!(address(&[0; 16]).unwrap().to_string(), "::");
        assert_eq!(address(&[1, 2, 3]), None);
    }
}
