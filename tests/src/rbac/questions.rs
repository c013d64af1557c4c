//! Random requests, most of them near to something that a rule grants.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::Value;
use shared::rbac::Question;

use super::world::{
    API_GROUPS, BARE, GROUPS, NAMES, NAMESPACES, RESOURCES, SUBRESOURCES, URLS, USERS, VERBS, pick, some,
};

/// A request of somebody in the world that holds these objects.
pub fn random(random: &mut StdRng, world: &[Value]) -> Question {
    let mut question = anything(random);
    if random.random_bool(0.85) {
        near(random, world, &mut question);
    }
    if random.random_bool(0.3) {
        stray(random, &mut question);
    }
    question
}

fn anything(random: &mut StdRng) -> Question {
    let mut question = Question {
        user: pick(random, USERS).to_owned(),
        groups: some(random, GROUPS, 0, 3).into_iter().map(str::to_owned).collect(),
        verb: pick(random, VERBS).to_owned(),
        ..Question::default()
    };
    if random.random_bool(0.002) {
        question.groups.push("system:masters".into());
    }
    if random.random_bool(0.15) {
        let pattern = pick(random, URLS);
        question.path = Some(path(random, pattern));
        return question;
    }
    question.group = pick(random, API_GROUPS).to_owned();
    question.resource = pick(random, RESOURCES).to_owned();
    if random.random_bool(0.3) {
        question.subresource = pick(random, SUBRESOURCES).to_owned();
    }
    if random.random_bool(0.7) {
        question.namespace = pick(random, NAMESPACES).to_owned();
    }
    if random.random_bool(0.5) {
        question.name = pick(random, NAMES).to_owned();
    }
    question
}

/// Makes it what a rule of a role grants to a subject of a binding, if it can be found.
fn near(random: &mut StdRng, world: &[Value], question: &mut Question) {
    let bindings: Vec<&Value> = world.iter().filter(|object| object.get("roleRef").is_some()).collect();
    let Some(binding) = bindings.choose(random) else {
        return;
    };
    who(random, binding, question);
    let namespace = binding["metadata"]["namespace"].as_str();
    let role = world.iter().find(|object| {
        let is_here = object["kind"] != "Role" || object["metadata"]["namespace"].as_str() == namespace;
        object["kind"] == binding["roleRef"]["kind"]
            && object["metadata"]["name"] == binding["roleRef"]["name"]
            && is_here
    });
    let rules = role.and_then(|role| role["rules"].as_array());
    if let Some(rule) = rules.and_then(|rules| rules.choose(random)) {
        what(random, rule, question);
    }
    if let Some(namespace) = namespace.filter(|_| question.path.is_none()) {
        question.namespace = namespace.to_owned();
    }
}

fn who(random: &mut StdRng, binding: &Value, question: &mut Question) {
    let Some(subject) = binding["subjects"]
        .as_array()
        .and_then(|subjects| subjects.choose(random))
    else {
        return;
    };
    let name = subject["name"].as_str().unwrap_or_default();
    let of_binding = binding["metadata"]["namespace"].as_str().unwrap_or_default();
    match subject["kind"].as_str() {
        Some("Group") => question.groups.push(name.to_owned()),
        Some("User") => question.user = name.to_owned(),
        _ => {
            let namespace = subject["namespace"].as_str().unwrap_or(of_binding);
            question.user = format!("system:serviceaccount:{namespace}:{name}");
        }
    }
}

/// Wildcards stand for anything, and sometimes for themselves.
fn what(random: &mut StdRng, rule: &Value, question: &mut Question) {
    let verb = one_of(random, &rule["verbs"]);
    if verb != "*" {
        question.verb = verb;
    }
    if rule.get("nonResourceURLs").is_some() {
        let url = one_of(random, &rule["nonResourceURLs"]);
        *question = Question {
            path: Some(path(random, &url)),
            user: std::mem::take(&mut question.user),
            groups: std::mem::take(&mut question.groups),
            verb: std::mem::take(&mut question.verb),
            ..Question::default()
        };
        return;
    }
    question.path = None;
    let group = one_of(random, &rule["apiGroups"]);
    if group != "*" {
        question.group = group;
    }
    if question.resource.is_empty() {
        question.resource = pick(random, RESOURCES).to_owned();
    }
    let resource = one_of(random, &rule["resources"]);
    let (resource, subresource) = resource.split_once('/').unwrap_or((&resource, ""));
    if resource != "*" {
        question.resource = resource.to_owned();
        question.subresource = subresource.to_owned();
    } else if !subresource.is_empty() {
        question.subresource = subresource.to_owned();
    }
    if rule.get("resourceNames").is_some() {
        question.name = one_of(random, &rule["resourceNames"]);
    }
}

fn one_of(random: &mut StdRng, list: &Value) -> String {
    let chosen = list.as_array().and_then(|list| list.choose(random));
    chosen.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn path(random: &mut StdRng, pattern: &str) -> String {
    let ends = ["", "/", "a", "a/b", "*", "/c"];
    let path = match pattern.strip_suffix('*') {
        Some(prefix) => format!("{}{}", prefix.trim_end_matches('*'), pick(random, &ends)),
        None => pattern.to_owned(),
    };
    if path.is_empty() { "/".to_owned() } else { path }
}

/// Changes one thing.
fn stray(random: &mut StdRng, question: &mut Question) {
    if question.path.is_some() {
        let pattern = pick(random, URLS);
        question.path = Some(path(random, pattern));
        return;
    }
    match random.random_range(0..8) {
        0 => question.verb = pick(random, VERBS).to_owned(),
        1 => question.group = pick(random, API_GROUPS).to_owned(),
        2 => question.resource = pick(random, RESOURCES).to_owned(),
        3 => question.subresource = pick(random, &["", "exec", "log", "scale", "*", "exec/a"]).to_owned(),
        4 => question.name = pick(random, NAMES).to_owned(),
        5 => question.namespace = pick(random, &["", "proof-a", "proof-b", BARE]).to_owned(),
        // Written in one, a subresource is none.
        6 if !question.subresource.is_empty() => {
            question.resource = format!("{}/{}", question.resource, question.subresource);
            question.subresource.clear();
        }
        _ => question.groups.clear(),
    }
}
