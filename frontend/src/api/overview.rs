//! The overview.

use serde::Serialize;
use shared::overview::{Overview, PATH};
use shared::page::{At, Stamped};

use super::client::{self, Request};

#[derive(Serialize)]
struct Query<'a> {
    #[serde(flatten)]
    at: At,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<&'a str>,
}

/// The overview, compared with the start of a window: `24h`, `7d`, `30d`.
pub(crate) fn get(at: At, window: Option<&str>) -> Request<Stamped<Overview>> {
    client::get(PATH, &Query { at, window })
}
