//! A stream of YAML, split into its documents without parsing it, so that one that is broken or too large takes no other along.

use std::io::{self, BufRead, Read};

/// The largest document. Larger lists come as JSON, which is read item by item.
pub(super) const MAX_DOCUMENT: usize = 16 << 20;
/// Longer lines are looked at in pieces.
const MAX_PIECE: u64 = 64 << 10;

/// One document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// Its number, from 1.
    pub(super) number: usize,
    /// The line that it starts in, from 1.
    pub(super) line: u64,
    /// The line that its content starts in, after markers and comments.
    pub(super) content: u64,
    /// Its text.
    pub(super) text: Result<String, Flaw>,
}

/// Why a document can't even be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Flaw {
    /// It is larger than [`MAX_DOCUMENT`].
    #[error("the document is larger than {} MiB; a list in JSON may be larger", MAX_DOCUMENT >> 20)]
    TooLarge,
    /// It is not UTF-8.
    #[error("the document is not UTF-8")]
    NotUtf8,
}

/// The documents of a stream, in order.
pub(super) struct Documents<R> {
    reader: R,
    number: usize,
    /// The line that was read last.
    line: u64,
    /// A line that begins the next document.
    ahead: Option<Vec<u8>>,
    is_done: bool,
}

/// What a line is to the document that it stands in.
#[derive(PartialEq)]
enum Mark {
    /// `---`
    Start,
    /// `...`
    End,
    /// Blank, a comment or a directive: nothing of a document yet.
    Prelude,
    Content,
}

impl<R: BufRead> Documents<R> {
    /// Splits what `reader` gives.
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            number: 0,
            line: 0,
            ahead: None,
            is_done: false,
        }
    }

    /// The number of the next document, and the line from which on it comes.
    pub(super) fn ahead(&self) -> (usize, u64) {
        (self.number + 1, self.line.max(1))
    }

    /// The next document; none at the end.
    ///
    /// # Errors
    /// Those of the reader, after which there is nothing more.
    pub(super) fn next(&mut self) -> io::Result<Option<Document>> {
        if self.is_done {
            return Ok(None);
        }
        let mut text = Text::default();
        let mut has_begun = false;
        let first = if self.ahead.is_some() { self.line } else { self.line + 1 };
        let mut content = None;
        while let Some(line) = self.next_line()? {
            match mark(&line) {
                Mark::Start if has_begun => {
                    self.ahead = Some(line);
                    break;
                }
                Mark::End => {
                    self.rest_of(&line, &mut Text::default())?;
                    return Ok(Some(self.document(first, content, text)));
                }
                other => {
                    has_begun |= other != Mark::Prelude;
                    if other == Mark::Content {
                        content.get_or_insert(self.line);
                    }
                    text.push(&line);
                    self.rest_of(&line, &mut text)?;
                }
            }
        }
        self.is_done = self.ahead.is_none();
        Ok(if has_begun {
            Some(self.document(first, content, text))
        } else {
            None
        })
    }

    fn document(&mut self, line: u64, content: Option<u64>, text: Text) -> Document {
        self.number += 1;
        Document {
            number: self.number,
            line,
            content: content.unwrap_or(line),
            text: text.finish(),
        }
    }

    /// The next line or, of a long one, its first piece.
    fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(line) = self.ahead.take() {
            return Ok(Some(line));
        }
        let mut line = self.piece()?;
        if line.is_empty() {
            return Ok(None);
        }
        self.line += 1;
        if self.line == 1 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        Ok(Some(line))
    }

    /// Reads what is left of a line of which `piece` was read.
    fn rest_of(&mut self, piece: &[u8], text: &mut Text) -> io::Result<()> {
        let mut goes_on = piece.last() != Some(&b'\n');
        while goes_on {
            let piece = self.piece()?;
            text.push(&piece);
            goes_on = piece.last().is_some_and(|last| *last != b'\n');
        }
        Ok(())
    }

    fn piece(&mut self) -> io::Result<Vec<u8>> {
        let mut piece = Vec::new();
        (&mut self.reader).take(MAX_PIECE).read_until(b'\n', &mut piece)?;
        Ok(piece)
    }
}

fn mark(line: &[u8]) -> Mark {
    let is = |marker: &[u8]| {
        line.strip_prefix(marker)
            .is_some_and(|rest| rest.first().is_none_or(|next| next.is_ascii_whitespace()))
    };
    if is(b"---") {
        return Mark::Start;
    }
    if is(b"...") {
        return Mark::End;
    }
    match line.trim_ascii_start().first() {
        None | Some(b'#') => Mark::Prelude,
        Some(b'%') if line.starts_with(b"%") => Mark::Prelude,
        Some(_) => Mark::Content,
    }
}

/// The text of a document as long as it is small enough.
#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    is_too_large: bool,
}

impl Text {
    fn push(&mut self, piece: &[u8]) {
        self.is_too_large |= self.bytes.len() + piece.len() > MAX_DOCUMENT;
        if self.is_too_large {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(piece);
        }
    }

    fn finish(self) -> Result<String, Flaw> {
        if self.is_too_large {
            return Err(Flaw::TooLarge);
        }
        String::from_utf8(self.bytes).map_err(|_| Flaw::NotUtf8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &[u8]) -> Vec<(u64, Result<String, Flaw>)> {
        let mut documents = Documents::new(text);
        std::iter::from_fn(|| documents.next().unwrap())
            .map(|document| (document.line, document.text))
            .collect()
    }

    fn texts(text: &str) -> Vec<String> {
        split(text.as_bytes())
            .into_iter()
            .map(|(_, text)| text.unwrap())
            .collect()
    }

    #[test]
    fn marker_with_comment_or_content_starts_a_document() {
        assert_eq!(
            texts("a: 1\n--- # two\nb: 2\n--- {c: 3}\n"),
            ["a: 1\n", "--- # two\nb: 2\n", "--- {c: 3}\n"]
        );
    }

    #[test]
    fn dashes_within_a_line_do_not() {
        assert_eq!(texts("a: |\n  ---\n---b: 1\n").len(), 1);
    }

    #[test]
    fn comments_and_directives_belong_to_the_document_they_precede() {
        assert_eq!(
            texts("# licence\n%YAML 1.2\n---\na: 1\n"),
            ["# licence\n%YAML 1.2\n---\na: 1\n"]
        );
    }

    #[test]
    fn dots_end_a_document() {
        assert_eq!(texts("a: 1\n...\n# between\nb: 2\n"), ["a: 1\n", "# between\nb: 2\n"]);
    }

    #[test]
    fn document_says_which_line_it_starts_in() {
        let lines: Vec<u64> = split(b"a: 1\nb: 2\n---\nc: 3\n...\nd: 4\n")
            .into_iter()
            .map(|(line, _)| line)
            .collect();
        assert_eq!(lines, [1, 3, 6]);
    }

    #[test]
    fn content_starts_after_markers_and_comments() {
        let mut documents = Documents::new(&b"# licence\n---\n# one\na: 1\n\nb: 2\n--- {c: 3}\n"[..]);
        let lines: Vec<u64> = std::iter::from_fn(|| documents.next().unwrap())
            .map(|document| document.content)
            .collect();
        assert_eq!(lines, [4, 7]);
    }

    #[test]
    fn byte_order_mark_is_dropped() {
        assert_eq!(texts("\u{feff}--- \na: 1\n"), ["--- \na: 1\n"]);
    }

    #[test]
    fn long_line_is_one_line() {
        let long = "x".repeat(200_000);
        let text = format!("--- {long}\n--- {long}\n... {long}\nb: 2");
        assert_eq!(
            texts(&text),
            [format!("--- {long}\n"), format!("--- {long}\n"), "b: 2".to_owned()]
        );
    }

    #[test]
    fn document_that_is_not_utf8_leaves_the_next_alone() {
        assert_eq!(
            split(b"a: \xff\n---\nb: 2\n"),
            [(1, Err(Flaw::NotUtf8)), (2, Ok("---\nb: 2\n".into()))]
        );
    }

    #[test]
    fn document_that_is_too_large_leaves_the_next_alone() {
        let line = format!("a: {}\n---\nb: 2\n", "x".repeat(MAX_DOCUMENT));
        assert_eq!(
            split(line.as_bytes()),
            [(1, Err(Flaw::TooLarge)), (2, Ok("---\nb: 2\n".into()))]
        );
    }
}
