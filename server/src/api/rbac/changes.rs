//! How access changed between two instants.

use std::collections::BTreeSet;

use analysis::rbac::access::compare;
use axum::response::Response;
use shared::escalations::Escalations;
use shared::page::{AsOf, Stamped};
use shared::problem::Problem;
use shared::rbac::query::AccessChangesQuery;
use shared::rbac::{AccessChange, AccessChanges, Reach};

use super::escalations;
use crate::api::error::ApiError;
use crate::api::models;
use crate::api::read::Read;
use crate::api::since;

/// What each subject gained and lost, through bindings that name it.
#[utoipa::path(get, path = "/rbac/changes", tag = "rbac", params(AccessChangesQuery), responses(
    (status = 200, body = Stamped<AccessChanges>),
    (status = 400, body = Problem, description = "An instant makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn changes(read: Read<AccessChangesQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(AccessChanges::default()));
    };
    let before = since::earlier(&read, as_of, read.query.at, read.query.since).await?;
    let mut changes = compared(&read, &before, as_of).await?;
    changes.since = Some(before.clone());
    let then = escalations::found(&read.state, &read.viewer, &before).await?;
    let now = escalations::found(&read.state, &read.viewer, as_of).await?;
    // What could not be read on one side only would look like a way that opened or closed.
    if then.complete && now.complete {
        changes.ways_opened = beyond(&now, &then);
        changes.ways_closed = beyond(&then, &now);
    }
    if let Some(subject) = &read.query.subject {
        changes.changes.retain(|change| change.subject.to_string() == *subject);
        changes
            .ways_opened
            .retain(|reach| reach.subject.to_string() == *subject);
        changes
            .ways_closed
            .retain(|reach| reach.subject.to_string() == *subject);
    }
    if let Some(role) = &read.query.role {
        changes.changes.retain(|change| is_through(change, role));
        // A way rests on many roles: it is no role's own.
        (changes.ways_opened, changes.ways_closed) = (Vec::new(), Vec::new());
    }
    Ok(read.answer(changes))
}

/// Whether something was gained or lost through a role.
fn is_through(change: &AccessChange, role: &str) -> bool {
    let places = change.gained.iter().chain(&change.lost);
    let mut grants = places
        .flat_map(|place| &place.permissions)
        .flat_map(|permission| &permission.grants);
    grants.any(|grant| {
        let roles = [Some(&grant.role), grant.aggregated.as_ref()];
        roles.into_iter().flatten().any(|of| of.to_string() == role)
    })
}

async fn compared(read: &Read<AccessChangesQuery>, before: &AsOf, after: &AsOf) -> Result<AccessChanges, ApiError> {
    let before = models::model(&read.state, &read.viewer, before).await?;
    let after = models::model(&read.state, &read.viewer, after).await?;
    let changes = tokio::task::spawn_blocking(move || compare(&before.access, &after.access)).await;
    changes.map_err(ApiError::internal)
}

/// Who reaches what in the first that they do not in the second, those left out whom Kubernetes means to.
fn beyond(one: &Escalations, other: &Escalations) -> Vec<Reach> {
    let reached = |of: &Escalations| -> BTreeSet<Reach> {
        let ways = of.items.iter().filter(|way| !way.expected);
        ways.map(|way| Reach {
            subject: way.subject.clone(),
            sink: way.sink,
        })
        .collect()
    };
    reached(one).difference(&reached(other)).cloned().collect()
}
