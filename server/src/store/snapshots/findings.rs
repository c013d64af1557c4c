//! The part of a snapshot's transaction that writes findings, and which of them could not be told.

use std::collections::{BTreeSet, HashMap, HashSet};

use analysis::finding::Finding;
use chrono::{DateTime, Utc};
use shared::object::ObjectRef;
use shared::verdict::Verdict;
use sqlx::PgConnection;

use super::prepare::Hash;
use super::write::{Diff, Writing, diff};
use crate::store::{StoreError, rank};

struct Open {
    finding_id: String,
    hash: Vec<u8>,
    check_id: String,
    api_group: String,
    kind: String,
    namespace: String,
    name: String,
    opened_at: DateTime<Utc>,
    first_seen: DateTime<Utc>,
}

/// A check, and what it could not decide about.
type Subject = (String, ObjectRef);

/// Opens and closes findings. Those about which their check could not decide stay as they were.
pub(super) async fn write(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<(), StoreError> {
    if writing.previous.as_ref().is_some_and(|previous| previous.findings_digest == writing.prepared.findings_digest) {
        return Ok(());
    }
    let rows = open_rows(tx, writing).await?;
    let rows: HashMap<&str, &Open> = rows.iter().map(|row| (row.finding_id.as_str(), row)).collect();
    let open: HashMap<&str, Vec<u8>> = rows.iter().map(|(id, row)| (*id, row.hash.clone())).collect();
    let seen = writing.prepared.findings.iter().map(|(id, (_, hash))| (id.as_str(), *hash));
    let Diff { opened, closed } = diff(&open, seen);
    let subjects = subjects(writing);
    let mut gaps = BTreeSet::new();
    let closed = closed.into_iter().filter(|(id, is_change)| {
        let holding: Vec<Subject> = match rows.get(id) {
            Some(row) if !is_change => holding(row).filter(|subject| subjects.contains(subject)).collect(),
            _ => Vec::new(),
        };
        let closes = holding.is_empty();
        gaps.extend(holding);
        closes
    });
    let closed: Vec<(&str, bool)> = closed.collect();
    close(tx, writing, &closed).await?;
    insert(tx, writing, &rows, &opened).await?;
    write_gaps(tx, writing, &gaps).await
}

async fn open_rows(tx: &mut PgConnection, writing: &Writing<'_>) -> Result<Vec<Open>, StoreError> {
    let rows = sqlx::query_as!(
        Open,
        "select finding_id, hash, check_id, api_group, kind, namespace, name, opened_at, first_seen from findings
        where cluster_id = $1 and valid_to is null",
        writing.cluster
    );
    Ok(rows.fetch_all(tx).await?)
}

/// Everything that could not be decided: objects, namespaces, the cluster; and for a check that lacked a kind, the cluster.
fn subjects(writing: &Writing<'_>) -> HashSet<Subject> {
    let report = &writing.new.report;
    let mut subjects: HashSet<Subject> =
        report.undecided.iter().map(|(check, object)| ((*check).to_owned(), object.clone())).collect();
    let partly: HashSet<&str> = report.undecided.iter().map(|(check, _)| *check).collect();
    let blocked = report.results.iter().filter(|result| result.verdict == Verdict::NotEvaluated);
    let blocked = blocked.filter(|result| !partly.contains(result.check.as_str()));
    subjects.extend(blocked.map(|result| (result.check.clone(), ObjectRef::cluster())));
    subjects
}

/// The subjects of which any, undecided, holds a finding open: its object, its namespace, the cluster.
fn holding(row: &Open) -> impl Iterator<Item = Subject> + use<> {
    let object = ObjectRef {
        group: row.api_group.clone(),
        kind: row.kind.clone(),
        namespace: row.namespace.clone(),
        name: row.name.clone(),
    };
    let namespace = ObjectRef {
        group: String::new(),
        kind: "Namespace".into(),
        namespace: String::new(),
        name: row.namespace.clone(),
    };
    let check = row.check_id.clone();
    [object, namespace, ObjectRef::cluster()].into_iter().map(move |object| (check.clone(), object))
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
    let first_seen = first_seen.fetch_all(&mut *tx).await?.into_iter().map(|row| (row.finding_id, row.first_seen));
    let first_seen = first_seen.collect();
    let decided = sqlx::query_scalar!(
        "select distinct check_id from check_results where cluster_id = $1 and verdict <> 'notEvaluated'",
        writing.cluster
    );
    Ok(Past { first_seen, decided: decided.fetch_all(tx).await?.into_iter().collect() })
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
    let ids: Vec<String> = opened.iter().filter(|(_, replaces)| !replaces).map(|(id, _)| (*id).to_owned()).collect();
    let past = past(tx, writing, &ids).await?;
    let mut columns = Columns::default();
    for (id, replaces) in opened {
        let Some((place, hash)) = writing.prepared.findings.get(*id) else { continue };
        columns.push(writing, &past, rows.get(id).copied(), id, &writing.new.report.findings[*place], hash, *replaces)?;
    }
    columns.insert(tx, writing).await
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
    subkeys: Vec<String>,
    severities: Vec<i16>,
    titles: Vec<String>,
    messages: Vec<String>,
    witnesses: Vec<serde_json::Value>,
    patches: Vec<Option<serde_json::Value>>,
    hashes: Vec<Vec<u8>>,
    replaces: Vec<bool>,
    baseline: Vec<bool>,
}

impl Columns {
    #[allow(clippy::too_many_arguments, reason = "one row's values")]
    fn push(
        &mut self,
        writing: &Writing<'_>,
        past: &Past,
        before: Option<&Open>,
        id: &str,
        finding: &Finding,
        hash: &Hash,
        replaces: bool,
    ) -> Result<(), StoreError> {
        let corrupt = |error: serde_json::Error| StoreError::Corrupt(error.to_string());
        let check = analysis::checks::by_id(finding.check);
        let check = check.ok_or_else(|| StoreError::Corrupt(format!("there is no check {}", finding.check)))?;
        let first_seen = past.first_seen.get(id).copied().unwrap_or(writing.at);
        self.ids.push(id.to_owned());
        self.first_seen.push(before.map_or(first_seen, |before| before.first_seen));
        self.opened_at.push(before.map_or(writing.at, |before| before.opened_at));
        self.checks.push(finding.check.to_owned());
        self.areas.push(check.area.as_str().to_owned());
        self.groups.push(finding.object.group.clone());
        self.kinds.push(finding.object.kind.clone());
        self.namespaces.push(finding.object.namespace.clone());
        self.names.push(finding.object.name.clone());
        self.subkeys.push(finding.subkey.clone());
        self.severities.push(rank(finding.severity));
        self.titles.push(finding.title.clone());
        self.messages.push(finding.message.clone());
        self.witnesses.push(serde_json::to_value(&finding.witness).map_err(corrupt)?);
        self.patches.push(finding.patch.as_ref().map(serde_json::to_value).transpose().map_err(corrupt)?);
        self.hashes.push(hash.to_vec());
        self.replaces.push(replaces);
        // A check that a new release brought is told by its release; any other that decides for the first time opens what
        // was there all along.
        self.baseline.push(!writing.by_release && !replaces && !past.decided.contains(finding.check));
        Ok(())
    }

    async fn insert(&self, tx: &mut PgConnection, writing: &Writing<'_>) -> Result<(), StoreError> {
        let insert = sqlx::query!(
            "insert into findings (cluster_id, valid_from, opened_by_release, finding_id, first_seen, opened_at, check_id, area,
                api_group, kind, namespace, name, subkey, severity, title, message, witness, patch, hash, replaces, baseline)
            select $1, $2, $3, n.* from unnest($4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::smallint[], $15::text[], $16::text[],
                $17::jsonb[], $18::jsonb[], $19::bytea[], $20::boolean[], $21::boolean[]) as n",
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
            &self.subkeys,
            &self.severities,
            &self.titles,
            &self.messages,
            &self.witnesses,
            &self.patches as &[Option<serde_json::Value>],
            &self.hashes,
            &self.replaces,
            &self.baseline
        );
        insert.execute(tx).await?;
        Ok(())
    }
}

/// Opens and closes what could not be decided, as far as open findings hang on it.
async fn write_gaps(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
    gaps: &BTreeSet<Subject>,
) -> Result<(), StoreError> {
    let open = sqlx::query!(
        "select check_id, api_group, kind, namespace, name from undecided where cluster_id = $1 and valid_to is null",
        writing.cluster
    );
    let open = open.fetch_all(&mut *tx).await?.into_iter().map(|row| {
        let object = ObjectRef { group: row.api_group, kind: row.kind, namespace: row.namespace, name: row.name };
        (row.check_id, object)
    });
    let open: BTreeSet<Subject> = open.collect();
    let ended: Vec<&Subject> = open.difference(gaps).collect();
    let begun: Vec<&Subject> = gaps.difference(&open).collect();
    end_gaps(tx, writing, &ended).await?;
    begin_gaps(tx, writing, &begun).await
}

fn column(subjects: &[&Subject], part: fn(&Subject) -> &String) -> Vec<String> {
    subjects.iter().map(|subject| part(subject).clone()).collect()
}

async fn end_gaps(tx: &mut PgConnection, writing: &Writing<'_>, ended: &[&Subject]) -> Result<(), StoreError> {
    let update = sqlx::query!(
        "update undecided u set valid_to = $2
        from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as c (check_id, api_group, kind, namespace, name)
        where u.cluster_id = $1 and u.valid_to is null and u.check_id = c.check_id and u.api_group = c.api_group
            and u.kind = c.kind and u.namespace = c.namespace and u.name = c.name",
        writing.cluster,
        writing.at,
        &column(ended, |subject| &subject.0),
        &column(ended, |subject| &subject.1.group),
        &column(ended, |subject| &subject.1.kind),
        &column(ended, |subject| &subject.1.namespace),
        &column(ended, |subject| &subject.1.name)
    );
    update.execute(tx).await?;
    Ok(())
}

async fn begin_gaps(tx: &mut PgConnection, writing: &Writing<'_>, begun: &[&Subject]) -> Result<(), StoreError> {
    // A finding was open, so there is a snapshot before.
    let Some(previous) = &writing.previous else { return Ok(()) };
    let insert = sqlx::query!(
        "insert into undecided (cluster_id, valid_from, last_seen, check_id, api_group, kind, namespace, name)
        select $1, $2, $3, n.* from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) as n",
        writing.cluster,
        writing.at,
        previous.taken_at,
        &column(begun, |subject| &subject.0),
        &column(begun, |subject| &subject.1.group),
        &column(begun, |subject| &subject.1.kind),
        &column(begun, |subject| &subject.1.namespace),
        &column(begun, |subject| &subject.1.name)
    );
    insert.execute(tx).await?;
    Ok(())
}
