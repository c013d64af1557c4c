//! What a search finds.

use leptos::prelude::*;
use shared::checks::CheckRow;
use shared::findings::{FindingPage, FindingQuery, FindingRow};
use shared::page::{At, Page, Stamped};
use shared::rbac::lists::SubjectRow;
use shared::rbac::query::AccessListQuery;
use shared::score::SeverityCounts;
use shared::verdict::Severity;
use shared::workloads::{WorkloadQuery, WorkloadRow};

use super::nav::PAGES;
use crate::api;
use crate::components::icon::Icon;
use crate::components::load::{load, load_if};
use crate::components::object::{namespace_path, subject_path, workload_path};
use crate::components::verdict;
use crate::format;
use crate::here::{Here, encode};
use crate::pages::rbac::question::spoken;

/// How many of each group are shown.
const EACH: usize = 5;

/// One result.
#[derive(Clone, PartialEq)]
pub(super) struct Hit {
    /// The heading that it stands under.
    pub(super) group: &'static str,
    /// What stands before it.
    pub(super) mark: Mark,
    /// What it is.
    pub(super) text: String,
    /// More about it.
    pub(super) note: String,
    /// Where it leads.
    pub(super) to: String,
}

/// What stands before a result.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mark {
    /// A kind of thing.
    Icon(Icon),
    /// How bad a finding is.
    Severity(Severity),
}

/// What is found for `text`; for nothing, the pages.
pub(super) fn results(here: Here, text: Signal<String>) -> Memo<Vec<Hit>> {
    let at = untrack(|| here.at());
    let for_checks = at.clone();
    let checks = load(move || api::checks::list(for_checks.clone()));
    let for_workloads = at.clone();
    let workloads = load_if(move || sought(text).map(|q| api::workloads::list(&workload_query(&for_workloads, q))));
    let for_subjects = at.clone();
    let subjects = load_if(move || sought(text).map(|q| api::rbac::subjects(&subject_query(&for_subjects, q))));
    let findings = load_if(move || sought(text).map(|q| api::findings::list(&finding_query(&at, q))));
    Memo::new(move |_| {
        let asked = text.get();
        let text = asked.to_lowercase();
        let mut hits: Vec<Hit> = question_hit(&asked).into_iter().chain(page_hits(&text)).collect();
        if !text.is_empty() {
            let findings = findings.get();
            hits.extend(findings.iter().flat_map(|found| namespace_hits(&found.body, &text)));
            hits.extend(workloads.get().iter().flat_map(workload_hits));
            hits.extend(subjects.get().iter().flat_map(subject_hits));
            hits.extend(
                checks
                    .get()
                    .iter()
                    .flat_map(|checks| check_hits(&checks.body.items, &text)),
            );
            hits.extend(
                findings
                    .iter()
                    .flat_map(|found| found.body.items.iter().map(finding_hit)),
            );
        }
        hits
    })
}

/// What is to be asked for.
fn sought(text: Signal<String>) -> Option<String> {
    Some(text.get()).filter(|text| !text.is_empty())
}

fn workload_query(at: &At, q: String) -> WorkloadQuery {
    let limit = Some(EACH as u32);
    WorkloadQuery {
        cluster: at.cluster,
        at: at.at,
        q: Some(q),
        limit,
        ..Default::default()
    }
}

fn subject_query(at: &At, q: String) -> AccessListQuery {
    let limit = Some(EACH as u32);
    AccessListQuery {
        cluster: at.cluster,
        at: at.at,
        q: Some(q),
        limit,
        ..Default::default()
    }
}

fn finding_query(at: &At, q: String) -> FindingQuery {
    let limit = Some(EACH as u32);
    FindingQuery {
        cluster: at.cluster,
        at: at.at,
        q: Some(q),
        limit,
        ..Default::default()
    }
}

/// The question that the text is.
fn question_hit(text: &str) -> Option<Hit> {
    let question = spoken(text)?;
    Some(Hit {
        group: "Ask",
        mark: Mark::Icon(Icon::Access),
        text: format!("{}?", question.words()),
        note: "Access".into(),
        to: question.path(),
    })
}

fn page_hits(text: &str) -> Vec<Hit> {
    let hit = |&(glyph, title, to): &(Icon, &str, &str)| Hit {
        group: "Pages",
        mark: Mark::Icon(glyph),
        text: title.into(),
        note: String::new(),
        to: to.into(),
    };
    PAGES
        .iter()
        .filter(|(_, title, _)| title.to_lowercase().contains(text))
        .map(hit)
        .collect()
}

fn namespace_hits(found: &FindingPage, text: &str) -> Vec<Hit> {
    let namespaces = found.facets.get("namespace").into_iter().flatten();
    let hit = |facet: &shared::findings::FacetValue| Hit {
        group: "Namespaces",
        mark: Mark::Icon(Icon::Namespaces),
        text: format!("Namespace {}", facet.value),
        note: format::count(facet.count, "finding", "findings"),
        to: namespace_path(&facet.value),
    };
    namespaces
        .filter(|facet| facet.value != "-" && facet.value.contains(text))
        .take(EACH)
        .map(hit)
        .collect()
}

fn workload_hits(found: &Stamped<Page<WorkloadRow>>) -> Vec<Hit> {
    let hit = |row: &WorkloadRow| Hit {
        group: "Workloads",
        mark: Mark::Icon(Icon::Workloads),
        text: row.object.to_string(),
        note: findings(row.open),
        to: workload_path(&row.object),
    };
    found.body.items.iter().map(hit).collect()
}

fn subject_hits(found: &Stamped<Page<SubjectRow>>) -> Vec<Hit> {
    let hit = |row: &SubjectRow| Hit {
        group: "Subjects",
        mark: Mark::Icon(Icon::Access),
        text: row.subject.to_string(),
        note: format::count(row.bindings, "binding", "bindings"),
        to: subject_path(&row.subject),
    };
    found.body.items.iter().map(hit).collect()
}

fn findings(open: SeverityCounts) -> String {
    format::count(open.total(), "finding", "findings")
}

fn check_hits(checks: &[CheckRow], text: &str) -> Vec<Hit> {
    let matches = |row: &&CheckRow| row.info.id.contains(text) || row.info.title.to_lowercase().contains(text);
    let hit = |row: &CheckRow| Hit {
        group: "Checks",
        mark: Mark::Icon(Icon::Checks),
        text: row.info.title.clone(),
        note: row
            .result
            .as_ref()
            .map_or_else(String::new, |result| verdict::word(result.verdict).to_owned()),
        to: format!("/checks/{}", encode(&row.info.id)),
    };
    checks.iter().filter(matches).take(EACH).map(hit).collect()
}

fn finding_hit(row: &FindingRow) -> Hit {
    Hit {
        group: "Findings",
        mark: Mark::Severity(row.severity),
        text: row.title.clone(),
        note: row.object.to_string(),
        to: format!("/findings?open={}", encode(&row.id.0)),
    }
}
