//! Compliance: how a cluster stands against a framework, control by control, now and over time.

use std::sync::Arc;

use axum::response::Response;
use chrono::Duration;
use shared::compliance::Compliance;
use shared::compliance::history::ControlHistory;
use shared::compliance::query::{ComplianceQuery, HistoryQuery};
use shared::frameworks::{Framework, FrameworkControl};
use shared::page::Stamped;
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::download::download;
use super::error::ApiError;
use super::frameworks::named;
use super::read::Read;
use super::state::AppState;
use crate::compliance::Known;
use crate::compliance::history::verdicts;
use crate::report::weekly::controls_csv;
use crate::store::compliance;

/// How many days a history goes back where nothing is said.
const DEFAULT_DAYS: u32 = 90;

/// How many of the objects that fail are named of each control where all are asked for.
const NAMED: usize = 5;

/// Routes of compliance.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get))
        .routes(routes!(history))
        .routes(routes!(export_csv))
        .routes(routes!(export_json))
}

/// Each control of a framework: its verdict, its evidence, and what that rests on. Before the first snapshot none is evaluated. The
/// objects that fail are counted, and the first named; asked for one control, all of them are.
#[utoipa::path(get, path = "/compliance", tag = "compliance", params(ComplianceQuery), responses(
    (status = 200, body = Stamped<Compliance>),
    (status = 404, body = Problem, description = "No such cluster, framework or control"),
))]
async fn get(read: Read<ComplianceQuery>) -> Result<Response, ApiError> {
    let mut compliance = stand(&read).await?;
    if read.query.control.is_none() {
        let controls = compliance.sections.iter_mut().flat_map(|section| &mut section.controls);
        controls.for_each(|control| control.failing.truncate(NAMED));
    }
    Ok(read.answer(compliance))
}

/// The controls of a framework with their evidence, one to a row, as CSV.
#[utoipa::path(get, path = "/compliance/export.csv", tag = "compliance", params(ComplianceQuery), responses(
    (status = 200, body = String, content_type = "text/csv"),
    (status = 404, body = Problem, description = "No such cluster or framework"),
))]
async fn export_csv(read: Read<ComplianceQuery>) -> Result<Response, ApiError> {
    let compliance = stand(&read).await?;
    let file = format!("{}.csv", compliance.framework);
    Ok(download(
        "text/csv; charset=utf-8",
        &file,
        controls_csv(&compliance.sections),
    ))
}

/// The same as JSON.
#[utoipa::path(get, path = "/compliance/export.json", tag = "compliance", params(ComplianceQuery), responses(
    (status = 200, body = Compliance),
    (status = 404, body = Problem, description = "No such cluster or framework"),
))]
async fn export_json(read: Read<ComplianceQuery>) -> Result<Response, ApiError> {
    let compliance = stand(&read).await?;
    let text = serde_json::to_string(&compliance).map_err(ApiError::internal)?;
    Ok(download(
        "application/json",
        &format!("{}.json", compliance.framework),
        text,
    ))
}

async fn stand(read: &Read<ComplianceQuery>) -> Result<Compliance, ApiError> {
    let framework = named(&read.state, read.query.framework.as_deref())?;
    let known = match &read.as_of {
        Some(as_of) => compliance::known(read.db(), &read.viewer, as_of).await?,
        None => Known::default(),
    };
    let one = read.query.control.clone();
    if let Some(id) = &one {
        control(&framework, id)?;
    }
    let stand = move || {
        let mut compliance = known.stand(&framework);
        if let Some(id) = one {
            let sections = &mut compliance.sections;
            sections
                .iter_mut()
                .for_each(|section| section.controls.retain(|control| control.id == id));
            sections.retain(|section| !section.controls.is_empty());
        }
        compliance
    };
    tokio::task::spawn_blocking(stand).await.map_err(ApiError::internal)
}

/// What was concluded of one control over time, from what its checks concluded and kube-bench said then.
#[utoipa::path(get, path = "/compliance/history", tag = "compliance", params(HistoryQuery), responses(
    (status = 200, body = Stamped<ControlHistory>),
    (status = 400, body = Problem, description = "The days are out of range"),
    (status = 404, body = Problem, description = "No such cluster, framework or control"),
))]
async fn history(read: Read<HistoryQuery>) -> Result<Response, ApiError> {
    let framework = named(&read.state, read.query.framework.as_deref())?;
    let control = control(&framework, &read.query.control)?.clone();
    let days = read.query.days.unwrap_or(DEFAULT_DAYS);
    if !(1..=366).contains(&days) {
        return Err(ApiError::BadRequest("A history covers 1 to 366 days.".into()));
    }
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(ControlHistory::default()));
    };
    let beginning = compliance::beginning(read.db(), as_of).await?;
    let (from, to) = (
        beginning.max(as_of.taken_at - Duration::days(days.into())),
        as_of.taken_at,
    );
    let (checks, narrowed) = (of(&control, false), of(&control, true));
    let past = compliance::past(read.db(), &read.viewer, as_of, from, (&checks, &narrowed)).await?;
    let spans = tokio::task::spawn_blocking(move || verdicts((&framework, &control), &past, from, to)).await;
    let spans = spans.map_err(ApiError::internal)?;
    Ok(read.answer(ControlHistory { spans }))
}

fn control<'a>(framework: &'a Arc<Framework>, id: &str) -> Result<&'a FrameworkControl, ApiError> {
    let none = || ApiError::NotFound(format!("{} has no control {id}.", framework.id));
    framework.controls().find(|control| control.id == id).ok_or_else(none)
}

/// The checks that answer a control; `narrowed`: those of which it takes a part only.
fn of(control: &FrameworkControl, narrowed: bool) -> Vec<String> {
    let named = control.checks.iter().filter(|named| !narrowed || named.only.is_some());
    named.map(|named| named.check.clone()).collect()
}
