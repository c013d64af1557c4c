//! The history of a small made-up cluster, written snapshot by snapshot.

use std::sync::Arc;
use std::time::Duration;

use analysis::checks::{CHECKS, by_id};
use analysis::cluster::Cluster;
use analysis::finding::Finding;
use analysis::model::{Kind, Object, Snapshot};
use analysis::network::coverage;
use analysis::{Report, checks, model};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use server::store::StoreError;
use server::store::snapshots::{self, NewSnapshot};
use server::store::viewer::Viewer;
use shared::checks::CheckResult;
use shared::clusters::Source;
use shared::ids::{ClusterId, SnapshotId};
use shared::network::coverage::Figures;
use shared::object::ObjectRef;
use shared::page::AsOf;
use shared::snapshots::Collected;
use shared::verdict::{Severity, Verdict};
use sqlx::PgPool;

/// The cluster.
pub const CLUSTER: ClusterId = ClusterId(sqlx::types::Uuid::from_u128(7));

/// The instant of that hour of the history.
pub fn hour(hour: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap_or_default() + TimeDelta::hours(hour)
}

/// What is seen at one time. Changed from hour to hour, and stored with [`Scene::store`].
#[derive(Clone)]
pub struct Scene {
    /// The objects.
    pub snapshot: Snapshot,
    /// The findings, results and gaps.
    pub report: Report,
    /// The release of the checks.
    pub catalogue: String,
}

impl Default for Scene {
    fn default() -> Self {
        Self::empty()
    }
}

impl Scene {
    /// A cluster of which every kind was read and that holds nothing; every check passes.
    pub fn empty() -> Self {
        let mut snapshot = Snapshot::new("v1.37.2");
        for kind in Kind::ALL {
            snapshot.set(*kind, Collected::Collected { count: 0 }, Vec::new());
        }
        let passed = |check: &&'static analysis::check::Check| CheckResult {
            check: check.id.into(),
            verdict: Verdict::Pass,
            reason: String::new(),
            evaluated: 1,
            failed: 0,
        };
        let report = Report {
            results: CHECKS.iter().map(passed).collect(),
            ..Report::default()
        };
        Self {
            snapshot,
            report,
            catalogue: checks::RELEASE.into(),
        }
    }

    /// Adds an object.
    ///
    /// # Panics
    /// It is none of a kind that is read.
    pub fn with(mut self, manifest: Value) -> Self {
        self.snapshot.put(object(manifest));
        self
    }

    /// Adds a Deployment of `replicas` that runs `image`.
    pub fn with_deployment(self, namespace: &str, name: &str, image: &str, replicas: i32) -> Self {
        self.with(json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": { "name": name, "namespace": namespace },
            "spec": { "replicas": replicas, "template": { "spec": { "containers": [{ "name": "c", "image": image }] } } },
        }))
    }

    /// Adds a finding, which fails its check.
    pub fn with_finding(mut self, finding: Finding) -> Self {
        self.judge(&finding.check, Verdict::Fail);
        self.report.findings.push(finding);
        self
    }

    /// Drops the findings of a check, which then passes.
    pub fn without_findings(mut self, check: &str) -> Self {
        self.report.findings.retain(|finding| finding.check != check);
        self.judge(check, Verdict::Pass);
        self
    }

    /// Lets a kind be denied, and a check that needs it not be evaluated.
    pub fn deny(mut self, kind: Kind, check: &str) -> Self {
        self.snapshot.set(
            kind,
            Collected::Denied {
                reason: "forbidden".into(),
            },
            Vec::new(),
        );
        self.report.findings.retain(|finding| finding.check != check);
        self.judge(check, Verdict::NotEvaluated);
        self
    }

    fn judge(&mut self, check: &str, verdict: Verdict) {
        for result in self.report.results.iter_mut().filter(|result| result.check == check) {
            result.verdict = verdict;
            result.failed = u32::from(verdict == Verdict::Fail);
        }
    }

    /// What is handed to the store at an hour.
    pub fn at(&self, at: DateTime<Utc>) -> NewSnapshot {
        let coverage = coverage::of(&Cluster::new(&self.snapshot, at));
        NewSnapshot {
            cluster: CLUSTER,
            name: "small".into(),
            source: Source::Live,
            taken_at: at,
            snapshot: Arc::new(self.snapshot.clone()),
            report: Arc::new(self.report.clone()),
            network: coverage.ok().map(|coverage| Figures::from(&coverage)),
            warnings: Vec::new(),
            catalogue: self.catalogue.clone(),
            model: model::RELEASE,
        }
    }

    /// Stores it as seen at an hour.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn store(&self, db: &PgPool, at: DateTime<Utc>) -> Result<SnapshotId, StoreError> {
        snapshots::store(db, &self.at(at), Duration::ZERO).await
    }
}

/// What the answers at an instant rest on.
///
/// # Errors
/// There was no snapshot yet, or the store fails.
pub async fn as_of(db: &PgPool, at: DateTime<Utc>) -> anyhow::Result<AsOf> {
    snapshots::at(db, &Viewer::All, CLUSTER, at)
        .await?
        .ok_or_else(|| anyhow::anyhow!("there is no snapshot at {at}"))
}

/// An object.
///
/// # Panics
/// The manifest is none of a kind that is read.
pub fn object(manifest: Value) -> Object {
    let field = |name: &str| manifest[name].as_str().unwrap_or_default();
    let kind = Kind::of_manifest(field("apiVersion"), field("kind")).expect("a known kind");
    Object::deserialize(kind, manifest).expect("an object of its kind")
}

/// A reference to a Deployment.
pub fn deployment(namespace: &str, name: &str) -> ObjectRef {
    ObjectRef {
        group: "apps".into(),
        kind: "Deployment".into(),
        namespace: namespace.into(),
        name: name.into(),
    }
}

/// A finding of a check on a Deployment, with the severity of the check.
///
/// # Panics
/// There is no such check.
pub fn finding(check: &str, namespace: &str, name: &str, title: &str) -> Finding {
    let check = by_id(check).expect("a check");
    check
        .finding(deployment(namespace, name), "", title, "It is so.")
        .witness("spec", Value::Null)
}

/// The same with another severity.
pub fn severe(finding: Finding, severity: Severity) -> Finding {
    Finding { severity, ..finding }
}
