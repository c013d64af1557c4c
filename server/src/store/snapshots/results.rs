//! The part of a snapshot's transaction that writes what the checks concluded.

use sqlx::PgConnection;

use super::write::Writing;
use crate::compliance::{Concluded, concluded};
use crate::store::compliance::ResultRow;
use crate::store::{StoreError, stored};

/// Opens and closes results; those of checks that the catalogue no longer has close.
pub(super) async fn write(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<(), StoreError> {
    let open = sqlx::query_as!(
        ResultRow,
        "select check_id, verdict, reason, evaluated, failed, partial from check_results
        where cluster_id = $1 and valid_to is null",
        writing.cluster
    );
    let open = open.fetch_all(&mut *tx).await?.into_iter().map(Concluded::from);
    let open: Vec<Concluded> = open.collect();
    let results = concluded(&writing.new.report);
    let ended: Vec<String> = open
        .iter()
        .filter(|concluded| !results.contains(concluded))
        .map(|concluded| concluded.result.check.clone())
        .collect();
    let begun: Vec<&Concluded> = results.iter().filter(|concluded| !open.contains(concluded)).collect();
    let update = sqlx::query!(
        "update check_results set valid_to = $2 where cluster_id = $1 and check_id = any($3) and valid_to is null",
        writing.cluster,
        writing.at,
        &ended
    );
    update.execute(&mut *tx).await?;
    insert(tx, writing, &begun).await
}

async fn insert(tx: &mut PgConnection, writing: &Writing<'_>, begun: &[&Concluded]) -> Result<(), StoreError> {
    let results = || begun.iter().map(|concluded| &concluded.result);
    let checks: Vec<String> = results().map(|result| result.check.clone()).collect();
    let verdicts: Vec<String> = results().map(|result| result.verdict.as_str().to_owned()).collect();
    let reasons: Vec<String> = results().map(|result| result.reason.clone()).collect();
    let evaluated: Vec<i32> = results().map(|result| stored(result.evaluated)).collect();
    let failed: Vec<i32> = results().map(|result| stored(result.failed)).collect();
    let partial: Vec<bool> = begun.iter().map(|concluded| concluded.is_partial).collect();
    let insert = sqlx::query!(
        "insert into check_results (cluster_id, valid_from, check_id, verdict, reason, evaluated, failed, partial)
        select $1, $2, n.* from unnest($3::text[], $4::text[], $5::text[], $6::integer[], $7::integer[], $8::boolean[]) as n",
        writing.cluster,
        writing.at,
        &checks,
        &verdicts,
        &reasons,
        &evaluated,
        &failed,
        &partial
    );
    insert.execute(tx).await?;
    Ok(())
}
