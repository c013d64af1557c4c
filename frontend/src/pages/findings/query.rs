//! The address of the findings page as a query, and the words for what it filters by.

use shared::findings::FindingQuery;
use shared::verdict::{Area, Severity};

use crate::components::severity;
use crate::here::Here;

/// A filter whose value is a list of words, with counts beside the list of findings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Filter {
    /// Its parameter, and its name among the facets.
    pub(super) name: &'static str,
    /// Its heading.
    pub(super) title: &'static str,
}

/// The facets, in the order in which they stand.
pub(super) const FACETS: [Filter; 6] = [
    Filter {
        name: "severity",
        title: "Severity",
    },
    Filter {
        name: "area",
        title: "Area",
    },
    Filter {
        name: "check",
        title: "Check",
    },
    Filter {
        name: "status",
        title: "Status",
    },
    Filter {
        name: "namespace",
        title: "Namespace",
    },
    Filter {
        name: "kind",
        title: "Kind",
    },
];

/// The filters of the address that hide something, besides the search text.
pub(super) const HIDING: [&str; 9] = [
    "severity",
    "area",
    "check",
    "status",
    "namespace",
    "kind",
    "name",
    "system",
    "firstSeenAfter",
];

/// What the address asks for.
pub(super) fn query(here: Here) -> FindingQuery {
    let at = here.at();
    FindingQuery {
        cluster: at.cluster,
        at: at.at,
        severity: here.param("severity"),
        area: here.param("area"),
        check: here.param("check"),
        status: here.param("status"),
        namespace: here.param("namespace"),
        kind: here.param("kind"),
        name: here.param("name"),
        system: here.param("system").and_then(|system| system.parse().ok()),
        q: here.param("q"),
        first_seen_after: here.param("firstSeenAfter").and_then(|at| at.parse().ok()),
        sort: here.param("sort"),
        cursor: here.param("cursor"),
        limit: None,
    }
}

/// What is listed first: what is on components of the system stands in a section of its own, unless the address asks for either.
pub(super) fn listed(query: FindingQuery) -> FindingQuery {
    FindingQuery {
        system: query.system.or(Some(false)),
        ..query
    }
}

/// What stands in that section, from its first row on; none where the address asks for either.
pub(super) fn folded(query: FindingQuery) -> Option<FindingQuery> {
    query.system.is_none().then_some(FindingQuery {
        system: Some(true),
        cursor: None,
        ..query
    })
}

/// The words of a list that are chosen; status is open where nothing is said.
pub(super) fn chosen(name: &str, list: Option<&str>) -> Vec<String> {
    let list = list.unwrap_or(if name == "status" { "open" } else { "" });
    list.split(',')
        .filter(|word| !word.is_empty())
        .map(Into::into)
        .collect()
}

/// A list after one of its words was pressed; none where that is what is asked for anyway.
pub(super) fn toggled(name: &str, list: Option<&str>, value: &str) -> Option<String> {
    let mut words = chosen(name, list);
    match words.iter().position(|word| word == value) {
        Some(at) => drop(words.remove(at)),
        None => words.push(value.to_owned()),
    }
    let list = words.join(",");
    (list != chosen(name, None).join(",")).then_some(list)
}

/// A value in words.
pub(super) fn words(name: &str, value: &str) -> String {
    let known = match name {
        "severity" => Severity::parse(value).map(severity::word),
        "area" => Area::parse(value).map(Area::title),
        "status" => ["Open", "Fixed"]
            .into_iter()
            .find(|word| word.eq_ignore_ascii_case(value)),
        "namespace" if value == "-" => Some("cluster-wide"),
        "system" if value == "true" => Some("shown alone"),
        "system" => Some("left out"),
        _ => None,
    };
    known.unwrap_or(value).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pressing_a_word_adds_it_and_pressing_it_again_takes_it_away() {
        assert_eq!(toggled("severity", None, "high").as_deref(), Some("high"));
        assert_eq!(
            toggled("severity", Some("critical,high"), "critical").as_deref(),
            Some("high")
        );
        assert_eq!(toggled("severity", Some("high"), "high"), None);
    }

    #[test]
    fn open_is_chosen_until_something_else_is() {
        assert_eq!(chosen("status", None), ["open"]);
        assert_eq!(toggled("status", None, "fixed").as_deref(), Some("open,fixed"));
        assert_eq!(toggled("status", Some("open,fixed"), "open").as_deref(), Some("fixed"));
        assert_eq!(toggled("status", Some("open,fixed"), "fixed"), None);
    }

    #[test]
    fn components_of_the_system_are_folded_unless_the_address_asks_for_either() {
        let query = |system| FindingQuery {
            system,
            cursor: Some("c".into()),
            ..Default::default()
        };
        assert_eq!(listed(query(None)).system, Some(false));
        let folded = folded(query(None)).unwrap();
        assert_eq!((folded.system, folded.cursor), (Some(true), None));
        for asked in [true, false] {
            assert_eq!(listed(query(Some(asked))).system, Some(asked));
            assert_eq!(super::folded(query(Some(asked))), None);
        }
    }

    #[test]
    fn values_are_told_in_words() {
        assert_eq!(words("area", "least-privilege"), "Least privilege");
        assert_eq!(words("namespace", "-"), "cluster-wide");
        assert_eq!(words("check", "host-namespace-shared"), "host-namespace-shared");
    }
}
