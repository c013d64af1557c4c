//! Subjects, roles and bindings in the rows of tables.

use leptos::prelude::*;
use shared::object::ObjectRef;
use shared::rbac::Subject;
use shared::rbac::lists::BindingRow;

use crate::components::link::link;
use crate::components::object::{object_path, short_name, subject_path};
use crate::components::table::row;
use crate::components::tag::{Tone, tag};
use crate::here::Here;

/// How many subjects of a binding are named.
const NAMED: usize = 3;

/// A subject over its kind.
pub(in crate::pages::rbac) fn subject_cell(here: Here, subject: &Subject, is_missing: bool) -> AnyView {
    let missing = is_missing.then(|| view! { " "{tag(Tone::Warn, "does not exist")} });
    let name = short_name(&subject.namespace, &subject.name);
    named(
        here,
        subject_path(subject),
        name,
        subject.kind.as_str().into(),
        missing.into_any(),
    )
}

/// A role over its kind.
pub(in crate::pages::rbac) fn role_cell(here: Here, role: &ObjectRef, is_default: bool) -> AnyView {
    object_cell(here, role, default_tag(is_default))
}

fn object_cell(here: Here, object: &ObjectRef, tag: AnyView) -> AnyView {
    named(
        here,
        object_path(object),
        short_name(&object.namespace, &object.name),
        object.kind.clone(),
        tag,
    )
}

fn named(here: Here, to: String, name: String, kind: String, tag: AnyView) -> AnyView {
    let title = name.clone();
    view! {
        <a data-row class="mono t" title=title href=move || here.link(&to)>{name}</a>
        <span class="sub">{kind}{tag}</span>
    }
    .into_any()
}

/// That Kubernetes made it itself.
pub(in crate::pages::rbac) fn default_tag(is_default: bool) -> AnyView {
    is_default
        .then(|| view! { " "{tag(Tone::Plain, "Kubernetes\u{2019} own")} })
        .into_any()
}

/// Rows of bindings: the binding, the role, the subjects.
pub(in crate::pages::rbac) fn binding_rows(here: Here, bindings: &[BindingRow]) -> Vec<AnyView> {
    let one = |of: &BindingRow| {
        let dangling = of.is_dangling.then(|| view! { " "{tag(Tone::Warn, "does not exist")} });
        row(
            "",
            vec![
                ("", object_cell(here, &of.binding, default_tag(of.is_default))),
                ("", object_cell(here, &of.role, dangling.into_any())),
                ("", subjects(here, &of.subjects)),
            ],
        )
    };
    bindings.iter().map(one).collect()
}

fn subjects(here: Here, subjects: &[Subject]) -> AnyView {
    let named: Vec<_> = subjects
        .iter()
        .take(NAMED)
        .map(|subject| {
            let name = short_name(&subject.namespace, &subject.name);
            let text = view! { <span class="muted">{subject.kind.as_str()}</span>" "<span class="mono">{name}</span> };
            link(here, "line-link", subject_path(subject), text)
        })
        .collect();
    let more = subjects.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| view! { <span class="sub">{format!("and {more} more")}</span> });
    match subjects {
        [] => view! { <span class="zero">"nobody"</span> }.into_any(),
        _ => view! { {named}{more} }.into_any(),
    }
}
