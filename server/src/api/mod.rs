//! The API and the page over HTTP: one file for each resource, each with its own router.

mod admission;
pub mod assets;
mod audit;
mod certificates;
mod changes;
mod checks;
mod clusters;
mod compliance;
mod docs;
mod download;
pub mod error;
mod findings;
pub mod fixes;
mod frameworks;
mod health;
mod identity;
pub mod kept;
mod kube_bench;
pub mod metrics;
pub mod models;
mod namespaces;
mod network;
mod overview;
mod pod_security;
mod quotas;
mod rbac;
mod read;
mod reports;
mod session;
mod since;
mod snapshots;
pub mod state;
mod tokens;
mod trends;
mod users;
mod workloads;

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

use identity::require_identity;
use state::AppState;

/// The largest body of a request, in bytes, where a resource has no limit of its own.
const MAX_BODY: usize = 64 * 1024;
/// How long an answer may take to begin.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Our own scripts, styles and wasm, and nothing else from anywhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Routes of the API that need a credential.
fn guarded() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(admission::router())
        .merge(audit::router())
        .merge(certificates::router())
        .merge(changes::router())
        .merge(checks::router())
        .merge(clusters::router())
        .merge(compliance::router())
        .merge(findings::router())
        .merge(frameworks::router())
        .merge(kube_bench::router())
        .merge(namespaces::router())
        .merge(overview::router())
        .merge(pod_security::router())
        .merge(quotas::router())
        .merge(network::router())
        .merge(rbac::router())
        .merge(reports::router())
        .merge(session::router())
        .merge(snapshots::router())
        .merge(tokens::router())
        .merge(trends::router())
        .merge(users::router())
        .merge(workloads::router())
}

fn versioned(guarded: OpenApiRouter<AppState>) -> OpenApiRouter<AppState> {
    OpenApiRouter::new().nest("/api/v1", guarded.merge(session::open_router()))
}

/// The API's description, OpenAPI 3.1, generated from the handlers.
pub fn description() -> OpenApi {
    let info = Info::builder()
        .title("Plimsoll")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "How much risk your clusters carry, how that changed, and what to do about it.",
        ))
        .build();
    let mut api = OpenApiBuilder::new().info(info).build();
    api.merge(versioned(guarded()).into_openapi());
    api
}

/// All routes: the API, its documentation, health, metrics and the page.
pub fn router(state: AppState) -> Router {
    let guard = from_fn_with_state(state.clone(), require_identity);
    let (api, _) = versioned(guarded().route_layer(guard.clone())).split_for_parts();
    let routes = Router::new()
        .merge(api)
        .merge(metrics::router().route_layer(guard))
        .merge(docs::router())
        .merge(health::router())
        .merge(assets::router())
        .layer(from_fn_with_state(state.clone(), metrics::count))
        .with_state(state);
    with_layers(routes)
}

/// What every response passes, the outermost last.
fn with_layers(routes: Router) -> Router {
    routes
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(error::complete_problems))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(from_fn(forget_request_id))
        .layer(security_header("content-security-policy", CONTENT_SECURITY_POLICY))
        .layer(security_header("x-content-type-options", "nosniff"))
        .layer(security_header("referrer-policy", "no-referrer"))
        .layer(security_header("cross-origin-opener-policy", "same-origin"))
        .layer(security_header("cross-origin-resource-policy", "same-origin"))
        .layer(security_header(
            "permissions-policy",
            "camera=(), geolocation=(), microphone=()",
        ))
}

fn security_header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
}

/// A request's id is ours to give: one sent from outside could be chosen to confuse the log.
async fn forget_request_id(mut request: Request, next: Next) -> Response {
    request.headers_mut().remove("x-request-id");
    next.run(request).await
}
