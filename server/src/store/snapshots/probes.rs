//! What was answered by kubelets and other servers that were to be called: the part of a snapshot's transaction that writes it, and
//! what was known of it at an instant.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::page::AsOf;
use shared::probes::Probes;
use sqlx::{PgConnection, PgPool};

use super::write::Writing;
use crate::store::{StoreError, text};

/// The word of the database for kubelets, which are told by their nodes.
const KUBELET: &str = "kubelet";
/// The word of the database for other servers, which are told by their addresses.
const ENDPOINT: &str = "endpoint";

/// A target, and its name.
type Key = (String, String);

/// What each server answered.
fn bodies(probes: &Probes) -> BTreeMap<Key, Value> {
    fn body((target, (name, answer)): (&str, (&String, &impl Serialize))) -> (Key, Value) {
        ((target.to_owned(), text::text(name)), text::json(json!(answer)))
    }
    let kubelets = probes.kubelets.iter().flatten().map(|answer| body((KUBELET, answer)));
    let endpoints = probes.endpoints.iter().map(|answer| body((ENDPOINT, answer)));
    kubelets.chain(endpoints).collect()
}

/// Opens and closes what was answered; that of servers that are no longer called closes.
pub(super) async fn write(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<(), StoreError> {
    let open = sqlx::query!(
        "select target, name, body from probes where cluster_id = $1 and valid_to is null",
        writing.cluster
    );
    let open = open.fetch_all(&mut *tx).await?.into_iter();
    let open: BTreeMap<Key, Value> = open.map(|row| ((row.target, row.name), row.body)).collect();
    let seen = bodies(&writing.new.snapshot.probes);
    let ended: Vec<&Key> = open
        .iter()
        .filter(|(key, body)| seen.get(key) != Some(body))
        .map(|(key, _)| key)
        .collect();
    let begun: Vec<(&Key, &Value)> = seen.iter().filter(|(key, body)| open.get(key) != Some(body)).collect();
    end(tx, writing, &ended).await?;
    begin(tx, writing, &begun).await
}

async fn end(tx: &mut PgConnection, writing: &Writing<'_>, ended: &[&Key]) -> Result<(), StoreError> {
    let targets: Vec<String> = ended.iter().map(|(target, _)| target.clone()).collect();
    let names: Vec<String> = ended.iter().map(|(_, name)| name.clone()).collect();
    let update = sqlx::query!(
        "update probes p set valid_to = $2
        from unnest($3::text[], $4::text[]) as c (target, name)
        where p.cluster_id = $1 and p.valid_to is null and p.target = c.target and p.name = c.name",
        writing.cluster,
        writing.at,
        &targets,
        &names
    );
    update.execute(tx).await?;
    Ok(())
}

async fn begin(tx: &mut PgConnection, writing: &Writing<'_>, begun: &[(&Key, &Value)]) -> Result<(), StoreError> {
    let targets: Vec<String> = begun.iter().map(|((target, _), _)| target.clone()).collect();
    let names: Vec<String> = begun.iter().map(|((_, name), _)| name.clone()).collect();
    let bodies: Vec<Value> = begun.iter().map(|(_, body)| (*body).clone()).collect();
    let insert = sqlx::query!(
        "insert into probes (cluster_id, valid_from, target, name, body)
        select $1, $2, n.* from unnest($3::text[], $4::text[], $5::jsonb[]) as n",
        writing.cluster,
        writing.at,
        &targets,
        &names,
        &bodies
    );
    insert.execute(tx).await?;
    Ok(())
}

/// What was known then.
///
/// # Errors
/// The database did not answer, or holds what can't be decoded.
pub(super) async fn load(db: &PgPool, as_of: &AsOf) -> Result<Probes, StoreError> {
    let called = sqlx::query_scalar!(
        "select kubelets_called from snapshots where cluster_id = $1 and snapshot_id = $2",
        as_of.cluster.0,
        as_of.snapshot.0
    );
    let mut probes = Probes {
        kubelets: called.fetch_one(db).await?.then(BTreeMap::new),
        ..Probes::default()
    };
    let rows = sqlx::query!(
        "select target, name, body from probes
        where cluster_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)",
        as_of.cluster.0,
        as_of.taken_at
    );
    for row in rows.fetch_all(db).await? {
        match (row.target.as_str(), &mut probes.kubelets) {
            (KUBELET, Some(kubelets)) => _ = kubelets.insert(row.name, answer(row.body)?),
            (KUBELET, None) => {}
            _ => _ = probes.endpoints.insert(row.name, answer(row.body)?),
        }
    }
    Ok(probes)
}

fn answer<T: DeserializeOwned>(body: Value) -> Result<T, StoreError> {
    serde_json::from_value(body).map_err(|error| StoreError::Corrupt(error.to_string()))
}
