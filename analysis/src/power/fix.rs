//! The narrower rule that takes a power away, and the subject that must go where there is none.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::object::ObjectRef;
use shared::patch::Patch;

use super::{Held, Permission, Power, who};
use crate::model::rbac::{PolicyRule, Subject};
use crate::rbac::role::is_among;
use crate::rbac::{defaults, rules};

/// A role of more rules is not patched: each patch would repeat all the others.
const MAX_PATCHED_RULES: usize = 100;

/// The change that closes it, and what it does: a role that someone wrote loses the permissions and keeps the rest. Where
/// that leaves nothing of the role that is bound, can't be said without wildcards, or the role is Kubernetes' own, the subjects leave the binding.
pub(crate) fn fix(power: &Power, held: &Held<'_>) -> Option<(String, Patch)> {
    let Held {
        binding, role, holders, ..
    } = held;
    let is_excess = holders.iter().all(|(_, subject)| defaults::names(binding, subject));
    let is_ours = |(target, _): &(ObjectRef, _)| is_excess || defaults::rules(target).is_none();
    if let Some((target, kept)) = narrowed(power, held, is_excess).filter(is_ours) {
        let change = format!("Take from {target} what lets it {}", power.may);
        let body = json!({ "rules": kept });
        return Some((change, Patch::Merge { target, body }));
    }
    let subjects: Vec<&Subject> = holders.iter().map(|(_, subject)| *subject).collect();
    let patch = binding.without_all(&subjects).filter(|_| !is_excess)?;
    Some((format!("Take {} from {}", role.reference, who(binding, holders)), patch))
}

/// The role in which the rules stand, and its rules without what gives the power; where it must go from an own role of
/// Kubernetes, a rule with wildcards goes whole.
fn narrowed(power: &Power, held: &Held<'_>, is_excess: bool) -> Option<(ObjectRef, Vec<Value>)> {
    let (target, written) = held
        .role
        .holder(&held.rules)
        .filter(|(_, written)| written.len() <= MAX_PATCHED_RULES)?;
    let mut kept = Vec::new();
    for rule in written {
        match is_among(rule, &held.rules) {
            false => kept.push(rules::manifest(rule)),
            true => kept.extend(
                without_named(rule, power.permissions, held.names.as_ref())
                    .or(is_excess.then(Vec::new))?
                    .iter()
                    .map(rules::manifest),
            ),
        }
    }
    (!kept.is_empty() || target != held.role.reference).then_some((target, kept))
}

/// The same, where only some names make the permissions a power: for the other names all stays.
fn without_named(
    rule: &PolicyRule,
    permissions: &[Permission],
    decisive: Option<&BTreeSet<String>>,
) -> Option<Vec<PolicyRule>> {
    let is_decisive = |name: &String| decisive.is_none_or(|names| names.contains(name));
    let (taken, other): (Vec<String>, Vec<String>) = rule.resource_names.iter().cloned().partition(is_decisive);
    let named = |resource_names: Vec<String>| PolicyRule {
        resource_names,
        ..rule.clone()
    };
    match other.is_empty() {
        true => without(rule, permissions),
        false => {
            let rest = without(&named(taken), permissions)?;
            Some(std::iter::once(named(other)).chain(rest).collect())
        }
    }
}

/// A rule without some permissions, as rules that grant exactly the rest; none where it has wildcards, since what they would
/// have to be replaced by is not known.
fn without(rule: &PolicyRule, permissions: &[Permission]) -> Option<Vec<PolicyRule>> {
    let lists = [&rule.verbs, &rule.api_groups, &rule.resources];
    if lists.into_iter().flatten().any(|item| item.starts_with('*')) {
        return None;
    }
    let is_of = |permission: &Permission, resource: &str| match permission.resource {
        "*" => !resource.contains('/'),
        asked => asked == resource,
    };
    let verbs_left = |group: &str, resource: &str| -> Vec<String> {
        let taken = |verb: &str| {
            permissions.iter().any(|permission| {
                permission.group == group && is_of(permission, resource) && permission.verbs.contains(&verb)
            })
        };
        rule.verbs.iter().filter(|verb| !taken(verb)).cloned().collect()
    };
    let is_whole = |resource: &String| {
        rule.api_groups
            .iter()
            .all(|group| verbs_left(group, resource).len() == rule.verbs.len())
    };
    let (whole, split): (Vec<String>, Vec<String>) = rule.resources.iter().cloned().partition(is_whole);
    let mut kept = Vec::new();
    if !whole.is_empty() || !rule.non_resource_urls.is_empty() {
        kept.push(PolicyRule {
            resources: whole,
            ..rule.clone()
        });
    }
    for (group, resource) in rule
        .api_groups
        .iter()
        .flat_map(|group| split.iter().map(move |resource| (group, resource)))
    {
        let verbs = verbs_left(group, resource);
        if !verbs.is_empty() {
            let (api_groups, resources, non_resource_urls) = (vec![group.clone()], vec![resource.clone()], Vec::new());
            kept.push(PolicyRule {
                verbs,
                api_groups,
                resources,
                non_resource_urls,
                ..rule.clone()
            });
        }
    }
    Some(kept)
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::power::permission;

    fn left(rule: &str) -> Option<Vec<String>> {
        let rule: PolicyRule = serde_saphyr::from_str(rule).unwrap();
        let pods = [
            permission(&["create", "patch"], "", "pods"),
            permission(&["get"], "", "pods/exec"),
        ];
        without(&rule, &pods).map(|kept| kept.iter().map(rules::describe).collect())
    }

    #[test]
    fn what_is_left_of_a_rule_grants_exactly_the_rest() {
        let rule = "{verbs: [create, get], apiGroups: ['', apps], resources: [pods, services, pods/exec]}";
        assert_eq!(
            left(rule).unwrap(),
            [
                "create,get on services of core,apps",
                "get on pods",
                "create on pods/exec",
                "create,get on pods of apps",
                "create,get on pods/exec of apps",
            ]
        );
        assert_eq!(
            left("{verbs: [create], apiGroups: [''], resources: [pods]}").unwrap(),
            [""; 0]
        );
    }

    #[test]
    fn only_the_names_that_matter_lose_the_permission() {
        let rule = "{verbs: [get, create], apiGroups: [''], resources: [pods], resourceNames: [own, other]}";
        let rule: PolicyRule = serde_saphyr::from_str(rule).unwrap();
        let names = BTreeSet::from(["other".to_owned()]);
        let kept = without_named(&rule, &[permission(&["create"], "", "pods")], Some(&names)).unwrap();
        let kept: Vec<_> = kept.iter().map(rules::describe).collect();
        assert_eq!(kept, ["create,get on pods named own", "get on pods named other"]);
    }

    #[test]
    fn a_rule_with_wildcards_has_no_rest_that_could_be_written_down() {
        for rule in [
            "{verbs: ['*'], apiGroups: [''], resources: [pods]}",
            "{verbs: [create], apiGroups: ['*'], resources: [pods]}",
            "{verbs: [get], apiGroups: [''], resources: ['*/exec']}",
        ] {
            assert_eq!(left(rule), None, "{rule}");
        }
    }
}
