//! The API's description, for programs at `/api/openapi.json` and for people at `/api/docs`.
//!
//! They tell what every copy of Plimsoll tells, so they need no credential.

use std::fmt::Write;
use std::sync::LazyLock;

use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use serde_json::Value;

use super::state::AppState;

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(super::description()).unwrap_or_default());
static PAGE: LazyLock<String> = LazyLock::new(|| page(&DESCRIPTION));

/// Routes of the documentation.
pub(super) fn router() -> Router<AppState> {
    let style = || async {
        (
            [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
            include_str!("docs.css"),
        )
    };
    Router::new()
        .route(
            "/api/openapi.json",
            get(|| async { axum::Json(&*DESCRIPTION).into_response() }),
        )
        .route("/api/docs", get(|| async { Html(PAGE.as_str()) }))
        .route("/api/docs.css", get(style))
}

fn page(description: &Value) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Plimsoll API</title>\
         <link rel=\"stylesheet\" href=\"/api/docs.css\"></head><body><main><h1>Plimsoll API</h1>\
         <p>Send <code>Authorization: Bearer TOKEN</code>, with a token from Settings or <code>plimsoll token create</code>. \
         Errors are <a href=\"https://www.rfc-editor.org/rfc/rfc9457\">problems</a>. Machines read \
         <a href=\"/api/openapi.json\">openapi.json</a>.</p>",
    );
    for (path, operations) in entries(&description["paths"]) {
        for (method, operation) in entries(operations) {
            operation_html(&mut html, path, method, operation);
        }
    }
    html += "<h2 id=\"schemas\">Schemas</h2>";
    for (name, schema) in entries(&description["components"]["schemas"]) {
        let text = serde_json::to_string_pretty(schema).unwrap_or_default();
        let name = escape(name);
        _ = write!(
            html,
            "<details id=\"{name}\"><summary>{name}</summary><pre>{}</pre></details>",
            escape(&text)
        );
    }
    html + "</main></body></html>"
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

fn operation_html(html: &mut String, path: &str, method: &str, operation: &Value) {
    let text = |value: &Value| escape(value.as_str().unwrap_or_default());
    _ = write!(
        html,
        "<section><h2><code>{}</code> <code>{}</code></h2><p>{}</p>",
        method.to_uppercase(),
        escape(path),
        text(&operation["summary"])
    );
    let parameters = operation["parameters"].as_array();
    if let Some(parameters) = parameters.filter(|parameters| !parameters.is_empty()) {
        *html += "<dl>";
        for parameter in parameters {
            let (name, description) = (text(&parameter["name"]), text(&parameter["description"]));
            _ = write!(html, "<dt><code>{name}</code></dt><dd>{description}</dd>");
        }
        *html += "</dl>";
    }
    *html += "<ul>";
    for (status, response) in entries(&operation["responses"]) {
        let schema = entries(&response["content"]).find_map(|(_, content)| content["schema"]["$ref"].as_str());
        let schema = schema
            .and_then(|schema| schema.rsplit('/').next())
            .map(escape)
            .unwrap_or_default();
        let link = if schema.is_empty() {
            String::new()
        } else {
            format!(" <a href=\"#{schema}\">{schema}</a>")
        };
        _ = write!(
            html,
            "<li><b>{status}</b>{link} {}</li>",
            text(&response["description"])
        );
    }
    *html += "</ul></section>";
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
