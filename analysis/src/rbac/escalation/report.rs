//! What was found, in the form in which the command line, the API and the page give it.

use std::collections::BTreeMap;

use serde_json::json;
use shared::escalations::{Blind, BlindSpot, Cut, Escalation as Item, Escalations, Fix, Removal, Sink, SinkCount};
use shared::patch::Patch;
use shared::rbac::Subject;
use shared::snapshots::KindCoverage;

use super::cut::{Chosen, Ways};
use super::draft::number;
use super::fact::Fact;
use super::graph::Element;
use super::path::Words;
use super::power::{self, Power};
use super::{Escalation, build};
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object};
use crate::rbac::access::{Origin, parts};
use crate::rbac::{Binding, binding, defaults, rules};

/// The kinds without which there may be more ways, beside those of roles and bindings.
const KINDS: [Kind; 12] = [
    Kind::Namespace,
    Kind::Node,
    Kind::Pod,
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::ReplicaSet,
    Kind::ReplicationController,
    Kind::CronJob,
    Kind::ServiceAccount,
    Kind::Secret,
    Kind::MutatingWebhookConfiguration,
];

pub(super) fn report(found: &Escalation<'_>) -> Escalations {
    let mut closure = found.closure();
    let may_go = |element| may_go(found, element);
    let ways = Ways::new(&mut closure, &found.pairs, may_go);
    let fixes = ways.fixes(&mut closure);
    let of = ways.pairs.len();
    let cut = ways.cut(&mut closure, may_go);
    let undecided = undecided(found);
    Escalations {
        sinks: Sink::ALL
            .iter()
            .zip(0..)
            .map(|(sink, place)| count(found, *sink, place))
            .collect(),
        items: items(found, &fixes),
        next: None,
        cut: cut_in_words(found, &cut, of),
        complete: undecided.is_empty(),
        undecided,
        blind: blind(found),
    }
}

fn count(found: &Escalation<'_>, sink: Sink, place: usize) -> SinkCount {
    let of_sink = || found.pairs.iter().filter(move |pair| pair.sink == place);
    let expected = of_sink().filter(|pair| pair.is_expected).count();
    SinkCount {
        sink,
        subjects: number(of_sink().count() - expected),
        expected: number(expected),
    }
}

fn items(found: &Escalation<'_>, fixes: &BTreeMap<(u32, usize), (Element, usize)>) -> Vec<Item> {
    let roles: Vec<Option<u32>> = found.access.binding_parts().map(|part| part.role).collect();
    let words = Words {
        access: found.access,
        world: &found.world,
        roles: &roles,
    };
    let mut closure = found.closure();
    let mut items: Vec<Item> = Vec::new();
    for pair in &found.pairs {
        if !closure.again(pair, &[]) {
            continue;
        }
        let subject = subject(found, pair.subject);
        let fix = fixes.get(&(pair.subject, pair.sink));
        items.push(Item {
            members: group_members(&subject),
            sink: Sink::ALL[pair.sink],
            steps: words.steps(&closure.search, found.graph.sink(pair.sink)),
            expected: pair.is_expected,
            fix: fix.map(|(element, closes)| fix_in_words(found, *element, *closes)),
            subject,
        });
    }
    items.sort_by(|a, b| (a.expected, a.sink, &a.subject).cmp(&(b.expected, b.sink, &b.subject)));
    items
}

fn subject(found: &Escalation<'_>, subject: u32) -> Subject {
    let who = &found.world.subjects[subject as usize];
    parts::subject(who.is_group, &who.name)
}

fn group_members(subject: &Subject) -> Option<String> {
    let is_group = subject.kind == shared::rbac::SubjectKind::Group;
    is_group.then(|| binding::members(&subject.name)).flatten()
}

/// What Kubernetes makes itself it puts back.
fn may_go(found: &Escalation<'_>, element: Element) -> bool {
    match element {
        Element::Subject { subject, binding } => {
            let part = found.access.binding_part(binding);
            part.is_some_and(|part| !build::is_default(part.object, &found.world, subject))
        }
        Element::Binding(binding) => {
            let part = found.access.binding_part(binding);
            part.is_some_and(|part| defaults::object(&part.object.reference()).is_none())
        }
        Element::Rule((role, place)) => may_rule_go(found, role, place),
    }
}

/// What a role aggregates in a running cluster comes back from the roles that it aggregates.
fn may_rule_go(found: &Escalation<'_>, role: u32, place: u32) -> bool {
    let Some(object) = found.access.role_part(role) else {
        return false;
    };
    let is_filled = found.access.origin() == Origin::Live
        && matches!(object, Object::ClusterRole(role) if role.aggregation_rule.is_some());
    let mut rules = found.access.rule_parts(role);
    let rule = rules.find(|(at, _)| *at == (role, place));
    !is_filled && rule.is_some_and(|(_, rule)| build::is_own(object, rule))
}

fn fix_in_words(found: &Escalation<'_>, element: Element, closes: usize) -> Fix {
    let (removal, patch) = match element {
        Element::Subject { subject, binding } => without_subject(found, subject, binding),
        Element::Binding(binding) => {
            let binding = reference(found, binding);
            let patch = Patch::Delete {
                target: binding.clone(),
            };
            (Removal::Binding { binding }, Some(patch))
        }
        Element::Rule(rule) => without_rule(found, rule),
    };
    Fix {
        removal,
        patch,
        closes: number(closes),
    }
}

fn reference(found: &Escalation<'_>, binding: u32) -> shared::object::ObjectRef {
    let part = found.access.binding_part(binding);
    part.map_or_else(shared::object::ObjectRef::cluster, |part| part.object.reference())
}

fn without_subject(found: &Escalation<'_>, who: u32, number: u32) -> (Removal, Option<Patch>) {
    let removal = Removal::Subject {
        binding: reference(found, number),
        subject: subject(found, who),
    };
    let part = found.access.binding_part(number);
    let patch = part.and_then(|part| {
        let binding = Binding::of(part.object)?;
        let who = &found.world.subjects[who as usize];
        let named = binding.subjects.iter().find(|named| {
            let name = match binding.service_account(named) {
                Some((namespace, name)) => format!("system:serviceaccount:{namespace}:{name}"),
                None => named.name.clone(),
            };
            name == who.name && (named.kind == "Group") == who.is_group
        });
        binding.without(named?)
    });
    (removal, patch)
}

/// A role of more rules than this is not repeated in a patch.
const MAX_RULES: usize = 100;

fn without_rule(found: &Escalation<'_>, (role, place): parts::Rule) -> (Removal, Option<Patch>) {
    let target = found.access.role_reference(role);
    let all: Vec<&PolicyRule> = found
        .access
        .rule_parts(role)
        .filter(|((of, _), _)| *of == role)
        .map(|(_, rule)| rule)
        .collect();
    let others = (0..).zip(&all).filter(|(other, _)| *other != place);
    let others: Vec<serde_json::Value> = others.map(|(_, rule)| rules::manifest(rule)).collect();
    let patch = (all.len() <= MAX_RULES).then(|| Patch::Merge {
        target: target.clone(),
        body: json!({ "rules": others }),
    });
    (
        Removal::Rule {
            role: target,
            rule: place,
        },
        patch,
    )
}

fn cut_in_words(found: &Escalation<'_>, chosen: &Chosen, of: usize) -> Cut {
    let fixes = chosen.elements.iter();
    Cut {
        fixes: fixes
            .map(|(element, closes)| fix_in_words(found, *element, *closes))
            .collect(),
        closes: number(chosen.closes),
        of: number(of),
        lower_bound: number(chosen.lower_bound),
    }
}

fn undecided(found: &Escalation<'_>) -> Vec<KindCoverage> {
    let unread: Vec<Kind> = found.access.unread().iter().map(|unread| unread.kind).collect();
    let mut coverage = found.access.coverage(&unread);
    // What manifests leave out is not there, as far as they tell.
    if found.access.origin() == Origin::Live {
        let outcome = |kind: Kind| (kind, found.snapshot.outcome(kind));
        let others = KINDS
            .into_iter()
            .map(outcome)
            .filter(|(_, outcome)| !outcome.is_known());
        coverage.extend(others.map(|(kind, outcome)| KindCoverage {
            resource: kind.info().resource(),
            outcome,
        }));
    }
    coverage
}

/// What roles and bindings can't answer, where it matters.
fn blind(found: &Escalation<'_>) -> Vec<Blind> {
    let mut blind = vec![
        spot(
            BlindSpot::Authorizers,
            "Webhooks and other authorisers beside RBAC may allow more; nothing of what they say is in the cluster's objects.",
        ),
        spot(
            BlindSpot::Admission,
            "Policy engines, and a default of Pod Security in the API server's configuration, may refuse pods that the labels of \
             namespaces let in.",
        ),
        spot(
            BlindSpot::Cloud,
            "Whom a cloud lets in by its own means, and as which group, is not in the cluster; nor is what its pods may do there.",
        ),
    ];
    let is_nodes = found.graph.facts.contains(&Fact::NodeIdentity);
    if is_nodes {
        blind.push(spot(
            BlindSpot::NodeAuthorizer,
            "The Node authoriser gives each kubelet the secrets and tokens of the pods that are bound to its node; a node's identity \
             is taken to reach those of all pods that run.",
        ));
    }
    let subjects = with_extras(found);
    if !subjects.is_empty() {
        let text = "They may impersonate uids or extras. RBAC looks at neither; other authorisers and admission may.";
        blind.push(Blind {
            subjects,
            ..spot(BlindSpot::Extras, text)
        });
    }
    blind
}

fn spot(spot: BlindSpot, text: &str) -> Blind {
    Blind {
        spot,
        text: text.to_owned(),
        subjects: Vec::new(),
    }
}

/// Who may impersonate uids or extras and no wildcard besides.
fn with_extras(found: &Escalation<'_>) -> Vec<Subject> {
    let has_extras = |role: u32| {
        let mut rules = found.access.rule_parts(role);
        rules.any(|(_, rule)| {
            let mut powers = power::powers(rule).into_iter();
            !rules::is_everything(rule) && powers.any(|grants| grants.power == Power::ImpersonateExtra)
        })
    };
    let bindings = found.access.binding_parts().filter(|part| part.namespace.is_none());
    let mut subjects: Vec<Subject> = bindings
        .filter(|part| part.role.is_some_and(has_extras))
        .flat_map(|part| part.subjects.iter().map(|who| subject(found, *who)))
        .collect();
    subjects.sort();
    subjects.dedup();
    subjects
}
