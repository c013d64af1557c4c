//! Cards: a section with a heading.

use leptos::prelude::*;

/// A card. `id` names the heading on the page; `note` is its one grey remark; `end` stands at the right.
#[component]
pub(crate) fn Card(
    id: &'static str,
    #[prop(into)] title: String,
    #[prop(optional, into)] note: String,
    #[prop(optional)] end: Option<AnyView>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let note = (!note.is_empty()).then(|| view! { <p>{note}</p> });
    let end = end.map(|end| view! { <div class="end">{end}</div> });
    view! {
        <section class=format!("card {class}") aria-labelledby=id>
            <div class="card-head"><h2 id=id>{title}</h2>{note}{end}</div>
            {children()}
        </section>
    }
}
