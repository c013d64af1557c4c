//! A request without a credential, of whose answer nothing is read but the status. No library reads so little.

use std::fmt::Display;
use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// `HTTP/1.1 200`: where the status line of RFC 9112 has the status. What follows is not read.
const STATUS_LINE: usize = 12;

/// Asks for a path, and reads the status of the answer and nothing else of it.
///
/// # Errors
/// The connection ends before, or what answers does not speak HTTP.
pub(super) async fn status(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    host: impl Display,
    path: &str,
) -> io::Result<u16> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: plimsoll\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut line = [0; STATUS_LINE];
    stream.read_exact(&mut line).await?;
    let told = std::str::from_utf8(&line).ok();
    let told = told.and_then(|line| line.strip_prefix("HTTP/1.")?.split_once(' ')?.1.parse().ok());
    told.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "what answers there does not speak HTTP"))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answered(reply: &str) -> io::Result<u16> {
        let (ours, mut theirs) = tokio::io::duplex(1024);
        theirs.write_all(reply.as_bytes()).await.unwrap();
        theirs.shutdown().await.unwrap();
        status(ours, "192.0.2.1:10250", "/pods").await
    }

    #[tokio::test]
    async fn only_an_answer_of_http_has_a_status() {
        assert_eq!(answered("HTTP/1.1 401 Unauthorized\r\n\r\n").await.unwrap(), 401);
        assert_eq!(answered("HTTP/1.0 200\r\n\r\n").await.unwrap(), 200);
        for reply in [
            "",
            "HTTP/1.1",
            "HTTP/2 200 OK\r\n",
            "HTTP/1.1 two\r\n",
            "220 mail.example ESMTP\r\n",
        ] {
            assert!(answered(reply).await.is_err(), "{reply}");
        }
    }
}
