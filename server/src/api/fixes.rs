//! What patches do, worked out on the model before they are shown: for the overview's list and for one finding.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use analysis::admission::is_of_the_system;
use analysis::catalogue::Catalogue;
use analysis::checks::CHECKS;
use analysis::finding::Finding;
use analysis::settings::Settings;
use analysis::{Report, simulate};
use shared::findings::Effect;
use shared::ids::FindingId;
use shared::overview::Fix;
use shared::page::AsOf;
use shared::patch::Patch;

use super::error::ApiError;
use super::kept::Basis;
use super::models::{self, Model};
use super::state::AppState;
use crate::store::viewer::Viewer;

/// How many changes are tried, each on the whole cluster; the rest is counted.
const TRIED: usize = 8;
/// How many are shown.
const SHOWN: usize = 6;

/// A snapshot as it was read, judged again, with the fixes that follow.
#[derive(Debug)]
pub struct Judged {
    model: Arc<Model>,
    report: Report,
    as_of: AsOf,
    /// The best changes.
    pub fixes: Vec<Fix>,
    /// How many changes there are in all.
    pub total: u32,
}

/// The snapshot, judged. The work is done to its end though whoever asked goes away: who asks again finds it done.
///
/// # Errors
/// The database did not answer.
pub async fn judged(state: &AppState, viewer: &Viewer, as_of: &AsOf) -> Result<Arc<Judged>, ApiError> {
    let (state, viewer, as_of) = (state.clone(), viewer.clone(), as_of.clone());
    let kept = async move {
        state
            .fixes
            .get(&Basis::new(&viewer, &as_of), work(&state, &viewer, &as_of))
            .await
    };
    tokio::spawn(kept).await.map_err(ApiError::internal)?
}

async fn work(state: &AppState, viewer: &Viewer, as_of: &AsOf) -> Result<Judged, ApiError> {
    let model = models::model(state, viewer, as_of).await?;
    let as_of = as_of.clone();
    let (catalogue, settings) = (state.checks.catalogue(), state.settings.settings());
    let judged = tokio::task::spawn_blocking(move || judge((&catalogue, &settings), model, as_of)).await;
    judged.map_err(ApiError::internal)
}

/// What the patch of a finding does; none where it has none, or where it can't be applied to the model.
///
/// # Errors
/// The database did not answer.
pub async fn effect(
    state: &AppState,
    viewer: &Viewer,
    as_of: &AsOf,
    id: &FindingId,
) -> Result<Option<Effect>, ApiError> {
    let judged = judged(state, viewer, as_of).await?;
    let id = id.clone();
    let effect = tokio::task::spawn_blocking(move || judged.effect(judged.patch(&id)?)).await;
    effect.map_err(ApiError::internal)
}

fn judge((catalogue, settings): (&Catalogue, &Settings), model: Arc<Model>, as_of: AsOf) -> Judged {
    let report = analysis::run_all(CHECKS, catalogue, &model.snapshot, settings, as_of.taken_at);
    let mut candidates = candidates(&report);
    let total = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
    candidates.truncate(TRIED);
    let mut judged = Judged {
        model,
        report,
        as_of,
        fixes: Vec::new(),
        total,
    };
    let mut fixes = judged.tried(&candidates);
    fixes.sort_by(|a, b| {
        b.effect
            .score
            .total_cmp(&a.effect.score)
            .then(b.effect.closes.cmp(&a.effect.closes))
    });
    fixes.truncate(SHOWN);
    judged.fixes = fixes;
    judged
}

/// One object that a patch changes, with the worst of the findings that offer it.
struct Candidate {
    finding: Finding,
    closes: u32,
}

/// Distinct patches, the worst and most useful first.
fn candidates(report: &Report) -> Vec<Candidate> {
    let mut by_patch: BTreeMap<String, Candidate> = BTreeMap::new();
    for finding in &report.findings {
        let Some(key) = finding
            .patch
            .as_ref()
            .and_then(|patch| serde_json::to_string(patch).ok())
        else {
            continue;
        };
        let candidate = by_patch.entry(key).or_insert_with(|| Candidate {
            finding: finding.clone(),
            closes: 0,
        });
        candidate.closes += 1;
        if finding.severity > candidate.finding.severity {
            candidate.finding = finding.clone();
        }
    }
    let mut candidates: Vec<Candidate> = by_patch.into_values().collect();
    candidates.sort_by_key(|Candidate { finding, closes }| {
        // What the cluster itself runs on comes last: it often needs what it has.
        let is_own = is_of_the_system(&finding.object.namespace);
        // So does, among what is as bad, what a well-known controller needs.
        (
            is_own,
            Reverse(finding.severity),
            finding.expected.is_some(),
            Reverse(*closes),
        )
    });
    candidates
}

impl Judged {
    /// What each change does, tried on as many processors as there are.
    fn tried(&self, candidates: &[Candidate]) -> Vec<Fix> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let share = candidates.len().div_ceil(processors).max(1);
        std::thread::scope(|scope| {
            let tries = candidates.chunks(share).map(|some| {
                let try_them = || some.iter().filter_map(|candidate| self.fix(candidate)).collect();
                scope.spawn(try_them)
            });
            let tries: Vec<std::thread::ScopedJoinHandle<'_, Vec<Fix>>> = tries.collect();
            // One that panics has none; the others are shown.
            tries
                .into_iter()
                .flat_map(|one| one.join().unwrap_or_default())
                .collect()
        })
    }

    fn fix(&self, candidate: &Candidate) -> Option<Fix> {
        let finding = &candidate.finding;
        let patch = finding.patch.as_ref()?;
        let effect = self.effect(patch)?;
        (effect.closes > 0).then(|| Fix {
            finding: finding.id(self.as_of.cluster),
            severity: finding.severity,
            title: finding.change.clone(),
            object: finding.object.clone(),
            effect,
        })
    }

    /// What a patch does; none where it can't be applied to the model.
    fn effect(&self, patch: &Patch) -> Option<Effect> {
        simulate::effect(&self.model.snapshot, &self.report, patch, self.as_of.taken_at).ok()
    }

    /// The patch of a finding as the checks of this release have it.
    fn patch(&self, id: &FindingId) -> Option<&Patch> {
        self.report
            .findings
            .iter()
            .find(|finding| finding.id(self.as_of.cluster) == *id)?
            .patch
            .as_ref()
    }
}
