//! The part of a snapshot's transaction that writes workloads.

use std::collections::HashMap;

use analysis::model::Kind;
use shared::object::ObjectRef;
use sqlx::PgConnection;

use super::prepare::{self, POD_CHAIN, PreparedWorkload};
use super::write::{Diff, Writing, diff};
use crate::store::{StoreError, text};

/// Group, kind, namespace, name.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

fn key(object: &ObjectRef) -> Key<'_> {
    (&object.group, &object.kind, &object.namespace, &object.name)
}

/// Opens and closes workloads. One whose own kind could not be read stays as it was; one whose pods could not be read
/// may come and go, but does not change.
pub(super) async fn write(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<(), StoreError> {
    if writing
        .previous
        .as_ref()
        .is_some_and(|previous| previous.workloads_digest == writing.prepared.workloads_digest)
    {
        return Ok(());
    }
    let snapshot = writing.new.snapshot.clone();
    let prepared = tokio::task::spawn_blocking(move || prepare::workloads(&snapshot)).await;
    let prepared = prepared.map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let rows = open_rows(tx, writing).await?;
    let open: HashMap<Key<'_>, &[u8]> = rows
        .iter()
        .map(|(object, hash)| (key(object), hash.as_slice()))
        .collect();
    let seen: HashMap<Key<'_>, &PreparedWorkload> = prepared
        .iter()
        .map(|workload| (key(&workload.object), workload))
        .collect();
    let Diff { opened, closed } = settled(
        writing,
        diff(&open, seen.iter().map(|(key, workload)| (*key, workload.hash))),
    );
    close(tx, writing, &closed).await?;
    let opened: Vec<&PreparedWorkload> = opened.iter().filter_map(|(key, _)| seen.get(key).copied()).collect();
    insert(tx, writing, &opened).await
}

/// The workloads whose row is open, and their hashes.
async fn open_rows(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<Vec<(ObjectRef, Vec<u8>)>, StoreError> {
    let rows = sqlx::query!(
        "select api_group, kind, namespace, name, hash from workloads where cluster_id = $1 and valid_to is null",
        writing.cluster
    );
    let rows = rows.fetch_all(tx).await?.into_iter().map(|row| {
        let object = ObjectRef {
            group: row.api_group,
            kind: row.kind,
            namespace: row.namespace,
            name: row.name,
        };
        (object, row.hash)
    });
    Ok(rows.collect())
}

/// What of a difference is certain, whatever could not be read.
fn settled<'a>(writing: &Writing<'_>, mut diff: Diff<Key<'a>>) -> Diff<Key<'a>> {
    let snapshot = &writing.new.snapshot;
    let pods_are_known = POD_CHAIN.iter().all(|kind| snapshot.outcome(*kind).is_known());
    let may = |(key, is_change): &(Key<'_>, bool)| is_settled(writing, key) && (pods_are_known || !is_change);
    diff.opened.retain(may);
    diff.closed.retain(|row| may(row) && (row.1 || snapshot.gap.is_none()));
    diff
}

/// Whether it is known which workloads of this kind there are. Those of kinds that are not read show by what they own.
fn is_settled(writing: &Writing<'_>, (group, kind, ..): &Key<'_>) -> bool {
    let is_known = |kind: Kind| writing.new.snapshot.outcome(kind).is_known();
    match Kind::of_group_kind(group, kind) {
        Some(kind) => is_known(kind),
        None => POD_CHAIN.iter().all(|kind| is_known(*kind)),
    }
}

async fn close(tx: &mut PgConnection, writing: &Writing<'_>, closed: &[(Key<'_>, bool)]) -> Result<(), StoreError> {
    let column = |part: fn(&Key<'_>) -> String| -> Vec<String> { closed.iter().map(|(key, _)| part(key)).collect() };
    let update = sqlx::query!(
        "update workloads w set valid_to = $2
        from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as c (api_group, kind, namespace, name)
        where w.cluster_id = $1 and w.valid_to is null and w.api_group = c.api_group and w.kind = c.kind
            and w.namespace = c.namespace and w.name = c.name",
        writing.cluster,
        writing.at,
        &column(|key| key.0.to_owned()),
        &column(|key| key.1.to_owned()),
        &column(|key| key.2.to_owned()),
        &column(|key| key.3.to_owned())
    );
    update.execute(tx).await?;
    Ok(())
}

async fn insert(tx: &mut PgConnection, writing: &Writing<'_>, opened: &[&PreparedWorkload]) -> Result<(), StoreError> {
    // Arrays of arrays have to be rectangular in PostgreSQL, so the images travel as JSON.
    let rows = opened.iter().map(|workload| {
        text::json(serde_json::json!({
            "api_group": workload.object.group,
            "kind": workload.object.kind,
            "namespace": workload.object.namespace,
            "name": workload.object.name,
            "pods": workload.pods,
            "images": workload.images,
            "service_account": workload.service_account,
            "replicas": workload.replicas,
            "containers": workload.containers,
        }))
    });
    let rows: Vec<serde_json::Value> = rows.collect();
    let hashes: Vec<Vec<u8>> = opened.iter().map(|workload| workload.hash.to_vec()).collect();
    let insert = sqlx::query!(
        "insert into workloads (cluster_id, api_group, kind, namespace, name, valid_from, hash, pods, images, service_account,
            replicas, containers)
        select $1, r.api_group, r.kind, r.namespace, r.name, $2, n.hash, r.pods, r.images, r.service_account, r.replicas,
            r.containers
        from unnest($3::jsonb[], $4::bytea[]) as n (row, hash),
            jsonb_to_record(n.row) as r (api_group text, kind text, namespace text, name text, pods integer, images text[],
                service_account text, replicas integer, containers jsonb)",
        writing.cluster,
        writing.at,
        &rows,
        &hashes
    );
    insert.execute(tx).await?;
    Ok(())
}
