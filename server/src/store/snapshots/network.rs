//! The part of a snapshot's transaction that writes how far network policies cover the cluster.

use shared::network::coverage::Figures;
use sqlx::PgConnection;

use super::write::Writing;
use crate::store::{StoreError, stored};

/// Writes it, where it could be told.
pub(super) async fn write(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<(), StoreError> {
    let Some(Figures {
        pods,
        namespaces,
        ingress,
        egress,
        pairs,
    }) = &writing.new.network
    else {
        return Ok(());
    };
    let pairs_of = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let insert = sqlx::query!(
        "insert into snapshot_network (cluster_id, snapshot_id, pods, pods_ingress, pods_egress,
            namespaces, namespaces_ingress, namespaces_egress, pairs, pairs_open, pairs_part, open_ports)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        writing.cluster,
        writing.snapshot,
        stored(*pods),
        stored(ingress.pods),
        stored(egress.pods),
        stored(*namespaces),
        stored(ingress.namespaces),
        stored(egress.namespaces),
        pairs_of(pairs.all),
        pairs_of(pairs.open),
        pairs_of(pairs.part),
        pairs.open_ports
    );
    insert.execute(tx).await?;
    Ok(())
}
