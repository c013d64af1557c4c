//! The part of a snapshot's transaction that writes the snapshot itself: how complete it is, its scores and counts.

use std::collections::HashMap;
use std::time::Duration;

use shared::score::{Score, SeverityCounts};
use shared::snapshots::{Collected, Outcome};
use shared::verdict::Area;
use sqlx::PgConnection;

use super::prepare::PreparedKind;
use super::write::Writing;
use crate::store::{StoreError, severity, stored, text};

/// Writes it.
pub(super) async fn write(tx: &mut PgConnection, writing: &Writing<'_>, spent: Duration) -> Result<(), StoreError> {
    let open = open_counts(tx, writing).await?;
    write_snapshot(tx, writing, spent, open.values().fold(SeverityCounts::default(), add)).await?;
    write_kinds(tx, writing).await?;
    write_areas(tx, writing, &open).await
}

fn add(a: SeverityCounts, b: &SeverityCounts) -> SeverityCounts {
    SeverityCounts {
        critical: a.critical + b.critical,
        high: a.high + b.high,
        medium: a.medium + b.medium,
        low: a.low + b.low,
    }
}

/// Open findings by area: those just seen, and those that could not be told.
async fn open_counts(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
) -> Result<HashMap<String, SeverityCounts>, StoreError> {
    let rows = sqlx::query!(
        r#"select area, severity, count(*) as "count!" from findings where cluster_id = $1 and valid_to is null
        group by area, severity"#,
        writing.cluster
    );
    let mut open: HashMap<String, SeverityCounts> = HashMap::new();
    for row in rows.fetch_all(tx).await? {
        *open.entry(row.area).or_default().of_mut(severity(row.severity)) =
            u32::try_from(row.count).unwrap_or(u32::MAX);
    }
    Ok(open)
}

/// Whether the snapshot is complete, how many kinds were read, and of how many that were asked for and are served.
fn completeness(has_gap: bool, kinds: &[PreparedKind]) -> (Outcome, i32, i32) {
    let number = |is: fn(&Collected) -> bool| stored(kinds.iter().filter(|kind| is(&kind.outcome)).count());
    let is_complete = !has_gap && kinds.iter().all(|kind| kind.outcome.is_known());
    let outcome = if is_complete {
        Outcome::Complete
    } else {
        Outcome::Partial
    };
    let collected = number(|outcome| matches!(outcome, Collected::Collected { .. }));
    (
        outcome,
        collected,
        number(|outcome| !matches!(outcome, Collected::Absent | Collected::Skipped { .. })),
    )
}

struct Sizes {
    namespaces: i32,
    workloads: i32,
    pods: i32,
    nodes: i32,
}

/// How large the cluster is; of kinds that could not be read, as large as it was.
async fn size(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<Sizes, StoreError> {
    let known = sqlx::query!(
        r#"select count(*) filter (where kind = 'Namespace') as "namespaces!",
            count(*) filter (where kind = 'Pod') as "pods!", count(*) filter (where kind = 'Node') as "nodes!",
            (select count(*) from workloads where cluster_id = $1 and valid_to is null) as "workloads!"
        from objects
        where cluster_id = $1 and api_group = '' and kind in ('Namespace', 'Pod', 'Node') and valid_to is null"#,
        writing.cluster
    );
    let known = known.fetch_one(tx).await?;
    Ok(Sizes {
        namespaces: stored(known.namespaces),
        workloads: stored(known.workloads),
        pods: stored(known.pods),
        nodes: stored(known.nodes),
    })
}

async fn write_snapshot(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
    spent: Duration,
    open: SeverityCounts,
) -> Result<(), StoreError> {
    let (new, prepared) = (writing.new, writing.prepared);
    let (outcome, kinds_collected, kinds_total) = completeness(new.snapshot.gap.is_some(), &prepared.kinds);
    let Score {
        value,
        low,
        high,
        evidence,
        verdicts,
    } = prepared.score;
    let size = size(tx, writing).await?;
    let insert = sqlx::query!(
        "insert into snapshots (cluster_id, snapshot_id, taken_at, duration_ms, outcome, reason, warnings,
            version, catalogue, model, objects, kinds_collected, kinds_total, namespaces, workloads, pods, nodes,
            score_value, score_low, score_high, evidence,
            checks_pass, checks_fail, checks_manual, checks_not_evaluated, checks_excepted,
            open_critical, open_high, open_medium, open_low, workloads_digest, findings_digest, doubtful, serving,
            kubelets_called, usage)
        values ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)",
        writing.cluster,
        writing.snapshot,
        writing.at,
        stored(spent.as_millis()),
        outcome.as_str(),
        text::json(serde_json::json!(new.warnings)),
        new.snapshot.version,
        new.catalogue,
        new.model,
        stored(new.snapshot.len()),
        kinds_collected,
        kinds_total,
        size.namespaces,
        size.workloads,
        size.pods,
        size.nodes,
        value,
        low,
        high,
        evidence,
        stored(verdicts.pass),
        stored(verdicts.fail),
        stored(verdicts.manual),
        stored(verdicts.not_evaluated),
        stored(verdicts.excepted),
        stored(open.critical),
        stored(open.high),
        stored(open.medium),
        stored(open.low),
        &prepared.workloads_digest[..],
        &prepared.findings_digest[..],
        text::json(serde_json::json!(new.snapshot.doubtful)),
        new.snapshot
            .serving
            .as_ref()
            .map(|serving| text::json(serde_json::json!(serving))),
        new.snapshot.probes.kubelets.is_some(),
        new.snapshot.usage.as_ref().map(|usage| usage.to_protobuf())
    );
    insert.execute(tx).await?;
    Ok(())
}

async fn write_kinds(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<(), StoreError> {
    let kinds = &writing.prepared.kinds;
    let known = writing.previous.as_ref().map(|previous| &previous.kinds);
    let digest = |kind: &PreparedKind| match kind.outcome.is_known() {
        true => Some(kind.digest.to_vec()),
        false => known.and_then(|known| known.get(&kind.kind)).cloned(),
    };
    let groups: Vec<String> = kinds.iter().map(|kind| kind.kind.info().group.to_owned()).collect();
    let names: Vec<String> = kinds.iter().map(|kind| kind.kind.info().kind.to_owned()).collect();
    let statuses: Vec<String> = kinds.iter().map(|kind| kind.outcome.word().to_owned()).collect();
    let counts: Vec<Option<i32>> = kinds.iter().map(|kind| kind.outcome.count().map(stored)).collect();
    let reasons: Vec<String> = kinds.iter().map(|kind| kind.outcome.reason().to_owned()).collect();
    let digests: Vec<Option<Vec<u8>>> = kinds.iter().map(digest).collect();
    let insert = sqlx::query!(
        "insert into snapshot_kinds (cluster_id, snapshot_id, api_group, kind, status, count, reason, digest)
        select $1, $2, n.* from unnest($3::text[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::bytea[]) as n",
        writing.cluster,
        writing.snapshot,
        &groups,
        &names,
        &statuses,
        &counts as &[Option<i32>],
        &reasons,
        &digests as &[Option<Vec<u8>>]
    );
    insert.execute(tx).await?;
    Ok(())
}

async fn write_areas(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
    open: &HashMap<String, SeverityCounts>,
) -> Result<(), StoreError> {
    for (area, score) in &writing.prepared.areas {
        write_area(
            tx,
            writing,
            *area,
            score,
            open.get(area.as_str()).copied().unwrap_or_default(),
        )
        .await?;
    }
    Ok(())
}

async fn write_area(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
    area: Area,
    score: &Score,
    open: SeverityCounts,
) -> Result<(), StoreError> {
    let insert = sqlx::query!(
        "insert into snapshot_areas (cluster_id, snapshot_id, area, score_value, score_low, score_high, evidence,
            checks_pass, checks_fail, checks_manual, checks_not_evaluated, checks_excepted,
            open_critical, open_high, open_medium, open_low)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        writing.cluster,
        writing.snapshot,
        area.as_str(),
        score.value,
        score.low,
        score.high,
        score.evidence,
        stored(score.verdicts.pass),
        stored(score.verdicts.fail),
        stored(score.verdicts.manual),
        stored(score.verdicts.not_evaluated),
        stored(score.verdicts.excepted),
        stored(open.critical),
        stored(open.high),
        stored(open.medium),
        stored(open.low)
    );
    insert.execute(tx).await?;
    Ok(())
}
