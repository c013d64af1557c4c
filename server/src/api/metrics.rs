//! Figures about ourselves, in the text format of OpenMetrics.

use std::sync::atomic::AtomicU64;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use shared::tokens::Scope;
use shared::verdict::Severity;

use super::error::ApiError;
use super::identity::Identity;
use super::state::AppState;
use crate::store::clusters::{self, Figures};
use crate::store::viewer::Viewer;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ClusterLabels {
    cluster: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OpenLabels {
    cluster: String,
    severity: String,
}

/// Figures about ourselves.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Histogram,
    open: Family<OpenLabels, Gauge>,
    score: Family<ClusterLabels, Gauge<f64, AtomicU64>>,
    taken: Family<ClusterLabels, Gauge>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("plimsoll");
        let requests = Family::default();
        let seconds = Histogram::new(exponential_buckets(0.001, 4.0, 8));
        let (open, score, taken) = (Family::default(), Family::default(), Family::default());
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time until an answer began", seconds.clone());
        registry.register("findings_open", "Open findings of the last snapshot", open.clone());
        registry.register("score", "Posture score of the last snapshot, 0 to 100", score.clone());
        registry.register(
            "snapshot_timestamp_seconds",
            "When the last snapshot was taken",
            taken.clone(),
        );
        Self {
            registry,
            requests,
            seconds,
            open,
            score,
            taken,
        }
    }
}

/// A method by its name, if it is one of HTTP's own: anybody may send any other, and each would be remembered for ever.
fn method(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::DELETE | Method::PATCH | Method::OPTIONS => {
            method.as_str()
        }
        _ => "other",
    }
}

/// The route on the main address; it needs a token.
pub fn router() -> Router<AppState> {
    Router::new().route("/metrics", get(guarded))
}

/// The route on an address of its own, which needs no token.
pub fn open_router(state: AppState) -> Router {
    Router::new().route("/metrics", get(scrape)).with_state(state)
}

async fn guarded(state: State<AppState>, identity: Identity) -> Result<Response, ApiError> {
    identity.require(Scope::Read)?;
    scrape(state).await
}

async fn scrape(State(state): State<AppState>) -> Result<Response, ApiError> {
    state.metrics.forget_clusters();
    for figures in clusters::figures(&state.db, &Viewer::All).await? {
        state.metrics.set(figures);
    }
    let mut text = String::new();
    encode(&mut text, &state.metrics.registry).map_err(ApiError::internal)?;
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, content_type)], text).into_response())
}

impl Metrics {
    /// A cluster that was renamed or is gone leaves no old figures behind.
    fn forget_clusters(&self) {
        self.open.clear();
        self.score.clear();
        self.taken.clear();
    }

    fn set(&self, figures: Figures) {
        let cluster = figures.name;
        for severity in Severity::ALL {
            let labels = OpenLabels {
                cluster: cluster.clone(),
                severity: severity.as_str().into(),
            };
            self.open.get_or_create(&labels).set(figures.open.of(severity).into());
        }
        let labels = ClusterLabels { cluster };
        if let Some(score) = figures.score {
            self.score.get_or_create(&labels).set(score.into());
        }
        self.taken.get_or_create(&labels).set(figures.taken_at.timestamp());
    }
}

/// Counts every request by its route, never by its path, which a stranger could make endless.
pub async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = method(request.method()).to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("page", MatchedPath::as_str)
        .to_owned();
    let response = next.run(request).await;
    let labels = RequestLabels {
        method,
        route,
        status: response.status().as_u16(),
    };
    state.metrics.requests.get_or_create(&labels).inc();
    state.metrics.seconds.observe(start.elapsed().as_secs_f64());
    response
}
