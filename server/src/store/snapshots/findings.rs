//! The part of a snapshot's transaction that writes findings.

use std::collections::{BTreeSet, HashMap, HashSet};

use analysis::finding::Finding;
use chrono::{DateTime, Utc};
use shared::object::ObjectRef;
use sqlx::PgConnection;

use super::prepare::Hash;
use super::undecided::{self, Subject};
use super::write::{Diff, Writing, diff};
use crate::store::{StoreError, rank, text};

struct Open {
    finding_id: String,
    check_id: String,
    api_group: String,
    kind: String,
    namespace: String,
    name: String,
    opened_at: DateTime<Utc>,
    first_seen: DateTime<Utc>,
}

impl Open {
    fn object(&self) -> ObjectRef {
        ObjectRef {
            group: self.api_group.clone(),
            kind: self.kind.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }
}

/// Opens and closes findings. Those about which their check could not decide stay as they were.
pub(super) async fn write(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<(), StoreError> {
    if writing
        .previous
        .as_ref()
        .is_some_and(|previous| previous.findings_digest == writing.prepared.findings_digest)
    {
        return Ok(());
    }
    let known = hashes(tx, writing).await?;
    let open: HashMap<&str, &[u8]> = known.iter().map(|(id, hash)| (id.as_str(), hash.as_slice())).collect();
    let seen = writing
        .prepared
        .findings
        .iter()
        .map(|(id, (_, hash))| (id.as_str(), *hash));
    let Diff { opened, closed } = diff(&open, seen);
    let rows = open_rows(tx, writing, &closed).await?;
    let rows: HashMap<&str, &Open> = rows.iter().map(|row| (row.finding_id.as_str(), row)).collect();
    let subjects = undecided::subjects(writing);
    let mut gaps = BTreeSet::new();
    let closed = closed.into_iter().filter(|(id, is_change)| {
        let holding: Vec<Subject> = match rows.get(id) {
            Some(row) if !is_change => undecided::holding(&row.check_id, row.object())
                .filter(|subject| subjects.contains(subject))
                .collect(),
            _ => Vec::new(),
        };
        let closes = holding.is_empty() && (*is_change || writing.new.snapshot.gap.is_none());
        gaps.extend(holding);
        closes
    });
    let closed: Vec<(&str, bool)> = closed.collect();
    close(tx, writing, &closed).await?;
    insert(tx, writing, &rows, &opened).await?;
    undecided::write(tx, writing, &gaps).await
}

/// The hashes of all open findings, by id.
async fn hashes(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let rows = sqlx::query!(
        "select finding_id, hash from findings where cluster_id = $1 and valid_to is null",
        writing.cluster
    );
    Ok(rows
        .fetch_all(tx)
        .await?
        .into_iter()
        .map(|row| (row.finding_id, row.hash))
        .collect())
}

/// The open rows of findings that changed or were not seen.
async fn open_rows(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
    closed: &[(&str, bool)],
) -> Result<Vec<Open>, StoreError> {
    let ids: Vec<String> = closed.iter().map(|(id, _)| (*id).to_owned()).collect();
    let rows = sqlx::query_as!(
        Open,
        "select finding_id, check_id, api_group, kind, namespace, name, opened_at, first_seen from findings
        where cluster_id = $1 and finding_id = any($2) and valid_to is null",
        writing.cluster,
        &ids
    );
    Ok(rows.fetch_all(tx).await?)
}

async fn close(tx: &mut PgConnection, writing: &Writing<'_>, closed: &[(&str, bool)]) -> Result<(), StoreError> {
    let ids: Vec<String> = closed.iter().map(|(id, _)| (*id).to_owned()).collect();
    let replaced: Vec<bool> = closed.iter().map(|(_, replaced)| *replaced).collect();
    let update = sqlx::query!(
        "update findings f set valid_to = $2, replaced = c.replaced, closed_by_release = $3
        from unnest($4::text[], $5::boolean[]) as c (finding_id, replaced)
        where f.cluster_id = $1 and f.finding_id = c.finding_id and f.valid_to is null",
        writing.cluster,
        writing.at,
        writing.by_release,
        &ids,
        &replaced
    );
    update.execute(tx).await?;
    Ok(())
}

/// What was known of findings before this snapshot.
struct Past {
    first_seen: HashMap<String, DateTime<Utc>>,
    decided: HashSet<String>,
}

async fn past(tx: &mut PgConnection, writing: &Writing<'_>, ids: &[String]) -> Result<Past, StoreError> {
    let first_seen = sqlx::query!(
        r#"select finding_id, min(first_seen) as "first_seen!" from findings
        where cluster_id = $1 and finding_id = any($2) group by finding_id"#,
        writing.cluster,
        ids
    );
    let first_seen = first_seen
        .fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(|row| (row.finding_id, row.first_seen));
    let first_seen = first_seen.collect();
    let decided = sqlx::query_scalar!(
        "select distinct check_id from check_results where cluster_id = $1 and verdict <> 'notEvaluated'",
        writing.cluster
    );
    Ok(Past {
        first_seen,
        decided: decided.fetch_all(tx).await?.into_iter().collect(),
    })
}

async fn insert(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
    rows: &HashMap<&str, &Open>,
    opened: &[(&str, bool)],
) -> Result<(), StoreError> {
    if opened.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = opened
        .iter()
        .filter(|(_, replaces)| !replaces)
        .map(|(id, _)| (*id).to_owned())
        .collect();
    let past = past(tx, writing, &ids).await?;
    let mut columns = Columns::default();
    for (id, replaces) in opened {
        let Some((place, hash)) = writing.prepared.findings.get(*id) else {
            continue;
        };
        let finding = &writing.new.report.findings[*place];
        let before = rows.get(id).copied();
        columns.push(
            writing,
            &past,
            &Opened {
                id,
                finding,
                hash,
                before,
                replaces: *replaces,
            },
        )?;
    }
    columns.insert(tx, writing).await
}

/// A finding that gets a new row.
struct Opened<'a> {
    id: &'a str,
    finding: &'a Finding,
    hash: &'a Hash,
    /// The row that it follows.
    before: Option<&'a Open>,
    replaces: bool,
}

/// New rows, as arrays.
#[derive(Default)]
struct Columns {
    ids: Vec<String>,
    first_seen: Vec<DateTime<Utc>>,
    opened_at: Vec<DateTime<Utc>>,
    checks: Vec<String>,
    areas: Vec<String>,
    groups: Vec<String>,
    kinds: Vec<String>,
    namespaces: Vec<String>,
    names: Vec<String>,
    severities: Vec<i16>,
    titles: Vec<String>,
    messages: Vec<String>,
    witnesses: Vec<serde_json::Value>,
    patches: Vec<Option<serde_json::Value>>,
    expected: Vec<Option<String>>,
    hashes: Vec<Vec<u8>>,
    replaces: Vec<bool>,
    baseline: Vec<bool>,
}

impl Columns {
    fn push(&mut self, writing: &Writing<'_>, past: &Past, opened: &Opened<'_>) -> Result<(), StoreError> {
        let Opened {
            id,
            finding,
            hash,
            before,
            replaces,
        } = *opened;
        let corrupt = |error: serde_json::Error| StoreError::Corrupt(error.to_string());
        let check = writing.new.report.catalogue.named(&finding.check);
        let check = check.ok_or_else(|| StoreError::Corrupt(format!("there is no check {}", finding.check)))?;
        let first_seen = past.first_seen.get(id).copied().unwrap_or(writing.at);
        self.ids.push(id.to_owned());
        self.first_seen
            .push(before.map_or(first_seen, |before| before.first_seen));
        self.opened_at
            .push(before.map_or(writing.at, |before| before.opened_at));
        self.checks.push(finding.check.to_string());
        self.areas.push(check.area.as_str().to_owned());
        self.groups.push(finding.object.group.clone());
        self.kinds.push(finding.object.kind.clone());
        self.namespaces.push(text::text(&finding.object.namespace));
        self.names.push(text::text(&finding.object.name));
        self.severities.push(rank(finding.severity));
        self.titles.push(text::text(&finding.title));
        self.messages.push(text::text(&finding.message));
        self.witnesses
            .push(text::json(serde_json::to_value(&finding.witness).map_err(corrupt)?));
        self.patches.push(
            finding
                .patch
                .as_ref()
                .map(serde_json::to_value)
                .transpose()
                .map_err(corrupt)?
                .map(text::json),
        );
        self.expected.push(finding.expected.as_deref().map(text::text));
        self.hashes.push(hash.to_vec());
        self.replaces.push(replaces);
        // A check that a new release brought is told by its release; any other that decides for the first time opens what
        // was there all along.
        self.baseline
            .push(!writing.by_release && !replaces && !past.decided.contains(finding.check.as_ref()));
        Ok(())
    }

    async fn insert(&self, tx: &mut PgConnection, writing: &Writing<'_>) -> Result<(), StoreError> {
        let insert = sqlx::query!(
            "insert into findings (cluster_id, valid_from, opened_by_release, finding_id, first_seen, opened_at, check_id, area,
                api_group, kind, namespace, name, severity, title, message, witness, patch, expected, hash, replaces, baseline)
            select $1, $2, $3, n.* from unnest($4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::text[], $12::text[], $13::smallint[], $14::text[], $15::text[], $16::jsonb[],
                $17::jsonb[], $18::text[], $19::bytea[], $20::boolean[], $21::boolean[]) as n",
            writing.cluster,
            writing.at,
            writing.by_release,
            &self.ids,
            &self.first_seen,
            &self.opened_at,
            &self.checks,
            &self.areas,
            &self.groups,
            &self.kinds,
            &self.namespaces,
            &self.names,
            &self.severities,
            &self.titles,
            &self.messages,
            &self.witnesses,
            &self.patches as &[Option<serde_json::Value>],
            &self.expected as &[Option<String>],
            &self.hashes,
            &self.replaces,
            &self.baseline
        );
        insert.execute(tx).await?;
        Ok(())
    }
}
