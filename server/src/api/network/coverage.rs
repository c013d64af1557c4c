//! How far policies cover a cluster, and whether anything enforces them.

use axum::response::Response;
use shared::network::answers::CoverageAnswer;
use shared::page::{At, Stamped};
use shared::problem::Problem;

use super::known::known;
use crate::api::error::ApiError;
use crate::api::read::Read;

/// How far policies cover each namespace, what is open from each to each, and whether anything enforces the policies.
#[utoipa::path(get, path = "/network/coverage", tag = "network", params(At), responses(
    (status = 200, body = Stamped<CoverageAnswer>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn coverage(read: Read<At>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(CoverageAnswer::default()));
    };
    let known = known(&read.state, &read.viewer, as_of).await?;
    Ok(read.answer(known.coverage.clone()))
}
