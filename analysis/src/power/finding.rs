//! What a finding about a power says and shows, and how bad it is.

use shared::verdict::Severity;

use super::fix::fix;
use super::{Held, Names, Permission, Power, holders_also, is_of_system};
use crate::check::Check;
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::rbac::Subject;
use crate::rbac::binding::{implied_group, is_everyone, subject_manifest};
use crate::rbac::{Binding, expected, rules};

/// The finding that a binding gives one half of a power; hygiene, as long as nobody whom it names has the other.
pub fn finding_of_half<'a>(
    cluster: &Cluster<'a>,
    power: &Power,
    held: &Held<'a>,
    other: &[Permission],
    lacks: &str,
) -> Finding {
    let mut finding = finding(power, held);
    if holders_also(cluster, held, other, Names::Any).is_empty() {
        finding.severity = Severity::Low;
        finding.message = format!("{} Alone it does nothing: no binding lets {lacks}.", finding.message);
    }
    finding
}

/// The finding that a binding gives a power.
pub fn finding(power: &Power, held: &Held<'_>) -> Finding {
    let Held {
        binding,
        role,
        holders,
        rules,
    } = held;
    let who = who(binding, holders);
    let place = match binding.is_cluster_wide() {
        true => "in the whole cluster".to_owned(),
        false => format!("in namespace {}", binding.meta.namespace),
    };
    let implied = holders
        .iter()
        .find_map(|(_, subject)| Some((subject, implied_group(subject)?)));
    let implied = implied.map(|(subject, whom)| format!(" {} is {whom}.", binding.name_of(subject)));
    let message = format!(
        "{} lets {who} {} {place}, through {}. {}{}",
        binding.reference(),
        power.may,
        role.reference,
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

/// A finding about subjects of a binding: it shows them and the role that they are granted, and takes them off.
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
    let all: Vec<&Subject> = subjects.iter().map(|(_, subject)| *subject).collect();
    let change = format!(
        "Take {} {} from {}",
        binding.role_ref.kind,
        binding.role_ref.name,
        who(binding, subjects)
    );
    finding
        .witness("roleRef.name", binding.role_ref.name.as_str())
        .patch(change, binding.without_all(&all))
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

/// Over objects that are named it is no worse than in a namespace, and one step worse where everyone has it.
fn severity(power: &Power, held: &Held<'_>) -> Severity {
    let whole = power.check.severity;
    let part = power.in_namespace;
    let is_whole = held.binding.is_cluster_wide() || is_of_system(&held.binding);
    let base = match held.rules.iter().all(|rule| !rule.resource_names.is_empty()) {
        false if is_whole => whole,
        _ => part,
    };
    match held.holders.iter().any(|(_, subject)| is_everyone(subject)) {
        true => raised(base),
        false => base,
    }
}

fn raised(severity: Severity) -> Severity {
    match severity {
        Severity::Low => Severity::Medium,
        Severity::Medium => Severity::High,
        Severity::High | Severity::Critical => Severity::Critical,
    }
}
