//! From a text to intents.

use std::collections::BTreeSet;

use super::written::Intent;

/// Why a text holds no intents.
#[derive(Debug, thiserror::Error)]
pub enum IntentError {
    /// It is no YAML, or of another shape; the line is told.
    #[error("{0}")]
    Shape(String),
    /// Two have one name, by which findings know them.
    #[error("the intent {0:?} is there twice")]
    Twice(String),
    /// One has no name.
    #[error("intent {0} has no name")]
    Nameless(usize),
}

/// The intents of a text: a list in each document.
///
/// # Errors
/// What the text is no list of intents for, with the line where it is known.
pub fn parse(text: &str) -> Result<Vec<Intent>, IntentError> {
    let options = serde_saphyr::options! { with_snippet: false };
    let documents: Vec<Vec<Intent>> = serde_saphyr::from_multiple_with_options(text, options)
        .map_err(|error| IntentError::Shape(error.to_string()))?;
    let intents = documents.concat();
    check(&intents)?;
    Ok(intents)
}

/// Whether each has a name of its own.
///
/// # Errors
/// One has none, or that of another.
pub fn check(intents: &[Intent]) -> Result<(), IntentError> {
    let mut names = BTreeSet::new();
    for (number, intent) in (1..).zip(intents) {
        if intent.name.trim().is_empty() {
            return Err(IntentError::Nameless(number));
        }
        if !names.insert(&intent.name) {
            return Err(IntentError::Twice(intent.name.clone()));
        }
    }
    Ok(())
}
