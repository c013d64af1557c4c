//! The findings that count against a framework, by the check that found them.

use std::collections::{BTreeMap, BTreeSet};

use analysis::catalogue::Catalogue;
use analysis::framework::concerns;
use shared::checks::CheckInfo;
use shared::frameworks::Framework;
use shared::verdict::Severity;

use crate::compliance::{Found, Known};

/// The findings that count, by check.
pub(super) struct Counted<'a> {
    groups: Vec<Group<'a>>,
}

/// The findings of one check.
pub(super) struct Group<'a> {
    /// The check.
    pub(super) id: &'a str,
    /// The check as the catalogue has it.
    pub(super) check: Option<CheckInfo>,
    /// Its findings.
    pub(super) findings: Vec<&'a Found>,
    /// The controls that they count against, in the framework's order.
    pub(super) controls: Vec<String>,
}

impl<'a> Counted<'a> {
    /// Those that are known, the worst and most frequent check first.
    pub(super) fn of(framework: &Framework, known: &'a Known, catalogue: &Catalogue) -> Self {
        let mut groups: BTreeMap<&str, Group<'_>> = BTreeMap::new();
        for found in &known.found {
            let controls = controls(framework, found);
            if controls.is_empty() {
                continue;
            }
            let group = groups.entry(&found.check).or_insert_with(|| Group {
                id: &found.check,
                check: catalogue.info(&found.check),
                findings: Vec::new(),
                controls: Vec::new(),
            });
            group.findings.push(found);
            group.controls.extend(controls);
        }
        let mut groups: Vec<Group<'_>> = groups.into_values().collect();
        for group in &mut groups {
            group.controls = in_order(framework, &group.controls);
        }
        groups.sort_by_key(|group| std::cmp::Reverse((group.severity(), group.findings.len())));
        Self { groups }
    }

    /// The groups.
    pub(super) fn groups(&self) -> &[Group<'a>] {
        &self.groups
    }

    /// All of their findings.
    pub(super) fn findings(&self) -> impl Iterator<Item = &'a Found> {
        self.groups.iter().flat_map(|group| group.findings.iter().copied())
    }
}

impl Group<'_> {
    /// How bad the worst is.
    pub(super) fn severity(&self) -> Severity {
        let worst = self.findings.iter().map(|found| found.severity).max();
        worst.unwrap_or(Severity::Low)
    }

    /// What is wrong, in a few words.
    pub(super) fn title(&self) -> &str {
        let first = self.findings.first().map_or(self.id, |found| &found.title);
        self.check.as_ref().map_or(first, |check| &check.title)
    }

    /// What to do.
    pub(super) fn remediation(&self) -> &str {
        self.check.as_ref().map_or("", |check| &check.remediation)
    }
}

/// The controls that a finding counts against.
pub(super) fn controls(framework: &Framework, found: &Found) -> Vec<String> {
    let is_about = |control: &&shared::frameworks::FrameworkControl| {
        let mut checks = control.checks.iter().filter(|named| named.check == found.check);
        checks.any(|named| concerns(named, found.witness.as_ref()))
    };
    let controls = framework.controls().filter(is_about);
    controls.map(|control| control.id.clone()).collect()
}

/// Each once, as the framework has them.
fn in_order(framework: &Framework, controls: &[String]) -> Vec<String> {
    let named: BTreeSet<&String> = controls.iter().collect();
    let all = framework.controls().map(|control| &control.id);
    all.filter(|id| named.contains(id)).cloned().collect()
}
