//! How much of what an expression gives and reads is told.

use serde_json::Value;

/// How long a finding's message may be, in characters.
pub(super) const MESSAGE: usize = 1000;
/// How long a value of the evidence may be, as JSON, in characters.
pub(super) const VALUE: usize = 2000;

/// A text, or so many of its characters.
pub(super) fn cut(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A value as evidence: where it is long, the beginning of its JSON as a text.
pub(super) fn evidence(value: Value) -> Value {
    let json = value.to_string();
    match json.char_indices().nth(VALUE) {
        None => value,
        Some(_) => Value::String(cut(&json, VALUE)),
    }
}
