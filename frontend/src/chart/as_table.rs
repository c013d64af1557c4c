//! What a chart shows, as a table below it.

use leptos::prelude::*;

use crate::components::table::table;

/// The table, made when it is opened. `heads` are the class and the words of each column.
pub(crate) fn as_table(
    label: &'static str,
    heads: &'static [(&'static str, &'static str)],
    rows: impl Fn() -> Vec<AnyView> + Send + 'static,
) -> AnyView {
    let open = RwSignal::new(false);
    let body = move || open.get().then(|| table(label, "table", heads, rows()));
    view! {
        <details class="as-table" on:toggle=move |_| open.update(|open| *open = !*open)>
            <summary>"As a table"</summary>
            {body}
        </details>
    }
    .into_any()
}
