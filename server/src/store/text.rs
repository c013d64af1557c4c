//! Text from a cluster, as PostgreSQL keeps it: it takes NUL neither in text nor in jsonb, and one pod whose image holds
//! one must not keep a whole snapshot from being stored.

use serde_json::Value;

/// The text, with U+FFFD for each NUL.
pub(super) fn text(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// The value, with U+FFFD for each NUL in its texts and names.
pub(super) fn json(value: Value) -> Value {
    match value {
        Value::String(held) => text(&held).into(),
        Value::Array(items) => items.into_iter().map(json).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (text(&name), json(member)))
            .collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn nul_is_replaced_wherever_it_stands() {
        assert_eq!(
            super::json(json!({"a\0": ["b\0c", 1]})),
            json!({"a\u{FFFD}": ["b\u{FFFD}c", 1]})
        );
    }
}
