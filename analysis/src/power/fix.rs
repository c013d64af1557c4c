//! The narrower rule that takes a power away, and the subject that must go where there is none.

use serde_json::{Value, json};
use shared::object::ObjectRef;
use shared::patch::Patch;

use super::{Held, Permission, Power, who};
use crate::model::rbac::{PolicyRule, Subject};
use crate::rbac::role::is_among;
use crate::rbac::{Role, defaults, rules};

/// A role of more rules is not patched: each patch would repeat all the others.
const MAX_PATCHED_RULES: usize = 100;

/// The change that closes it, and what it does: a role that someone wrote loses the permissions and keeps the rest. Where
/// that leaves nothing, can't be said without wildcards, or the role is Kubernetes' own, the subjects leave the binding.
pub(super) fn fix(power: &Power, held: &Held<'_>) -> Option<(String, Patch)> {
    let Held {
        binding,
        role,
        holders,
        rules,
    } = held;
    let is_excess = holders.iter().all(|(_, subject)| defaults::names(binding, subject));
    if role.default().is_none() || is_excess {
        let narrowed = narrowed(power, role, rules, is_excess);
        if let Some((target, kept)) = narrowed {
            let change = format!("Take from {target} what lets it {}", power.may);
            return Some((
                change,
                Patch::Merge {
                    target,
                    body: json!({ "rules": kept }),
                },
            ));
        }
    }
    let subjects: Vec<&Subject> = holders.iter().map(|(_, subject)| *subject).collect();
    let patch = binding.without_all(&subjects).filter(|_| !is_excess)?;
    Some((format!("Take {} from {}", role.reference, who(binding, holders)), patch))
}

/// The role in which the rules stand, and its rules without what gives the power; where it must go from an own role of
/// Kubernetes, a rule with wildcards goes whole.
fn narrowed(
    power: &Power,
    role: &Role<'_>,
    giving: &[&PolicyRule],
    is_excess: bool,
) -> Option<(ObjectRef, Vec<Value>)> {
    let (target, held) = role
        .holder(giving)
        .filter(|(_, held)| held.len() <= MAX_PATCHED_RULES)?;
    let mut kept = Vec::new();
    for rule in held {
        match is_among(rule, giving) {
            false => kept.push(rules::manifest(rule)),
            true => kept.extend(
                without(rule, power.permissions)
                    .or(is_excess.then(Vec::new))?
                    .iter()
                    .map(rules::manifest),
            ),
        }
    }
    (!kept.is_empty()).then_some((target, kept))
}

/// A rule without some permissions, as rules that grant exactly the rest; none where it has wildcards, since what they would
/// have to be replaced by is not known.
fn without(rule: &PolicyRule, permissions: &[Permission]) -> Option<Vec<PolicyRule>> {
    let lists = [&rule.verbs, &rule.api_groups, &rule.resources];
    if lists.into_iter().flatten().any(|item| item.starts_with('*')) {
        return None;
    }
    let verbs_left = |group: &str, resource: &str| -> Vec<String> {
        let taken = |verb: &str| {
            permissions.iter().any(|permission| {
                permission.group == group && permission.resource == resource && permission.verbs.contains(&verb)
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
