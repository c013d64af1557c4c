//! Forms: fields with their label, hint and error, and sending.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Icon, icon_small};
use crate::api::{ApiError, Question, Request};

/// Takes the body of an answer.
type Accept = Box<dyn FnOnce(&str) -> Result<(), ApiError>>;

/// Something on its way to the server.
#[derive(Clone, Copy)]
pub(crate) struct Sending {
    busy: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
}

impl Sending {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }

    /// Whether an answer is awaited.
    pub(crate) fn busy(self) -> bool {
        self.busy.get()
    }

    /// What the server said against it.
    pub(crate) fn error(self) -> Option<String> {
        self.error.get().map(|error| error.message())
    }

    /// Sends, and hands what is answered to `done`; a second press meanwhile does nothing.
    pub(crate) fn send<T: 'static>(self, request: Request<T>, done: impl FnOnce(T) + 'static) {
        let Request { question, read } = request;
        let accept = move |text: &str| read(text).map(done);
        self.ask(question, Box::new(accept));
    }

    fn ask(self, question: Question, accept: Accept) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        leptos::task::spawn_local(async move {
            let answer = question.ask().await;
            // The form may be gone by now.
            self.busy.try_set(false);
            if let Err(error) = answer.and_then(|text| accept(&text)) {
                self.error.try_set(Some(error));
            }
        });
    }
}

/// What the server said, read out when it appears.
pub(crate) fn form_error(sending: Sending) -> AnyView {
    view! {
        <div role="alert">
            {move || sending.error().map(|text| view! {
                <p class="form-error">{icon_small(Icon::Alert)}<span>{text}</span></p>
            })}
        </div>
    }
    .into_any()
}

/// A line of text in a form.
#[component]
pub(crate) fn TextField(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] autofocus: bool,
    #[prop(default = true)] required: bool,
    /// The least number of characters.
    #[prop(optional)]
    minlength: Option<&'static str>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let described = (!hint.is_empty()).then(|| hint_id.clone());
    let hint = (!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> });
    let input = NodeRef::<html::Input>::new();
    if autofocus {
        // The attribute acts while a document loads; this field comes later.
        input.on_load(|input| _ = input.focus());
    }
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                node_ref=input
                class=format!("input {class}")
                id=id
                type=kind
                autocomplete=autocomplete
                required=required
                minlength=minlength
                aria-describedby=described
                spellcheck="false"
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            {hint}
        </div>
    }
}
