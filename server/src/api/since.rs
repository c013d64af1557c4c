//! What a comparison begins with.

use chrono::{DateTime, TimeDelta, Utc};
use shared::page::AsOf;

use super::error::ApiError;
use super::read::Read;
use crate::store::snapshots;

/// What is compared where nothing else is asked for.
const WINDOW: TimeDelta = TimeDelta::days(7);

/// The snapshot that `as_of` is compared with: the last one at `since`; or else a week before, or the oldest where none is
/// as old as that.
///
/// # Errors
/// `since` lies after the instant that is asked about, or before every snapshot; the database did not answer.
pub(super) async fn earlier<Q>(
    read: &Read<Q>,
    as_of: &AsOf,
    at: Option<DateTime<Utc>>,
    since: Option<DateTime<Utc>>,
) -> Result<AsOf, ApiError> {
    if since.zip(at).is_some_and(|(since, at)| since > at) {
        return Err(ApiError::BadRequest(
            "The field since lies after the instant that is asked about.".into(),
        ));
    }
    let (db, viewer, cluster) = (read.db(), &read.viewer, as_of.cluster);
    let instant = since.unwrap_or_else(|| as_of.taken_at - WINDOW);
    let mut found = snapshots::at(db, viewer, cluster, instant).await?;
    if found.is_none() && since.is_none() {
        found = snapshots::oldest(db, viewer, cluster).await?;
    }
    found.ok_or_else(|| ApiError::NotFound("There is no snapshot as old as that.".into()))
}
