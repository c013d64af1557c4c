//! A rule in words.

use leptos::prelude::*;
use shared::rbac::Rule;

/// Its verbs.
pub(super) fn verbs(rule: &Rule) -> AnyView {
    view! { <span class="mono">{starred(&rule.verbs, "every verb")}</span> }.into_any()
}

/// What it is for: resources or paths, with the API groups and the names that it is bound to below.
pub(super) fn target(rule: &Rule) -> AnyView {
    let (what, below) = words(rule);
    let below = (!below.is_empty()).then(|| view! { <span class="sub">{below}</span> });
    view! { <span class="mono">{what}</span>{below} }.into_any()
}

/// The rule's resources or paths, and what narrows them.
fn words(rule: &Rule) -> (String, String) {
    if !rule.non_resource_urls.is_empty() {
        return (starred(&rule.non_resource_urls, "every path"), "no resource".into());
    }
    let mut below = Vec::new();
    match rule.api_groups.as_slice() {
        [core] if core.is_empty() => {}
        groups => {
            let groups: Vec<String> = groups.iter().map(|group| group_word(group)).collect();
            below.push(format!("in {}", starred(&groups, "every API group")));
        }
    }
    if !rule.resource_names.is_empty() {
        below.push(format!("named {}", rule.resource_names.join(", ")));
    }
    (starred(&rule.resources, "every resource"), below.join("; "))
}

fn group_word(group: &str) -> String {
    if group.is_empty() {
        "the core group".into()
    } else {
        group.into()
    }
}

/// A list; `all` where it has a star.
fn starred(list: &[String], all: &str) -> String {
    if list.iter().any(|word| word == "*") {
        all.into()
    } else {
        list.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn rule(groups: &[&str], resources: &[&str], names: &[&str]) -> Rule {
        Rule {
            verbs: list(&["get"]),
            api_groups: list(groups),
            resources: list(resources),
            resource_names: list(names),
            non_resource_urls: Vec::new(),
        }
    }

    #[test]
    fn the_core_group_goes_without_saying() {
        let told = words(&rule(&[""], &["pods", "pods/exec"], &[]));
        assert_eq!(told, ("pods, pods/exec".into(), String::new()));
    }

    #[test]
    fn groups_and_names_narrow_a_rule() {
        let told = words(&rule(&["", "apps"], &["*"], &["a", "b"]));
        assert_eq!(
            told,
            ("every resource".into(), "in the core group, apps; named a, b".into())
        );
        assert_eq!(words(&rule(&["*"], &["*"], &[])).1, "in every API group");
    }

    #[test]
    fn paths_are_no_resources() {
        let paths = Rule {
            non_resource_urls: list(&["/metrics", "/healthz/*"]),
            ..Rule::default()
        };
        assert_eq!(words(&paths), ("/metrics, /healthz/*".into(), "no resource".into()));
    }
}
