//! The containers of a workload.

use leptos::prelude::*;
use shared::workloads::ContainerRow;

use crate::components::card::Card;
use crate::components::table::scroll;
use crate::components::tag::{Tone, tag};
use crate::format;

/// Characters of a digest that are shown.
const DIGEST: usize = 19;

/// Each container with its image and limits.
pub(super) fn containers(containers: &[ContainerRow]) -> AnyView {
    let rows: Vec<_> = containers.iter().map(row).collect();
    let table = view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"Container"</th>
                    <th scope="col">"Image"</th>
                    <th scope="col">"Digest"</th>
                    <th scope="col" class="num">"CPU limit"</th>
                    <th scope="col" class="num">"Memory limit"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! { <Card id="containers" title="Containers">{scroll("Containers table", table)}</Card> }.into_any()
}

fn row(container: &ContainerRow) -> AnyView {
    let init = container.init.then(|| view! { " "{tag(Tone::Plain, "init")} });
    let (image, whole) = (container.image.clone(), container.image.clone());
    view! {
        <tr>
            <th scope="row" class="tight"><span class="mono">{container.name.clone()}</span>{init}</th>
            <td class="clip grow"><span class="mono" title=whole>{image}</span></td>
            <td class="tight">{digest(&container.digest)}</td>
            <td class="num">{limit(container.cpu_limit_milli.map(format::cores))}</td>
            <td class="num">{limit(container.memory_limit_bytes.map(format::bytes))}</td>
        </tr>
    }
    .into_any()
}

fn digest(digest: &str) -> AnyView {
    match digest {
        "" => view! { <span class="zero" title="no pod tells">"–"</span> }.into_any(),
        digest => {
            let short: String = digest.chars().take(DIGEST).collect();
            view! { <span class="mono" title=digest.to_owned()>{short}"…"</span> }.into_any()
        }
    }
}

fn limit(limit: Option<String>) -> AnyView {
    match limit {
        Some(limit) => limit.into_any(),
        None => view! { <span class="t-medium">"none"</span> }.into_any(),
    }
}
