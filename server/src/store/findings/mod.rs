//! Findings as of an instant: the list with its facets, one finding, all of them.

mod detail;
mod facets;
mod filters;

use chrono::{DateTime, Utc};
use shared::findings::{FindingPage, FindingQuery, FindingRow, Status};
use shared::ids::FindingId;
use shared::object::ObjectRef;
use shared::page::AsOf;
use shared::verdict::Area;
use sqlx::PgPool;

use super::viewer::Viewer;
use super::{StoreError, cursor, filter, severity};
pub use detail::get;
use filters::{Filters, fixed_since, system_namespaces};

struct Row {
    finding_id: String,
    check_id: String,
    area: String,
    severity: i16,
    title: String,
    api_group: String,
    kind: String,
    namespace: String,
    name: String,
    first_seen: DateTime<Utc>,
    is_open: bool,
    since: DateTime<Utc>,
    last_seen: DateTime<Utc>,
    expected: Option<String>,
    key: String,
}

impl From<Row> for FindingRow {
    fn from(row: Row) -> Self {
        Self {
            id: FindingId(row.finding_id),
            check: row.check_id,
            area: Area::parse(&row.area).unwrap_or(Area::Rbac),
            severity: severity(row.severity),
            title: row.title,
            object: ObjectRef {
                group: row.api_group,
                kind: row.kind,
                namespace: row.namespace,
                name: row.name,
            },
            status: if row.is_open { Status::Open } else { Status::Fixed },
            first_seen: row.first_seen,
            since: row.since,
            last_seen: row.last_seen,
            expected: row.expected,
        }
    }
}

/// How a list is sorted, and after which row it goes on.
struct Place {
    sort: &'static str,
    is_turned: bool,
    after: Option<(String, String)>,
}

impl Place {
    fn of(query: &FindingQuery) -> Result<Self, StoreError> {
        let (sort, is_turned) = filter::sort(query.sort.as_deref(), &["severity", "title", "object", "since"])?;
        let mut place = Self {
            sort,
            is_turned,
            after: None,
        };
        if let Some(cursor) = &query.cursor {
            let [order, key, id] = cursor::decode::<3>(cursor)?;
            if order != place.order() {
                return Err(StoreError::BadCursor);
            }
            place.after = Some((key, id));
        }
        Ok(place)
    }

    fn order(&self) -> String {
        format!("{}{}", if self.is_turned { "-" } else { "" }, self.sort)
    }
}

/// A page of findings with the counts of each attribute's values. Fixed ones are those fixed in the 30 days before.
///
/// # Errors
/// A filter, the sort or the cursor makes no sense, or the database did not answer.
pub async fn list(db: &PgPool, viewer: &Viewer, as_of: &AsOf, query: &FindingQuery) -> Result<FindingPage, StoreError> {
    let (filters, place, limit) = (Filters::of(query)?, Place::of(query)?, filter::limit(query.limit));
    let mut rows = rows(db, viewer, as_of, &filters, &place, limit + 1).await?;
    let after = |row: &Row| cursor::encode(&[&place.order(), &row.key, &row.finding_id]);
    let next = cursor::next(&mut rows, limit, after);
    let facets = facets::count(db, viewer, as_of, &filters).await?;
    Ok(FindingPage {
        items: rows.into_iter().map(FindingRow::from).collect(),
        total: facets.total,
        objects: facets.objects,
        open: facets.open,
        next,
        facets: facets.by_attribute,
    })
}

/// All findings that the filters let through, in the order of the list.
///
/// # Errors
/// A filter or the sort makes no sense, or the database did not answer.
pub async fn export(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    query: &FindingQuery,
) -> Result<Vec<FindingRow>, StoreError> {
    let (filters, place) = (Filters::of(query)?, Place::of(query)?);
    let rows = rows(db, viewer, as_of, &filters, &place, i64::MAX).await?;
    Ok(rows.into_iter().map(FindingRow::from).collect())
}

async fn rows(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    filters: &Filters,
    place: &Place,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let (after_key, after_id) = place
        .after
        .as_ref()
        .map(|(key, id)| (key.as_str(), id.as_str()))
        .unzip();
    let rows = sqlx::query_file_as!(
        Row,
        "src/store/findings/list.sql",
        as_of.cluster.0,
        as_of.taken_at,
        fixed_since(as_of),
        viewer.namespaces(),
        filters.severity.as_deref(),
        filters.area.as_deref(),
        filters.check.as_deref(),
        filters.is_open.as_deref(),
        filters.namespace.as_deref(),
        filters.kind.as_deref(),
        filters.name.as_deref(),
        filters.patterns.as_deref(),
        filters.first_seen_after,
        place.sort,
        place.is_turned,
        after_key,
        after_id,
        limit,
        filters.is_system,
        &system_namespaces()
    );
    Ok(rows.fetch_all(db).await?)
}
