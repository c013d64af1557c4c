//! What is wrong with a workload.

use leptos::prelude::*;
use shared::findings::FindingRow;
use shared::workloads::WorkloadDetail;

use crate::components::ago::age;
use crate::components::card::Card;
use crate::components::link::link;
use crate::components::open_findings::findings_on;
use crate::components::severity::severity_glyph;
use crate::components::table::scroll;
use crate::here::Here;

/// Its open findings; each opens in the panel of the findings page.
pub(super) fn findings(here: Here, workload: &WorkloadDetail) -> AnyView {
    let on = findings_on(&workload.row.object);
    let body = if workload.findings.is_empty() {
        view! { <p class="card-body muted">"No finding is open on it."</p> }.into_any()
    } else {
        table(here, &workload.findings, &on)
    };
    let end = link(here, "link", on, "Open in Findings");
    view! { <Card id="findings" title="Findings" note="worst first" end=end>{body}</Card> }.into_any()
}

fn table(here: Here, findings: &[FindingRow], on: &str) -> AnyView {
    let rows: Vec<_> = findings.iter().map(|finding| row(here, finding, on)).collect();
    let table = view! {
        <table class="table list">
            <thead>
                <tr>
                    <th scope="col" class="tight">"Severity"</th>
                    <th scope="col">"Finding"</th>
                    <th scope="col" class="wide">"Area"</th>
                    <th scope="col" class="num">"Open"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scroll("Findings table", table)
}

fn row(here: Here, finding: &FindingRow, on: &str) -> AnyView {
    let to = format!("{on}&open={}", finding.id);
    let (title, text) = (finding.title.clone(), finding.title.clone());
    view! {
        <tr>
            <td class="tight">{severity_glyph(finding.severity)}</td>
            <td class="clip grow"><a data-row href=move || here.link(&to) title=title>{text}</a></td>
            <td class="nowrap muted wide">{finding.area.title()}</td>
            <td class="num">{age(finding.since)}</td>
        </tr>
    }
    .into_any()
}
