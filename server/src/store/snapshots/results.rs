//! The part of a snapshot's transaction that writes what the checks concluded.

use shared::checks::CheckResult;
use shared::verdict::Verdict;
use sqlx::PgConnection;

use super::write::Writing;
use crate::store::{StoreError, count, stored};

/// Opens and closes results; those of checks that the catalogue no longer has close.
pub(super) async fn write(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<(), StoreError> {
    let open = sqlx::query!(
        "select check_id, verdict, reason, evaluated, failed from check_results where cluster_id = $1 and valid_to is null",
        writing.cluster
    );
    let open = open.fetch_all(&mut *tx).await?.into_iter().map(|row| CheckResult {
        check: row.check_id,
        verdict: Verdict::parse(&row.verdict).unwrap_or(Verdict::NotEvaluated),
        reason: row.reason,
        evaluated: count(row.evaluated),
        failed: count(row.failed),
    });
    let open: Vec<CheckResult> = open.collect();
    let results = &writing.new.report.results;
    let ended: Vec<String> = open
        .iter()
        .filter(|result| !results.contains(result))
        .map(|result| result.check.clone())
        .collect();
    let begun: Vec<&CheckResult> = results.iter().filter(|result| !open.contains(result)).collect();
    let update = sqlx::query!(
        "update check_results set valid_to = $2 where cluster_id = $1 and check_id = any($3) and valid_to is null",
        writing.cluster,
        writing.at,
        &ended
    );
    update.execute(&mut *tx).await?;
    insert(tx, writing, &begun).await
}

async fn insert(tx: &mut PgConnection, writing: &Writing<'_>, begun: &[&CheckResult]) -> Result<(), StoreError> {
    let checks: Vec<String> = begun.iter().map(|result| result.check.clone()).collect();
    let verdicts: Vec<String> = begun.iter().map(|result| result.verdict.as_str().to_owned()).collect();
    let reasons: Vec<String> = begun.iter().map(|result| result.reason.clone()).collect();
    let evaluated: Vec<i32> = begun.iter().map(|result| stored(result.evaluated)).collect();
    let failed: Vec<i32> = begun.iter().map(|result| stored(result.failed)).collect();
    let insert = sqlx::query!(
        "insert into check_results (cluster_id, valid_from, check_id, verdict, reason, evaluated, failed)
        select $1, $2, n.* from unnest($3::text[], $4::text[], $5::text[], $6::integer[], $7::integer[]) as n",
        writing.cluster,
        writing.at,
        &checks,
        &verdicts,
        &reasons,
        &evaluated,
        &failed
    );
    insert.execute(tx).await?;
    Ok(())
}
