//! The overview.

use shared::overview::{Overview, OverviewQuery, PATH};
use shared::page::{At, Stamped};

use super::client::{self, Request};

/// The overview, compared with the start of a window: `24h`, `7d`, `30d`.
pub(crate) fn get(At { cluster, at }: At, window: Option<&str>) -> Request<Stamped<Overview>> {
    let window = window.map(Into::into);
    client::get_stamped(PATH, &OverviewQuery { cluster, at, window })
}
