//! One rule over numbers, matched as `plugin/pkg/auth/authorizer/rbac/rbac.go` and `evaluation_helpers.go` do.

use super::names::{Name, NameSet, Names};
use super::request::{Request, Target};
use crate::model::rbac::PolicyRule;
use crate::rbac::rules::url_matches;

/// A rule of a role.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) verbs: NameSet,
    pub(super) groups: NameSet,
    pub(super) resources: NameSet,
    /// Empty for every name.
    pub(super) names: NameSet,
    pub(super) urls: NameSet,
}

/// A request over numbers.
#[derive(Debug)]
pub(super) enum Probe<'a> {
    Resource {
        verb: Name,
        group: Name,
        /// `pods/exec`, subresource included.
        resource: Name,
        /// `*/exec`; unknown where the request is for no subresource.
        any_of_subresource: Name,
        name: Name,
    },
    Url {
        verb: Name,
        path: &'a str,
    },
}

impl<'a> Probe<'a> {
    pub(super) fn new(names: &Names, request: &Request<'a>) -> Self {
        let verb = names.find(request.verb);
        match request.target {
            Target::Url { path } => Self::Url { verb, path },
            Target::Resource {
                group,
                resource,
                subresource,
                name,
                ..
            } => {
                let (resource, any_of_subresource) = resources(names, resource, subresource);
                Self::Resource {
                    verb,
                    group: names.find(group),
                    resource,
                    any_of_subresource,
                    name: names.find(name),
                }
            }
        }
    }
}

fn resources(names: &Names, resource: &str, subresource: &str) -> (Name, Name) {
    if subresource.is_empty() {
        return (names.find(resource), Name::UNKNOWN);
    }
    let any = names.find(&format!("*/{subresource}"));
    (names.find(&format!("{resource}/{subresource}")), any)
}

impl Rule {
    pub(super) fn new(names: &mut Names, rule: &PolicyRule) -> Self {
        Self {
            verbs: NameSet::new(names, &rule.verbs),
            groups: NameSet::new(names, &rule.api_groups),
            resources: NameSet::new(names, &rule.resources),
            names: NameSet::new(names, &rule.resource_names),
            urls: NameSet::new(names, &urls(rule)),
        }
    }

    /// Whether this rule, by itself, allows the request. A literal `*` among the names is no wildcard.
    pub(super) fn allows(&self, names: &Names, probe: &Probe<'_>) -> bool {
        match *probe {
            Probe::Resource {
                verb,
                group,
                resource,
                any_of_subresource,
                name,
            } => {
                self.verbs.matches(verb)
                    && self.groups.matches(group)
                    && (self.resources.matches(resource) || self.resources.has(any_of_subresource))
                    && (self.names.is_empty() || self.names.has(name))
            }
            Probe::Url { verb, path } => {
                self.verbs.matches(verb) && self.urls.iter().any(|url| url_matches(names.text(url), path))
            }
        }
    }
}

/// Several stars at an end are as good as one: written as one, no two patterns match the same.
fn urls(rule: &PolicyRule) -> Vec<String> {
    let one_star = |url: &String| match url.strip_suffix('*') {
        Some(rest) => format!("{}*", rest.trim_end_matches('*')),
        None => url.clone(),
    };
    rule.non_resource_urls.iter().map(one_star).collect()
}
