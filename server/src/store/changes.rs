//! Changes between two instants: of objects and of findings, in one list.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use shared::changes::{Change, ChangeQuery, What};
use shared::ids::FindingId;
use shared::object::ObjectRef;
use shared::page::{AsOf, Page};
use sqlx::PgPool;

use super::viewer::Viewer;
use super::{StoreError, cursor, filter, severity, total};

/// How far back a list goes where nothing is said.
const DEFAULT_SINCE: Duration = Duration::days(7);

struct Row {
    at: DateTime<Utc>,
    what: String,
    api_group: String,
    kind: String,
    namespace: String,
    name: String,
    finding_id: String,
    title: String,
    severity: i16,
    by_release: bool,
    key: String,
    total: i64,
}

impl From<Row> for Change {
    fn from(row: Row) -> Self {
        let (finding, title, severity) = (FindingId(row.finding_id), row.title, severity(row.severity));
        let what = match row.what.as_str() {
            "created" => What::Created,
            "modified" => What::Modified,
            "deleted" => What::Deleted,
            "opened" => What::FindingOpened {
                finding,
                title,
                severity,
            },
            _ => What::FindingFixed {
                finding,
                title,
                severity,
            },
        };
        let object = ObjectRef {
            group: row.api_group,
            kind: row.kind,
            namespace: row.namespace,
            name: row.name,
        };
        Self {
            at: row.at,
            object,
            what,
            by_release: row.by_release,
        }
    }
}

/// A page of changes, newest first. What was there when it was first read is no change.
///
/// # Errors
/// A filter or the cursor makes no sense, or the database did not answer.
pub async fn list(db: &PgPool, viewer: &Viewer, as_of: &AsOf, query: &ChangeQuery) -> Result<Page<Change>, StoreError> {
    let filters = Filters::of(as_of, query)?;
    let limit = filter::limit(query.limit);
    let mut rows = rows(db, viewer, as_of, &filters, limit + 1).await?;
    let at = |row: &Row| row.at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let next = cursor::next(&mut rows, limit, |row| cursor::encode(&[&at(row), &row.key]));
    let total = total(rows.first().map_or(0, |row| row.total));
    Ok(Page {
        items: rows.into_iter().map(Change::from).collect(),
        total,
        next,
    })
}

/// What ever happened to one object until an instant, newest first.
///
/// # Errors
/// The database did not answer.
pub async fn of_object(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    object: &ObjectRef,
    limit: u32,
) -> Result<Vec<Change>, StoreError> {
    let filters = Filters {
        since: DateTime::UNIX_EPOCH,
        group: Some(object.group.clone()),
        kind: Some(vec![object.kind.clone()]),
        namespace: Some(vec![object.namespace.clone()]),
        name: Some(object.name.clone()),
        objects: true,
        findings: true,
        baseline: true,
        after: None,
    };
    let rows = rows(db, viewer, as_of, &filters, i64::from(limit)).await?;
    Ok(rows.into_iter().map(Change::from).collect())
}

struct Filters {
    since: DateTime<Utc>,
    group: Option<String>,
    kind: Option<Vec<String>>,
    namespace: Option<Vec<String>>,
    name: Option<String>,
    objects: bool,
    findings: bool,
    /// Whether to tell what was there when it was first read, as created or opened then.
    baseline: bool,
    after: Option<(DateTime<Utc>, String)>,
}

impl Filters {
    fn of(as_of: &AsOf, query: &ChangeQuery) -> Result<Self, StoreError> {
        let known = |word: &str| matches!(word, "objects" | "findings").then(|| word.to_owned());
        let of = filter::parsed("of", query.of.as_deref(), known)?;
        let shows = |word: &str| of.as_ref().is_none_or(|of| of.iter().any(|known| known == word));
        let after = match query.cursor.as_deref().map(cursor::decode::<2>).transpose()? {
            Some([at, key]) => Some((
                DateTime::parse_from_rfc3339(&at)
                    .map_err(|_| StoreError::BadCursor)?
                    .to_utc(),
                key,
            )),
            None => None,
        };
        Ok(Self {
            since: query.since.unwrap_or(as_of.taken_at - DEFAULT_SINCE),
            group: None,
            kind: filter::words(query.kind.as_deref())?,
            namespace: filter::namespaces(query.namespace.as_deref())?,
            name: query.name.clone(),
            objects: shows("objects"),
            findings: shows("findings"),
            baseline: false,
            after,
        })
    }
}

async fn rows(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    filters: &Filters,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let (after_at, after_key) = filters.after.as_ref().map(|(at, key)| (*at, key.as_str())).unzip();
    let rows = sqlx::query_file_as!(
        Row,
        "src/store/changes.sql",
        as_of.cluster.0,
        filters.since,
        as_of.taken_at,
        filters.objects,
        filters.findings,
        filters.baseline,
        viewer.namespaces(),
        filters.group.as_deref(),
        filters.kind.as_deref(),
        filters.namespace.as_deref(),
        filters.name.as_deref(),
        after_at,
        after_key,
        limit
    );
    Ok(rows.fetch_all(db).await?)
}
