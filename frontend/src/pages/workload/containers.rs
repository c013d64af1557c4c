//! The containers of a workload.

use leptos::prelude::*;
use shared::workloads::ContainerRow;

use crate::components::card::Card;
use crate::components::table::scroll;
use crate::components::tag::{Tone, tag};

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
            <td class="num">{limit(container.cpu_limit_milli.map(cores))}</td>
            <td class="num">{limit(container.memory_limit_bytes.map(bytes))}</td>
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

/// Millicores as a manifest writes them: `250m`, `2`.
fn cores(milli: i64) -> String {
    if milli % 1_000 == 0 {
        (milli / 1_000).to_string()
    } else {
        format!("{milli}m")
    }
}

/// Bytes in their largest binary unit: `512 MiB`, `1.5 GiB`.
fn bytes(bytes: i64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1_024.0 && unit + 1 < UNITS.len() {
        size /= 1_024.0;
        unit += 1;
    }
    let digits = if size.fract().abs() < 0.05 {
        format!("{size:.0}")
    } else {
        format!("{size:.1}")
    };
    format!("{digits} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores_are_written_as_in_a_manifest() {
        assert_eq!([250, 2_000, 1_500].map(cores), ["250m", "2", "1500m"]);
    }

    #[test]
    fn bytes_take_their_largest_unit() {
        assert_eq!(
            [100, 536_870_912, 1_610_612_736].map(bytes),
            ["100 B", "512 MiB", "1.5 GiB"]
        );
    }
}
