//! JSON over `fetch`, to the page's own origin.

use std::cell::RefCell;

use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::page::Stamped;
use shared::problem::Problem;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use super::read::{decode, decode_stamped};
use crate::here::encode;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// The server said why.
    Problem(Problem),
    /// The server could not be reached.
    Network(String),
    /// The answer could not be read: the page is older or newer than the server.
    Decode(String),
}

impl ApiError {
    /// The HTTP status of a problem.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            Self::Network(_) | Self::Decode(_) => None,
        }
    }

    /// What happened, for people.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Problem(problem) => problem.detail.clone().unwrap_or_else(|| problem.title.clone()),
            Self::Network(_) => "The server did not answer.".into(),
            Self::Decode(_) => {
                "The answer could not be read. Reload the page: the server may have been updated.".into()
            }
        }
    }
}

thread_local! {
    static ON_SIGNED_OUT: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

/// What to do when the server answers that nobody is signed in.
pub(crate) fn on_signed_out(act: impl Fn() + 'static) {
    ON_SIGNED_OUT.with(|slot| *slot.borrow_mut() = Some(Box::new(act)));
}

/// A question: its method, its address, what is sent along.
pub(crate) struct Question {
    method: &'static str,
    url: String,
    body: Option<String>,
}

/// A question, and how its answer is read. Nothing is sent before [`Request::send`].
///
/// Only `read` depends on the type of the answer: all that is done to get it is compiled once.
pub(crate) struct Request<T> {
    /// The question.
    pub(crate) question: Question,
    /// Reads the body of the answer.
    pub(crate) read: fn(&str) -> Result<T, ApiError>,
}

impl<T> Request<T> {
    /// Asks.
    pub(crate) async fn send(self) -> Result<T, ApiError> {
        (self.read)(&self.question.ask().await?)
    }
}

/// Reads a resource. A `query` that is `()` asks for all of it.
pub(crate) fn get<T: DeserializeOwned>(path: &str, query: &impl Serialize) -> Request<T> {
    Request {
        question: Question {
            method: "GET",
            url: with_query(path, query),
            body: None,
        },
        read: decode,
    }
}

/// Reads a resource that comes with the snapshot that it rests on.
pub(crate) fn get_stamped<T: DeserializeOwned>(path: &str, query: &impl Serialize) -> Request<Stamped<T>> {
    Request {
        question: Question {
            method: "GET",
            url: with_query(path, query),
            body: None,
        },
        read: decode_stamped,
    }
}

/// Makes something, and reads what was made.
pub(crate) fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Request<T> {
    Request {
        question: with_body("POST", path, body),
        read: decode,
    }
}

/// Sends a body where the answer holds nothing to read.
pub(crate) fn put(path: &str, body: &impl Serialize) -> Request<()> {
    Request {
        question: with_body("PUT", path, body),
        read: nothing,
    }
}

/// Asks for an action that needs no body and answers none.
pub(crate) fn act(path: &str, query: &impl Serialize) -> Request<()> {
    Request {
        question: Question {
            method: "POST",
            url: with_query(path, query),
            body: None,
        },
        read: nothing,
    }
}

/// Takes a resource away.
pub(crate) fn delete(path: &str) -> Request<()> {
    Request {
        question: Question {
            method: "DELETE",
            url: path.to_owned(),
            body: None,
        },
        read: nothing,
    }
}

fn with_body(method: &'static str, path: &str, body: &impl Serialize) -> Question {
    // What `shared` defines always has a JSON form.
    let body = serde_json::to_string(body).unwrap_or_default();
    Question {
        method,
        url: path.to_owned(),
        body: Some(body),
    }
}

fn nothing(_: &str) -> Result<(), ApiError> {
    Ok(())
}

/// `path` with the members of `query` that are set.
pub(crate) fn with_query(path: &str, query: &impl Serialize) -> String {
    join_query(path, &serde_json::to_value(query).unwrap_or_default())
}

fn join_query(path: &str, query: &Value) -> String {
    let Value::Object(members) = query else {
        return path.to_owned();
    };
    let pairs: Vec<String> = members
        .iter()
        .filter_map(|(name, value)| match value {
            Value::Null => None,
            Value::String(text) => Some(format!("{name}={}", encode(text))),
            other => Some(format!("{name}={}", encode(&other.to_string()))),
        })
        .collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

impl Question {
    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Asks, and gives the body of the answer, where it is one of success.
    pub(crate) async fn ask(self) -> Result<String, ApiError> {
        // A wrong password is told on the spot; any other 401 means that the session has ended.
        let signing_in = self.method == "POST" && self.url == shared::session::PATH;
        let (status, status_text, text) = exchange(self).await.map_err(network)?;
        if (200..300).contains(&status) {
            return Ok(text);
        }
        if status == 401 && !signing_in {
            ON_SIGNED_OUT.with(|act| act.borrow().as_ref().map(|act| act()));
        }
        Err(ApiError::Problem(
            decode(&text).unwrap_or_else(|_| unexplained(status, status_text)),
        ))
    }
}

/// What something between the page and the server answered.
fn unexplained(status: u16, title: String) -> Problem {
    Problem {
        kind: "about:blank".into(),
        title,
        status,
        detail: None,
        instance: None,
    }
}

async fn exchange(question: Question) -> Result<(u16, String, String), JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    headers.set("Content-Type", "application/json")?;
    let init = RequestInit::new();
    init.set_method(question.method);
    init.set_headers_headers(&headers);
    if let Some(body) = question.body {
        init.set_body(&JsValue::from_str(&body));
    }
    let request = web_sys::Request::new_with_str_and_init(&question.url, &init)?;
    let response: Response = JsFuture::from(window().fetch_with_request(&request))
        .await?
        .dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok((response.status(), response.status_text(), text))
}

fn network(error: JsValue) -> ApiError {
    let message = error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()));
    ApiError::Network(message.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_hold_what_is_set_and_nothing_else() {
        let query = shared::findings::FindingQuery {
            severity: Some("critical,high".into()),
            q: Some("a b".into()),
            limit: Some(5),
            ..Default::default()
        };
        assert_eq!(with_query("/x", &query), "/x?limit=5&q=a%20b&severity=critical,high");
        assert_eq!(with_query("/x", &()), "/x");
    }

    #[test]
    fn a_problem_tells_its_detail_before_its_title() {
        let problem = |detail: Option<&str>| {
            ApiError::Problem(Problem {
                kind: "/problems/store-timeout".into(),
                title: "The database did not answer".into(),
                status: 503,
                detail: detail.map(Into::into),
                instance: None,
            })
        };
        assert_eq!(problem(None).message(), "The database did not answer");
        assert_eq!(problem(Some("in 5 s")).message(), "in 5 s");
    }
}
