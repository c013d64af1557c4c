//! Quotas and capacity: what namespaces may use and do use, when that will be all, and what nodes have.

use analysis::quotas::{past, quotas};
use axum::extract::Path;
use axum::response::Response;
use shared::page::{At, Stamped};
use shared::problem::Problem;
use shared::quotas::history::QuotaHistory;
use shared::quotas::{QuotaQuery, Quotas};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::models;
use super::read::Read;
use super::state::AppState;
use crate::store::quotas::{Which, past as stored_past};

/// Points of the past that a forecast rests on: one a day.
const LISTED: i32 = 91;
/// Points of the history of one quota: one every six hours.
const SHOWN: i32 = 361;

/// Routes of quotas.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(history))
}

/// What namespaces may use and do use, with the day on which that will be all; what their pods ask for; what nodes have.
#[utoipa::path(get, path = "/quotas", tag = "quotas", params(QuotaQuery), responses(
    (status = 200, body = Stamped<Quotas>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(read: Read<QuotaQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Quotas::default()));
    };
    let only = read.query.namespace.clone();
    let which = Which {
        namespace: only.as_deref(),
        name: None,
    };
    let (listed, known) = tokio::try_join!(models::of_cluster(&read.state, &read.viewer, as_of, quotas), async {
        Ok(stored_past(read.db(), &read.viewer, as_of, which, LISTED).await?)
    },)?;
    let filled = move || {
        let past: Vec<QuotaHistory> = known.into_iter().filter_map(past::history).collect();
        filled(listed, &past, only.as_deref())
    };
    let quotas = tokio::task::spawn_blocking(filled).await.map_err(ApiError::internal)?;
    Ok(read.answer(quotas))
}

fn filled(mut quotas: Quotas, past: &[QuotaHistory], only: Option<&str>) -> Quotas {
    quotas
        .namespaces
        .retain(|namespace| only.is_none_or(|only| namespace.namespace == only));
    past::fill(&mut quotas, past);
    quotas
}

/// How the use of a quota went in the 90 days before.
#[utoipa::path(get, path = "/quotas/{namespace}/{name}/history", tag = "quotas", params(
    ("namespace" = String, Path, description = "payments"),
    ("name" = String, Path, description = "compute"),
    At,
), responses(
    (status = 200, body = Stamped<QuotaHistory>),
    (status = 404, body = Problem, description = "No such cluster, or no such quota in these 90 days"),
))]
async fn history(Path((namespace, name)): Path<(String, String)>, read: Read<At>) -> Result<Response, ApiError> {
    let none = || ApiError::NotFound(format!("There is no quota {namespace}/{name}."));
    let as_of = read.as_of.as_ref().ok_or_else(none)?;
    let which = Which {
        namespace: Some(&namespace),
        name: Some(&name),
    };
    let known = stored_past(read.db(), &read.viewer, as_of, which, SHOWN).await?;
    let reckoned = move || known.into_iter().find_map(past::history);
    let history = tokio::task::spawn_blocking(reckoned)
        .await
        .map_err(ApiError::internal)?;
    Ok(read.answer(history.ok_or_else(none)?))
}
