//! The part of a snapshot's transaction that writes what could not be decided, and so which findings could not be told.

use std::collections::{BTreeSet, HashSet};

use analysis::finding::CheckId;
use shared::object::ObjectRef;
use shared::verdict::Verdict;
use sqlx::PgConnection;

use super::write::Writing;
use crate::store::StoreError;

/// A check, and what it could not decide about.
pub(super) type Subject = (String, ObjectRef);

/// Everything that could not be decided: objects, namespaces, the cluster; and for a check that lacked a kind, the cluster.
pub(super) fn subjects(writing: &Writing<'_>) -> HashSet<Subject> {
    let report = &writing.new.report;
    let of_check = |(check, objects): (&CheckId, &BTreeSet<ObjectRef>)| {
        let check = check.to_string();
        objects
            .iter()
            .map(move |object| (check.clone(), object.clone()))
            .collect::<Vec<_>>()
    };
    let mut subjects: HashSet<Subject> = report.undecided.iter().flat_map(of_check).collect();
    let partly: HashSet<&str> = report.undecided.keys().map(AsRef::as_ref).collect();
    let blocked = report
        .results
        .iter()
        .filter(|result| result.verdict == Verdict::NotEvaluated);
    let blocked = blocked.filter(|result| !partly.contains(result.check.as_str()));
    subjects.extend(blocked.map(|result| (result.check.clone(), ObjectRef::cluster())));
    subjects
}

/// The subjects of which any, undecided, holds a finding open: its object, its namespace, the cluster.
pub(super) fn holding(check: &str, object: ObjectRef) -> impl Iterator<Item = Subject> + use<> {
    let namespace = ObjectRef {
        group: String::new(),
        kind: "Namespace".into(),
        namespace: String::new(),
        name: object.namespace.clone(),
    };
    let check = check.to_owned();
    [object, namespace, ObjectRef::cluster()]
        .into_iter()
        .map(move |object| (check.clone(), object))
}

/// Opens and closes what could not be decided, as far as open findings hang on it.
pub(super) async fn write(
    tx: &mut PgConnection,
    writing: &Writing<'_>,
    gaps: &BTreeSet<Subject>,
) -> Result<(), StoreError> {
    let open = sqlx::query!(
        "select check_id, api_group, kind, namespace, name from undecided where cluster_id = $1 and valid_to is null",
        writing.cluster
    );
    let open = open.fetch_all(&mut *tx).await?.into_iter().map(|row| {
        let object = ObjectRef {
            group: row.api_group,
            kind: row.kind,
            namespace: row.namespace,
            name: row.name,
        };
        (row.check_id, object)
    });
    let open: BTreeSet<Subject> = open.collect();
    let ended: Vec<&Subject> = open.difference(gaps).collect();
    let begun: Vec<&Subject> = gaps.difference(&open).collect();
    end(tx, writing, &ended).await?;
    begin(tx, writing, &begun).await
}

fn column(subjects: &[&Subject], part: fn(&Subject) -> &String) -> Vec<String> {
    subjects.iter().map(|subject| part(subject).clone()).collect()
}

async fn end(tx: &mut PgConnection, writing: &Writing<'_>, ended: &[&Subject]) -> Result<(), StoreError> {
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

async fn begin(tx: &mut PgConnection, writing: &Writing<'_>, begun: &[&Subject]) -> Result<(), StoreError> {
    // A finding was open, so there is a snapshot before.
    let Some(previous) = &writing.previous else {
        return Ok(());
    };
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
