//! Placeholders: `{{name}}` in a source file stands for the address of another file.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

/// From the name in a placeholder to the address that replaces it.
pub(crate) type Addresses = BTreeMap<String, String>;

/// Replaces every placeholder in `text`, which came from `file`.
///
/// # Errors
/// Says where a placeholder stands for nothing: a misspelt one would otherwise be found by a reader of the page.
pub(crate) fn fill(file: &str, text: &str, addresses: &Addresses) -> Result<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next_placeholder(rest) {
        let Some(address) = addresses.get(name) else {
            let line = text[..text.len() - rest.len() + before.len()].lines().count();
            let known: Vec<&str> = addresses.keys().map(String::as_str).collect();
            bail!(
                "{file}:{line}: {{{{{name}}}}} is unknown here; known are {}",
                known.join(", ")
            );
        };
        filled.push_str(before);
        filled.push_str(address);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// What precedes the next placeholder, its name, and what follows. Other double braces are the file's own.
fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    for (start, _) in text.match_indices("{{") {
        let inside = &text[start + 2..];
        let length = inside.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)))?;
        if length > 0 && inside[length..].starts_with("}}") {
            return Some((&text[..start], &inside[..length], &inside[length + 2..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        Addresses::from([
            ("css".into(), "/assets/app.1.css".into()),
            ("font:inter".into(), "/assets/inter.2.woff2".into()),
        ])
    }

    #[test]
    fn placeholders_become_addresses() {
        let filled = fill("x", "a {{css}} b {{font:inter}} c", &addresses()).unwrap();
        assert_eq!(filled, "a /assets/app.1.css b /assets/inter.2.woff2 c");
    }

    #[test]
    fn other_braces_are_left_alone() {
        let text = "f({{ a: 1 }}); @media { a { b: c }} {{}} {{";
        assert_eq!(fill("x", text, &addresses()).unwrap(), text);
    }

    #[test]
    fn an_unknown_placeholder_is_reported_with_its_line() {
        let error = fill("boot.js", "one {{css}}\ntwo {{wasm}}", &addresses()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "boot.js:2: {{wasm}} is unknown here; known are css, font:inter"
        );
    }
}
