//! What kube-bench said of nodes: the list, taking it in, and forgetting it.

use analysis::kube_bench::parse;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use shared::ids::ClusterId;
use shared::kube_bench::{KubeBenchRow, NewKubeBench};
use shared::page::Page;
use shared::problem::Problem;
use shared::snapshots::Which;
use shared::tokens::Scope;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::identity::Identity;
use super::state::AppState;
use crate::store::viewer::Viewer;
use crate::store::{clusters, kube_bench};

/// The largest result, in bytes: that of all benchmarks is a few hundred thousand.
const MAX_BODY: usize = 4 << 20;
/// The longest name of a node, in bytes.
const LONGEST_NAME: usize = 253;

/// Routes of kube-bench.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, hand_in))
        .routes(routes!(forget))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// What is held, by node, on one page.
#[utoipa::path(get, path = "/kube-bench", tag = "compliance", params(Which), responses(
    (status = 200, body = Page<KubeBenchRow>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(
    State(state): State<AppState>,
    identity: Identity,
    Query(which): Query<Which>,
) -> Result<Json<Page<KubeBenchRow>>, ApiError> {
    identity.require(Scope::Read)?;
    let Some(cluster) = clusters::named_or_first(&state.db, &identity.viewer, which.cluster).await? else {
        return Ok(Json(Page::default()));
    };
    let items = kube_bench::list(&state.db, &identity.viewer, cluster.id).await?;
    Ok(Json(Page {
        total: items.len() as u64,
        items,
        next: None,
    }))
}

/// Hand in what kube-bench wrote of a node with `--json`; it takes the place of what is held of that node. It counts from the
/// next snapshot, which is asked for.
#[utoipa::path(post, path = "/kube-bench", tag = "compliance", params(NewKubeBench), request_body(
    content = Object, content_type = "application/json", description = "What kube-bench --json wrote, at most 4 MiB of it",
), responses(
    (status = 200, body = KubeBenchRow),
    (status = 400, body = Problem, description = "It is no result of kube-bench, or the node has no name; says where"),
    (status = 403, body = Problem),
    (status = 404, body = Problem, description = "No such cluster"),
    (status = 413, body = Problem, description = "It is too large"),
))]
async fn hand_in(
    State(state): State<AppState>,
    identity: Identity,
    Query(new): Query<NewKubeBench>,
    body: Bytes,
) -> Result<Json<KubeBenchRow>, ApiError> {
    may_write(&identity)?;
    let node = node(&new.node)?.to_owned();
    let cluster = cluster(&state, &identity, new.cluster).await?;
    let parsed = tokio::task::spawn_blocking(move || parse(&node, &body)).await;
    let report = parsed.map_err(ApiError::internal)?;
    let report =
        report.map_err(|error| ApiError::BadRequest(format!("The body is no result of kube-bench: {error}.")))?;
    let row = kube_bench::keep(&state.db, &identity.name, cluster, &report, state.now()).await?;
    demand(&state, cluster);
    Ok(Json(row))
}

/// Forget what is held of a node, from the next snapshot, which is asked for. Answers as of before stay as they were.
#[utoipa::path(delete, path = "/kube-bench/{node}", tag = "compliance", params(("node" = String, Path), Which), responses(
    (status = 204),
    (status = 403, body = Problem),
    (status = 404, body = Problem, description = "No such cluster, or nothing is held of the node"),
))]
async fn forget(
    State(state): State<AppState>,
    identity: Identity,
    Path(node): Path<String>,
    Query(which): Query<Which>,
) -> Result<StatusCode, ApiError> {
    may_write(&identity)?;
    let cluster = cluster(&state, &identity, which.cluster).await?;
    kube_bench::forget(&state.db, &identity.name, cluster, &node, state.now()).await?;
    demand(&state, cluster);
    Ok(StatusCode::NO_CONTENT)
}

fn may_write(identity: &Identity) -> Result<(), ApiError> {
    identity.require(Scope::Ingest)?;
    match identity.viewer {
        Viewer::All => Ok(()),
        Viewer::Namespaces(_) => Err(ApiError::Forbidden("What kube-bench says is of the whole cluster.")),
    }
}

/// The cluster that is named, or the only one: of several, none is guessed.
async fn cluster(state: &AppState, identity: &Identity, named: Option<ClusterId>) -> Result<ClusterId, ApiError> {
    if let Some(id) = named {
        return Ok(clusters::get(&state.db, &identity.viewer, id).await?.id);
    }
    match clusters::list(&state.db, &identity.viewer).await?.as_slice() {
        [only] => Ok(only.id),
        [] => Err(ApiError::NotFound("There is no cluster yet.".into())),
        _ => Err(ApiError::BadRequest(
            "cluster: there are several, so one must be named".into(),
        )),
    }
}

/// The name of a node, if it can be one (RFC 1123): kube-bench's own word for it does not exist.
fn node(name: &str) -> Result<&str, ApiError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let is_one = !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(allowed);
    match is_one {
        true => Ok(name),
        false => Err(ApiError::BadRequest(
            "node: it must be the name of a node, as kubectl get nodes shows it".into(),
        )),
    }
}

/// Asks for a snapshot, where this server watches the cluster: what was handed in counts from it.
fn demand(state: &AppState, cluster: ClusterId) {
    if let Some(watch) = state.watch(Some(cluster)) {
        watch.demand();
    }
}

#[cfg(test)]
mod tests {
    use super::node;

    #[test]
    fn only_what_can_name_a_node_does() {
        assert_eq!(node("worker-1.example.com").unwrap(), "worker-1.example.com");
        for wrong in ["", "Worker", "a b", "a/b", "a\0", &"a".repeat(254)] {
            assert!(node(wrong).is_err(), "{wrong}");
        }
    }
}
