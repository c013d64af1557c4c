//! The API server's own certificate, by TLS handshakes with the address that requests go to.

use std::sync::Arc;

use kube::Config;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::CertificateDer;
use shared::certificates::ServingCertificate;

use super::handshake::{self, Endpoint, onlooker, provider};

/// The endpoint that a client of this configuration talks to.
///
/// # Errors
/// There is no TLS on the way to it, or none that ends at it; the reason continues a sentence.
pub(super) fn endpoint(config: &Config) -> Result<Endpoint, String> {
    if config.proxy_url.is_some() {
        return Err("it is reached through a proxy".into());
    }
    if config.cluster_url.scheme_str() != Some("https") {
        return Err("it is reached without TLS".into());
    }
    let host = config.cluster_url.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = config.tls_server_name.as_deref().unwrap_or(host);
    let port = config.cluster_url.port_u16().unwrap_or(443);
    Endpoint::new(host, port, name, verifier(config)?).map_err(|error| error.to_string())
}

/// Verifies by the authorities that the configuration names. Where it names none, or asks not to verify, the certificate is only
/// looked at: nothing that could be betrayed is sent.
fn verifier(config: &Config) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let authorities = config.root_cert.as_ref().filter(|_| !config.accept_invalid_certs);
    let Some(authorities) = authorities else {
        return Ok(onlooker());
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(authorities.iter().map(|der| CertificateDer::from(der.as_slice())));
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build();
    let verifier = verifier.map_err(|error| format!("its authorities can't be used: {error}"))?;
    Ok(verifier)
}

/// What the API server serves with, where that can be seen; else why it can't, as a sentence continues.
pub(super) async fn see(endpoint: &Result<Endpoint, String>) -> Result<ServingCertificate, String> {
    match endpoint {
        Ok(endpoint) => handshake::look(endpoint).await.map_err(|error| error.to_string()),
        Err(reason) => Err(reason.clone()),
    }
}

#[cfg(test)]
mod tests {
    use rustls::version::TLS13;
    use tokio::net::TcpListener;

    use super::super::handshake::tests::{Asks, server};
    use super::*;

    fn config(url: &str, authority: Option<Vec<u8>>) -> Config {
        let mut config = Config::new(url.parse().unwrap());
        config.root_cert = authority.map(|der| vec![der]);
        config
    }

    async fn seen(config: &Config) -> Result<ServingCertificate, String> {
        see(&endpoint(config)).await
    }

    #[tokio::test]
    async fn a_server_that_the_authorities_do_not_know_is_not_believed() {
        let (port, own) = server(&[&TLS13], Asks::Nobody, "").await;
        let (_, other) = server(&[&TLS13], Asks::Nobody, "").await;
        let url = format!("https://localhost:{port}");
        let refused = seen(&config(&url, Some(other.clone()))).await.unwrap_err();
        assert!(refused.starts_with("invalid peer certificate"), "{refused}");
        assert!(seen(&config(&url, Some(own))).await.is_ok());
        let mut careless = config(&url, Some(other));
        careless.accept_invalid_certs = true;
        assert!(seen(&careless).await.is_ok());
    }

    #[tokio::test]
    async fn a_server_is_known_by_the_name_that_the_kubeconfig_gives_it() {
        let (port, own) = server(&[&TLS13], Asks::Nobody, "").await;
        let mut config = config(&format!("https://127.0.0.1:{port}"), Some(own));
        assert!(seen(&config).await.is_err());
        config.tls_server_name = Some("localhost".into());
        assert!(seen(&config).await.is_ok());
    }

    #[tokio::test]
    async fn what_lies_behind_a_proxy_or_has_no_tls_is_not_seen() {
        let mut config = config("http://127.0.0.1:8001", None);
        assert_eq!(seen(&config).await.unwrap_err(), "it is reached without TLS");
        config.proxy_url = Some("http://proxy:3128".parse().unwrap());
        assert_eq!(seen(&config).await.unwrap_err(), "it is reached through a proxy");
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_no_version_that_is_refused() {
        let port = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        assert!(seen(&config(&format!("https://127.0.0.1:{port}"), None)).await.is_err());
    }
}
