//! Whether a server takes TLS 1.0 or 1.1. No library that is safe to use speaks them, so that the first message of a handshake is
//! written here, as RFC 2246 and RFC 4346 have it; what the server chooses is read from its answer, and nothing follows.

use std::io;

use rand::Rng;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// `ProtocolVersion` of TLS 1.0.
pub(super) const TLS10: [u8; 2] = [3, 1];
/// `ProtocolVersion` of TLS 1.1.
pub(super) const TLS11: [u8; 2] = [3, 2];

/// `ContentType` of messages of a handshake.
const HANDSHAKE: u8 = 22;
/// `HandshakeType` of the client's first message.
const CLIENT_HELLO: u8 = 1;
/// `HandshakeType` of the server's.
const SERVER_HELLO: u8 = 2;

/// Cipher suites that servers of these versions know: ECDHE and RSA with AES in CBC mode, and 3DES.
const CIPHER_SUITES: &[u8] = &[
    0xc0, 0x13, 0xc0, 0x14, 0xc0, 0x09, 0xc0, 0x0a, 0x00, 0x2f, 0x00, 0x35, 0x00, 0x0a,
];
/// `supported_groups` of RFC 8422: x25519, secp256r1, secp384r1.
const GROUPS: &[u8] = &[0, 10, 0, 8, 0, 6, 0, 29, 0, 23, 0, 24];
/// `ec_point_formats` of RFC 8422: uncompressed.
const POINTS: &[u8] = &[0, 11, 0, 2, 1, 0];

/// Whether the server chooses the version, where it is offered nothing newer.
///
/// # Errors
/// The connection ends before it says so.
pub(super) async fn takes(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    name: &ServerName<'_>,
    version: [u8; 2],
) -> io::Result<bool> {
    stream.write_all(&client_hello(name, version)).await?;
    stream.flush().await?;
    let mut record = [0; 5];
    stream.read_exact(&mut record).await?;
    if record[0] != HANDSHAKE {
        return Ok(false);
    }
    let mut message = [0; 6];
    stream.read_exact(&mut message).await?;
    Ok(message[0] == SERVER_HELLO && message[4..] == version)
}

fn client_hello(name: &ServerName<'_>, version: [u8; 2]) -> Vec<u8> {
    let random: [u8; 32] = rand::rng().random();
    let mut body = version.to_vec();
    body.extend(random);
    // No session is resumed.
    body.push(0);
    body.extend(sized(CIPHER_SUITES));
    // No compression.
    body.extend([1, 0]);
    body.extend(sized(&[&server_name(name)[..], GROUPS, POINTS].concat()));
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes();
    let message = [&[CLIENT_HELLO][..], &length[1..], &body[..]].concat();
    [&[HANDSHAKE][..], &TLS10[..], &sized(&message)[..]].concat()
}

/// `server_name` of RFC 6066; nothing where the server is known by an address.
fn server_name(name: &ServerName<'_>) -> Vec<u8> {
    let ServerName::DnsName(name) = name else {
        return Vec::new();
    };
    let entry = [&[0][..], &sized(name.as_ref().as_bytes())[..]].concat();
    [&[0, 0][..], &sized(&sized(&entry))[..]].concat()
}

/// Bytes after their length, in two bytes.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&length[..], bytes].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of offering TLS 1.0 to what answers with these bytes.
    async fn answered(bytes: &[u8]) -> io::Result<bool> {
        let (ours, mut theirs) = tokio::io::duplex(4096);
        theirs.write_all(bytes).await.unwrap();
        theirs.shutdown().await.unwrap();
        takes(ours, &ServerName::try_from("api.example").unwrap(), TLS10).await
    }

    #[tokio::test]
    async fn only_a_server_that_chooses_the_version_takes_it() {
        assert!(answered(&[22, 3, 1, 0, 70, 2, 0, 0, 66, 3, 1]).await.unwrap());
        assert!(!answered(&[22, 3, 3, 0, 70, 2, 0, 0, 66, 3, 3]).await.unwrap());
        // An alert: protocol_version.
        assert!(!answered(&[21, 3, 1, 0, 2, 2, 70]).await.unwrap());
        assert!(!answered(b"HTTP/1.1 400 Bad Request").await.unwrap());
        assert!(answered(&[22, 3, 1]).await.is_err());
    }

    /// rustls reads it as a message of TLS, finds the name in it, and nothing that it could go on with.
    #[test]
    fn the_message_is_one_that_servers_understand() {
        let mut acceptor = rustls::server::Acceptor::default();
        let hello = client_hello(&ServerName::try_from("api.example").unwrap(), TLS11);
        acceptor.read_tls(&mut hello.as_slice()).unwrap();
        let (error, _) = acceptor.accept().unwrap_err();
        assert!(matches!(error, rustls::Error::PeerIncompatible(_)), "{error}");
    }
}
