//! The question bar. What is asked becomes the address, and the address fills the bar.

use leptos::prelude::*;

use super::complete::{self, Subjects};
use super::question::{Ask, Part, Question};
use crate::components::icon::{Icon, icon_small};
use crate::here::Here;

/// How a part of a question is asked for.
struct Field {
    part: Part,
    /// What stands before it.
    before: &'static str,
    label: &'static str,
    /// What it is where it is left empty, or an example.
    hint: &'static str,
    /// The list that completes it.
    list: &'static str,
    class: &'static str,
}

const FIELDS: [Field; 6] = [
    Field {
        part: Part::Subject,
        before: "",
        label: "Subject",
        hint: "ServiceAccount shop/web",
        list: complete::SUBJECTS,
        class: "input mono long",
    },
    Field {
        part: Part::Groups,
        before: "in groups",
        label: "Groups, separated by commas",
        hint: "none",
        list: "",
        class: "input mono",
    },
    Field {
        part: Part::Verb,
        before: "",
        label: "Verb",
        hint: "get",
        list: complete::VERBS,
        class: "input mono brief",
    },
    Field {
        part: Part::Resource,
        before: "",
        label: "Resource, or a path",
        hint: "secrets",
        list: complete::RESOURCES,
        class: "input mono",
    },
    Field {
        part: Part::Namespace,
        before: "in",
        label: "Namespace",
        hint: "whole cluster",
        list: complete::NAMESPACES,
        class: "input mono",
    },
    Field {
        part: Part::Name,
        before: "named",
        label: "Name",
        hint: "any",
        list: "",
        class: "input mono brief",
    },
];

/// The bar. `problem` is what the server says against the question, `remark` stands at the end.
pub(super) fn bar(here: Here, problem: Signal<Option<String>>, remark: Signal<Option<String>>) -> AnyView {
    let draft = RwSignal::new(Question::new(Ask::Who));
    Effect::new(move |before: Option<String>| {
        let asked = Question::of(here);
        let path = asked.as_ref().map(Question::path).unwrap_or_default();
        if let Some(asked) = asked.filter(|_| before.as_ref() != Some(&path)) {
            draft.set(asked);
        }
        path
    });
    let completion = complete::completion(here);
    let fields: Vec<_> = FIELDS.iter().map(|of| field(of, draft, completion, problem)).collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        here.go(&draft.with_untracked(|draft| kept(here, draft)));
    };
    view! {
        <section class="card ask" aria-labelledby="question">
            <h2 id="question" class="sr">"Question"</h2>
            <form class="question" on:submit=submit>
                <div class="segment" role="group" aria-label="Question">{Ask::ALL.map(|ask| choice(ask, draft)).collect_view()}</div>
                {fields}
                <button class="btn primary">"Ask"{icon_small(Icon::Arrow)}</button>
                <span class="muted small" role="status">{remark}</span>
            </form>
            <div role="alert" id="question-problem">
                {move || problem.get().map(|text| view! {
                    <p class="form-error">{icon_small(Icon::Alert)}<span>{text}</span></p>
                })}
            </div>
            {complete::lists(completion)}
        </section>
    }
    .into_any()
}

/// The address of a question, with the view of the page kept.
fn kept(here: Here, draft: &Question) -> String {
    let mut path = draft.path();
    for name in ["view", "list", "open", "only", "q", "within"] {
        if let Some(value) = untrack(|| here.param(name)) {
            path.push_str(&format!("&{name}={}", crate::here::encode(&value)));
        }
    }
    path
}

fn choice(ask: Ask, draft: RwSignal<Question>) -> AnyView {
    let pressed = move || draft.with(|draft| draft.ask == ask).to_string();
    view! {
        <button type="button" aria-pressed=pressed on:click=move |_| draft.update(|draft| draft.ask = ask)>
            {ask.words()}
        </button>
    }
    .into_any()
}

fn field(
    of: &'static Field,
    draft: RwSignal<Question>,
    completion: Subjects,
    problem: Signal<Option<String>>,
) -> AnyView {
    let part = of.part;
    let unasked = move || draft.with(|draft| !draft.ask.has(part));
    let value = move || draft.with(|draft| draft.get(part).to_owned());
    // The API names the user where the page says subject.
    let name = if part == Part::Subject { "user" } else { part.param() };
    let is_wrong = move || {
        let begin = format!("The field {name} ");
        problem.with(|problem| problem.as_ref().is_some_and(|text| text.starts_with(&begin)))
    };
    let typed = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        complete::want(completion, part, &text);
        draft.update(|draft| draft.set(part, text));
    };
    let offer = move |_| draft.with_untracked(|draft| complete::want(completion, part, draft.get(part)));
    view! {
        <label hidden=unasked>
            <span aria-hidden="true">{of.before}</span>
            <span class="sr">{of.label}</span>
            <input
                class=of.class
                list=(!of.list.is_empty()).then_some(of.list)
                placeholder=of.hint
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=move || is_wrong().then_some("true")
                aria-describedby=move || is_wrong().then_some("question-problem")
                prop:value=value
                on:input=typed
                on:focus=offer
            />
        </label>
    }
    .into_any()
}
