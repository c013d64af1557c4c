//! The part of a snapshot's transaction that writes objects.

use std::collections::HashMap;
use std::sync::Arc;

use analysis::model::Object;
use sqlx::PgConnection;

use super::prepare::{Hash, PreparedKind};
use super::write::{Diff, Writing, diff};
use crate::store::StoreError;

/// How many rows go into one statement: their bodies are in memory at the same time.
const BATCH: usize = 2000;

/// The place of a kind among those compared, a namespace, a name.
type Key<'a> = (usize, &'a str, &'a str);

/// Opens and closes objects of the kinds that were read and are not as before. Tells how many were opened.
pub(super) async fn write(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<usize, StoreError> {
    let kinds: Vec<&PreparedKind> = writing
        .prepared
        .kinds
        .iter()
        .filter(|kind| has_changed(writing, kind))
        .collect();
    let rows = open_rows(tx, writing, &kinds).await?;
    let open: HashMap<Key<'_>, &[u8]> = rows
        .iter()
        .map(|row| {
            (
                (row.place, row.namespace.as_str(), row.name.as_str()),
                row.hash.as_slice(),
            )
        })
        .collect();
    let Diff { opened, mut closed } = diff(&open, seen(writing, &kinds));
    closed.retain(|(_, is_change)| *is_change || writing.new.snapshot.gap.is_none());
    close(tx, writing, &kinds, &closed).await?;
    for batch in opened.chunks(BATCH) {
        insert(tx, writing, &kinds, batch).await?;
    }
    Ok(opened.len())
}

fn has_changed(writing: &Writing<'_>, kind: &PreparedKind) -> bool {
    let known = writing
        .previous
        .as_ref()
        .and_then(|previous| previous.kinds.get(&kind.kind));
    kind.outcome.is_known() && known.is_none_or(|digest| *digest != kind.digest)
}

fn seen<'a>(writing: &'a Writing<'_>, kinds: &'a [&PreparedKind]) -> impl Iterator<Item = (Key<'a>, Hash)> {
    kinds.iter().enumerate().flat_map(|(place, kind)| {
        let objects = writing.new.snapshot.of(kind.kind).iter().zip(&kind.hashes);
        objects.map(move |(object, hash)| (key(place, object), *hash))
    })
}

fn key(place: usize, object: &Object) -> Key<'_> {
    (place, &object.meta().namespace, &object.meta().name)
}

struct OpenRow {
    place: usize,
    namespace: String,
    name: String,
    hash: Vec<u8>,
}

/// The open rows of these kinds.
async fn open_rows(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
    kinds: &[&PreparedKind],
) -> Result<Vec<OpenRow>, StoreError> {
    let mut rows = Vec::new();
    for (place, kind) in kinds.iter().enumerate() {
        let info = kind.kind.info();
        let found = sqlx::query!(
            "select namespace, name, hash from objects
            where cluster_id = $1 and api_group = $2 and kind = $3 and valid_to is null",
            writing.cluster,
            info.group,
            info.kind
        );
        let found = found.fetch_all(&mut *tx).await?;
        rows.extend(found.into_iter().map(|row| OpenRow {
            place,
            namespace: row.namespace,
            name: row.name,
            hash: row.hash,
        }));
    }
    Ok(rows)
}

/// The columns by which a row is found, as arrays.
#[derive(Default)]
struct Columns {
    groups: Vec<String>,
    kinds: Vec<String>,
    namespaces: Vec<String>,
    names: Vec<String>,
    flags: Vec<bool>,
}

impl Columns {
    fn of(kinds: &[&PreparedKind], keys: &[(Key<'_>, bool)]) -> Self {
        let mut columns = Self::default();
        for ((place, namespace, name), flag) in keys {
            let info = kinds[*place].kind.info();
            columns.groups.push(info.group.to_owned());
            columns.kinds.push(info.kind.to_owned());
            columns.namespaces.push((*namespace).to_owned());
            columns.names.push((*name).to_owned());
            columns.flags.push(*flag);
        }
        columns
    }
}

async fn close(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
    kinds: &[&PreparedKind],
    closed: &[(Key<'_>, bool)],
) -> Result<(), StoreError> {
    if closed.is_empty() {
        return Ok(());
    }
    let columns = Columns::of(kinds, closed);
    let update = sqlx::query!(
        "update objects o set valid_to = $2, replaced = c.replaced, closed_by_release = $3
        from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[])
            as c (api_group, kind, namespace, name, replaced)
        where o.cluster_id = $1 and o.valid_to is null and o.api_group = c.api_group and o.kind = c.kind
            and o.namespace = c.namespace and o.name = c.name",
        writing.cluster,
        writing.at,
        writing.by_release,
        &columns.groups,
        &columns.kinds,
        &columns.namespaces,
        &columns.names,
        &columns.flags
    );
    update.execute(tx).await?;
    Ok(())
}

/// What new rows hold beside their key, as arrays.
struct Contents {
    hashes: Vec<Vec<u8>>,
    bodies: Vec<Vec<u8>>,
    baseline: Vec<bool>,
}

impl Contents {
    fn of(writing: &Writing<'_>, kinds: &[&PreparedKind], opened: &[(Key<'_>, bool)]) -> Self {
        let found = opened.iter().filter_map(|((place, namespace, name), _)| {
            let kind = kinds[*place];
            let objects = writing.new.snapshot.of(kind.kind);
            let at = objects
                .binary_search_by(|object| key(*place, object).cmp(&(*place, *namespace, *name)))
                .ok()?;
            Some((kind, &objects[at], kind.hashes[at]))
        });
        let found: Vec<(&PreparedKind, &Arc<Object>, Hash)> = found.collect();
        let known = writing.previous.as_ref().map(|previous| &previous.kinds);
        let is_known = |kind: &PreparedKind| known.is_some_and(|known| known.contains_key(&kind.kind));
        Self {
            hashes: found.iter().map(|(.., hash)| hash.to_vec()).collect(),
            bodies: found.iter().map(|(_, object, _)| object.to_protobuf()).collect(),
            baseline: found.iter().map(|(kind, ..)| !is_known(kind)).collect(),
        }
    }
}

async fn insert(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
    kinds: &[&PreparedKind],
    opened: &[(Key<'_>, bool)],
) -> Result<(), StoreError> {
    let (columns, contents) = (Columns::of(kinds, opened), Contents::of(writing, kinds, opened));
    let insert = sqlx::query!(
        "insert into bodies (cluster_id, hash, body) select $1, hash, body from unnest($2::bytea[], $3::bytea[]) as b (hash, body)
        on conflict do nothing",
        writing.cluster,
        &contents.hashes,
        &contents.bodies
    );
    insert.execute(&mut *tx).await?;
    let insert = sqlx::query!(
        "insert into objects (cluster_id, api_group, kind, namespace, name, valid_from, hash, replaces, baseline, opened_by_release)
        select $1, n.api_group, n.kind, n.namespace, n.name, $2, n.hash, n.replaces, n.baseline, $3
        from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::bytea[], $10::boolean[])
            as n (api_group, kind, namespace, name, replaces, hash, baseline)",
        writing.cluster,
        writing.at,
        writing.by_release,
        &columns.groups,
        &columns.kinds,
        &columns.namespaces,
        &columns.names,
        &columns.flags,
        &contents.hashes,
        &contents.baseline
    );
    insert.execute(tx).await?;
    Ok(())
}
