//! What frameworks are held against: results of checks and open findings, as of an instant and over time.

use chrono::{DateTime, Utc};
use shared::checks::CheckResult;
use shared::findings::Witness;
use shared::ids::FindingId;
use shared::object::ObjectRef;
use shared::page::AsOf;
use shared::verdict::Verdict;
use sqlx::PgPool;
use sqlx::types::Json;

use super::viewer::Viewer;
use super::{StoreError, count, kube_bench, severity};
use crate::compliance::history::{Held, Past, Shown};
use crate::compliance::{Causes, Concluded, Found, Known};

struct Row {
    finding_id: String,
    check_id: String,
    severity: i16,
    title: String,
    message: String,
    api_group: String,
    kind: String,
    namespace: String,
    name: String,
    opened_at: DateTime<Utc>,
    is_expected: bool,
    witness: Option<Json<Witness>>,
}

impl From<Row> for Found {
    fn from(row: Row) -> Self {
        Self {
            id: FindingId(row.finding_id),
            check: row.check_id,
            severity: severity(row.severity),
            title: row.title,
            message: row.message,
            object: ObjectRef {
                group: row.api_group,
                kind: row.kind,
                namespace: row.namespace,
                name: row.name,
            },
            witness: row.witness.map(|witness| witness.0),
            since: Some(row.opened_at),
            is_expected: row.is_expected,
        }
    }
}

/// What a check concluded, as it is stored.
pub(super) struct ResultRow {
    pub(super) check_id: String,
    pub(super) verdict: String,
    pub(super) reason: String,
    pub(super) evaluated: i32,
    pub(super) failed: i32,
    pub(super) partial: bool,
}

impl From<ResultRow> for Concluded {
    fn from(row: ResultRow) -> Self {
        let result = CheckResult {
            check: row.check_id,
            verdict: Verdict::parse(&row.verdict).unwrap_or(Verdict::NotEvaluated),
            reason: row.reason,
            evaluated: count(row.evaluated),
            failed: count(row.failed),
        };
        Self {
            result,
            is_partial: row.partial,
        }
    }
}

impl ResultRow {
    /// What a viewer is told. Who does not see the whole cluster does not see all findings: of the part of a check that a control
    /// takes, none that is seen is no pass.
    fn seen_by(self, viewer: &Viewer) -> Concluded {
        let concluded = Concluded::from(self);
        Concluded {
            is_partial: concluded.is_partial || *viewer != Viewer::All,
            ..concluded
        }
    }
}

/// What was concluded, which is the whole cluster's for every viewer, and what was found of what the viewer may see.
///
/// # Errors
/// The database did not answer.
pub async fn known(db: &PgPool, viewer: &Viewer, as_of: &AsOf) -> Result<Known, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select finding_id, check_id, severity, title, message, api_group, kind, namespace, name, opened_at,
            expected is not null as "is_expected!", witness->0 as "witness?: Json<Witness>"
        from findings
        where cluster_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)
            and ($3::text[] is null or namespace = any($3))
        order by check_id, kind, namespace, name, finding_id"#,
        as_of.cluster.0,
        as_of.taken_at,
        viewer.namespaces()
    );
    let found = rows.fetch_all(db).await?.into_iter().map(Found::from).collect();
    let rows = sqlx::query_as!(
        ResultRow,
        "select check_id, verdict, reason, evaluated, failed, partial from check_results
        where cluster_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2) order by check_id",
        as_of.cluster.0,
        as_of.taken_at
    );
    let results = rows.fetch_all(db).await?.into_iter();
    let held = kube_bench::held(db, viewer, as_of.cluster, (as_of.taken_at, as_of.taken_at)).await?;
    Ok(Known {
        results: results.map(|row| row.seen_by(viewer)).collect(),
        found,
        kube_bench: held.into_iter().map(|held| held.what).collect(),
    })
}

/// When the first good snapshot was taken.
///
/// # Errors
/// The database did not answer.
pub async fn beginning(db: &PgPool, as_of: &AsOf) -> Result<DateTime<Utc>, StoreError> {
    let first = sqlx::query_scalar!(
        "select min(taken_at) from snapshots where cluster_id = $1 and outcome <> 'failed'",
        as_of.cluster.0
    );
    Ok(first.fetch_one(db).await?.unwrap_or(as_of.taken_at))
}

/// What these checks concluded between two instants, what those found that are `narrowed`, and what kube-bench had said.
///
/// # Errors
/// The database did not answer.
pub async fn past(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    from: DateTime<Utc>,
    (checks, narrowed): (&[String], &[String]),
) -> Result<Past, StoreError> {
    Ok(Past {
        results: past_results(db, viewer, as_of, from, checks).await?,
        found: match narrowed {
            [] => Vec::new(),
            narrowed => past_found(db, viewer, as_of, from, narrowed).await?,
        },
        kube_bench: kube_bench::held(db, viewer, as_of.cluster, (from, as_of.taken_at)).await?,
    })
}

/// What follows on the same, whatever it counted, is told as one.
async fn past_results(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    from: DateTime<Utc>,
    checks: &[String],
) -> Result<Vec<Held<Concluded>>, StoreError> {
    let rows = sqlx::query!(
        r#"select check_id as "check_id!", verdict as "verdict!", partial as "partial!", min(valid_from) as "valid_from!",
            case when bool_and(valid_to is not null) then max(valid_to) end as valid_to
        from (
            select *, count(*) filter (where is_other) over (partition by check_id order by valid_from) as span
            from (
                select check_id, verdict, partial, valid_from, valid_to, (verdict, partial, valid_from)
                    is distinct from (lag(verdict) over past, lag(partial) over past, lag(valid_to) over past) as is_other
                from check_results
                where cluster_id = $1 and check_id = any($2) and valid_from <= $4 and (valid_to is null or valid_to > $3)
                window past as (partition by check_id order by valid_from)
            ) one
        ) many
        group by check_id, span, verdict, partial"#,
        as_of.cluster.0,
        checks,
        from,
        as_of.taken_at
    );
    let held = rows.fetch_all(db).await?.into_iter().map(|row| {
        let what = ResultRow {
            check_id: row.check_id,
            verdict: row.verdict,
            reason: String::new(),
            evaluated: 0,
            failed: 0,
            partial: row.partial,
        };
        Held {
            from: row.valid_from,
            to: row.valid_to,
            what: what.seen_by(viewer),
        }
    });
    Ok(held.collect())
}

async fn past_found(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    from: DateTime<Utc>,
    checks: &[String],
) -> Result<Vec<Held<Shown>>, StoreError> {
    let rows = sqlx::query!(
        r#"select check_id, witness->0 as "witness?: Json<Witness>", valid_from, valid_to from findings
        where cluster_id = $1 and check_id = any($2) and valid_from <= $4 and (valid_to is null or valid_to > $3)
            and ($5::text[] is null or namespace = any($5))"#,
        as_of.cluster.0,
        checks,
        from,
        as_of.taken_at,
        viewer.namespaces()
    );
    let held = rows.fetch_all(db).await?.into_iter().map(|row| Held {
        from: row.valid_from,
        to: row.valid_to,
        what: Shown {
            check: row.check_id,
            witness: row.witness.map(|witness| witness.0),
        },
    });
    Ok(held.collect())
}

/// Why findings came and went after the one snapshot and until the other.
///
/// # Errors
/// The database did not answer.
pub async fn causes(db: &PgPool, viewer: &Viewer, before: &AsOf, now: &AsOf) -> Result<Causes, StoreError> {
    let rows = sqlx::query!(
        r#"select finding_id as "finding_id!", opened_by_release as "by_release!", baseline as "by_sight!",
            api_group as "api_group!", kind as "kind!", namespace as "namespace!", name as "name!", false as "is_gone!"
        from findings
        where cluster_id = $1 and valid_from > $2 and valid_from <= $3 and not replaces
            and ($4::text[] is null or namespace = any($4))
        union all
        select finding_id, closed_by_release, false, api_group, kind, namespace, name,
            kind <> 'Cluster' and not exists (select from objects o where o.cluster_id = f.cluster_id
                and o.api_group = f.api_group and o.kind = f.kind and o.namespace = f.namespace and o.name = f.name
                and o.valid_from <= $3 and (o.valid_to is null or o.valid_to > $3))
        from findings f
        where cluster_id = $1 and valid_to > $2 and valid_to <= $3 and not replaced
            and ($4::text[] is null or namespace = any($4))"#,
        now.cluster.0,
        before.taken_at,
        now.taken_at,
        viewer.namespaces()
    );
    let mut causes = Causes::default();
    for row in rows.fetch_all(db).await? {
        let id = FindingId(row.finding_id);
        if row.is_gone {
            causes.gone.insert(ObjectRef {
                group: row.api_group,
                kind: row.kind,
                namespace: row.namespace,
                name: row.name,
            });
        }
        if row.by_sight {
            causes.by_sight.insert(id.clone());
        }
        if row.by_release {
            causes.by_release.insert(id);
        }
    }
    Ok(causes)
}
