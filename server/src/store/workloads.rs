//! Workloads as of an instant.

use analysis::model::{Kind, Object};
use chrono::{DateTime, Utc};
use shared::findings::FindingQuery;
use shared::object::ObjectRef;
use shared::page::{AsOf, MAX_LIMIT, Page};
use shared::score::SeverityCounts;
use shared::usage::WorkloadUsage;
use shared::workloads::{ContainerRow, WorkloadDetail, WorkloadQuery, WorkloadRow};
use sqlx::PgPool;
use sqlx::types::Json;

use super::viewer::Viewer;
use super::{StoreError, changes, count, cursor, filter, findings, total};

/// How much of its history a workload's page shows.
const HISTORY: u32 = 50;

struct Row {
    api_group: String,
    kind: String,
    namespace: String,
    name: String,
    pods: i32,
    images: Vec<String>,
    service_account: String,
    critical: i64,
    high: i64,
    medium: i64,
    low: i64,
    key: String,
    id: String,
    total: i64,
}

fn number(count: i64) -> u32 {
    u32::try_from(count).unwrap_or_default()
}

impl From<Row> for WorkloadRow {
    fn from(row: Row) -> Self {
        Self {
            object: ObjectRef {
                group: row.api_group,
                kind: row.kind,
                namespace: row.namespace,
                name: row.name,
            },
            pods: count(row.pods),
            images: row.images,
            service_account: row.service_account,
            open: SeverityCounts {
                critical: number(row.critical),
                high: number(row.high),
                medium: number(row.medium),
                low: number(row.low),
            },
        }
    }
}

/// A page of workloads.
///
/// # Errors
/// A filter, the sort or the cursor makes no sense, or the database did not answer.
pub async fn list(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    query: &WorkloadQuery,
) -> Result<Page<WorkloadRow>, StoreError> {
    let (sort, is_turned) = filter::sort(query.sort.as_deref(), &["risk", "name", "pods"])?;
    let order = format!("{}{sort}", if is_turned { "-" } else { "" });
    let after = match query.cursor.as_deref().map(cursor::decode::<3>).transpose()? {
        Some([of, ..]) if of != order => return Err(StoreError::BadCursor),
        after => after.map(|[_, key, id]| (key, id)),
    };
    let limit = filter::limit(query.limit);
    let mut rows = rows(db, viewer, as_of, query, (sort, is_turned), after, limit + 1).await?;
    let next = cursor::next(&mut rows, limit, |row| cursor::encode(&[&order, &row.key, &row.id]));
    let total = total(rows.first().map_or(0, |row| row.total));
    Ok(Page {
        items: rows.into_iter().map(WorkloadRow::from).collect(),
        total,
        next,
    })
}

async fn rows(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    query: &WorkloadQuery,
    (sort, is_turned): (&str, bool),
    after: Option<(String, String)>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let (after_key, after_id) = after.unzip();
    let namespaces = filter::namespaces(query.namespace.as_deref())?;
    let kinds = filter::words(query.kind.as_deref())?;
    let patterns = filter::patterns(query.q.as_deref())?;
    let rows = sqlx::query_file_as!(
        Row,
        "src/store/workloads.sql",
        as_of.cluster.0,
        as_of.taken_at,
        viewer.namespaces(),
        namespaces.as_deref(),
        kinds.as_deref(),
        patterns.as_deref(),
        sort,
        is_turned,
        after_key,
        after_id,
        limit
    );
    Ok(rows.fetch_all(db).await?)
}

struct Version {
    api_group: String,
    valid_from: DateTime<Utc>,
    valid_to: Option<DateTime<Utc>>,
    pods: i32,
    images: Vec<String>,
    service_account: String,
    replicas: Option<i32>,
    containers: Json<Vec<ContainerRow>>,
}

/// One workload; one that is gone as it last stood; none where it was not known then.
///
/// # Errors
/// The database did not answer.
pub async fn get(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    kind: &str,
    namespace: &str,
    name: &str,
) -> Result<Option<WorkloadDetail>, StoreError> {
    let version = sqlx::query_as!(
        Version,
        r#"select api_group, valid_from, valid_to, pods, images, service_account, replicas,
            containers as "containers: Json<Vec<ContainerRow>>"
        from workloads
        where cluster_id = $1 and kind = $3 and namespace = $4 and name = $5 and valid_from <= $2
            and ($6::text[] is null or namespace = any($6))
        order by valid_from desc, api_group limit 1"#,
        as_of.cluster.0,
        as_of.taken_at,
        kind,
        namespace,
        name,
        viewer.namespaces()
    );
    let Some(version) = version.fetch_optional(db).await? else {
        return Ok(None);
    };
    let object = ObjectRef {
        group: version.api_group.clone(),
        kind: kind.into(),
        namespace: namespace.into(),
        name: name.into(),
    };
    Ok(Some(detail(db, viewer, as_of, object, version).await?))
}

async fn detail(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    object: ObjectRef,
    version: Version,
) -> Result<WorkloadDetail, StoreError> {
    let query = FindingQuery {
        kind: Some(object.kind.clone()),
        namespace: Some(object.namespace.clone()),
        name: Some(object.name.clone()),
        limit: Some(MAX_LIMIT),
        ..FindingQuery::default()
    };
    let findings = findings::export(db, viewer, as_of, &query).await?;
    let mut open = SeverityCounts::default();
    findings.iter().for_each(|finding| *open.of_mut(finding.severity) += 1);
    Ok(WorkloadDetail {
        first_seen: first_seen(db, as_of, &object).await?.unwrap_or(version.valid_from),
        deleted_at: version.valid_to.filter(|end| *end <= as_of.taken_at),
        replicas: version.replicas,
        containers: version.containers.0,
        findings,
        manifest: manifest(db, as_of, &object).await?,
        history: changes::of_object(db, viewer, as_of, &object, HISTORY).await?,
        policy_results: Vec::new(),
        usage: WorkloadUsage::default(),
        row: WorkloadRow {
            object,
            pods: count(version.pods),
            images: version.images,
            service_account: version.service_account,
            open,
        },
    })
}

async fn first_seen(db: &PgPool, as_of: &AsOf, object: &ObjectRef) -> Result<Option<DateTime<Utc>>, StoreError> {
    let first = sqlx::query_scalar!(
        "select min(valid_from) from workloads
        where cluster_id = $1 and api_group = $2 and kind = $3 and namespace = $4 and name = $5",
        as_of.cluster.0,
        object.group,
        object.kind,
        object.namespace,
        object.name
    );
    Ok(first.fetch_one(db).await?)
}

/// The object in the shape of a manifest; empty where only its pods name it.
async fn manifest(db: &PgPool, as_of: &AsOf, object: &ObjectRef) -> Result<serde_json::Value, StoreError> {
    let body = sqlx::query_scalar!(
        "select b.body from objects o join bodies b using (cluster_id, hash)
        where o.cluster_id = $1 and o.api_group = $2 and o.kind = $3 and o.namespace = $4 and o.name = $5
            and o.valid_from <= $6
        order by o.valid_from desc limit 1",
        as_of.cluster.0,
        object.group,
        object.kind,
        object.namespace,
        object.name,
        as_of.taken_at
    );
    let body = body.fetch_optional(db).await?;
    let (Some(body), Some(kind)) = (body, Kind::of_group_kind(&object.group, &object.kind)) else {
        return Ok(serde_json::json!({}));
    };
    let object = Object::from_protobuf(kind, &body).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(object.to_manifest())
}
