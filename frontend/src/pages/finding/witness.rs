//! The witness: where in the object, and what stands there.

use leptos::prelude::*;
use shared::findings::{FindingDetail, Status, Witness};

use crate::components::code::{Line, LineKind, code};
use crate::components::object::object_link;
use crate::here::Here;
use crate::yaml;

/// Lines of a value that are shown.
const SHOWN: usize = 60;

/// Everything that the finding rests on.
pub(super) fn witness(here: Here, finding: &FindingDetail) -> AnyView {
    let title = match finding.row.status {
        Status::Open => "Witness",
        Status::Fixed => "Witness, as it last stood",
    };
    let items: Vec<_> = finding.witness.iter().map(|witness| one(here, witness)).collect();
    let on = finding
        .witness
        .is_empty()
        .then(|| view! { <p>{object_link(here, &finding.row.object)}</p> });
    view! { <section><h3>{title}</h3>{on}{items}</section> }.into_any()
}

fn one(here: Here, witness: &Witness) -> AnyView {
    let lines = yaml::excerpt(&witness.path, &witness.value);
    let copied = lines.iter().map(|line| format!("{}\n", line.text)).collect();
    let label = if witness.path.is_empty() {
        witness.object.to_string()
    } else {
        witness.path.clone()
    };
    let object = match witness.measured {
        // Samples are no objects that anything leads to.
        true => {
            view! { <span class="mono">{witness.object.to_string()}</span>", measured when it was found" }.into_any()
        }
        false => object_link(here, &witness.object),
    };
    view! { <p>{object}</p>{code(label, shown(lines), copied)} }.into_any()
}

/// As many lines as fit, and how many do not.
fn shown(lines: Vec<yaml::Line>) -> Vec<Line> {
    let more = lines.len().saturating_sub(SHOWN);
    let kind = |hit: bool| if hit { LineKind::Hit } else { LineKind::Plain };
    let mut shown: Vec<Line> = lines
        .into_iter()
        .take(SHOWN)
        .map(|line| Line {
            text: line.text,
            kind: kind(line.hit),
        })
        .collect();
    if more > 0 {
        shown.push(Line {
            text: format!("# {more} more lines"),
            kind: LineKind::Plain,
        });
    }
    shown
}
