//! The API server's own certificate, by TLS handshakes with the address that requests go to. They carry no credential and no
//! request: once they are done, the connection is closed.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use analysis::tls::certificate;
use kube::Config;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme, SupportedProtocolVersion};
use shared::certificates::ServingCertificate;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::words;

/// How long it may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// Where the API server answers, and by what it is known.
#[derive(Debug, Clone)]
pub struct Endpoint {
    host: String,
    port: u16,
    name: ServerName<'static>,
    verifier: Arc<dyn ServerCertVerifier>,
}

impl Endpoint {
    /// The endpoint that a client of this configuration talks to.
    ///
    /// # Errors
    /// There is no TLS on the way to it, or none that ends at it; the reason continues a sentence.
    pub(super) fn of(config: &Config) -> Result<Self, String> {
        if config.proxy_url.is_some() {
            return Err("it is reached through a proxy".into());
        }
        if config.cluster_url.scheme_str() != Some("https") {
            return Err("it is reached without TLS".into());
        }
        let host = config.cluster_url.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = config.tls_server_name.clone().unwrap_or_else(|| host.clone());
        Ok(Self {
            port: config.cluster_url.port_u16().unwrap_or(443),
            name: ServerName::try_from(name).map_err(|_| "its address is no name of a server".to_owned())?,
            host,
            verifier: verifier(config)?,
        })
    }
}

/// Verifies by the authorities that the configuration names. Where it names none, or asks not to verify, the certificate is only
/// looked at: nothing that could be betrayed is sent.
fn verifier(config: &Config) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let authorities = config.root_cert.as_ref().filter(|_| !config.accept_invalid_certs);
    let Some(authorities) = authorities else {
        return Ok(Arc::new(Onlooker(provider().signature_verification_algorithms)));
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(authorities.iter().map(|der| CertificateDer::from(der.as_slice())));
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build();
    let verifier = verifier.map_err(|error| format!("its authorities can't be used: {error}"))?;
    Ok(verifier)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Takes any certificate of a server that holds its key.
#[derive(Debug)]
struct Onlooker(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for Onlooker {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

/// What the API server serves with, where that can be seen; else why it can't.
pub(super) async fn see(endpoint: &Result<Endpoint, String>) -> Result<ServingCertificate, String> {
    match endpoint {
        Ok(endpoint) => look(endpoint).await,
        Err(reason) => Err(reason.clone()),
    }
}

/// What the API server answers handshakes with, of which each offers one version. 1.0 and 1.1 are not tried: no library that is
/// safe to use speaks them.
///
/// # Errors
/// It can't be seen; the reason continues a sentence.
async fn look(endpoint: &Endpoint) -> Result<ServingCertificate, String> {
    let both = async { tokio::join!(shake_hands(endpoint, &TLS12), shake_hands(endpoint, &TLS13)) };
    let late = |_| "it does not answer a handshake in time".to_owned();
    let (old, new) = tokio::time::timeout(DEADLINE, both).await.map_err(late)?;
    // Where one of them fails, the other still shows the certificate.
    let failed = new.as_ref().err().or(old.as_ref().err()).cloned();
    let (old, new) = (old.ok().flatten(), new.ok().flatten());
    let accepted = [("1.2", &old), ("1.3", &new)]
        .into_iter()
        .filter(|(_, chain)| chain.is_some());
    let protocols = accepted.map(|(version, _)| version.to_owned()).collect();
    let neither = || failed.unwrap_or_else(|| "it takes neither TLS 1.2 nor 1.3".to_owned());
    let chain = new.or(old).ok_or_else(neither)?;
    let chain: Vec<&[u8]> = chain.iter().map(AsRef::as_ref).collect();
    certificate::serving(&chain, protocols).map_err(|error| error.to_string())
}

/// The certificates that it sends; none where it does not take the version.
async fn shake_hands(
    endpoint: &Endpoint,
    version: &'static SupportedProtocolVersion,
) -> Result<Option<Vec<CertificateDer<'static>>>, String> {
    let config = ClientConfig::builder_with_provider(provider()).with_protocol_versions(&[version]);
    let config = config.map_err(|error| error.to_string())?;
    let config = config
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&endpoint.verifier))
        .with_no_client_auth();
    let stream = TcpStream::connect((endpoint.host.as_str(), endpoint.port)).await;
    let stream = stream.map_err(|error| words::root(&error))?;
    let shaken = TlsConnector::from(Arc::new(config))
        .connect(endpoint.name.clone(), stream)
        .await;
    match shaken {
        Ok(stream) => Ok(Some(
            stream.get_ref().1.peer_certificates().unwrap_or_default().to_vec(),
        )),
        Err(error) if refuses_version(&error) => Ok(None),
        Err(error) => Err(words::root(&error)),
    }
}

fn refuses_version(error: &io::Error) -> bool {
    use rustls::{AlertDescription, Error, PeerIncompatible};
    let error = error.get_ref().and_then(|error| error.downcast_ref());
    matches!(
        error,
        Some(
            // The latter from a server that has the version, but no cipher of it that is ours.
            Error::AlertReceived(AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure)
                | Error::PeerIncompatible(
                    PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                        | PeerIncompatible::ServerDoesNotSupportTls12Or13
                )
        )
    )
}

#[cfg(test)]
mod tests {
    use rustls::ServerConfig;
    use rustls::pki_types::PrivatePkcs8KeyDer;
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    /// A server that speaks these versions and closes what it accepts: its port and its certificate, which names `localhost`.
    async fn server(versions: &[&'static SupportedProtocolVersion]) -> (u16, Vec<u8>) {
        server_by(provider(), versions).await
    }

    async fn server_by(
        provider: Arc<CryptoProvider>,
        versions: &[&'static SupportedProtocolVersion],
    ) -> (u16, Vec<u8>) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions);
        let config = config.unwrap().with_no_client_auth();
        let config = config.with_single_cert(vec![made.cert.der().clone()], key.into());
        let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move { acceptor.accept(stream).await.map(drop) });
            }
        });
        (port, made.cert.der().to_vec())
    }

    fn config(url: &str, authority: Option<Vec<u8>>) -> Config {
        let mut config = Config::new(url.parse().unwrap());
        config.root_cert = authority.map(|der| vec![der]);
        config
    }

    async fn seen(config: &Config) -> Result<ServingCertificate, String> {
        look(&Endpoint::of(config)?).await
    }

    #[tokio::test]
    async fn the_versions_that_a_server_accepts_are_told_apart() {
        for (versions, told) in [
            (&[&TLS12, &TLS13][..], &["1.2", "1.3"][..]),
            (&[&TLS12][..], &["1.2"][..]),
            (&[&TLS13][..], &["1.3"][..]),
        ] {
            let (port, _) = server(versions).await;
            let seen = seen(&config(&format!("https://127.0.0.1:{port}"), None)).await.unwrap();
            assert_eq!(
                (seen.protocols, seen.chain_length),
                (told.iter().map(ToString::to_string).collect(), 1)
            );
            assert_eq!(seen.certificate.names, ["localhost"]);
        }
    }

    #[tokio::test]
    async fn a_server_without_a_common_cipher_in_one_version_is_seen_by_the_other() {
        // Its key is of an elliptic curve: of TLS 1.2 it is left with no cipher.
        let mut of_rsa = ring::default_provider();
        of_rsa
            .cipher_suites
            .retain(|suite| !format!("{:?}", suite.suite()).contains("ECDSA"));
        let (port, _) = server_by(Arc::new(of_rsa), &[&TLS12, &TLS13]).await;
        let seen = seen(&config(&format!("https://127.0.0.1:{port}"), None)).await.unwrap();
        assert_eq!(
            (seen.protocols, seen.certificate.names),
            (vec!["1.3".to_owned()], vec!["localhost".to_owned()])
        );
    }

    #[tokio::test]
    async fn a_server_that_the_authorities_do_not_know_is_not_believed() {
        let ((port, own), (_, other)) = (server(&[&TLS13]).await, server(&[&TLS13]).await);
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
        let (port, own) = server(&[&TLS13]).await;
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

    #[tokio::test(start_paused = true)]
    async fn a_server_that_says_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        assert_eq!(
            seen(&config(&url, None)).await.unwrap_err(),
            "it does not answer a handshake in time"
        );
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
