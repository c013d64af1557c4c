//! What completes a field. Nothing is asked for before somebody stands in it, and whatever else is typed is taken all the same.

use leptos::prelude::*;

use super::load::{Load, load_if};
use super::search::rested;
use crate::api::Request;

/// What completes what is typed, as far as it was found.
pub(crate) struct Completion<T> {
    begun: RwSignal<bool>,
    typed: RwSignal<String>,
    found: Load<T>,
}

impl<T> Clone for Completion<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Completion<T> {}

impl<T: Send + Sync + 'static> Completion<T> {
    /// Looks for what completes a text.
    pub(crate) fn want(self, text: &str) {
        self.typed.set(text.to_owned());
        self.begun.set(true);
    }

    /// A part of what was found last.
    pub(crate) fn map<U>(self, part: impl FnOnce(&T) -> U) -> Option<U> {
        self.found.map(part)
    }

    /// The list that a field names by `id`: what `names` makes of what was found.
    pub(crate) fn list(self, id: &'static str, names: fn(&T) -> Vec<String>) -> AnyView {
        let found = move || self.found.map(|found| options(names(found)));
        view! { <datalist id=id>{found}</datalist> }.into_any()
    }
}

/// Completion by what `find` answers once typing rests.
pub(crate) fn completion<T>(find: impl Fn(&str) -> Request<T> + 'static) -> Completion<T>
where
    T: Send + Sync + 'static,
{
    let (begun, typed) = (RwSignal::new(false), RwSignal::new(String::new()));
    let sought = rested(typed);
    let found = load_if(move || {
        let text = sought.get();
        begun.get().then(|| find(&text))
    });
    Completion { begun, typed, found }
}

/// The options of a list.
pub(crate) fn options(values: Vec<String>) -> AnyView {
    values
        .into_iter()
        .map(|value| view! { <option value=value></option> })
        .collect_view()
        .into_any()
}
