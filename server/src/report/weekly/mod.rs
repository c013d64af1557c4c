//! The weekly report: how a cluster stands against a framework, for the board and for whoever does the work.
//!
//! The same snapshots give the same bytes: nothing here reads a clock, and every list has an order of its own.

mod csv;
mod decide;
mod fixes;
mod groups;
mod html;
mod moved;
mod unanswered;
mod words;

use std::collections::BTreeSet;

use analysis::catalogue::Catalogue;
use chrono::{DateTime, Utc};
use shared::compliance::Compliance;
use shared::frameworks::Framework;
use shared::ids::SnapshotId;
use shared::reports::ReportFormat;
use shared::reports::document::{Report, ReportCluster, ReportFramework};
use shared::score::SeverityCounts;
use shared::snapshots::KindCoverage;

use crate::compliance::{Causes, Found, Known};
pub use csv::controls as controls_csv;
use groups::Counted;
pub use html::style_of;

/// What a report is made of.
#[derive(Debug)]
pub struct Sources {
    /// The cluster.
    pub cluster: ReportCluster,
    /// What is known of it.
    pub now: Moment,
    /// How reading each kind ended.
    pub kinds: Vec<KindCoverage>,
    /// What else went wrong on the way.
    pub warnings: Vec<String>,
    /// What it is compared with; none where nothing was known before.
    pub before: Option<Before>,
    /// The checks that there are, by which they are called.
    pub catalogue: Catalogue,
}

/// What was known at one time.
#[derive(Debug)]
pub struct Moment {
    /// When.
    pub taken_at: DateTime<Utc>,
    /// The number of the snapshot; none where nothing is stored.
    pub snapshot: Option<SnapshotId>,
    /// The release of the check catalogue and the settings.
    pub catalogue: String,
    /// What the checks concluded and found.
    pub known: Known,
}

/// What was known before, and why it changed.
#[derive(Debug)]
pub struct Before {
    /// What was known.
    pub moment: Moment,
    /// Why findings came and went since.
    pub causes: Causes,
    /// Whether a report told of it.
    pub follows_report: bool,
}

/// What there is to say.
pub fn report(framework: &Framework, sources: &Sources) -> Report {
    let Sources {
        cluster,
        now,
        before,
        catalogue,
        ..
    } = sources;
    let Compliance { score, sections, .. } = now.known.stand(framework);
    let counted = Counted::of(framework, &now.known, catalogue);
    let fixes = fixes::list(&counted);
    Report {
        cluster: cluster.clone(),
        framework: about(framework),
        taken_at: now.taken_at,
        snapshot: now.snapshot,
        catalogue: now.catalogue.clone(),
        score,
        open: severities(counted.findings()),
        moved: before.as_ref().map(|before| moved::moved(framework, sources, before)),
        decide: decide::decisions(&counted),
        namespaces: fixes::by_namespace(&counted, &fixes),
        fixes,
        unknown: unanswered::unanswered(&sections, sources),
        sections,
    }
}

fn about(framework: &Framework) -> ReportFramework {
    ReportFramework {
        id: framework.id.clone(),
        title: framework.title.clone(),
        version: framework.version.clone(),
        publisher: framework.publisher.clone(),
        source: framework.source.clone(),
        note: framework.note.clone(),
    }
}

fn severities<'a>(findings: impl Iterator<Item = &'a Found>) -> SeverityCounts {
    let mut counts = SeverityCounts::default();
    for found in findings {
        *counts.of_mut(found.severity) += 1;
    }
    counts
}

/// How many objects findings are on, each once, in order.
fn objects<'a>(findings: impl Iterator<Item = &'a Found>) -> Vec<shared::object::ObjectRef> {
    let objects: BTreeSet<_> = findings.map(|found| &found.object).collect();
    objects.into_iter().cloned().collect()
}

/// A report as a file.
///
/// # Errors
/// It can't be told in JSON, which is our mistake.
pub fn write(report: &Report, format: ReportFormat) -> serde_json::Result<String> {
    Ok(match format {
        ReportFormat::Html => html::document(report),
        ReportFormat::Csv => csv::controls(&report.sections),
        ReportFormat::Json => serde_json::to_string_pretty(report)? + "\n",
    })
}
