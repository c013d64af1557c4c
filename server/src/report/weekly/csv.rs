//! The controls as CSV, one to a row.

use shared::compliance::{ComplianceControl, ComplianceSection};

use crate::csv::line;

const HEAD: &str =
    "section,control,title,verdict,reason,answers,answersPossible,objectsEvaluated,objectsFailing,failing\r\n";

/// All controls with their evidence.
pub fn controls(sections: &[ComplianceSection]) -> String {
    let rows = sections
        .iter()
        .flat_map(|section| section.controls.iter().map(|control| row(section, control)));
    std::iter::once(HEAD.to_owned()).chain(rows).collect()
}

fn row(section: &ComplianceSection, control: &ComplianceControl) -> String {
    let failing: Vec<String> = control.failing.iter().map(ToString::to_string).collect();
    line([
        &section.id,
        &control.id,
        &control.title,
        control.verdict.words(),
        &control.reason,
        &control.coverage.decided.to_string(),
        &control.coverage.total.to_string(),
        &control.evaluated.to_string(),
        &failing.len().to_string(),
        &failing.join("; "),
    ])
}
