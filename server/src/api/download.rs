//! Answers that a browser keeps as a file.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A file to be kept under a name.
pub(super) fn download(content_type: &str, file: &str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
    ];
    (headers, body).into_response()
}
