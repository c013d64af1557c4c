//! The small parts: text made harmless, verdicts and severities as shape and word, the bar of verdicts.

use std::fmt::Write;

use shared::compliance::{ControlCounts, ControlVerdict};
use shared::object::ObjectRef;
use shared::verdict::Severity;

/// Text as HTML shows it. Control characters are left out: names come from whoever wrote the object.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push(' '),
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// The word with a capital.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The name of a verdict in classes and in the sprite.
fn class(verdict: ControlVerdict) -> &'static str {
    match verdict {
        ControlVerdict::Pass => "pass",
        ControlVerdict::Fail => "fail",
        ControlVerdict::Manual => "manual",
        ControlVerdict::NotEvaluated => "unknown",
        ControlVerdict::Excepted => "excepted",
        ControlVerdict::NotCovered => "bare",
    }
}

/// A verdict: its shape and its word.
pub(super) fn verdict(verdict: ControlVerdict) -> String {
    let (class, word) = (class(verdict), capital(verdict.words()));
    format!("<span class=\"v {class}\"><svg aria-hidden=\"true\"><use href=\"#v-{class}\"/></svg>{word}</span>")
}

/// A severity: its rungs and its word.
pub(super) fn severity(severity: Severity) -> String {
    let word = severity.as_str();
    format!(
        "<span class=\"s {word}\"><svg aria-hidden=\"true\"><use href=\"#s-{word}\"/></svg>{}</span>",
        capital(word)
    )
}

/// How wide the bar is, in its own units.
const WIDTH: u32 = 1000;

/// The bar of verdicts: each has a fill of its own that black and white tell apart.
pub(super) fn bar(counts: &ControlCounts, class: &str) -> String {
    let total = counts.total().max(1);
    let mut rects = String::new();
    let mut before = 0;
    for verdict in BAR {
        let n = counts.of(verdict);
        if n == 0 {
            continue;
        }
        let (from, to) = (before * WIDTH / total, (before + n) * WIDTH / total);
        before += n;
        // A string takes whatever is written to it.
        _ = write!(
            rects,
            "<rect class=\"{}\" x=\"{from}\" width=\"{}\" height=\"24\"/>",
            self::class(verdict),
            to.saturating_sub(from)
        );
    }
    format!(
        "<svg class=\"bar {class}\" viewBox=\"0 0 {WIDTH} 24\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">{rects}</svg>",
        told(counts)
    )
}

/// Verdicts in the order of the bar: what is decided, then what is not.
const BAR: [ControlVerdict; 6] = [
    ControlVerdict::Pass,
    ControlVerdict::Excepted,
    ControlVerdict::Fail,
    ControlVerdict::Manual,
    ControlVerdict::NotEvaluated,
    ControlVerdict::NotCovered,
];

/// `17 pass, 12 fail`.
pub(super) fn told(counts: &ControlCounts) -> String {
    let some = BAR.into_iter().filter(|verdict| counts.of(*verdict) > 0);
    let words: Vec<String> = some
        .map(|verdict| format!("{} {}", counts.of(verdict), verdict.words()))
        .collect();
    words.join(", ")
}

/// What the fills of the bar mean, with their numbers.
pub(super) fn legend(counts: &ControlCounts) -> String {
    let some = BAR.into_iter().filter(|verdict| counts.of(*verdict) > 0);
    let items: String = some
        .map(|verdict| format!("<li>{} <b>{}</b></li>", self::verdict(verdict), counts.of(verdict)))
        .collect();
    format!("<ul class=\"legend\">{items}</ul>\n")
}

/// The first objects, and how many more there are: the names of a kind after its one mention. Those `within` a namespace go without
/// it.
pub(super) fn objects(objects: &[ObjectRef], most: usize, within: Option<&str>) -> String {
    let name = |object: &ObjectRef| match object.namespace.as_str() {
        "" => escape(&object.name),
        namespace if within == Some(namespace) => escape(&object.name),
        namespace => escape(&format!("{namespace}/{}", object.name)),
    };
    let shown = &objects[..objects.len().min(most)];
    let of_kind = |of: &[ObjectRef]| {
        let names: Vec<String> = of
            .iter()
            .map(|object| format!("<span class=\"o\">{}</span>", name(object)))
            .collect();
        let kind = of.first().map_or("", |object| &object.kind);
        format!("{} {}", escape(kind), names.join(", "))
    };
    let kinds: Vec<String> = shown.chunk_by(|a, b| a.kind == b.kind).map(of_kind).collect();
    match objects.len() - shown.len() {
        0 => kinds.join("; "),
        more => format!("{} and {more} more", kinds.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_not_break_out() {
        assert_eq!(
            escape("</style><script>\"&\u{1}\n"),
            "&lt;/style&gt;&lt;script&gt;&quot;&amp; "
        );
    }

    #[test]
    fn a_kind_is_named_once_and_a_namespace_only_where_it_says_something() {
        let object = |kind: &str, namespace: &str, name: &str| ObjectRef {
            group: String::new(),
            kind: kind.into(),
            namespace: namespace.into(),
            name: name.into(),
        };
        let all = [object("A", "", "x"), object("B", "n", "y"), object("B", "n", "z<")];
        let plain = |text: String| text.replace("<span class=\"o\">", "").replace("</span>", "");
        assert_eq!(plain(objects(&all, 9, None)), "A x; B n/y, n/z&lt;");
        assert_eq!(plain(objects(&all, 2, Some("n"))), "A x; B y and 1 more");
    }

    #[test]
    fn the_bar_is_full_and_every_verdict_in_it() {
        let counts = ControlCounts {
            pass: 1,
            fail: 1,
            manual: 1,
            ..Default::default()
        };
        let bar = bar(&counts, "");
        for rect in [
            "x=\"0\" width=\"333\"",
            "x=\"333\" width=\"333\"",
            "x=\"666\" width=\"334\"",
        ] {
            assert!(bar.contains(rect), "{bar}");
        }
        assert!(bar.contains("1 pass, 1 fail, 1 manual"));
    }
}
