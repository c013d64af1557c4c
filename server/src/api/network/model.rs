//! All that is known of the network, for those who evaluate it themselves: the page, and the command line.

use analysis::network::known::Known;
use axum::response::Response;
use shared::page::{At, Stamped};
use shared::problem::Problem;

use super::known::known;
use crate::api::error::ApiError;
use crate::api::read::Read;

/// Namespaces, pods by what policies can tell apart, and policies in one form. The form is that of this release.
#[utoipa::path(get, path = "/network/model", tag = "network", params(At), responses(
    (status = 200, body = Stamped<serde_json::Value>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn model(read: Read<At>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Known::default()));
    };
    let known = known(&read.state, &read.viewer, as_of).await?;
    Ok(read.answer(Known {
        model: known.evaluated.model.clone(),
        policies: known.evaluated.network.policies.clone(),
        flaws: known.flaws.clone(),
        gaps: known.gaps.clone(),
    }))
}
