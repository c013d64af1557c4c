//! Whose reach is asked about: a field that completes names, and where a name is not whole, whom it may mean.

use leptos::ev::{Event, SubmitEvent};
use leptos::prelude::*;
use shared::network::reach::Named;
use shared::object::ObjectRef;
use shared::page::{At, Page, Stamped};
use shared::workloads::{WorkloadQuery, WorkloadRow};

use super::told::reach_path;
use crate::api;
use crate::components::complete::{Completion, completion};
use crate::components::empty::empty;
use crate::components::icon::{Icon, icon_small};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::number::number;
use crate::components::object::WORKLOADS;
use crate::components::table::{row, table};
use crate::format;
use crate::here::Here;

/// The list that completes the field.
const LIST: &str = "complete-workloads";
/// How many workloads are offered.
const OFFERED: u32 = 100;
/// No search takes more bytes.
const LONGEST: usize = 200;

type Workloads = Stamped<Page<WorkloadRow>>;

/// The field. What stands in it becomes the address when Enter is pressed, or an offered name is chosen.
pub(super) fn field(here: Here) -> AnyView {
    let of = here.watch("of");
    let draft = RwSignal::new(String::new());
    Effect::new(move |_| draft.set(of.get().unwrap_or_default()));
    let completion = completion(move |text| api::workloads::list(&query(here.at(), text)));
    let ask = move || {
        let text = draft.with_untracked(|text| text.trim().to_owned());
        here.set(&[("of", Some(text.as_str())), ("with", None)]);
    };
    let typed = move |event: Event| {
        let text = event_target_value(&event);
        completion.want(&text);
        draft.set(text);
    };
    // A name that somebody leaves half written is not asked about.
    let chosen = move |_| {
        if draft.with_untracked(|text| is_offered(completion, text)) {
            ask();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        ask();
    };
    let offer = move |_| draft.with_untracked(|text| completion.want(text));
    view! {
        <form class="filters" role="search" aria-label="Whose reach" on:submit=submit>
            <label class="find wide-field">
                <span class="sr">"A workload or pod as namespace/Kind/name, or an address"</span>
                <input
                    class="input mono"
                    type="text"
                    list=LIST
                    placeholder="shop/Deployment/web, or 192.0.2.7"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    data-filter
                    prop:value=move || draft.get()
                    on:input=typed
                    on:change=chosen
                    on:focus=offer
                />
            </label>
            <button class="btn">"Show reach"{icon_small(Icon::Arrow)}</button>
            {completion.list(LIST, names)}
        </form>
    }
    .into_any()
}

/// Those whom a text may mean that names nobody by itself.
pub(super) fn meant(here: Here, text: String) -> AnyView {
    let sought = text.clone();
    let found = load(move || api::workloads::list(&query(here.at(), &sought)));
    loaded(
        found,
        "workloads",
        || table_skeleton(6),
        move |found| listed(here, &text, &found.body),
    )
}

fn listed(here: Here, text: &str, found: &Page<WorkloadRow>) -> AnyView {
    if found.items.is_empty() {
        return empty(
            "Nobody is called so",
            format!("{text:?} is no address and in the name of no workload. A pod is named as namespace/Pod/name."),
            link(here, "btn", "/workloads", "Workloads"),
        );
    }
    let rows = found.items.iter().map(|row_of| {
        let name = name(&row_of.object);
        let to = reach_path(&name);
        row(
            "",
            vec![("", link(here, "mono", to, name)), ("num", number(row_of.pods))],
        )
    });
    let table = table(
        "Workloads of such a name",
        "table fits",
        &[("", "Workload"), ("num", "Pods")],
        rows.collect(),
    );
    let all = format::count(found.total, "workload", "workloads");
    let note = match found.next {
        Some(_) => format!("the first {OFFERED} of {all}"),
        None => all,
    };
    view! {
        <section class="card" aria-labelledby="meant">
            <div class="card-head"><h2 id="meant">"Which one?"</h2><p>{note}</p></div>
            {table}
        </section>
    }
    .into_any()
}

fn is_offered(completion: Completion<Workloads>, text: &str) -> bool {
    match text.trim().parse() {
        Ok(Named::Address(_)) => true,
        Ok(Named::Workload(_)) => completion.map(|found| names(found).iter().any(|name| name == text)) == Some(true),
        Err(_) => false,
    }
}

fn names(found: &Workloads) -> Vec<String> {
    found.body.items.iter().map(|row| name(&row.object)).collect()
}

fn name(of: &ObjectRef) -> String {
    format!("{}/{}/{}", of.namespace, of.kind, of.name)
}

/// What completes a text: a part of some name, or a namespace, the beginning of a kind, and a part of the name.
fn query(At { cluster, at }: At, text: &str) -> WorkloadQuery {
    let text = text.trim();
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end));
    let mut parts = text[..end.unwrap_or_default()].splitn(3, '/');
    let (first, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let (namespace, kind, name) = match (second, third) {
        (None, _) => ("", String::new(), first),
        (Some(kind), Some(name)) => (first, kind.to_owned(), name),
        (Some(begun), None) => match kinds(begun) {
            // Whoever leaves the kind out means a name.
            kinds if kinds.is_empty() => (first, kinds, begun),
            kinds => (first, kinds, ""),
        },
    };
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    WorkloadQuery {
        cluster,
        at,
        namespace: some(namespace),
        kind: some(&kind),
        q: some(name),
        sort: Some("name".into()),
        limit: Some(OFFERED),
        ..WorkloadQuery::default()
    }
}

/// The kinds that begin so, comma-separated.
fn kinds(begun: &str) -> String {
    let kinds = WORKLOADS.into_iter().filter(|kind| kind.starts_with(begun));
    kinds.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_name_narrows_what_is_offered() {
        let of = |text| {
            let WorkloadQuery { namespace, kind, q, .. } = query(At::default(), text);
            [namespace, kind, q].map(Option::unwrap_or_default)
        };
        assert_eq!(of("we"), ["", "", "we"]);
        assert_eq!(of("shop/De"), ["shop", "Deployment", ""]);
        assert_eq!(of("shop/D"), ["shop", "DaemonSet,Deployment", ""]);
        assert_eq!(of("shop/web"), ["shop", "", "web"]);
        assert_eq!(of(" shop/Rollout/we "), ["shop", "Rollout", "we"]);
        assert_eq!(of(&"ü".repeat(101)), ["", "", &"ü".repeat(100)]);
    }
}
