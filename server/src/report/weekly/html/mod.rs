//! The report as one HTML file that needs nothing else and prints well: no script, no font, no picture from anywhere.

mod controls;
mod fixes;
mod front;
mod parts;
mod unanswered;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use shared::reports::document::Report;

use super::words;
use parts::escape;

const STYLE: &str = include_str!("style.css");
const SPRITE: &str = include_str!("sprite.svg");

/// The file.
pub(super) fn document(report: &Report) -> String {
    let title = format!(
        "{}: {} {}, {}",
        report.cluster.name,
        report.framework.title,
        report.framework.version,
        words::day(report.taken_at)
    );
    let parts = [
        front::page(report),
        controls::part(report),
        fixes::part(report),
        unanswered::part(report),
        about(report),
    ];
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta http-equiv=\"content-security-policy\" content=\"default-src 'none'; style-src '{}'\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
        <style>{STYLE}</style>\n</head>\n<body>\n{SPRITE}<main>\n{}</main>\n</body>\n</html>\n",
        hash(STYLE),
        escape(&title),
        parts.concat()
    )
}

/// The source that a Content-Security-Policy names to let in the style of a report, even of one that another release wrote; none
/// where it has none.
pub fn style_of(document: &str) -> Option<String> {
    let (_, rest) = document.split_once("<style>")?;
    let (style, _) = rest.split_once("</style>")?;
    Some(hash(style))
}

fn hash(style: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(style)))
}

/// What the words mean, and where the report comes from.
fn about(report: &Report) -> String {
    let framework = &report.framework;
    let note = match framework.note.as_str() {
        "" => String::new(),
        note => format!("<p>{}</p>\n", escape(note)),
    };
    let source = [&framework.publisher, &framework.source]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| escape(text))
        .collect::<Vec<_>>()
        .join(", ");
    let snapshot = report
        .snapshot
        .map_or_else(String::new, |id| format!("snapshot {id}, "));
    format!(
        "<section class=\"about\">\n<h2>How to read this report</h2>\n\
        <p>A control <b>passes</b> when everything that answers it does and nothing is wrong, and <b>fails</b> when at least one of its \
        checks found something. What only a person can tell is <b>manual</b>; what could not be read is <b>not evaluated</b>; what no \
        check answers is <b>not covered</b>. None of these three counts as a pass. The <b>score</b> is the share of decided controls \
        that are met, and is never told without how many are decided. A finding is <b>closed</b> when it was seen to be gone, never \
        because something could not be read.</p>\n{note}\
        <p class=\"small\">{} {}{}. Cluster {} ({}{}). Rests on {snapshot}taken on {}; checks of release {}. Written by Plimsoll {}. The \
        CSV and JSON forms of this report list every object.</p>\n</section>\n",
        escape(&framework.title),
        escape(&framework.version),
        if source.is_empty() {
            String::new()
        } else {
            format!(": {source}")
        },
        escape(&report.cluster.name),
        report.cluster.id,
        match report.cluster.version.as_str() {
            "" => String::new(),
            version => format!(", Kubernetes {}", escape(version)),
        },
        words::instant(report.taken_at),
        escape(&report.catalogue),
        env!("CARGO_PKG_VERSION"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_is_let_in_by_its_hash_and_nothing_in_it_is_loaded() {
        assert_eq!(style_of(&format!("<style>{STYLE}</style>")), Some(hash(STYLE)));
        assert_eq!(style_of("<p>no style"), None);
        let style = STYLE.replace("url(#", "");
        for reference in ["url(", "@import", "http:", "https:"] {
            assert!(!style.contains(reference), "{reference}");
        }
    }
}
