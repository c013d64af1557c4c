//! Actions that take something away, asked about once more.

use leptos::prelude::*;

use super::dialog::Dialog;

/// A button that asks before it acts. `question` says what will be gone; `act` names the action on both buttons.
#[component]
pub(crate) fn ConfirmButton(
    act: &'static str,
    question: String,
    consequence: &'static str,
    on_confirm: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let label = format!("{act}: {question}");
    let confirm = move |_| {
        open.set(false);
        on_confirm();
    };
    view! {
        <button type="button" class="btn small danger" aria-haspopup="dialog" on:click=move |_| open.set(true)>{act}</button>
        <Dialog open=open label=label>
            <div class="palette sheet">
                <h2>{question.clone()}</h2>
                <p class="muted">{consequence}</p>
                <div class="row">
                    <button type="button" class="btn danger" on:click=confirm>{act}</button>
                    <button type="button" class="btn quiet" autofocus on:click=move |_| open.set(false)>"Keep it"</button>
                </div>
            </div>
        </Dialog>
    }
}
