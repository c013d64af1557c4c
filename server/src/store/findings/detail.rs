//! One finding, whole.

use chrono::{DateTime, Utc};
use shared::checks::{CheckInfo, Scope};
use shared::findings::{Event, EventKind, FindingDetail, FindingRow, Status, Witness};
use shared::ids::FindingId;
use shared::object::ObjectRef;
use shared::page::AsOf;
use shared::patch::Patch;
use shared::verdict::Area;
use sqlx::PgPool;
use sqlx::types::Json;

use crate::store::viewer::Viewer;
use crate::store::{StoreError, severity};

struct Version {
    valid_from: DateTime<Utc>,
    valid_to: Option<DateTime<Utc>>,
    first_seen: DateTime<Utc>,
    opened_at: DateTime<Utc>,
    check_id: String,
    area: String,
    api_group: String,
    kind: String,
    namespace: String,
    name: String,
    severity: i16,
    title: String,
    message: String,
    witness: Json<Vec<Witness>>,
    patch: Option<Json<Patch>>,
    expected: Option<String>,
    replaces: bool,
    replaced: bool,
}

/// One finding as of an instant, however long ago it was fixed; none where it was not known then. What its patch does, what
/// manages the object and how many pods it runs is left to whoever has the model.
///
/// # Errors
/// The database did not answer.
pub async fn get(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    id: &FindingId,
) -> Result<Option<FindingDetail>, StoreError> {
    let versions = sqlx::query_as!(
        Version,
        r#"select valid_from, valid_to, first_seen, opened_at, check_id, area, api_group, kind, namespace, name, severity,
            title, message, witness as "witness: Json<Vec<Witness>>", patch as "patch: Json<Patch>", expected, replaces, replaced
        from findings where cluster_id = $1 and finding_id = $2 and valid_from <= $3
            and ($4::text[] is null or namespace = any($4))
        order by valid_from"#,
        as_of.cluster.0,
        id.0,
        as_of.taken_at,
        viewer.namespaces()
    );
    let mut versions = versions.fetch_all(db).await?;
    let history = history(&versions, as_of.taken_at);
    let Some(version) = versions.pop() else { return Ok(None) };
    let last_seen = last_seen(db, as_of, &version).await?;
    Ok(Some(detail(version, id, as_of, last_seen, history)))
}

fn detail(
    version: Version,
    id: &FindingId,
    as_of: &AsOf,
    last_seen: DateTime<Utc>,
    history: Vec<Event>,
) -> FindingDetail {
    let area = Area::parse(&version.area).unwrap_or(Area::Rbac);
    let fixed = version.valid_to.filter(|end| *end <= as_of.taken_at);
    let row = FindingRow {
        id: id.clone(),
        area,
        severity: severity(version.severity),
        title: version.title,
        object: ObjectRef {
            group: version.api_group,
            kind: version.kind,
            namespace: version.namespace,
            name: version.name,
        },
        status: if fixed.is_none() { Status::Open } else { Status::Fixed },
        first_seen: version.first_seen,
        since: fixed.unwrap_or(version.opened_at),
        last_seen: if fixed.is_none() { last_seen } else { as_of.taken_at },
        check: version.check_id,
        expected: version.expected,
    };
    FindingDetail {
        message: version.message,
        witness: version.witness.0,
        patch: version.patch.map(|patch| patch.0),
        effect: None,
        origin: None,
        pods: None,
        check_info: check_info(&row),
        history,
        row,
    }
}

/// The check as this release has it, or what the finding tells of one that it does not have. Whoever knows the user's own
/// checks may know better.
fn check_info(row: &FindingRow) -> CheckInfo {
    match analysis::checks::by_id(&row.check) {
        Some(check) => check.info(),
        None => CheckInfo {
            id: row.check.clone(),
            title: row.title.clone(),
            area: row.area,
            severity: row.severity,
            scope: Scope::Object,
            rationale: "The check is no longer there.".into(),
            remediation: String::new(),
            reads: Vec::new(),
            controls: Vec::new(),
            source: None,
        },
    }
}

/// The last snapshot that could tell of an open finding.
async fn last_seen(db: &PgPool, as_of: &AsOf, version: &Version) -> Result<DateTime<Utc>, StoreError> {
    let gap = sqlx::query_scalar!(
        "select min(last_seen) from undecided where cluster_id = $1 and check_id = $3
            and valid_from <= $2 and (valid_to is null or valid_to > $2)
            and (kind = 'Cluster' or (api_group = '' and kind = 'Namespace' and name = $6)
                or (api_group = $4 and kind = $5 and namespace = $6 and name = $7))",
        as_of.cluster.0,
        as_of.taken_at,
        version.check_id,
        version.api_group,
        version.kind,
        version.namespace,
        version.name
    );
    Ok(gap.fetch_one(db).await?.unwrap_or(as_of.taken_at))
}

/// What happened to it until an instant, newest first.
fn history(versions: &[Version], at: DateTime<Utc>) -> Vec<Event> {
    let mut events = Vec::new();
    for version in versions {
        let what = match version {
            Version { replaces: true, .. } => EventKind::Changed,
            Version {
                valid_from, first_seen, ..
            } if valid_from == first_seen => EventKind::Opened,
            _ => EventKind::Reopened,
        };
        events.push(Event {
            at: version.valid_from,
            what,
        });
        if let Some(end) = version.valid_to.filter(|end| *end <= at && !version.replaced) {
            events.push(Event {
                at: end,
                what: EventKind::Fixed,
            });
        }
    }
    events.reverse();
    events
}
