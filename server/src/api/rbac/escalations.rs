//! How anyone could become administrator.

use std::sync::Arc;

use analysis::rbac::escalation::Escalation as Ways;
use axum::response::Response;
use shared::escalations::{Escalation, Escalations};
use shared::page::{AsOf, DEFAULT_LIMIT, MAX_LIMIT, Stamped};
use shared::problem::Problem;
use shared::rbac::query::EscalationsQuery;

use crate::api::error::ApiError;
use crate::api::kept::Basis;
use crate::api::models;
use crate::api::read::Read;
use crate::api::state::AppState;
use crate::store::viewer::Viewer;

/// Who could reach what nobody should who was not meant to: by which steps, resting on which objects, and what would stop most.
///
/// The counts, and the changes that close most, are of all; the ways are those that are asked for, page by page.
#[utoipa::path(get, path = "/rbac/escalations", tag = "rbac", params(EscalationsQuery), responses(
    (status = 200, body = Stamped<Escalations>),
    (status = 400, body = Problem, description = "A parameter makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn escalations(read: Read<EscalationsQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Escalations::default()));
    };
    let all = found(&read.state, &read.viewer, as_of).await?;
    let page = page(&all, &read.query);
    Ok(read.answer(page))
}

/// All that was found in a snapshot, worked out once.
pub(super) async fn found(state: &AppState, viewer: &Viewer, as_of: &AsOf) -> Result<Arc<Escalations>, ApiError> {
    let work = async {
        let model = models::model(state, viewer, as_of).await?;
        let report = move || Ways::new(&model.snapshot, &model.access).report();
        tokio::task::spawn_blocking(report).await.map_err(ApiError::internal)
    };
    state.escalations.get(&Basis::new(viewer, as_of), work).await
}

/// The page that a query asks for. A cursor is the key of the last way of the page before.
fn page(all: &Escalations, query: &EscalationsQuery) -> Escalations {
    let is_wanted = |way: &&Escalation| {
        (query.expected || !way.expected)
            && query.sink.is_none_or(|sink| way.sink == sink)
            && query
                .subject
                .as_ref()
                .is_none_or(|subject| way.subject.to_string() == *subject)
            && query.cursor.as_ref().is_none_or(|after| key(way) > *after)
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT) as usize;
    let mut items: Vec<&Escalation> = all.items.iter().filter(is_wanted).collect();
    items.sort_by_cached_key(|way| key(way));
    let goes_on = items.len() > limit;
    items.truncate(limit);
    Escalations {
        next: items.last().filter(|_| goes_on).map(|way| key(way)),
        items: items.into_iter().cloned().collect(),
        sinks: all.sinks.clone(),
        cut: all.cut.clone(),
        complete: all.complete,
        undecided: all.undecided.clone(),
        blind: all.blind.clone(),
    }
}

/// What ways are sorted by.
fn key(way: &Escalation) -> String {
    let sink = way.sink as u8;
    let (kind, namespace, name) = (way.subject.kind as u8, &way.subject.namespace, &way.subject.name);
    format!("{}{sink}{kind}/{namespace}/{name}", u8::from(way.expected))
}
