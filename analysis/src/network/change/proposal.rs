//! Policies that are proposed, written as a person writes them. Nothing here needs a snapshot, so that it can run in the page.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::network::change::{Mistake, Proposal};
use shared::object::ObjectRef;

use super::located::Part;
use crate::model::normalise::admit;
use crate::model::{Kind, Object};
use crate::network::rule::{Flaw, Policy};
use crate::network::{cluster_wide, namespaced};

/// The kinds of policies that there may be.
const KINDS: &[Kind] = &[
    Kind::NetworkPolicy,
    Kind::ClusterNetworkPolicy,
    Kind::AdminNetworkPolicy,
    Kind::BaselineAdminNetworkPolicy,
];

/// The policies that there would be.
///
/// # Errors
/// All that is wrong with the proposal; what the text is no YAML for is the only one then.
pub fn apply(policies: &[Policy], proposal: &Proposal) -> Result<Vec<Policy>, Vec<Mistake>> {
    let known = policies.iter().map(|policy| (policy.object.clone(), policy.clone()));
    let mut after: BTreeMap<ObjectRef, Policy> = known.collect();
    let mut mistakes = Vec::new();
    for object in &proposal.deleted {
        if after.remove(object).is_none() {
            mistakes.push(Mistake {
                object: Some(object.clone()),
                reason: format!("{object} is not there"),
                ..Mistake::default()
            });
        }
    }
    for read in documents(&proposal.manifests).map_err(|mistake| vec![*mistake])? {
        match read {
            Ok(policy) => _ = after.insert(policy.object.clone(), policy),
            Err(mistake) => mistakes.push(*mistake),
        }
    }
    match mistakes.is_empty() {
        true => Ok(after.into_values().collect()),
        false => Err(mistakes),
    }
}

/// What each document holds, those of lists one by one. An empty document holds nothing.
fn documents(text: &str) -> Result<Vec<Result<Policy, Box<Mistake>>>, Box<Mistake>> {
    let options = serde_saphyr::options! { legacy_octal_numbers: true, with_snippet: false };
    let parts: Vec<Part> =
        serde_saphyr::from_multiple_with_options(text, options).map_err(|error| no_yaml(text, &error))?;
    let mut read = Vec::new();
    for (number, part) in (1..).zip(parts) {
        let value = part.value();
        if value["kind"].as_str().is_some_and(|kind| kind.ends_with("List")) && value["items"].is_array() {
            read.extend(
                part.items("items")
                    .iter()
                    .map(|item| policy(number, item, &item.value())),
            );
        } else if !value.is_null() {
            read.push(policy(number, &part, &value));
        }
    }
    Ok(read)
}

fn no_yaml(text: &str, error: &serde_saphyr::Error) -> Box<Mistake> {
    let line = error
        .location()
        .map(|location| location.line())
        .filter(|line| *line > 0);
    let before = text
        .lines()
        .take(line.map_or(0, |line| usize::try_from(line).unwrap_or(usize::MAX)));
    // A marker at the very beginning begins the first document.
    let markers = before
        .skip_while(|line| line.trim().is_empty() || line.starts_with('#'))
        .skip(1);
    let markers = markers
        .filter(|line| *line == "---" || line.starts_with("--- "))
        .count();
    Box::new(Mistake {
        document: line.map(|_| markers + 1),
        line,
        reason: format!("it is not valid YAML: {}", words(error)),
        ..Mistake::default()
    })
}

/// The line is told beside it.
fn words(error: &serde_saphyr::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let first = text.lines().next().unwrap_or_default();
    match first.strip_prefix("line ").and_then(|rest| rest.split_once(": ")) {
        Some((_, words)) => words.to_owned(),
        None => first.to_owned(),
    }
}

fn policy(document: usize, part: &Part, value: &Value) -> Result<Policy, Box<Mistake>> {
    let mistake = |object: Option<ObjectRef>, field: String, reason: String| {
        Box::new(Mistake {
            document: Some(document),
            line: part.line_of(&field),
            object,
            field,
            reason,
        })
    };
    let said = |name: &str| value[name].as_str().unwrap_or_default();
    let (api_version, written) = (said("apiVersion"), said("kind"));
    let known = Kind::of_manifest(api_version, written).filter(|kind| KINDS.contains(kind));
    let Some(kind) = known else {
        return Err(mistake(None, "kind".into(), not_known(api_version, written)));
    };
    let object = match Object::deserialize(kind, value) {
        Ok(object) => object,
        Err(error) => return Err(mistake(None, misfit(kind, value), error.to_string())),
    };
    if object.meta().name.is_empty() && object.meta().generate_name.is_empty() {
        let reason = "Required value: name or generateName is required";
        return Err(mistake(None, "metadata.name".into(), reason.into()));
    }
    if let Some(field) = unknown_field(&value["spec"], &object.body().unwrap_or_default()["spec"], "spec") {
        let reason = format!("unknown field {field:?}");
        return Err(mistake(Some(object.reference()), field, reason));
    }
    let read = admit(object).and_then(|object| match &object {
        Object::NetworkPolicy(policy) => Some(namespaced::read(policy)),
        other => cluster_wide::read(other),
    });
    match read {
        Some(Ok(policy)) => Ok(policy),
        Some(Err(flaw)) => {
            let Flaw { object, path, reason } = *flaw;
            Err(mistake(Some(object), path, reason))
        }
        None => Err(mistake(None, String::new(), not_known(api_version, written))),
    }
}

fn not_known(api_version: &str, kind: &str) -> String {
    let known: Vec<String> = KINDS
        .iter()
        .map(|kind| format!("{} of {}", kind.info().kind, kind.info().group))
        .collect();
    let known = known.join(", ");
    match kind {
        "" => format!("it does not say its kind; known are {known}"),
        _ => format!("{kind} of {api_version} is no network policy; known are {known}"),
    }
}

/// The first field that the kind does not have, which the API server would drop and kubectl refuse.
fn unknown_field(written: &Value, known: &Value, path: &str) -> Option<String> {
    match (written, known) {
        (Value::Object(written), Value::Object(known)) => written.iter().find_map(|(name, value)| {
            let path = format!("{path}.{name}");
            match known.get(name) {
                None => Some(path).filter(|_| !value.is_null()),
                Some(known) => unknown_field(value, known, &path),
            }
        }),
        (Value::Array(written), Value::Array(known)) => {
            let items = written.iter().zip(known).enumerate();
            let mut found = items.filter_map(|(at, (one, known))| unknown_field(one, known, &format!("{path}[{at}]")));
            found.next()
        }
        _ => None,
    }
}

/// Where in the object the value stands that is of the wrong type. Of the fields or items of a part, the first ones are enough to
/// fail from the wrong one on.
fn misfit(kind: Kind, value: &Value) -> String {
    let (mut path, mut at): (Vec<Step>, &Value) = (Vec::new(), value);
    loop {
        let count = match at {
            Value::Object(fields) => fields.len(),
            Value::Array(items) => items.len(),
            _ => break,
        };
        let fails = |kept: usize| Object::deserialize(kind, with_first(value, &path, kept)).is_err();
        // A part that fails without anything in it is wrong itself.
        if fails(0) {
            break;
        }
        let (mut fits, mut wrong) = (0, count);
        while wrong - fits > 1 {
            let middle = usize::midpoint(fits, wrong);
            if fails(middle) { wrong = middle } else { fits = middle }
        }
        let next = match at {
            Value::Object(fields) => fields.iter().nth(fits).map(|(name, part)| (Step::Field(name), part)),
            Value::Array(items) => items.get(fits).map(|part| (Step::Item(fits), part)),
            _ => None,
        };
        let Some((step, part)) = next else { break };
        path.push(step);
        at = part;
    }
    path.iter().fold(String::new(), |path, step| match step {
        Step::Field(name) if path.is_empty() => (*name).clone(),
        Step::Field(name) => format!("{path}.{name}"),
        Step::Item(place) => format!("{path}[{place}]"),
    })
}

enum Step<'a> {
    Field(&'a String),
    Item(usize),
}

/// The value with only the first fields or items of what stands at a path, and of its holders nothing after it.
fn with_first(value: &Value, path: &[Step<'_>], kept: usize) -> Value {
    let below = |name: Option<&String>, place: usize, part: &Value| match path {
        [Step::Field(step), rest @ ..] if name == Some(step) => Some(with_first(part, rest, kept)),
        [Step::Item(step), rest @ ..] if *step == place => Some(with_first(part, rest, kept)),
        [Step::Field(_), ..] => None,
        [Step::Item(step), ..] => Some(part.clone()).filter(|_| place < *step),
        [] => Some(part.clone()).filter(|_| place < kept),
    };
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().enumerate();
            let kept = kept.filter_map(|(place, (name, part))| Some((name.clone(), below(Some(name), place, part)?)));
            Value::Object(kept.collect())
        }
        Value::Array(items) => {
            let kept = items.iter().enumerate();
            kept.filter_map(|(place, part)| below(None, place, part)).collect()
        }
        other => other.clone(),
    }
}
