//! TLS handshakes that carry no credential and no request: what a server answers them with. Once one is done, the connection is closed.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use analysis::tls::certificate;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme, SupportedProtocolVersion};
use shared::certificates::ServingCertificate;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{old_tls, words};

/// How long one handshake may take.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);

/// Where a server answers, and by what it is known.
#[derive(Debug, Clone)]
pub struct Endpoint {
    host: String,
    port: u16,
    name: ServerName<'static>,
    verifier: Arc<dyn ServerCertVerifier>,
}

/// Why nothing was seen of a server; the words continue a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum HandshakeError {
    /// It kept us waiting.
    #[error("it does not answer a handshake in time")]
    Late,
    /// Something else than TLS came back.
    #[error("what answers there does not speak TLS")]
    WithoutTls,
    /// It wants another version.
    #[error("it takes neither TLS 1.2 nor 1.3")]
    OtherVersions,
    /// It can't be reached, is not believed, or its certificate can't be read.
    #[error("{0}")]
    Other(String),
}

impl Endpoint {
    /// The server at an address, which is known by that name and verified so.
    ///
    /// # Errors
    /// The name is none; the reason continues a sentence.
    pub(super) fn new(
        host: &str,
        port: u16,
        name: &str,
        verifier: Arc<dyn ServerCertVerifier>,
    ) -> Result<Self, HandshakeError> {
        let no_name = |_| HandshakeError::Other("its address is no name of a server".into());
        Ok(Self {
            host: host.to_owned(),
            port,
            name: ServerName::try_from(name.to_owned()).map_err(no_name)?,
            verifier,
        })
    }

    /// The server at an address, of which any certificate is taken: it is only looked at, and nothing that could be betrayed is sent.
    ///
    /// # Errors
    /// The host is neither an address nor a name; the reason continues a sentence.
    pub(super) fn looked_at(host: &str, port: u16) -> Result<Self, HandshakeError> {
        Self::new(host, port, host, onlooker())
    }
}

/// Takes any certificate of a server that holds its key.
pub(super) fn onlooker() -> Arc<dyn ServerCertVerifier> {
    Arc::new(Onlooker(provider().signature_verification_algorithms))
}

pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// What a server answers handshakes with, of which each offers one version.
///
/// # Errors
/// It can't be seen.
pub(super) async fn look(endpoint: &Endpoint) -> Result<ServingCertificate, HandshakeError> {
    let ((first, second), (old, new)) = tokio::join!(
        async { tokio::join!(takes(endpoint, old_tls::TLS10), takes(endpoint, old_tls::TLS11)) },
        async { tokio::join!(shake_hands(endpoint, &TLS12), shake_hands(endpoint, &TLS13)) },
    );
    // Where one of them fails, the other still shows the certificate.
    let failed = new.as_ref().err().or(old.as_ref().err()).cloned();
    let (old, new) = (old.ok().flatten(), new.ok().flatten());
    let accepted = [
        ("1.0", first),
        ("1.1", second),
        ("1.2", old.is_some()),
        ("1.3", new.is_some()),
    ];
    let protocols = accepted.iter().filter(|(_, is_taken)| *is_taken);
    let protocols = protocols.map(|(version, _)| (*version).to_owned()).collect();
    let shaken = new.or(old).ok_or(failed.unwrap_or(HandshakeError::OtherVersions))?;
    let chain: Vec<&[u8]> = shaken.chain.iter().map(AsRef::as_ref).collect();
    certificate::serving(&chain, protocols, shaken.is_asked).map_err(|error| HandshakeError::Other(error.to_string()))
}

/// Whether it takes a version that is no longer safe. Where nothing can be seen, it was not seen to.
async fn takes(endpoint: &Endpoint, version: [u8; 2]) -> bool {
    let trying = async {
        let stream = TcpStream::connect((endpoint.host.as_str(), endpoint.port)).await?;
        old_tls::takes(stream, &endpoint.name, version).await
    };
    matches!(timeout(DEADLINE, trying).await, Ok(Ok(true)))
}

/// A connection to it, by whichever version it takes.
///
/// # Errors
/// It can't be had.
pub(super) async fn open(endpoint: &Endpoint) -> Result<TlsStream<TcpStream>, HandshakeError> {
    let opened = timeout(DEADLINE, connect(endpoint, &[&TLS13, &TLS12])).await;
    let (_, connected) = opened.map_err(|_| HandshakeError::Late)??;
    connected.map_err(|error| told(&error))
}

/// What a server showed.
struct Shaken {
    chain: Vec<CertificateDer<'static>>,
    is_asked: bool,
}

/// What it shows; none where it does not take the version.
async fn shake_hands(
    endpoint: &Endpoint,
    version: &'static SupportedProtocolVersion,
) -> Result<Option<Shaken>, HandshakeError> {
    let shaken = timeout(DEADLINE, connect(endpoint, &[version])).await;
    let (witness, connected) = shaken.map_err(|_| HandshakeError::Late)??;
    let is_asked = witness.is_asked.load(Ordering::Relaxed);
    let shaken = Shaken {
        chain: witness.chain(),
        is_asked,
    };
    match connected {
        Ok(_) => Ok(Some(shaken)),
        // Who asks for a certificate may turn us away for having none, once it has shown and proved its own.
        Err(_) if is_asked && witness.is_proved.load(Ordering::Relaxed) => Ok(Some(shaken)),
        Err(error) if refuses_version(&error) => Ok(None),
        Err(error) => Err(told(&error)),
    }
}

type Connected = (Arc<Witness>, io::Result<TlsStream<TcpStream>>);

async fn connect(
    endpoint: &Endpoint,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<Connected, HandshakeError> {
    let witness = Arc::new(Witness::of(Arc::clone(&endpoint.verifier)));
    let config = ClientConfig::builder_with_provider(provider()).with_protocol_versions(versions);
    let config = config.map_err(|error| HandshakeError::Other(error.to_string()))?;
    let config = config
        .dangerous()
        .with_custom_certificate_verifier(witness.clone())
        .with_client_cert_resolver(witness.clone());
    let stream = TcpStream::connect((endpoint.host.as_str(), endpoint.port)).await;
    let stream = stream.map_err(|error| HandshakeError::Other(words::root(&error)))?;
    let connector = TlsConnector::from(Arc::new(config));
    Ok((witness, connector.connect(endpoint.name.clone(), stream).await))
}

fn cause(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn told(error: &io::Error) -> HandshakeError {
    match cause(error) {
        Some(rustls::Error::InvalidMessage(_)) => HandshakeError::WithoutTls,
        _ => HandshakeError::Other(words::root(error)),
    }
}

fn refuses_version(error: &io::Error) -> bool {
    use rustls::{AlertDescription, Error, PeerIncompatible};
    matches!(
        cause(error),
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

/// Watches a handshake: what the server shows, whether it proves that it holds the key, and whether it asks for a certificate.
#[derive(Debug)]
struct Witness {
    verifier: Arc<dyn ServerCertVerifier>,
    chain: Mutex<Vec<CertificateDer<'static>>>,
    is_proved: AtomicBool,
    is_asked: AtomicBool,
}

impl Witness {
    fn of(verifier: Arc<dyn ServerCertVerifier>) -> Self {
        Self {
            verifier,
            chain: Mutex::default(),
            is_proved: AtomicBool::new(false),
            is_asked: AtomicBool::new(false),
        }
    }

    fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.chain.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn prove(
        &self,
        verified: Result<HandshakeSignatureValid, rustls::Error>,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.is_proved.store(verified.is_ok(), Ordering::Relaxed);
        verified
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.verifier.verify_server_cert(own, others, name, ocsp, now)?;
        let chain = std::iter::once(own).chain(others);
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) =
            chain.map(|certificate| certificate.clone().into_owned()).collect();
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.prove(self.verifier.verify_tls12_signature(message, certificate, signature))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.prove(self.verifier.verify_tls13_signature(message, certificate, signature))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

impl ResolvesClientCert for Witness {
    /// Is called where the server asks. There is none to give.
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.is_asked.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

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

#[cfg(test)]
pub(super) mod tests {
    use rustls::ServerConfig;
    use rustls::pki_types::PrivatePkcs8KeyDer;
    use rustls::server::WebPkiClientVerifier;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    /// Whether a server asks for a certificate.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in crate::collect) enum Asks {
        Nobody,
        Everybody,
    }

    /// What a server of these versions runs by, and its certificate, which names `localhost`.
    fn config(
        ciphers: Arc<CryptoProvider>,
        versions: &[&'static SupportedProtocolVersion],
        asks: Asks,
    ) -> (ServerConfig, CertificateDer<'static>) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (key, own) = (
            PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()),
            made.cert.der().clone(),
        );
        let config = ServerConfig::builder_with_provider(ciphers).with_protocol_versions(versions);
        let config = match asks {
            Asks::Nobody => config.unwrap().with_no_client_auth(),
            Asks::Everybody => {
                let mut roots = rustls::RootCertStore::empty();
                roots.add(own.clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider()).build();
                config.unwrap().with_client_cert_verifier(verifier.unwrap())
            }
        };
        (config.with_single_cert(vec![own.clone()], key.into()).unwrap(), own)
    }

    /// A server that speaks these versions, says `reply` to whatever it is asked and hangs up: its port and its certificate.
    pub(in crate::collect) async fn server(
        versions: &[&'static SupportedProtocolVersion],
        asks: Asks,
        reply: &'static str,
    ) -> (u16, Vec<u8>) {
        serve(config(provider(), versions, asks), reply).await
    }

    async fn serve((config, own): (ServerConfig, CertificateDer<'static>), reply: &'static str) -> (u16, Vec<u8>) {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut stream = acceptor.accept(stream).await?;
                    let mut asked = [0; 1024];
                    if stream.read(&mut asked).await? > 0 {
                        stream.write_all(reply.as_bytes()).await?;
                        stream.shutdown().await?;
                    }
                    Ok::<_, io::Error>(())
                });
            }
        });
        (port, own.to_vec())
    }

    async fn seen(port: u16) -> Result<ServingCertificate, HandshakeError> {
        look(&Endpoint::looked_at("127.0.0.1", port)?).await
    }

    #[tokio::test]
    async fn the_versions_that_a_server_accepts_are_told_apart() {
        for (versions, told) in [
            (&[&TLS12, &TLS13][..], &["1.2", "1.3"][..]),
            (&[&TLS12][..], &["1.2"][..]),
            (&[&TLS13][..], &["1.3"][..]),
        ] {
            let (port, _) = server(versions, Asks::Nobody, "").await;
            let seen = seen(port).await.unwrap();
            assert_eq!((seen.protocols.join(" "), seen.chain_length), (told.join(" "), 1));
            assert_eq!(seen.certificate.names, ["localhost"]);
            assert!(!seen.client_certificate_requested);
        }
    }

    #[tokio::test]
    async fn a_server_without_a_common_cipher_in_one_version_is_seen_by_the_other() {
        // Its key is of an elliptic curve: of TLS 1.2 it is left with no cipher.
        let mut of_rsa = ring::default_provider();
        of_rsa
            .cipher_suites
            .retain(|suite| !format!("{:?}", suite.suite()).contains("ECDSA"));
        let config = config(Arc::new(of_rsa), &[&TLS12, &TLS13], Asks::Nobody);
        let (port, _) = serve(config, "").await;
        assert_eq!(seen(port).await.unwrap().protocols, ["1.3"]);
    }

    #[tokio::test]
    async fn a_server_that_turns_away_who_has_no_certificate_is_seen_all_the_same() {
        for versions in [&[&TLS12][..], &[&TLS13][..], &[&TLS12, &TLS13][..]] {
            let (port, own) = server(versions, Asks::Everybody, "").await;
            let seen = seen(port).await.unwrap();
            assert_eq!(seen.protocols.len(), versions.len());
            assert!(seen.client_certificate_requested);
            assert_eq!(seen.certificate, certificate::read(&own).unwrap());
        }
    }

    #[tokio::test]
    async fn what_does_not_speak_tls_is_told_from_what_is_not_there() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let talking = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                // What was not read when the connection is closed would take the answer with it.
                _ = stream.read(&mut [0; 4096]).await;
                _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            }
        });
        assert_eq!(seen(port).await.unwrap_err(), HandshakeError::WithoutTls);
        talking.abort();
        _ = talking.await;
        assert!(matches!(seen(port).await.unwrap_err(), HandshakeError::Other(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_says_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(seen(port).await.unwrap_err(), HandshakeError::Late);
    }
}
