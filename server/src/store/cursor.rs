//! Cursors: where a page ended, in a form that clients pass back and do not look into.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::StoreError;

/// Longer than any name or title that a row is sorted by.
const MAX_LENGTH: usize = 16 * 1024;

/// Writes down the values that the last row of a page is sorted by.
pub(super) fn encode(parts: &[&str]) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::json!(parts).to_string())
}

/// Reads them again.
///
/// # Errors
/// The cursor is no list of `N` words.
pub(super) fn decode<const N: usize>(cursor: &str) -> Result<[String; N], StoreError> {
    if cursor.len() > MAX_LENGTH {
        return Err(StoreError::BadCursor);
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| StoreError::BadCursor)?;
    let parts: Vec<String> = serde_json::from_slice(&bytes).map_err(|_| StoreError::BadCursor)?;
    parts.try_into().map_err(|_| StoreError::BadCursor)
}

/// Reads the number below which a list goes on whose newest row has the highest; above all where it begins.
pub(super) fn below(cursor: Option<&str>) -> Result<i64, StoreError> {
    match cursor.map(decode::<1>).transpose()? {
        Some([number]) => number.parse().map_err(|_| StoreError::BadCursor),
        None => Ok(i64::MAX),
    }
}

/// Cuts off what was read beyond a page, and tells where to read on; none where nothing was.
pub(super) fn next<R>(rows: &mut Vec<R>, limit: i64, cursor: impl Fn(&R) -> String) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let goes_on = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| goes_on).map(cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let parts = ["-title", "a\u{1}b \"ü\"", ""];
        assert_eq!(decode::<3>(&encode(&parts)).unwrap(), parts);
    }

    #[test]
    fn a_page_goes_on_where_more_was_read() {
        let cut = |limit| {
            let mut rows = vec![1, 2, 3];
            let next = next(&mut rows, limit, i32::to_string);
            (rows, next)
        };
        assert_eq!(cut(2), (vec![1, 2], Some("2".to_owned())));
        assert_eq!(cut(3), (vec![1, 2, 3], None));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for cursor in ["", "x", "!!", &encode(&["a"]), &"A".repeat(MAX_LENGTH + 1)] {
            assert!(
                matches!(decode::<2>(cursor), Err(StoreError::BadCursor)),
                "{cursor:.20}"
            );
        }
    }
}
