//! What would close the findings: by check, and by the namespace in which it is to be done.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use shared::reports::document::{NamespaceFix, NamespaceFixes, ReportFix};
use shared::verdict::Severity;

use super::groups::Counted;
use super::{objects, severities};
use crate::compliance::Found;

/// The fixes, worst first.
pub(super) fn list(counted: &Counted<'_>) -> Vec<ReportFix> {
    let fix = |(number, group): (u32, &super::groups::Group<'_>)| ReportFix {
        number,
        check: group.id.to_owned(),
        title: group.title().to_owned(),
        severity: group.severity(),
        remediation: group.remediation().to_owned(),
        findings: u32::try_from(group.findings.len()).unwrap_or(u32::MAX),
        controls: group.controls.clone(),
    };
    (1..).zip(counted.groups()).map(fix).collect()
}

/// The same by namespace, the one with the worst findings first.
pub(super) fn by_namespace(counted: &Counted<'_>, fixes: &[ReportFix]) -> Vec<NamespaceFixes> {
    let mut by_namespace: BTreeMap<&str, BTreeMap<u32, Vec<&Found>>> = BTreeMap::new();
    for (fix, group) in fixes.iter().zip(counted.groups()) {
        for found in &group.findings {
            let fixes = by_namespace.entry(&found.object.namespace).or_default();
            fixes.entry(fix.number).or_default().push(found);
        }
    }
    let mut namespaces: Vec<NamespaceFixes> = by_namespace.into_iter().map(of_namespace).collect();
    namespaces.sort_by_key(|namespace| {
        let open = namespace.open;
        Reverse((open.critical, open.high, open.medium, open.low))
    });
    namespaces
}

fn of_namespace((namespace, fixes): (&str, BTreeMap<u32, Vec<&Found>>)) -> NamespaceFixes {
    let open = severities(fixes.values().flatten().copied());
    let worst = |findings: &[&Found]| findings.iter().map(|found| found.severity).max();
    let fix = |(number, findings): (u32, Vec<&Found>)| NamespaceFix {
        number,
        severity: worst(&findings).unwrap_or(Severity::Low),
        findings: u32::try_from(findings.len()).unwrap_or(u32::MAX),
        objects: objects(findings.into_iter()),
    };
    let mut fixes: Vec<NamespaceFix> = fixes.into_iter().map(fix).collect();
    fixes.sort_by_key(|fix| Reverse(fix.severity));
    NamespaceFixes {
        namespace: namespace.to_owned(),
        open,
        fixes,
    }
}
