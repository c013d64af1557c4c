//! Changes: what appeared, changed, went, opened or was fixed.

use leptos::prelude::*;
use shared::changes::{Change, What};

use super::ago::ago_then;
use super::link::link;
use super::object::{object_link, object_path};
use super::tag::{Tone, tag};
use crate::here::Here;

/// Changes, newest first.
pub(crate) fn changes(here: Here, changes: &[Change]) -> AnyView {
    let items: Vec<_> = changes.iter().map(|change| item(here, change)).collect();
    view! { <ol class="timeline">{items}</ol> }.into_any()
}

fn item(here: Here, change: &Change) -> AnyView {
    let object = &change.object;
    let of_object = |verb: &str| link(here, "", object_path(object), format!("{object} {verb}"));
    let of_finding = |id: &str, text: String| link(here, "", format!("/findings?open={id}"), text);
    let (class, what, on) = match &change.what {
        What::Created => ("sea", of_object("created"), None),
        What::Modified => ("", of_object("changed"), None),
        What::Deleted => ("", of_object("deleted"), None),
        What::FindingOpened { finding, title, .. } => ("bad", of_finding(&finding.0, title.clone()), Some(object)),
        What::FindingFixed { finding, title, .. } => {
            ("good", of_finding(&finding.0, format!("Fixed: {title}")), Some(object))
        }
    };
    let on = on.map(|object| view! { ", " {object_link(here, object)} });
    let release = change
        .by_release
        .then(|| view! { " " {tag(Tone::Plain, "by other checks or settings")} });
    view! { <li class=class><b>{what}</b><br/><span class="by">{ago_then(change.at)}{on}{release}</span></li> }
        .into_any()
}
