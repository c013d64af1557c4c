//! Reports, kept as they were written.

use chrono::{DateTime, TimeDelta, Utc};
use shared::compliance::ComplianceScore;
use shared::ids::{ClusterId, SnapshotId};
use shared::page::{AsOf, Page};
use shared::reports::{MadeReport, ReportFormat, ReportQuery, ReportRow};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::text::text;
use super::viewer::Viewer;
use super::{StoreError, cursor, filter, total};

struct Row {
    cluster_id: Uuid,
    report_id: i64,
    framework: String,
    name: String,
    snapshot_id: i64,
    taken_at: DateTime<Utc>,
    since: Option<DateTime<Utc>>,
    made_at: DateTime<Utc>,
    made_by: String,
    score: Json<ComplianceScore>,
}

impl From<Row> for ReportRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.report_id,
            cluster: ClusterId(row.cluster_id),
            framework: row.framework,
            name: row.name,
            snapshot: SnapshotId(row.snapshot_id),
            taken_at: row.taken_at,
            since: row.since,
            made_at: row.made_at,
            made_by: row.made_by,
            score: row.score.0,
        }
    }
}

/// A report to be kept.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// The snapshot that it tells of.
    pub as_of: AsOf,
    /// The framework's id.
    pub framework: String,
    /// What the framework is called beside the id of a control.
    pub name: String,
    /// When the snapshot was taken that it is compared with.
    pub since: Option<DateTime<Utc>>,
    /// How well the framework is met.
    pub score: ComplianceScore,
    /// The files.
    pub files: Files,
}

/// A report in each of its formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// For people.
    pub html: String,
    /// For spreadsheets.
    pub csv: String,
    /// For programs.
    pub json: String,
}

/// Who made a report, and when.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: By<'a>,
}

/// Who makes a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By<'a> {
    /// Somebody who asked for it.
    Name(&'a str),
    /// The schedule, by which one is due so long after the snapshot of the one before.
    Schedule(TimeDelta),
}

impl By<'_> {
    fn is_schedule(self) -> bool {
        matches!(self, Self::Schedule(_))
    }

    /// The word that is stored.
    fn as_str(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Schedule(_) => SCHEDULE,
        }
    }
}

/// What the list says of a report that nobody had to ask for.
const SCHEDULE: &str = "schedule";

/// The report of a framework and a snapshot that is there already. What the schedule asks for counts as scheduled from now on.
///
/// # Errors
/// The database did not answer.
pub async fn find(
    db: impl PgExecutor<'_>,
    as_of: &AsOf,
    framework: &str,
    by: By<'_>,
) -> Result<Option<ReportRow>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"update reports set scheduled = scheduled or $4 where cluster_id = $1 and framework = $2 and snapshot_id = $3
        returning cluster_id, report_id, framework, name, snapshot_id, taken_at, since, made_at, made_by,
            score as "score: Json<ComplianceScore>""#,
        as_of.cluster.0,
        framework,
        as_of.snapshot.0,
        by.is_schedule()
    );
    Ok(row.fetch_optional(db).await?.map(ReportRow::from))
}

/// Keeps a report. Of a framework and a snapshot there is one: where it is there, it stays as it is. So does what another server
/// has made on schedule meanwhile, so that none is due any more.
///
/// # Errors
/// The database did not answer.
pub async fn keep(db: &PgPool, new: &NewReport, made: Made<'_>) -> Result<MadeReport, StoreError> {
    let mut tx = db.begin().await?;
    // Numbers follow one another: two who make a report of a cluster do so in turn.
    sqlx::query!(
        "select from clusters where cluster_id = $1 for update",
        new.as_of.cluster.0
    )
    .execute(&mut *tx)
    .await?;
    let made = match instead(&mut tx, new, made).await? {
        Some(report) => MadeReport { report, is_new: false },
        None => MadeReport {
            report: insert(&mut tx, new, made).await?,
            is_new: true,
        },
    };
    tx.commit().await?;
    Ok(made)
}

/// The report that is there in place of a new one.
async fn instead(db: &mut PgConnection, new: &NewReport, made: Made<'_>) -> Result<Option<ReportRow>, StoreError> {
    let same = find(&mut *db, &new.as_of, &new.framework, made.by).await?;
    let By::Schedule(every) = made.by else { return Ok(same) };
    if same.is_some() {
        return Ok(same);
    }
    let row = sqlx::query_as!(
        Row,
        r#"select cluster_id, report_id, framework, name, snapshot_id, taken_at, since, made_at, made_by,
            score as "score: Json<ComplianceScore>"
        from reports
        where cluster_id = $1 and framework = $2 and scheduled and taken_at < $3 and taken_at > $4
        order by taken_at desc limit 1"#,
        new.as_of.cluster.0,
        new.framework,
        made.at,
        new.as_of.taken_at - every
    );
    Ok(row.fetch_optional(db).await?.map(ReportRow::from))
}

async fn insert(db: &mut PgConnection, new: &NewReport, made: Made<'_>) -> Result<ReportRow, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"insert into reports (cluster_id, report_id, framework, name, snapshot_id, taken_at, since, made_at, made_by, scheduled,
            score, html, csv, json)
        values ($1, (select coalesce(max(report_id), 0) + 1 from reports where cluster_id = $1), $2, $3, $4, $5, $6, $7, $8, $9,
            $10, $11, $12, $13)
        returning cluster_id, report_id, framework, name, snapshot_id, taken_at, since, made_at, made_by,
            score as "score: Json<ComplianceScore>""#,
        new.as_of.cluster.0,
        new.framework,
        new.name,
        new.as_of.snapshot.0,
        new.as_of.taken_at,
        new.since,
        made.at,
        made.by.as_str(),
        made.by.is_schedule(),
        Json(new.score) as _,
        text(&new.files.html),
        text(&new.files.csv),
        new.files.json
    );
    Ok(row.fetch_one(db).await?.into())
}

/// A page of reports, newest first. They tell of the whole cluster: who may not see all of it sees none.
///
/// # Errors
/// The cursor makes no sense, or the database did not answer.
pub async fn list(
    db: &PgPool,
    viewer: &Viewer,
    cluster: ClusterId,
    query: &ReportQuery,
) -> Result<Page<ReportRow>, StoreError> {
    if *viewer != Viewer::All {
        return Ok(Page::default());
    }
    let before = cursor::below(query.cursor.as_deref())?;
    let limit = filter::limit(query.limit);
    let rows = sqlx::query_as!(
        Row,
        r#"select cluster_id, report_id, framework, name, snapshot_id, taken_at, since, made_at, made_by,
            score as "score: Json<ComplianceScore>"
        from reports where cluster_id = $1 and report_id < $2 and ($4::text is null or framework = $4)
            and ($5::timestamptz is null or taken_at <= $5)
        order by report_id desc limit $3"#,
        cluster.0,
        before,
        limit + 1,
        query.framework.as_deref(),
        query.at
    );
    let mut rows = rows.fetch_all(db).await?;
    let next = cursor::next(&mut rows, limit, |row| cursor::encode(&[&row.report_id.to_string()]));
    let all = sqlx::query_scalar!(
        r#"select count(*) as "count!" from reports where cluster_id = $1 and ($2::text is null or framework = $2)
            and ($3::timestamptz is null or taken_at <= $3)"#,
        cluster.0,
        query.framework.as_deref(),
        query.at
    );
    Ok(Page {
        total: total(all.fetch_one(db).await?),
        items: rows.into_iter().map(ReportRow::from).collect(),
        next,
    })
}

/// One file of a report; none where there is no report of that number, or the viewer may not see the whole cluster.
///
/// # Errors
/// The database did not answer.
pub async fn file(
    db: &PgPool,
    viewer: &Viewer,
    cluster: ClusterId,
    report: i64,
    format: ReportFormat,
) -> Result<Option<String>, StoreError> {
    if *viewer != Viewer::All {
        return Ok(None);
    }
    let file = sqlx::query_scalar!(
        r#"select case $3::text when 'html' then html when 'csv' then csv else json end as "file!" from reports
        where cluster_id = $1 and report_id = $2"#,
        cluster.0,
        report,
        format.as_str()
    );
    Ok(file.fetch_optional(db).await?)
}

/// When the snapshot was taken of which the last scheduled report of a framework tells, before an instant.
///
/// # Errors
/// The database did not answer.
pub async fn last_scheduled(
    db: &PgPool,
    cluster: ClusterId,
    framework: &str,
    before: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let last = sqlx::query_scalar!(
        "select max(taken_at) from reports where cluster_id = $1 and framework = $2 and scheduled and taken_at < $3",
        cluster.0,
        framework,
        before
    );
    Ok(last.fetch_one(db).await?)
}
