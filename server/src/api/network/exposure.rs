//! What is open to the outside, and what workloads may reach there.

use axum::response::Response;
use shared::network::answers::ExposureAnswer;
use shared::page::{At, Stamped};
use shared::problem::Problem;

use super::known::known;
use crate::api::error::ApiError;
use crate::api::read::Read;

/// The ways into workloads from outside as far as policies let anyone through, and what workloads may reach outside.
#[utoipa::path(get, path = "/network/exposure", tag = "network", params(At), responses(
    (status = 200, body = Stamped<ExposureAnswer>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn exposure(read: Read<At>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(ExposureAnswer::default()));
    };
    let known = known(&read.state, &read.viewer, as_of).await?;
    Ok(read.answer(known.exposure.clone()))
}
