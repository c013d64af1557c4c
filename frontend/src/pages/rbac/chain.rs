//! Chains: binding, role, rule. Each part leads to where it is told.

use leptos::prelude::*;
use shared::object::ObjectRef;
use shared::rbac::Grant;

use crate::components::icon::{Icon, icon};
use crate::components::object::{object_path, short_name};
use crate::format;
use crate::here::Here;

/// How many chains are told one by one.
const TOLD: usize = 20;

/// The first chain, and the others behind a press.
pub(super) fn chains(here: Here, grants: &[Grant]) -> AnyView {
    let Some((first, others)) = grants.split_first() else {
        return view! { <span class="muted">"let through before any role is looked at"</span> }.into_any();
    };
    let more = (!others.is_empty()).then(|| {
        let label = format!("+{} more", format::count(others.len() as u64, "chain", "chains"));
        let told: Vec<_> = others.iter().take(TOLD).map(|grant| chain(here, grant)).collect();
        let untold = others.len().saturating_sub(TOLD);
        let untold = (untold > 0).then(|| format!("and {untold} that are not told"));
        view! { <details class="more-chains"><summary>{label}</summary>{told}{untold}</details> }
    });
    view! { {chain(here, first)}{more} }.into_any()
}

fn chain(here: Here, grant: &Grant) -> AnyView {
    let last = grant.aggregated.as_ref().unwrap_or(&grant.role);
    let objects = [Some(&grant.binding), Some(&grant.role), grant.aggregated.as_ref()];
    let objects = objects.into_iter().flatten().map(|object| {
        let link = chip(here, "", object, short_name(&object.namespace, &object.name), None);
        view! { {link}{icon(Icon::Arrow)} }
    });
    let objects: Vec<_> = objects.collect();
    let rule = format!("rule {}", grant.rule + 1);
    view! { <span class="witness">{objects}{chip(here, "end", last, rule, Some(grant.rule))}</span> }.into_any()
}

fn chip(here: Here, class: &'static str, object: &ObjectRef, text: String, rule: Option<u32>) -> AnyView {
    let mut to = object_path(object);
    if let Some(rule) = rule {
        to.push_str(&format!("?rule={rule}"));
    }
    view! { <a href=move || here.link(&to) title=object.to_string()><code class=class>{text}</code></a> }.into_any()
}
