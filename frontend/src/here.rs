//! Where the reader stands. The address is the page's whole state: path, cluster, instant, filters, what is open.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::params::ParamsMap;
use shared::ids::ClusterId;
use shared::page::At;

use crate::format;

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// The parameters that every link keeps, as the address holds them.
#[derive(Clone, Default, PartialEq)]
struct Kept {
    cluster: Option<String>,
    at: Option<String>,
}

/// The address, to read and to change. What reads it runs again when that part changes.
#[derive(Clone, Copy)]
pub(crate) struct Here {
    path: Memo<String>,
    query: Memo<ParamsMap>,
    kept: Memo<Kept>,
    navigate: StoredValue<Navigate, LocalStorage>,
}

/// Where the reader stands; only inside the router.
pub(crate) fn use_here() -> Here {
    expect_context()
}

/// Lets everything below know where the reader stands.
pub(crate) fn provide_here() -> Here {
    let location = use_location();
    let query = location.query;
    let param = move |name: &str| query.with(|query| value(query, name));
    let here = Here {
        path: location.pathname,
        query,
        kept: Memo::new(move |_| Kept {
            cluster: param("cluster"),
            at: param("at"),
        }),
        navigate: StoredValue::new_local(Box::new(use_navigate())),
    };
    provide_context(here);
    here
}

fn value(query: &ParamsMap, name: &str) -> Option<String> {
    query.get_str(name).filter(|value| !value.is_empty()).map(Into::into)
}

impl Here {
    /// The path, without the query.
    pub(crate) fn path(self) -> String {
        self.path.get()
    }

    /// A parameter of the query; none where it is missing or empty.
    pub(crate) fn param(self, name: &str) -> Option<String> {
        self.query.with(|query| value(query, name))
    }

    /// A parameter of the query, for what must not run again when another one changes.
    pub(crate) fn watch(self, name: &'static str) -> Memo<Option<String>> {
        Memo::new(move |_| self.param(name))
    }

    /// The instant looked at; none for now.
    pub(crate) fn instant(self) -> Option<DateTime<Utc>> {
        self.kept.with(|kept| kept.at.as_ref()?.parse().ok())
    }

    /// The cluster chosen; none for the first.
    pub(crate) fn cluster(self) -> Option<ClusterId> {
        self.kept
            .with(|kept| kept.cluster.as_ref()?.parse().ok().map(ClusterId))
    }

    /// Cluster and instant, as every read takes them.
    pub(crate) fn at(self) -> At {
        At {
            cluster: self.cluster(),
            at: self.instant(),
        }
    }

    /// The address `to` (a path, perhaps with a query), with the cluster and the instant looked at kept.
    pub(crate) fn link(self, to: &str) -> String {
        let Kept { cluster, at } = self.kept.get();
        keeping(to, &[("cluster", cluster), ("at", at)])
    }

    /// This address with parameters changed; none takes one away.
    pub(crate) fn with(self, changes: &[(&str, Option<&str>)]) -> String {
        let old: Vec<(String, String)> = self.query.with(|query| {
            query
                .latest_values()
                .map(|(name, value)| (name.to_string(), value.to_owned()))
                .collect()
        });
        changed(&self.path(), &old, changes)
    }

    /// Goes to this address with parameters changed, so that Back undoes it.
    pub(crate) fn set(self, changes: &[(&str, Option<&str>)]) {
        let to = untrack(|| self.with(changes));
        self.navigate_to(
            &to,
            NavigateOptions {
                scroll: false,
                ..Default::default()
            },
        );
    }

    /// Goes to `to`, with the cluster and the instant kept.
    pub(crate) fn go(self, to: &str) {
        let to = untrack(|| self.link(to));
        self.navigate_to(&to, NavigateOptions::default());
    }

    /// Goes to exactly `to`, in the place of this address.
    pub(crate) fn replace(self, to: &str) {
        self.navigate_to(
            to,
            NavigateOptions {
                replace: true,
                ..Default::default()
            },
        );
    }

    fn navigate_to(self, to: &str, options: NavigateOptions) {
        self.navigate.with_value(|navigate| navigate(to, options));
    }
}

/// An instant as the `at` parameter carries it.
pub(crate) fn at_param(at: DateTime<Utc>) -> String {
    format::machine(at)
}

fn keeping(to: &str, kept: &[(&str, Option<String>)]) -> String {
    let (path, query) = to.split_once('?').unwrap_or((to, ""));
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(Into::into)
        .collect();
    for (name, value) in kept {
        let there = pairs.iter().any(|pair| pair.split('=').next() == Some(*name));
        if let (false, Some(value)) = (there, value) {
            pairs.push(format!("{name}={}", encode(value)));
        }
    }
    join(path, &pairs)
}

fn changed(path: &str, old: &[(String, String)], changes: &[(&str, Option<&str>)]) -> String {
    let untouched = |name: &str| changes.iter().all(|(changed, _)| *changed != name);
    let kept = old
        .iter()
        .filter(|(name, _)| untouched(name))
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let new = changes.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    let pairs: Vec<String> = kept
        .chain(new)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    join(path, &pairs)
}

fn join(path: &str, pairs: &[String]) -> String {
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

/// Percent-encodes a part of an address (RFC 3986), leaving what a query may hold as it is, for people to read.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' | b':' | b'@' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_instant_unless_they_name_one() {
        let kept = [("cluster", None), ("at", Some("2026-10-08T14:05:00Z".to_owned()))];
        assert_eq!(
            keeping("/findings?severity=critical", &kept),
            "/findings?severity=critical&at=2026-10-08T14:05:00Z"
        );
        assert_eq!(keeping("/?at=x", &kept), "/?at=x");
        assert_eq!(keeping("/", &[("at", None)]), "/");
    }

    #[test]
    fn changes_replace_add_and_take_away() {
        let old = [
            ("severity".to_owned(), "high".to_owned()),
            ("q".to_owned(), "a b".to_owned()),
        ];
        assert_eq!(changed("/findings", &old, &[("severity", None)]), "/findings?q=a%20b");
        assert_eq!(
            changed("/findings", &old, &[("q", Some("x/y")), ("open", Some("f-1"))]),
            "/findings?severity=high&q=x%2Fy&open=f-1"
        );
        assert_eq!(
            changed("/findings", &old, &[("q", Some("")), ("severity", None)]),
            "/findings"
        );
    }

    #[test]
    fn what_could_end_a_parameter_is_encoded() {
        assert_eq!(encode("a&b=c#d+e%ü"), "a%26b%3Dc%23d%2Be%25%C3%BC");
        assert_eq!(encode("critical,high"), "critical,high");
    }
}
