//! What the filters of lists have in common: comma-separated words, words to find, sort orders, page sizes.

use shared::page::{DEFAULT_LIMIT, MAX_LIMIT};

use super::StoreError;

/// How many values one filter takes.
const MAX_VALUES: usize = 200;
/// How much may be searched for.
const MAX_SEARCH: usize = 200;

/// The words of a comma-separated filter; none where it is left out or empty.
pub(super) fn words(filter: Option<&str>) -> Result<Option<Vec<String>>, StoreError> {
    let words = filter.into_iter().flat_map(|text| text.split(','));
    let words: Vec<String> = words
        .map(|word| word.trim().to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > MAX_VALUES {
        return Err(StoreError::BadQuery(format!(
            "A filter takes at most {MAX_VALUES} values."
        )));
    }
    Ok((!words.is_empty()).then_some(words))
}

/// The same, each word understood by `parse`.
pub(super) fn parsed<T>(
    name: &str,
    filter: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<Vec<T>>, StoreError> {
    let understand =
        |word: String| parse(&word).ok_or_else(|| StoreError::BadQuery(format!("{name} is never {word:?}.")));
    words(filter)?
        .map(|words| words.into_iter().map(understand).collect())
        .transpose()
}

/// The namespaces of a filter, in which `-` stands for none.
pub(super) fn namespaces(filter: Option<&str>) -> Result<Option<Vec<String>>, StoreError> {
    let plain = |word: String| if word == "-" { String::new() } else { word };
    Ok(words(filter)?.map(|words| words.into_iter().map(plain).collect()))
}

/// What each word of a search matches by `ilike`; none where nothing is searched for.
pub(super) fn patterns(search: Option<&str>) -> Result<Option<Vec<String>>, StoreError> {
    let search = search.unwrap_or_default();
    if search.len() > MAX_SEARCH {
        return Err(StoreError::BadQuery(format!(
            "A search has at most {MAX_SEARCH} characters."
        )));
    }
    let escape = |word: &str| word.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    let patterns: Vec<String> = search
        .split_whitespace()
        .map(|word| format!("%{}%", escape(word)))
        .collect();
    Ok((!patterns.is_empty()).then_some(patterns))
}

/// A sort order: one of these words, and whether it is turned round. The first word is the default.
pub(super) fn sort<'a>(sort: Option<&'a str>, known: &[&'static str]) -> Result<(&'static str, bool), StoreError> {
    let asked: &'a str = sort.filter(|sort| !sort.is_empty()).unwrap_or(known[0]);
    let (word, turned) = asked.strip_prefix('-').map_or((asked, false), |word| (word, true));
    let found = known.iter().find(|known| **known == word);
    let unknown = || StoreError::BadQuery(format!("The sort is one of {}, not {word:?}.", known.join(", ")));
    found.map(|word| (*word, turned)).ok_or_else(unknown)
}

/// How many rows a page has.
pub(super) fn limit(limit: Option<u32>) -> i64 {
    i64::from(limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_searched_for_as_they_are() {
        assert_eq!(patterns(Some(r"50% a_b\")).unwrap().unwrap(), [r"%50\%%", r"%a\_b\\%"]);
        assert_eq!(patterns(Some("  ")).unwrap(), None);
    }

    #[test]
    fn a_sort_is_turned_round_by_a_dash() {
        assert_eq!(sort(Some("-title"), &["severity", "title"]).unwrap(), ("title", true));
        assert_eq!(sort(None, &["severity", "title"]).unwrap(), ("severity", false));
        assert!(sort(Some("; drop table"), &["severity"]).is_err());
    }

    #[test]
    fn an_empty_filter_is_none() {
        assert_eq!(words(Some(" , ")).unwrap(), None);
        assert_eq!(namespaces(Some("-, shop")).unwrap().unwrap(), ["", "shop"]);
        assert!(words(Some(&"a,".repeat(201))).is_err());
    }
}
