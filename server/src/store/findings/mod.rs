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
use filters::{Filters, fixed_since};

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
            object: ObjectRef { group: row.api_group, kind: row.kind, namespace: row.namespace, name: row.name },
            status: if row.is_open { Status::Open } else { Status::Fixed },
            first_seen: row.first_seen,
            since: row.since,
            last_seen: row.last_seen,
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
        let mut place = Self { sort, is_turned, after: None };
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
    let is_last = rows.len() as i64 <= limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| !is_last);
    let next = next.map(|row| cursor::encode(&[&place.order(), &row.key, &row.finding_id]));
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
    let (after_key, after_id) = place.after.as_ref().map(|(key, id)| (key.as_str(), id.as_str())).unzip();
    let rows = sqlx::query_as!(
        Row,
        r#"with found as (
            select v.*, (v.valid_to is null or v.valid_to > $2) as is_open,
                case when v.valid_to is null or v.valid_to > $2 then v.opened_at else v.valid_to end as since
            from findings v
            where v.cluster_id = $1 and v.valid_from <= $2 and (v.valid_to is null or v.valid_to > $3)
                and (v.valid_to is null or v.valid_to > $2 or not (v.replaced or exists (
                    select from findings later where later.cluster_id = v.cluster_id
                        and later.finding_id = v.finding_id and later.valid_from > v.valid_from and later.valid_from <= $2)))
                and ($4::text[] is null or v.namespace = any($4))
                and ($5::smallint[] is null or v.severity = any($5))
                and ($6::text[] is null or v.area = any($6))
                and ($7::text[] is null or v.check_id = any($7))
                and ($8::boolean[] is null or (v.valid_to is null or v.valid_to > $2) = any($8))
                and ($9::text[] is null or v.namespace = any($9))
                and ($10::text[] is null or v.kind = any($10))
                and ($11::text is null or v.name = $11)
                and ($12::text[] is null
                    or v.title || ' ' || v.kind || ' ' || v.namespace || '/' || v.name || ' ' || v.check_id ilike all($12))
                and ($13::timestamptz is null or v.first_seen >= $13)
        ), keyed as (
            select *, (case $14::text
                when 'severity' then (3 - severity)::text || to_char(first_seen at time zone 'UTC', 'YYYYMMDDHH24MISSUS')
                when 'title' then title
                when 'object' then namespace || chr(1) || kind || chr(1) || name
                else to_char(since at time zone 'UTC', 'YYYYMMDDHH24MISSUS') end) collate "C" as key
            from found
        )
        select finding_id, check_id, area, severity, title, api_group, kind, namespace, name, first_seen,
            is_open as "is_open!", since as "since!", key as "key!",
            coalesce((select min(u.last_seen) from undecided u where u.cluster_id = $1 and u.check_id = k.check_id
                and u.valid_from <= $2 and (u.valid_to is null or u.valid_to > $2) and k.is_open
                and (u.kind = 'Cluster' or (u.api_group = '' and u.kind = 'Namespace' and u.name = k.namespace)
                    or (u.api_group = k.api_group and u.kind = k.kind and u.namespace = k.namespace and u.name = k.name))
            ), $2) as "last_seen!"
        from keyed k
        where $16::text is null
            or ($15 and (key, finding_id) < ($16, $17::text)) or (not $15 and (key, finding_id) > ($16, $17::text))
        order by case when $15 then key end desc, case when $15 then finding_id end desc, key, finding_id
        limit $18"#,
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
        limit
    );
    Ok(rows.fetch_all(db).await?)
}
