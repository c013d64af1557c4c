//! Answers that are saved as files.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A file of this name.
pub(super) fn download(content_type: &str, file: &str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
    ];
    (headers, body).into_response()
}

/// CSV (RFC 4180) with a line of names, and one for each row.
pub(super) fn csv<const N: usize>(columns: [&str; N], rows: &[[String; N]]) -> String {
    let mut text = columns.join(",") + "\r\n";
    for row in rows {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        text += &cells.join(",");
        text += "\r\n";
    }
    text
}

/// A leading `=`, `+`, `-` or `@` would run as a formula in a spreadsheet: an apostrophe stops it.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::csv;

    #[test]
    fn what_could_end_a_cell_or_run_as_a_formula_is_made_harmless() {
        let rows = [["a\"b,c".to_owned(), "=HYPERLINK(1)".to_owned()]];
        assert_eq!(csv(["x", "y"], &rows), "x,y\r\n\"a\"\"b,c\",\"'=HYPERLINK(1)\"\r\n");
    }
}
