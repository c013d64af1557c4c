//! Frameworks: which there are, and what each asks for.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use shared::compliance::standing::Standing;
use shared::frameworks::Framework;
use shared::page::{AsOf, At, Page, Stamped};
use shared::problem::Problem;
use shared::tokens::Scope;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::identity::Identity;
use super::kept::Basis;
use super::read::Read;
use super::state::AppState;
use crate::compliance::Known;
use crate::store::compliance;

/// Routes of frameworks.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get))
}

/// All frameworks, on one page, each with how well the cluster meets it.
#[utoipa::path(get, path = "/frameworks", tag = "compliance", params(At), responses(
    (status = 200, body = Stamped<Page<Standing>>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(read: Read<At>) -> Result<Response, ApiError> {
    let items = match &read.as_of {
        Some(as_of) => {
            let basis = Basis::new(&read.viewer, as_of).with(read.state.frameworks.edition());
            let kept = read.state.standings.get(&basis, stood(&read, as_of)).await?;
            Vec::clone(&kept)
        }
        None => standings(&read.state, None),
    };
    let total = items.len() as u64;
    Ok(read.answer(Page {
        items,
        total,
        next: None,
    }))
}

/// How the cluster stood against each of them.
async fn stood(read: &Read<At>, as_of: &AsOf) -> Result<Vec<Standing>, ApiError> {
    let known = compliance::known(read.db(), &read.viewer, as_of).await?;
    let state = read.state.clone();
    let standings = move || standings(&state, Some(&known));
    tokio::task::spawn_blocking(standings).await.map_err(ApiError::internal)
}

fn standings(state: &AppState, known: Option<&Known>) -> Vec<Standing> {
    let standing = |framework: &Arc<Framework>| Standing {
        id: framework.id.clone(),
        name: framework.name.clone(),
        title: framework.title.clone(),
        version: framework.version.clone(),
        publisher: framework.publisher.clone(),
        is_own: state.frameworks.is_own(framework),
        controls: u32::try_from(framework.controls().count()).unwrap_or(u32::MAX),
        score: known.map(|known| known.stand(framework).score),
    };
    let all = state.frameworks.all(&state.checks.catalogue());
    all.iter().map(standing).collect()
}

/// One framework: its sections and controls, and the checks that answer them.
#[utoipa::path(get, path = "/frameworks/{id}", tag = "compliance", params(("id" = String, Path)), responses(
    (status = 200, body = Framework),
    (status = 404, body = Problem, description = "No such framework"),
))]
async fn get(
    State(state): State<AppState>,
    identity: Identity,
    Path(id): Path<String>,
) -> Result<Json<Framework>, ApiError> {
    identity.require(Scope::Read)?;
    Ok(Json(Framework::clone(&*named(&state, Some(&id))?)))
}

/// The framework of that id; the first of the list where none is named.
pub(super) fn named(state: &AppState, id: Option<&str>) -> Result<Arc<Framework>, ApiError> {
    let catalogue = state.checks.catalogue();
    match id.filter(|id| !id.is_empty()) {
        Some(id) => state.frameworks.by_id(id, &catalogue),
        None => state.frameworks.all(&catalogue).into_iter().next(),
    }
    .ok_or_else(|| ApiError::NotFound(format!("There is no framework {}.", id.unwrap_or_default())))
}
