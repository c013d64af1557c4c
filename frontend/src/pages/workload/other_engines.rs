//! What other policy engines say of a workload.

use leptos::prelude::*;
use shared::other_engines::PolicyResult;

use crate::components::card::Card;
use crate::components::severity::severity_glyph;
use crate::components::table::scroll;

/// The rules that it does not keep, as other engines have it; nothing where there are none.
pub(super) fn other_engines(results: &[PolicyResult]) -> Option<AnyView> {
    if results.is_empty() {
        return None;
    }
    let rows: Vec<_> = results.iter().map(row).collect();
    let table = view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col" class="tight"><span class="sr">"Severity"</span></th>
                    <th scope="col">"Rule"</th>
                    <th scope="col" class="wide">"About"</th>
                    <th scope="col">"Engine"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let card = view! {
        <Card id="other-engines" title="Other engines" note="by their policy reports; not counted">
            {scroll("Other engines table", table)}
        </Card>
    };
    Some(card.into_any())
}

fn row(result: &PolicyResult) -> AnyView {
    let rule = match result.rule.as_str() {
        "" => result.policy.clone(),
        rule => format!("{} / {rule}", result.policy),
    };
    let about = format!("{} {}", result.kind, result.name);
    let engine = match result.engine.as_str() {
        "" => "unnamed".to_owned(),
        engine => engine.to_owned(),
    };
    let word = (result.result != "fail").then(|| format!(" ({})", result.result));
    view! {
        <tr>
            <td class="tight">{result.severity.map(severity_glyph)}</td>
            <td class="grow">{rule}<span class="sub">{result.message.clone()}</span></td>
            <td class="muted wide">{about}</td>
            <td class="nowrap muted">{engine}{word}</td>
        </tr>
    }
    .into_any()
}
