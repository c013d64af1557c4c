//! Answers that a browser keeps as a file.

use std::convert::Infallible;
use std::io::{self, BufWriter, Write};

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tokio::sync::mpsc;

/// How many bytes of a file are written before they are sent.
const PIECE: usize = 64 << 10;
/// How many such pieces may wait for a client that is slow.
const WAITING: usize = 4;

/// A file to be kept under a name.
pub(super) fn download(content_type: &str, file: &str, body: String) -> Response {
    kept(content_type, file, Body::from(body))
}

/// A file that is sent while `write` writes it, because it may be larger than what memory should hold. Where the client goes away,
/// writing fails.
pub(super) fn written(
    content_type: &str,
    file: &str,
    write: impl FnOnce(&mut BufWriter<Pipe>) -> io::Result<()> + Send + 'static,
) -> Response {
    let (pipe, pieces) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut out = BufWriter::with_capacity(PIECE, Pipe(pipe));
        // Whoever asked is gone where it fails: there is nobody to tell.
        _ = write(&mut out).and_then(|()| out.flush());
    });
    let next = |mut pieces: mpsc::Receiver<Bytes>| async move {
        let piece = pieces.recv().await?;
        Some((Ok::<_, Infallible>(piece), pieces))
    };
    kept(
        content_type,
        file,
        Body::from_stream(futures::stream::unfold(pieces, next)),
    )
}

fn kept(content_type: &str, file: &str, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
    ];
    (headers, body).into_response()
}

/// What is written here, the client gets.
pub(super) struct Pipe(mpsc::Sender<Bytes>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.blocking_send(Bytes::copy_from_slice(bytes)) {
            Ok(()) => Ok(bytes.len()),
            Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
