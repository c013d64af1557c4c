//! What nobody could tell, and why.

use shared::compliance::{ComplianceControl, ComplianceSection, ControlVerdict};
use shared::reports::document::{Gap, GapControl, Unanswered};
use shared::snapshots::Collected;

use super::Sources;

/// What has no answer, in the order in which a page shows such verdicts, then in that of the framework.
pub(super) fn unanswered(sections: &[ComplianceSection], sources: &Sources) -> Unanswered {
    let mut gaps: Vec<Gap> = Vec::new();
    for verdict in ControlVerdict::ALL.into_iter().filter(|verdict| !verdict.is_decided()) {
        let controls = sections.iter().flat_map(|section| &section.controls);
        for control in controls.filter(|control| control.verdict == verdict) {
            add(&mut gaps, control);
        }
    }
    // What the cluster does not serve can't be wrong, and what the source can't show is told by the controls.
    let is_unread = |outcome: &Collected| matches!(outcome, Collected::Denied { .. } | Collected::Failed { .. });
    let kinds = sources.kinds.iter().filter(|kind| is_unread(&kind.outcome));
    Unanswered {
        kinds: kinds.cloned().collect(),
        gaps,
        warnings: sources.warnings.clone(),
    }
}

fn add(gaps: &mut Vec<Gap>, control: &ComplianceControl) {
    let told = GapControl {
        id: control.id.clone(),
        title: control.title.clone(),
    };
    let same = |gap: &&mut Gap| gap.verdict == control.verdict && gap.reason == control.reason;
    match gaps.iter_mut().find(same) {
        Some(gap) => gap.controls.push(told),
        None => gaps.push(Gap {
            verdict: control.verdict,
            reason: control.reason.clone(),
            controls: vec![told],
        }),
    }
}
