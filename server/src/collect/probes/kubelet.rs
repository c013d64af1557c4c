//! Calling one kubelet: a handshake, and two requests of which nothing but the status of the answer is read.

use std::io;
use std::net::SocketAddr;

use shared::probes::{Anonymous, Handshake, KubeletProbe, ReadOnlyPort};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::handshake_of;
use super::http::status;
use crate::collect::handshake::{self, DEADLINE, Endpoint, HandshakeError};
use crate::collect::words;

/// What is asked for without a credential: only a kubelet that takes anybody's requests gives it.
const PODS: &str = "/pods";
/// What is asked for at the read-only port, where everything is open: what says least.
const HEALTH: &str = "/healthz";

/// Calls the kubelet at an address, and its read-only port.
pub(super) async fn call(kubelet: SocketAddr, read_only: SocketAddr) -> KubeletProbe {
    let ((handshake, anonymous), read_only_port) = tokio::join!(secure(kubelet), read_only_port(read_only));
    KubeletProbe {
        address: kubelet.to_string(),
        handshake,
        anonymous,
        read_only_port,
    }
}

async fn secure(kubelet: SocketAddr) -> (Handshake, Anonymous) {
    let unseen = |error: HandshakeError| {
        let reason = error.to_string();
        (handshake_of(Err(error)), Anonymous::Unknown { reason })
    };
    let endpoint = match Endpoint::looked_at(&kubelet.ip().to_string(), kubelet.port()) {
        Ok(endpoint) => endpoint,
        Err(error) => return unseen(error),
    };
    match handshake::look(&endpoint).await {
        Ok(serving) => (Handshake::Answered { serving }, anonymous(&endpoint, kubelet).await),
        Err(error) => unseen(error),
    }
}

async fn anonymous(endpoint: &Endpoint, kubelet: SocketAddr) -> Anonymous {
    let unknown = |reason: String| Anonymous::Unknown { reason };
    let stream = match handshake::open(endpoint).await {
        Ok(stream) => stream,
        Err(error) => return unknown(error.to_string()),
    };
    match timeout(DEADLINE, status(stream, kubelet, PODS)).await {
        Ok(Ok(200)) => Anonymous::Allowed,
        Ok(Ok(401)) => Anonymous::Refused,
        Ok(Ok(403)) => Anonymous::Forbidden,
        Ok(Ok(other)) => unknown(format!("it answers with HTTP status {other}")),
        Ok(Err(error)) => unknown(words::root(&error)),
        Err(_) => unknown("it does not answer in time".into()),
    }
}

/// Whatever speaks HTTP there is the kubelet: nothing else is expected on a node's port of that number.
async fn read_only_port(address: SocketAddr) -> ReadOnlyPort {
    let unknown = |reason: String| ReadOnlyPort::Unknown { reason };
    let stream = match timeout(DEADLINE, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => return ReadOnlyPort::Closed,
        Ok(Err(error)) => return unknown(words::root(&error)),
        Err(_) => return unknown("nothing answers in time, as behind a firewall".into()),
    };
    match timeout(DEADLINE, status(stream, address, HEALTH)).await {
        Ok(Ok(_)) => ReadOnlyPort::Open,
        Ok(Err(error)) => unknown(words::root(&error)),
        Err(_) => unknown("what listens there does not answer in time".into()),
    }
}

#[cfg(test)]
mod tests {
    use rustls::version::{TLS12, TLS13};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::collect::handshake::tests::{Asks, server};

    fn local(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    /// A server that answers each connection with these words.
    async fn plain(reply: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut asked = [0; 1024];
                let length = stream.read(&mut asked).await.unwrap_or_default();
                assert!(asked[..length].starts_with(b"GET /healthz HTTP/1.1\r\n"));
                _ = stream.write_all(reply.as_bytes()).await;
            }
        });
        address
    }

    /// An address at which nothing listens.
    async fn nowhere() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
    }

    async fn answered(reply: &'static str) -> KubeletProbe {
        let (port, _) = server(&[&TLS12, &TLS13], Asks::Nobody, reply).await;
        call(local(port), nowhere().await).await
    }

    #[tokio::test]
    async fn the_status_tells_whether_anybody_is_answered() {
        for (reply, expected) in [
            ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", Anonymous::Allowed),
            ("HTTP/1.1 401 Unauthorized\r\n\r\n", Anonymous::Refused),
            ("HTTP/1.1 403 Forbidden\r\n\r\n", Anonymous::Forbidden),
        ] {
            let probe = answered(reply).await;
            assert_eq!(probe.anonymous, expected);
            assert_eq!(probe.handshake.seen().unwrap().protocols, ["1.2", "1.3"]);
            assert_eq!(probe.read_only_port, ReadOnlyPort::Closed);
        }
    }

    #[tokio::test]
    async fn what_is_no_kubelet_tells_nothing() {
        let reason = |probe: KubeletProbe| match probe.anonymous {
            Anonymous::Unknown { reason } => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            reason(answered("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\n\r\n").await),
            "it answers with HTTP status 302"
        );
        assert_eq!(
            reason(answered("SSH-2.0-OpenSSH_9.9\r\n").await),
            "what answers there does not speak HTTP"
        );
        let absent = call(nowhere().await, nowhere().await).await;
        assert!(matches!(absent.handshake, Handshake::Failed { .. }), "{absent:?}");
        assert!(reason(absent).contains("refused"));
    }

    #[tokio::test]
    async fn a_read_only_port_is_open_where_it_speaks_http() {
        let healthy = plain("HTTP/1.1 200 OK\r\n\r\nok").await;
        assert_eq!(read_only_port(healthy).await, ReadOnlyPort::Open);
        let ill = plain("HTTP/1.1 500 Internal Server Error\r\n\r\n").await;
        assert_eq!(read_only_port(ill).await, ReadOnlyPort::Open);
        let other = plain("220 mail.example ESMTP\r\n").await;
        assert!(matches!(read_only_port(other).await, ReadOnlyPort::Unknown { .. }));
    }

    #[tokio::test(start_paused = true)]
    async fn a_port_that_says_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let silent = read_only_port(listener.local_addr().unwrap()).await;
        assert!(matches!(silent, ReadOnlyPort::Unknown { .. }), "{silent:?}");
    }
}
