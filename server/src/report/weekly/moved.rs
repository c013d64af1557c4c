//! What moved between two snapshots, and why.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use analysis::catalogue::Catalogue;
use analysis::framework::concerns;
use shared::compliance::{Compliance, ComplianceControl, ControlVerdict};
use shared::frameworks::{Framework, FrameworkControl};
use shared::reports::document::{Closed, ControlMove, Moved, Opened, Told};
use shared::verdict::Verdict;

use super::groups::Counted;
use super::{Before, Moment, Sources, severities, words};
use crate::compliance::{Causes, Found};

/// How many of the findings that came and went are named.
const NAMED: usize = 3;

/// What came and went, as far as it counts against the framework.
struct Flow<'a> {
    opened: Vec<&'a Found>,
    closed: Vec<&'a Found>,
    causes: &'a Causes,
    /// Whether other checks, or the same with other settings, judged then.
    is_other_release: bool,
}

/// What moved.
pub(super) fn moved(framework: &Framework, Sources { now, catalogue, .. }: &Sources, before: &Before) -> Moved {
    let (then, causes) = (&before.moment, &before.causes);
    let flow = Flow {
        opened: without(now, then, (framework, catalogue)),
        closed: without(then, now, (framework, catalogue)),
        causes,
        is_other_release: then.catalogue != now.catalogue,
    };
    let stood = then.known.stand(framework);
    Moved {
        since: then.taken_at,
        follows_report: before.follows_report,
        catalogue: then.catalogue.clone(),
        score: stood.score,
        opened: flow.opened(),
        closed: flow.closed(),
        controls: controls(framework, &stood, &now.known.stand(framework), &flow),
    }
}

/// Findings of one time that the other does not have, as far as they count.
fn without<'a>(moment: &'a Moment, other: &Moment, (framework, catalogue): (&Framework, &Catalogue)) -> Vec<&'a Found> {
    let others: BTreeSet<_> = other.known.found.iter().map(|found| &found.id).collect();
    let counted = Counted::of(framework, &moment.known, catalogue);
    counted.findings().filter(|found| !others.contains(&found.id)).collect()
}

impl Flow<'_> {
    fn opened(&self) -> Opened {
        let is_by_release = |found: &&&Found| self.causes.by_release.contains(&found.id);
        let is_by_sight = |found: &&&Found| !is_by_release(found) && self.causes.by_sight.contains(&found.id);
        Opened {
            findings: severities(self.opened.iter().copied()),
            by_release: count(self.opened.iter().filter(is_by_release)),
            by_sight: count(self.opened.iter().filter(is_by_sight)),
            worst: worst(&self.opened),
        }
    }

    fn closed(&self) -> Closed {
        let is_by_release = |found: &&&Found| self.causes.by_release.contains(&found.id);
        let is_gone = |found: &&&Found| !is_by_release(found) && self.causes.gone.contains(&found.object);
        Closed {
            findings: severities(self.closed.iter().copied()),
            by_release: count(self.closed.iter().filter(is_by_release)),
            by_deletion: count(self.closed.iter().filter(is_gone)),
            worst: worst(&self.closed),
        }
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn worst(findings: &[&Found]) -> Vec<Told> {
    let mut findings: Vec<&Found> = findings.to_vec();
    findings.sort_by_key(|found| (Reverse(found.severity), &found.object, &found.id));
    let told = |found: &&Found| Told {
        id: found.id.clone(),
        severity: found.severity,
        title: found.title.clone(),
        object: found.object.clone(),
    };
    findings.iter().take(NAMED).map(told).collect()
}

/// The controls of which something else is concluded, in the framework's order.
fn controls(framework: &Framework, then: &Compliance, now: &Compliance, flow: &Flow<'_>) -> Vec<ControlMove> {
    let all = |compliance: &Compliance| -> BTreeMap<String, ComplianceControl> {
        let controls = compliance.sections.iter().flat_map(|section| section.controls.clone());
        controls.map(|control| (control.id.clone(), control)).collect()
    };
    let (then, now) = (all(then), all(now));
    let moved = |control: &FrameworkControl| {
        let (before, after) = (then.get(&control.id)?, now.get(&control.id)?);
        (before.verdict != after.verdict).then(|| ControlMove {
            id: control.id.clone(),
            title: control.title.clone(),
            from: Some(before.verdict),
            to: after.verdict,
            why: why(control, before, after, flow),
        })
    };
    framework.controls().filter_map(moved).collect()
}

/// Why something else is concluded of a control.
fn why(control: &FrameworkControl, before: &ComplianceControl, after: &ComplianceControl, flow: &Flow<'_>) -> String {
    let of = |findings: &[&Found]| -> Vec<Found> {
        let is_about = |found: &&&Found| {
            let mut named = control.checks.iter().filter(|named| named.check == found.check);
            named.any(|named| concerns(named, found.witness.as_ref()))
        };
        findings.iter().filter(is_about).map(|found| (*found).clone()).collect()
    };
    let by_release = |findings: &[Found]| {
        flow.is_other_release
            && !findings.is_empty()
            && findings.iter().all(|found| flow.causes.by_release.contains(&found.id))
    };
    let (opened, closed) = (of(&flow.opened), of(&flow.closed));
    match after.verdict {
        ControlVerdict::Fail if by_release(&opened) => "other checks or settings look at more".into(),
        ControlVerdict::Fail if !opened.is_empty() => {
            words::count(count(opened.iter()), "finding was opened", "findings were opened")
        }
        ControlVerdict::Pass if by_release(&closed) => "other checks or settings look at less".into(),
        ControlVerdict::Pass if !closed.is_empty() => match closed.len() {
            1 => "its one finding is closed".into(),
            all => format!("all {all} of its findings are closed"),
        },
        verdict if verdict.is_decided() && bench(before) != bench(after) => "kube-bench says something else".into(),
        verdict if verdict.is_decided() && !before.verdict.is_decided() => "what it needs could be read".into(),
        verdict if !verdict.is_decided() && !after.reason.is_empty() => after.reason.clone(),
        _ if flow.is_other_release => "other checks or settings judge it".into(),
        _ => "its checks concluded something else".into(),
    }
}

/// What kube-bench says of a control; none where it says nothing.
fn bench(control: &ComplianceControl) -> Option<Verdict> {
    control.kube_bench.as_ref().map(|report| report.verdict)
}
