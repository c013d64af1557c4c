//! What a finding about a power says and shows, and how bad it is.

use std::collections::BTreeSet;

use shared::verdict::Severity;

use super::fix::fix;
use super::{Held, Power};
use crate::check::Check;
use crate::finding::Finding;
use crate::model::rbac::Subject;
use crate::rbac::binding::{implied_group, is_everyone, subject_manifest};
use crate::rbac::{Binding, defaults, expected, rules};

/// The finding that a binding gives a power that needs two permissions: about those who have both; or hygiene, as long as
/// nobody whom it names has the other.
pub fn finding_of_half(power: &Power, held: &Held<'_>, both: Option<&Held<'_>>, lacks: &str) -> Finding {
    if let Some(both) = both {
        return finding(power, both);
    }
    let mut finding = finding(power, held);
    let who = who(&held.binding, &held.holders);
    finding.severity = Severity::Low;
    finding.message = format!("{} Alone it does nothing: nothing lets {who} {lacks}.", finding.message);
    finding
}

/// The finding that a binding gives a power.
pub fn finding(power: &Power, held: &Held<'_>) -> Finding {
    let Held {
        binding,
        role,
        holders,
        rules,
        ..
    } = held;
    let (who, place) = (who(binding, holders), held.place.in_words());
    let implied = holders
        .iter()
        .find_map(|(_, subject)| Some((subject, implied_group(subject)?)));
    let implied = implied.map(|(subject, whom)| format!(" {} is {whom}.", binding.name_of(subject)));
    let message = format!(
        "{} lets {who} {} {place}, through {}. {}{}{}",
        binding.reference(),
        power.may,
        role.reference,
        named(held),
        power.so,
        implied.unwrap_or_default(),
    );
    let title = format!("{who} may {} {place}", power.may);
    let mut finding = of_subjects(power.check, binding, holders, title, message);
    for rule in rules.iter().take(MAX_WITNESSES) {
        let (source, path) = role.place_of(rule);
        finding = finding.witness_in(source, path, rules::evidence(rule));
    }
    finding.severity = severity(power, held);
    finding.expected = expected::reason(binding, holders.iter().map(|(_, subject)| *subject), rules);
    let (change, patch) = fix(power, held).unzip();
    finding.patch(change.unwrap_or_default(), patch)
}

/// A finding about subjects of a binding: it shows them and the role that they are granted, and takes them off. Those whom
/// Kubernetes itself put there stay: where it is about nobody else, the role gets back the rules that it had.
pub fn of_subjects(
    check: &Check,
    binding: &Binding<'_>,
    subjects: &[(usize, &Subject)],
    title: String,
    message: String,
) -> Finding {
    let mut finding = check.finding(binding.reference(), "", title, message);
    for (place, subject) in subjects.iter().take(MAX_WITNESSES) {
        finding = finding.witness(format!("subjects[{place}]"), subject_manifest(subject));
    }
    let finding = finding.witness("roleRef.name", binding.role_ref.name.as_str());
    let mut added = subjects.to_vec();
    added.retain(|(_, subject)| !defaults::names(binding, subject));
    if added.is_empty() {
        let (change, patch) = defaults::role_restored(binding).unzip();
        return finding.patch(change.unwrap_or_default(), patch);
    }
    let role = binding.role_ref;
    let change = format!("Take {} {} from {}", role.kind, role.name, who(binding, &added));
    let all: Vec<&Subject> = added.iter().map(|(_, subject)| *subject).collect();
    finding.patch(change, binding.without_all(&all))
}

/// Subjects and rules that a finding shows.
const MAX_WITNESSES: usize = 5;

/// The holders as a sentence has them: `Group a`, `Group a and User b`, `Group a and 3 others`.
pub fn who(binding: &Binding<'_>, holders: &[(usize, &Subject)]) -> String {
    let name = |place: usize| {
        holders
            .get(place)
            .map(|(_, subject)| binding.name_of(subject))
            .unwrap_or_default()
    };
    match holders.len() {
        0 | 1 => name(0),
        2 => format!("{} and {}", name(0), name(1)),
        more => format!("{} and {} others", name(0), more - 1),
    }
}

/// The form of a verb that goes with the holders: `holds`, or `hold` where there are several.
pub fn agree(holders: &[(usize, &Subject)], one: &'static str, several: &'static str) -> &'static str {
    match holders.len() {
        0 | 1 => one,
        _ => several,
    }
}

/// The names to which rules limit a power: those that make it one, or all where any does. None where a rule has no names.
fn names<'a>(held: &Held<'a>) -> BTreeSet<&'a str> {
    if held.rules.iter().any(|rule| rule.resource_names.is_empty()) {
        return BTreeSet::new();
    }
    let all = held.rules.iter().flat_map(|rule| &rule.resource_names);
    let counts = |name: &&String| held.names.as_ref().is_none_or(|names| names.contains(*name));
    all.filter(counts).map(String::as_str).collect()
}

/// Names that a finding lists; it counts the others.
const MAX_NAMES: usize = 5;

/// For which objects a power holds, as a sentence; empty where it holds for all.
fn named(held: &Held<'_>) -> String {
    let names = names(held);
    let listed: Vec<&str> = names.iter().copied().take(MAX_NAMES).collect();
    match names.len().saturating_sub(MAX_NAMES) {
        _ if names.is_empty() => String::new(),
        0 => format!("It holds for what is named {} only. ", listed.join(", ")),
        more => format!(
            "It holds for what is named {}, and {more} more, only. ",
            listed.join(", ")
        ),
    }
}

/// Over a few objects that are named it is a step less bad, and no worse than in a namespace; where everyone has it, a step
/// worse. A name by which alone it is a power at all makes it no less bad.
fn severity(power: &Power, held: &Held<'_>) -> Severity {
    let (whole, part) = (power.check.severity, power.in_namespace);
    let base = match held.place.has("kube-system") {
        true => whole,
        false => part,
    };
    let is_narrow = held.names.is_none() && !names(held).is_empty();
    let base = match is_narrow {
        true => lowered(base).min(part),
        false => base,
    };
    match held.holders.iter().any(|(_, subject)| is_everyone(subject)) {
        true => raised(base),
        false => base,
    }
}

fn lowered(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium | Severity::Low => Severity::Low,
    }
}

fn raised(severity: Severity) -> Severity {
    match severity {
        Severity::Low => Severity::Medium,
        Severity::Medium => Severity::High,
        Severity::High | Severity::Critical => Severity::Critical,
    }
}
