//! What is said of text from elsewhere: short, on one line, and without the values of what was read.

use std::error::Error;

/// Text from elsewhere, on one line and cut.
pub(super) fn line(text: &str) -> String {
    const LONGEST: usize = 300;
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut line: String = printable.take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}

/// The last error of a chain: what really happened.
pub(super) fn root(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    line(&last.to_string())
}

/// A message of serde, which repeats the value that it did not expect, without that value: it may be a secret.
pub(super) fn without_value(message: &str) -> String {
    let repeats_value = ["invalid type:", "invalid value:", "unknown variant", "unknown field"];
    if !repeats_value.iter().any(|start| message.contains(start)) {
        return line(message);
    }
    // What is expected comes last and is ours, so whatever the value holds, it is cut off.
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => line(&format!("a value is of the wrong type, expected {expected}")),
        None => "a value is of the wrong type".to_owned(),
    }
}

/// What is wrong with JSON, without its values; the line is said elsewhere.
pub(super) fn json(error: &serde_json::Error) -> String {
    let text = error.to_string();
    without_value(text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words))
}

/// What is wrong with a YAML document, without its values, and the line of the document, from 1, where that is known.
pub(super) fn yaml(error: &serde_saphyr::Error) -> (String, Option<u64>) {
    use serde_saphyr::Error as E;
    let inner = match error {
        E::WithSnippet { error, .. } | E::AliasError { error, .. } => error,
        other => other,
    };
    let words = match inner {
        E::SerdeInvalidType { expected, .. } | E::SerdeInvalidValue { expected, .. } => {
            line(&format!("a value is of the wrong type, expected {expected}"))
        }
        E::Unexpected { expected, .. } => format!("a value is of the wrong type, expected {expected}"),
        E::Message { msg, .. } => without_value(msg),
        E::ExternalMessage { msg, .. } => line(msg),
        E::DuplicateMappingKey { .. } => "a key occurs twice".to_owned(),
        E::Budget { .. }
        | E::AliasReplayLimitExceeded { .. }
        | E::AliasExpansionLimitExceeded { .. }
        | E::AliasReplayStackDepthExceeded { .. } => {
            "it is nested too deeply, has too many nodes, or repeats too much by aliases".to_owned()
        }
        _ => "it is not valid YAML".to_owned(),
    };
    (
        words,
        error
            .location()
            .map(|location| location.line())
            .filter(|line| *line > 0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_is_cut_out_of_serdes_message() {
        let error = serde_json::from_str::<Vec<u8>>(r#""canary, expected canary""#).unwrap_err();
        let words = without_value(&error.to_string());
        assert!(!words.contains("canary"), "{words}");
        assert!(
            words.starts_with("a value is of the wrong type, expected a sequence"),
            "{words}"
        );
    }

    #[test]
    fn line_is_said_once() {
        let error = serde_json::from_str::<Vec<u8>>("[1,").unwrap_err();
        assert_eq!(json(&error), "EOF while parsing a value");
    }

    #[test]
    fn message_stays_on_one_line_and_short() {
        let words = line(&format!("a\u{1b}[31m\nb{}", "x".repeat(1000)));
        assert!(words.starts_with("a [31m b"));
        assert_eq!(words.chars().count(), 301);
    }
}
