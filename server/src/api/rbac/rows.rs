//! Lists that are worked out in memory: filtered, in the order of their keys, page by page.

use shared::page::{DEFAULT_LIMIT, MAX_LIMIT, Page};
use shared::rbac::query::AccessListQuery;

/// What a row is found by.
pub(super) struct Key<'a> {
    pub(super) kind: &'a str,
    pub(super) namespace: &'a str,
    pub(super) name: &'a str,
}

/// A page of the rows that a query asks for. A cursor is the key of the last row of the page before.
pub(super) fn page<T>(rows: Vec<T>, query: &AccessListQuery, key: impl Fn(&T) -> Key<'_>) -> Page<T> {
    let wanted = Wanted::new(query);
    let order = |row: &T| {
        let Key { kind, namespace, name } = key(row);
        format!("{kind}/{namespace}/{name}")
    };
    let mut rows: Vec<(String, T)> = rows
        .into_iter()
        .filter(|row| wanted.has(&key(row)))
        .map(|row| (order(&row), row))
        .collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    let total = rows.len() as u64;
    let start = query
        .cursor
        .as_ref()
        .map_or(0, |after| rows.partition_point(|(order, _)| order <= after));
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT) as usize;
    let goes_on = rows.len() - start > limit;
    let mut page: Vec<(String, T)> = rows.into_iter().skip(start).take(limit).collect();
    let next = page.last_mut().filter(|_| goes_on).map(|(order, _)| order.clone());
    Page {
        items: page.into_iter().map(|(_, row)| row).collect(),
        total,
        next,
    }
}

struct Wanted {
    words: Vec<String>,
    kinds: Vec<String>,
    namespaces: Vec<String>,
}

impl Wanted {
    fn new(query: &AccessListQuery) -> Self {
        let words = query.q.as_deref().unwrap_or_default();
        let list = |filter: &Option<String>| -> Vec<String> {
            let words = filter.iter().flat_map(|text| text.split(','));
            words
                .map(|word| word.trim().to_owned())
                .filter(|word| !word.is_empty())
                .collect()
        };
        Self {
            words: words.split_whitespace().map(str::to_lowercase).collect(),
            kinds: list(&query.kind),
            namespaces: list(&query.namespace),
        }
    }

    fn has(&self, key: &Key<'_>) -> bool {
        let namespace = if key.namespace.is_empty() { "-" } else { key.namespace };
        let text = format!("{}/{}", key.namespace, key.name).to_lowercase();
        let among = |list: &[String], word: &str| list.is_empty() || list.iter().any(|listed| listed == word);
        among(&self.kinds, key.kind)
            && among(&self.namespaces, namespace)
            && self.words.iter().all(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(query: &AccessListQuery) -> (Vec<&'static str>, u64, Option<String>) {
        let rows = vec![
            ("User", "", "ann"),
            ("ServiceAccount", "shop", "web"),
            ("ServiceAccount", "shop", "api"),
        ];
        let page = page(rows, query, |(kind, namespace, name)| Key { kind, namespace, name });
        (
            page.items.into_iter().map(|(_, _, name)| name).collect(),
            page.total,
            page.next,
        )
    }

    #[test]
    fn pages_follow_each_other_without_a_gap() {
        let mut query = AccessListQuery {
            limit: Some(2),
            ..AccessListQuery::default()
        };
        let (first, total, next) = list(&query);
        assert_eq!((first, total), (vec!["api", "web"], 3));
        query.cursor = next;
        assert_eq!(list(&query), (vec!["ann"], 3, None));
    }

    #[test]
    fn filters_go_together() {
        let of = |namespace: &str, q: &str| {
            list(&AccessListQuery {
                namespace: Some(namespace.into()),
                q: Some(q.into()),
                ..AccessListQuery::default()
            })
            .0
        };
        assert_eq!(of("-", ""), ["ann"]);
        assert_eq!(of("shop", "WE sho"), ["web"]);
        assert_eq!(of("shop", "ann"), [""; 0]);
    }
}
