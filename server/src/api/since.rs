//! What a comparison begins with.

use chrono::{DateTime, Utc};
use shared::page::AsOf;
use shared::since::Since;

use super::error::ApiError;
use super::read::Read;
use crate::store::snapshots;

/// The snapshot that `as_of` is compared with: the last one at `since`, a week before if that is left out. Where none is as
/// old as a number of days the oldest is taken.
///
/// # Errors
/// `since` lies after the instant that is asked about, or is an instant before every snapshot; the database did not answer.
pub(super) async fn earlier<Q>(
    read: &Read<Q>,
    as_of: &AsOf,
    at: Option<DateTime<Utc>>,
    since: Option<Since>,
) -> Result<AsOf, ApiError> {
    let since = since.unwrap_or(Since::WEEK);
    let instant = since.instant(as_of.taken_at);
    if at.is_some_and(|at| instant > at) {
        return Err(ApiError::BadRequest(
            "The field since lies after the instant that is asked about.".into(),
        ));
    }
    let (db, viewer, cluster) = (read.db(), &read.viewer, as_of.cluster);
    let found = snapshots::at(db, viewer, cluster, instant).await?;
    let found = match (found, since) {
        (None, Since::Days(_)) => snapshots::oldest(db, viewer, cluster).await?,
        (found, _) => found,
    };
    found.ok_or_else(|| ApiError::NotFound("There is no snapshot as old as that.".into()))
}
