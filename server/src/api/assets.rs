//! The page's own files: embedded by the build script, compressed beforehand, found by their paths.
//!
//! A file under `/assets/` carries its hash in its name and never changes. Everything else that is no part of the API
//! is a view of the page, whose address only the page understands: it gets `index.html`.

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::error::ApiError;

/// The page, or nothing where the server was compiled without it.
static PAGE: &[Asset] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// One file of the page.
#[derive(Debug)]
struct Asset {
    path: &'static str,
    content_type: &'static str,
    hash: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Serves the page to whoever asks for a path that no other route answers.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().fallback(get(serve))
}

async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    answer(PAGE, uri.path(), &headers)
}

fn answer(page: &[Asset], path: &str, headers: &HeaderMap) -> Response {
    if path == "/api" || path.starts_with("/api/") {
        return ApiError::NotFound(format!("there is no {path}")).into_response();
    }
    let immutable = path.starts_with("/assets/");
    let path = if immutable { path } else { "/index.html" };
    match page.iter().find(|asset| asset.path == path) {
        Some(asset) => send(asset, immutable, headers),
        None if page.is_empty() => text(
            StatusCode::SERVICE_UNAVAILABLE,
            "The page was not built in; run make build.\n",
        ),
        None => text(StatusCode::NOT_FOUND, "There is no such file.\n"),
    }
}

/// The file in the best encoding that the client accepts, or word that the client has it already.
fn send(asset: &Asset, immutable: bool, headers: &HeaderMap) -> Response {
    let caching = if immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    // Weak: the same for all encodings of the file.
    let etag = format!("W/\"{}\"", asset.hash);
    let known = listed(headers, IF_NONE_MATCH.as_str()).any(|tag| tag == "*" || tag == etag);
    let common = [
        (CACHE_CONTROL, caching),
        (VARY, "accept-encoding"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (ETAG, &etag),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let (encoding, body) = encoded(asset, headers);
    let mut response = (common, [(CONTENT_TYPE, asset.content_type)], Body::from(body)).into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(CONTENT_ENCODING, encoding);
    }
    response
}

fn encoded(asset: &Asset, headers: &HeaderMap) -> (Option<HeaderValue>, &'static [u8]) {
    let forms = [("br", asset.brotli), ("gzip", asset.gzip)];
    let mut accepted = forms.into_iter().filter(|(coding, _)| accepts(headers, coding));
    let best = accepted.find_map(|(coding, body)| Some((Some(HeaderValue::from_static(coding)), body?)));
    best.unwrap_or((None, asset.plain))
}

/// Whether `Accept-Encoding` names the coding, and not with a weight of nought.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    listed(headers, ACCEPT_ENCODING.as_str()).any(|entry| {
        let (name, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let weight = weight
            .trim()
            .strip_prefix("q=")
            .and_then(|weight| weight.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(coding) && weight.is_some_and(|weight| weight > 0.0)
    })
}

/// The entries of a header that holds a list with commas.
fn listed<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let values = headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

fn text(status: StatusCode, message: &'static str) -> Response {
    (
        status,
        [
            (CONTENT_TYPE, "text/plain; charset=utf-8"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        message,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    static SAMPLE: &[Asset] = &[
        Asset {
            path: "/assets/app.1.css",
            content_type: "text/css",
            hash: "1",
            plain: b"plain",
            brotli: Some(b"br"),
            gzip: Some(b"gz"),
        },
        Asset {
            path: "/index.html",
            content_type: "text/html",
            hash: "2",
            plain: b"index",
            brotli: None,
            gzip: None,
        },
    ];

    fn ask(path: &str, header: Option<(HeaderName, &'static str)>) -> Response {
        let headers = header
            .into_iter()
            .map(|(name, value)| (name, HeaderValue::from_static(value)))
            .collect();
        answer(SAMPLE, path, &headers)
    }

    fn header(response: &Response, name: HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    async fn body(response: Response) -> Vec<u8> {
        axum::body::to_bytes(response.into_body(), 1024).await.unwrap().to_vec()
    }

    #[tokio::test]
    async fn the_best_accepted_encoding_is_sent() {
        for (accepted, encoding, expected) in [
            ("gzip, deflate, br", "br", "br"),
            ("gzip;q=0.5", "gzip", "gz"),
            ("br;q=0, GZIP", "gzip", "gz"),
            ("identity", "", "plain"),
            ("br;q=x", "", "plain"),
        ] {
            let response = ask("/assets/app.1.css", Some((ACCEPT_ENCODING, accepted)));
            assert_eq!(header(&response, CONTENT_ENCODING), encoding, "{accepted}");
            assert_eq!(body(response).await, expected.as_bytes(), "{accepted}");
        }
    }

    #[tokio::test]
    async fn a_file_without_compressed_forms_is_sent_as_it_is() {
        let response = ask("/", Some((ACCEPT_ENCODING, "br")));
        assert_eq!(header(&response, CONTENT_ENCODING), "");
        assert_eq!(body(response).await, b"index");
    }

    #[test]
    fn hashed_files_are_kept_for_ever_and_the_index_is_asked_for_again() {
        let file = ask("/assets/app.1.css", None);
        assert_eq!(header(&file, CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(header(&file, VARY), "accept-encoding");
        assert_eq!(header(&file, X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(header(&ask("/", None), CACHE_CONTROL), "no-cache");
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        for tags in ["W/\"2\"", "\"x\", W/\"2\"", "*"] {
            let response = ask("/", Some((IF_NONE_MATCH, tags)));
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{tags}");
            assert_eq!(header(&response, ETAG), "W/\"2\"", "{tags}");
        }
        assert_eq!(ask("/", Some((IF_NONE_MATCH, "W/\"1\""))).status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn every_view_gets_the_index_and_nothing_else_does() {
        assert_eq!(body(ask("/findings/42", None)).await, b"index");
        assert_eq!(ask("/assets/old.0.css", None).status(), StatusCode::NOT_FOUND);
        assert_eq!(ask("/api/v1/nothing", None).status(), StatusCode::NOT_FOUND);
        assert_eq!(ask("/api", None).status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn a_server_without_the_page_says_how_to_build_it() {
        let response = answer(&[], "/", &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(String::from_utf8(body(response).await).unwrap().contains("make build"));
    }

    #[test]
    fn every_file_of_the_page_is_named_by_its_hash() {
        for asset in PAGE.iter().filter(|asset| asset.path != "/index.html") {
            assert!(
                asset.path.starts_with("/assets/") && asset.path.contains(asset.hash),
                "{}",
                asset.path
            );
        }
    }
}
