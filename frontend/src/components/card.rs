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
    drawn(id, format!("card {class}"), (title, note), end, children())
}

/// A card around what is made already: its title and its note, and its content.
pub(crate) fn card(id: &'static str, (title, note): (&str, &str), end: Option<AnyView>, content: AnyView) -> AnyView {
    drawn(id, "card".into(), (title.into(), note.into()), end, content)
}

fn drawn(
    id: &'static str,
    class: String,
    (title, note): (String, String),
    end: Option<AnyView>,
    content: AnyView,
) -> AnyView {
    let note = (!note.is_empty()).then(|| view! { <p>{note}</p> });
    let end = end.map(|end| view! { <div class="end">{end}</div> });
    view! {
        <section class=class aria-labelledby=id>
            <div class="card-head"><h2 id=id>{title}</h2>{note}{end}</div>
            {content}
        </section>
    }
    .into_any()
}
