//! What one rule grants, as `pkg/apis/rbac/v1/evaluation_helpers.go` and `pkg/registry/rbac/validation` decide it.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::model::rbac::PolicyRule;

/// A request for a resource, as the authoriser sees it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `get`.
    pub verb: &'a str,
    /// API group; empty for the core group.
    pub group: &'a str,
    /// `pods`, or `pods/exec` for a subresource.
    pub resource: &'a str,
    /// The object's name; empty where the request carries none.
    pub name: &'a str,
}

/// Whether this one rule, by itself, allows the request.
pub fn allows(rule: &PolicyRule, request: &Request<'_>) -> bool {
    has(&rule.verbs, request.verb)
        && has(&rule.api_groups, request.group)
        && rule
            .resources
            .iter()
            .any(|resource| resource_matches(resource, request.resource))
        && (rule.resource_names.is_empty() || rule.resource_names.iter().any(|name| name == request.name))
}

/// Whether the rule grants every verb on every resource of every group. Whoever has that in the whole cluster is its
/// administrator, with or without the URLs that `cluster-admin` adds: it includes `bind`, `escalate` and `impersonate`.
pub fn is_everything(rule: &PolicyRule) -> bool {
    let wild = |list: &[String]| list.iter().any(|item| item == "*");
    wild(&rule.verbs) && wild(&rule.api_groups) && wild(&rule.resources) && rule.resource_names.is_empty()
}

/// The names for which both rules hold, of rules that name objects; one that names none holds for all.
pub fn common_names<'r>(one: &'r PolicyRule, other: &'r PolicyRule) -> impl Iterator<Item = &'r str> {
    let (named, limits) = match one.resource_names.is_empty() {
        true => (&other.resource_names, &one.resource_names),
        false => (&one.resource_names, &other.resource_names),
    };
    let is_common = |name: &&String| limits.is_empty() || limits.contains(*name);
    named.iter().filter(is_common).map(String::as_str)
}

/// Whether whoever has the rule in the whole cluster has everything, or may grant it to themselves: by roles that they widen
/// or bind as they like.
pub fn is_unlimited(rule: &PolicyRule) -> bool {
    let is_given = |verb| {
        let (group, resource, name) = ("rbac.authorization.k8s.io", "clusterroles", "");
        let request = Request {
            verb,
            group,
            resource,
            name,
        };
        allows(rule, &request)
    };
    is_everything(rule) || is_given("escalate") || is_given("bind")
}

fn has(list: &[String], item: &str) -> bool {
    list.iter().any(|listed| listed == "*" || listed == item)
}

/// `*` matches all, `*/exec` every resource's `exec`; `pods/*` is no pattern and matches nothing but itself.
fn resource_matches(pattern: &str, resource: &str) -> bool {
    if pattern == "*" || pattern == resource {
        return true;
    }
    let subresource = resource.split_once('/').map(|(_, subresource)| subresource);
    subresource.is_some_and(|subresource| pattern.strip_prefix("*/") == Some(subresource))
}

/// A rule that grants more single permissions than this is taken for uncovered: no rule of Kubernetes comes near it, and
/// the comparison stays bounded whatever a manifest holds.
const MAX_ATOMS: usize = 2_000;

/// One verb on one resource of one group and name, or on one URL: what the escalation check compares.
#[derive(Debug, Clone, Copy)]
enum Atom<'a> {
    Resource {
        verb: &'a str,
        group: &'a str,
        resource: &'a str,
        name: Option<&'a str>,
    },
    Url {
        verb: &'a str,
        url: &'a str,
    },
}

/// Whether these rules grant all that `rule` does. Each single permission must be covered by one rule whole.
pub fn covers(owners: &[PolicyRule], rule: &PolicyRule) -> bool {
    let objects = rule
        .api_groups
        .len()
        .saturating_mul(rule.resources.len())
        .saturating_mul(rule.resource_names.len().max(1));
    let atoms_of_rule = rule
        .verbs
        .len()
        .saturating_mul(objects.saturating_add(rule.non_resource_urls.len()));
    atoms_of_rule <= MAX_ATOMS && atoms(rule).all(|atom| owners.iter().any(|owner| covers_atom(owner, atom)))
}

fn atoms(rule: &PolicyRule) -> impl Iterator<Item = Atom<'_>> {
    let names = move || {
        let unnamed = rule.resource_names.is_empty().then_some(None);
        rule.resource_names
            .iter()
            .map(|name| Some(name.as_str()))
            .chain(unnamed)
    };
    let resources = rule.verbs.iter().flat_map(move |verb| {
        rule.api_groups.iter().flat_map(move |group| {
            rule.resources.iter().flat_map(move |resource| {
                names().map(move |name| Atom::Resource {
                    verb,
                    group,
                    resource,
                    name,
                })
            })
        })
    });
    let urls = rule
        .verbs
        .iter()
        .flat_map(|verb| rule.non_resource_urls.iter().map(move |url| Atom::Url { verb, url }));
    resources.chain(urls)
}

fn covers_atom(owner: &PolicyRule, atom: Atom<'_>) -> bool {
    match atom {
        Atom::Resource {
            verb,
            group,
            resource,
            name,
        } => {
            let names = &owner.resource_names;
            has(&owner.verbs, verb)
                && has(&owner.api_groups, group)
                && owner
                    .resources
                    .iter()
                    .any(|pattern| resource_matches(pattern, resource))
                && (names.is_empty() || name.is_some_and(|name| names.iter().any(|owned| owned == name)))
        }
        Atom::Url { verb, url } => {
            has(&owner.verbs, verb) && owner.non_resource_urls.iter().any(|pattern| url_matches(pattern, url))
        }
    }
}

/// `/logs` for itself, `/logs/*` for all that begins with `/logs/`; several stars at the end are as good as one. The same
/// whether `url` is a path that is asked for, or a pattern that is covered.
pub(super) fn url_matches(pattern: &str, url: &str) -> bool {
    pattern == url || pattern.ends_with('*') && url.starts_with(pattern.trim_end_matches('*'))
}

/// Longer descriptions are cut.
const MAX_DESCRIPTION: usize = 200;

/// The rule in one line, the same for rules that grant the same however their lists are ordered, and another for others:
/// `get,list on secrets`, `* on deployments,replicasets of apps`, `get on secrets named tls`.
pub fn describe(rule: &PolicyRule) -> String {
    let objects = sorted(&rule.resources)
        .into_iter()
        .chain(sorted(&rule.non_resource_urls))
        .collect::<Vec<_>>()
        .join(",");
    let mut text = format!("{} on {objects}", sorted(&rule.verbs).join(","));
    if rule.api_groups.iter().any(|group| !group.is_empty()) {
        let groups = sorted(&rule.api_groups)
            .into_iter()
            .map(|group| if group.is_empty() { "core" } else { group });
        text = format!("{text} of {}", groups.collect::<Vec<_>>().join(","));
    }
    if !rule.resource_names.is_empty() {
        text = format!("{text} named {}", sorted(&rule.resource_names).join(","));
    }
    cut(text)
}

/// Cuts a long text, with a mark of all of it that keeps it apart from others that begin the same.
fn cut(text: String) -> String {
    if text.len() <= MAX_DESCRIPTION {
        return text;
    }
    let end = text.floor_char_boundary(MAX_DESCRIPTION);
    let mark = Sha256::digest(&text)[..4]
        .iter()
        .fold(String::new(), |mark, byte| mark + &format!("{byte:02x}"));
    format!("{}… ({mark})", &text[..end])
}

/// A rule as a manifest writes it, without what is empty.
pub fn manifest(rule: &PolicyRule) -> Value {
    let fields = [
        ("verbs", &rule.verbs),
        ("apiGroups", &rule.api_groups),
        ("resources", &rule.resources),
        ("resourceNames", &rule.resource_names),
        ("nonResourceURLs", &rule.non_resource_urls),
    ];
    let written = fields.into_iter().filter(|(_, list)| !list.is_empty());
    Value::Object(
        written
            .map(|(field, list)| (field.to_owned(), list.as_slice().into()))
            .collect(),
    )
}

/// A rule as evidence: as a manifest writes it, or described where it is long.
pub fn evidence(rule: &PolicyRule) -> Value {
    let lists = [
        &rule.verbs,
        &rule.api_groups,
        &rule.resources,
        &rule.resource_names,
        &rule.non_resource_urls,
    ];
    let length: usize = lists.into_iter().flatten().map(String::len).sum();
    if length > MAX_EVIDENCE {
        describe(rule).into()
    } else {
        manifest(rule)
    }
}

const MAX_EVIDENCE: usize = 2_000;

fn sorted(list: &[String]) -> Vec<&str> {
    let mut sorted: Vec<&str> = list.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(yaml: &str) -> PolicyRule {
        serde_saphyr::from_str(yaml).unwrap()
    }

    fn allowed(resources: &str, resource: &str) -> bool {
        let rule = rule(&format!(
            "{{verbs: [create], apiGroups: [''], resources: ['{resources}']}}"
        ));
        allows(
            &rule,
            &Request {
                verb: "create",
                group: "",
                resource,
                name: "",
            },
        )
    }

    #[test]
    fn a_subresource_is_granted_by_its_own_name_only() {
        assert!(!allowed("pods", "pods/exec"));
        assert!(!allowed("pods/*", "pods/exec"));
        assert!(!allowed("*/*", "pods/exec"));
        assert!(allowed("pods/exec", "pods/exec"));
        assert!(allowed("*/exec", "pods/exec"));
        assert!(allowed("*", "pods/exec"));
        assert!(!allowed("*/exec", "pods"));
    }

    #[test]
    fn names_never_match_a_request_without_one_and_a_star_among_them_is_no_wildcard() {
        let rule = rule("{verbs: [get, list], apiGroups: [''], resources: [secrets], resourceNames: ['*', tls]}");
        let request = |verb, name| Request {
            verb,
            group: "",
            resource: "secrets",
            name,
        };
        assert!(allows(&rule, &request("get", "tls")));
        assert!(!allows(&rule, &request("get", "other")));
        assert!(!allows(&rule, &request("list", "")));
    }

    #[test]
    fn one_rule_must_match_whole() {
        let rule = rule("{verbs: [get], apiGroups: [apps], resources: [secrets]}");
        assert!(!allows(
            &rule,
            &Request {
                verb: "get",
                group: "",
                resource: "secrets",
                name: ""
            }
        ));
        assert!(!allows(
            &rule,
            &Request {
                verb: "list",
                group: "apps",
                resource: "secrets",
                name: ""
            }
        ));
    }

    #[test]
    fn everything_is_all_three_wildcards_and_no_names() {
        assert!(is_everything(&rule(
            "{verbs: ['*'], apiGroups: ['*'], resources: ['*']}"
        )));
        assert!(is_everything(&rule(
            "{verbs: [get, '*'], apiGroups: ['', '*'], resources: [pods, '*']}"
        )));
        assert!(!is_everything(&rule(
            "{verbs: ['*'], apiGroups: ['*'], resources: ['*/*']}"
        )));
        assert!(!is_everything(&rule(
            "{verbs: ['*'], apiGroups: [''], resources: ['*']}"
        )));
        assert!(!is_everything(&rule(
            "{verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [a]}"
        )));
    }

    #[test]
    fn single_permissions_may_be_covered_by_different_rules() {
        let owners = [
            rule("{verbs: [get, list], apiGroups: [''], resources: [pods]}"),
            rule("{verbs: ['*'], apiGroups: [''], resources: ['*/log']}"),
            rule("{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [a]}"),
            rule("{verbs: [get], nonResourceURLs: ['/healthz/*']}"),
        ];
        let covered = |yaml: &str| covers(&owners, &rule(yaml));
        assert!(covered("{verbs: [get], apiGroups: [''], resources: [pods, pods/log]}"));
        assert!(!covered("{verbs: [get, watch], apiGroups: [''], resources: [pods]}"));
        assert!(covered(
            "{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [a]}"
        ));
        assert!(!covered(
            "{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [a, b]}"
        ));
        assert!(!covered("{verbs: [get], apiGroups: [''], resources: [secrets]}"));
        assert!(!covered("{verbs: ['*'], apiGroups: [''], resources: [pods]}"));
        assert!(covered("{verbs: [get], nonResourceURLs: ['/healthz/etcd']}"));
        assert!(!covered("{verbs: [get], nonResourceURLs: ['/metrics']}"));
    }

    #[test]
    fn urls_match_whole_or_by_what_stands_before_the_stars() {
        for (pattern, path) in [
            ("/a", "/a"),
            ("*", "/a"),
            ("/a*", "/ab"),
            ("/a/*", "/a/"),
            ("/a**", "/ab"),
        ] {
            assert!(url_matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [("/a", "/ab"), ("/a/*", "/a"), ("/*/b", "/a/b"), ("/a", "/a/")] {
            assert!(!url_matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn a_rule_too_large_to_compare_is_not_covered() {
        let everything = [rule("{verbs: ['*'], apiGroups: ['*'], resources: ['*']}")];
        let many = |prefix: &str| (0..100).map(|n| format!("{prefix}{n}")).collect::<Vec<_>>();
        let large = PolicyRule {
            verbs: many("v"),
            api_groups: many("g"),
            resources: many("r"),
            ..PolicyRule::default()
        };
        assert!(!covers(&everything, &large));
    }

    #[test]
    fn the_order_of_a_rule_does_not_change_its_description() {
        let one = describe(&rule(
            "{verbs: [list, get], apiGroups: [apps, ''], resources: [b, a], resourceNames: [c]}",
        ));
        assert_eq!(
            one,
            describe(&rule(
                "{verbs: [get, list], apiGroups: ['', apps], resources: [a, b], resourceNames: [c]}"
            ))
        );
        assert_eq!(one, "get,list on a,b of core,apps named c");
        assert_eq!(
            describe(&rule("{verbs: [get], apiGroups: [''], resources: [secrets]}")),
            "get on secrets"
        );
        assert_eq!(
            describe(&rule("{verbs: [get], nonResourceURLs: ['/metrics']}")),
            "get on /metrics"
        );
    }

    #[test]
    fn long_rules_are_cut_and_stay_apart() {
        let long = |last: &str| {
            let names = (0..200)
                .map(|n| format!("name-{n:03}"))
                .chain([last.to_owned()])
                .collect();
            describe(&PolicyRule {
                verbs: vec!["get".into()],
                resource_names: names,
                ..PolicyRule::default()
            })
        };
        assert!(long("x").len() < 230);
        assert_ne!(long("x"), long("z"));
    }
}
