//! Blocks of code: what could be pasted into a terminal or a file.

use leptos::prelude::*;

use super::copy::copy_button;

/// One line.
pub(crate) struct Line {
    /// Its text.
    pub(crate) text: String,
    /// What it is.
    pub(crate) kind: LineKind,
}

/// What a line is.
#[derive(Clone, Copy)]
pub(crate) enum LineKind {
    /// Nothing special.
    Plain,
    /// The witness.
    Hit,
    /// Added by a patch.
    Add,
    /// Taken away by a patch.
    Del,
}

/// A block under its `label`, with a button that copies `copied`.
pub(crate) fn code(label: String, lines: Vec<Line>, copied: String) -> AnyView {
    let lines: Vec<_> = lines.into_iter().map(line).collect();
    view! {
        <div class="code">
            <header>
                <span>{label.clone()}</span>
                <span class="end">{copy_button("Copy", move || copied.clone())}</span>
            </header>
            <pre tabindex="0" role="region" aria-label=label>{lines}</pre>
        </div>
    }
    .into_any()
}

/// A block of plain lines.
pub(crate) fn plain_code(label: impl Into<String>, text: String) -> AnyView {
    let lines = text
        .lines()
        .map(|text| Line {
            text: text.to_owned(),
            kind: LineKind::Plain,
        })
        .collect();
    code(label.into(), lines, text)
}

fn line(line: Line) -> AnyView {
    match line.kind {
        LineKind::Plain => view! { <span class="l">{line.text}</span> }.into_any(),
        LineKind::Hit => view! { <span class="l hit"><mark>{line.text}</mark></span> }.into_any(),
        LineKind::Add => view! { <ins class="l add">{line.text}</ins> }.into_any(),
        LineKind::Del => view! { <del class="l del">{line.text}</del> }.into_any(),
    }
}
