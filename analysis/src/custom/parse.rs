//! From files to custom checks.

use std::collections::{BTreeMap, BTreeSet};

use serde_saphyr::Spanned;

use super::error::{Error, Flaw};
use super::expression::Expression;
use super::file::CheckFile;
use super::{CustomCheck, Message, Subjects};
use crate::checks;
use crate::framework;
use crate::model::Kind;
use crate::near::{near, suggestion};

/// How many custom checks there may be.
pub const MAX_CHECKS: usize = 200;

/// How many fields a check may show.
const MAX_FIELDS: usize = 20;

/// A flaw at the line of what was read there.
type Found = (Option<u64>, Flaw);

/// The checks that files hold, each given with the name by which errors call it. All of them are good, or there are none.
///
/// # Errors
/// A file is no YAML, a check is none, or there are two of one id.
pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Vec<CustomCheck>, Error> {
    let (mut checks, mut ids) = (Vec::new(), BTreeSet::new());
    for (file, text) in files {
        let located = |(line, flaw)| Error {
            file: file.to_owned(),
            line,
            flaw,
        };
        for document in read(text).map_err(located)? {
            let check = build(file, &document).map_err(located)?;
            if !ids.insert(check.id.clone()) {
                return Err(located(at(&document.id, Flaw::Twice(check.id))));
            }
            if ids.len() > MAX_CHECKS {
                return Err(located(at(&document.id, Flaw::TooMany(MAX_CHECKS))));
            }
            checks.push(check);
        }
    }
    Ok(checks)
}

fn at<T>(place: &Spanned<T>, flaw: Flaw) -> Found {
    (Some(place.referenced.line()).filter(|line| *line > 0), flaw)
}

fn read(text: &str) -> Result<Vec<CheckFile>, Found> {
    let options = serde_saphyr::options! { with_snippet: false };
    // The error tells the line itself.
    serde_saphyr::from_multiple_with_options(text, options).map_err(|error| (None, Flaw::Shape(error.to_string())))
}

fn build(file: &str, read: &CheckFile) -> Result<CustomCheck, Found> {
    id(&read.id)?;
    told(read)?;
    let subjects = subjects(read)?;
    let variables = subjects.variables();
    Ok(CustomCheck {
        id: read.id.value.clone(),
        title: read.title.clone(),
        area: read.area,
        severity: read.severity,
        rationale: read.rationale.clone(),
        remediation: read.remediation.clone(),
        controls: controls(read)?,
        file: file.to_owned(),
        expression: expression(read, "expression", &read.expression, variables)?,
        message: message(read, variables)?,
        fields: read.fields.clone(),
        subjects,
    })
}

fn id(id: &Spanned<String>) -> Result<(), Found> {
    let may_stand = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(may_stand);
    if !id.value.split('-').all(is_word) {
        return Err(at(id, Flaw::Id(id.value.clone())));
    }
    if checks::by_id(&id.value).is_some() {
        return Err(at(id, Flaw::BuiltIn(id.value.clone())));
    }
    Ok(())
}

/// Whether it says all that a person is shown.
fn told(read: &CheckFile) -> Result<(), Found> {
    let fields = [
        ("title", &read.title),
        ("rationale", &read.rationale),
        ("remediation", &read.remediation),
    ];
    let check = || read.id.value.clone();
    if let Some((field, _)) = fields.into_iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(at(&read.id, Flaw::Empty { check: check(), field }));
    }
    if read.fields.len() > MAX_FIELDS {
        return Err(at(&read.id, Flaw::Fields(check(), MAX_FIELDS)));
    }
    Ok(())
}

fn subjects(read: &CheckFile) -> Result<Subjects, Found> {
    if read.workloads != read.kinds.is_empty() {
        return Err(at(&read.id, Flaw::Subjects(read.id.value.clone())));
    }
    if read.workloads {
        return Ok(Subjects::Workloads);
    }
    let mut kinds: Vec<Kind> = read
        .kinds
        .iter()
        .map(|name| kind(read, name))
        .collect::<Result<_, _>>()?;
    kinds.sort();
    kinds.dedup();
    Ok(Subjects::Kinds(kinds))
}

fn kind(read: &CheckFile, name: &Spanned<String>) -> Result<Kind, Found> {
    // Samples are summed up, and are no objects of a snapshot.
    let kinds = || Kind::ALL.iter().filter(|kind| **kind != Kind::PodMetrics);
    let known = kinds().find(|kind| kind.info().kind == name.value);
    known.copied().ok_or_else(|| {
        let names = kinds().map(|kind| kind.info().kind);
        let flaw = Flaw::Kind {
            check: read.id.value.clone(),
            kind: name.value.clone(),
            suggestion: suggestion(&near(&name.value, names)),
        };
        at(name, flaw)
    })
}

fn expression(
    read: &CheckFile,
    field: &'static str,
    text: &Spanned<String>,
    variables: &'static [&'static str],
) -> Result<Expression, Found> {
    Expression::compile(&text.value, variables).map_err(|problem| {
        let check = read.id.value.clone();
        let problem = problem.to_string();
        at(text, Flaw::Expression { check, field, problem })
    })
}

fn message(read: &CheckFile, variables: &'static [&'static str]) -> Result<Message, Found> {
    match (&read.message, &read.message_expression) {
        (Some(_), Some(text)) => Err(at(text, Flaw::TwoMessages(read.id.value.clone()))),
        (None, Some(text)) => expression(read, "messageExpression", text, variables).map(Message::Expression),
        (Some(text), None) => Ok(Message::Text(text.clone())),
        (None, None) => Ok(Message::Text(format!("{}.", read.title.trim_end_matches('.')))),
    }
}

/// The controls that it answers; those of built-in frameworks must exist.
fn controls(read: &CheckFile) -> Result<BTreeMap<String, Vec<String>>, Found> {
    for (id, controls) in &read.frameworks {
        let Some(built_in) = framework::by_id(id) else { continue };
        let is_there = |control: &&Spanned<String>| built_in.controls().any(|known| known.id == control.value);
        if let Some(missing) = controls.iter().find(|control| !is_there(control)) {
            let flaw = Flaw::Control {
                check: read.id.value.clone(),
                framework: id.clone(),
                control: missing.value.clone(),
            };
            return Err(at(missing, flaw));
        }
    }
    let values = |controls: &Vec<Spanned<String>>| controls.iter().map(|control| control.value.clone()).collect();
    let listed = read
        .frameworks
        .iter()
        .map(|(id, controls)| (id.clone(), values(controls)));
    Ok(listed.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "
id: team-label-missing
title: Namespace without a team
area: least-privilege
severity: low
rationale: Nobody knows whom to ask.
remediation: Set the label.
kinds: [Namespace]
expression: has(object.metadata.labels) && 'team' in object.metadata.labels
frameworks: {cis-1.12: [5.6.1], ours: [a]}
";

    fn error(text: &str) -> String {
        parse([("own.yaml", text)]).unwrap_err().to_string()
    }

    #[test]
    fn a_file_holds_one_check_or_several() {
        let second = GOOD.replace("team-label-missing", "other");
        let checks = parse([("own.yaml", format!("{GOOD}\n---\n{second}").as_str())]).unwrap();
        let ids: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
        assert_eq!(ids, ["team-label-missing", "other"]);
        let info = checks[0].info();
        assert_eq!(
            (info.source.as_deref(), info.reads.join(" ")),
            (Some("own.yaml"), "namespaces".to_owned())
        );
        let controls: Vec<_> = info
            .controls
            .iter()
            .map(|control| (control.framework.as_str(), control.id.as_str()))
            .collect();
        assert_eq!(controls, [("CIS 1.12", "5.6.1"), ("ours", "a")]);
    }

    #[test]
    fn an_id_is_of_words_and_there_once() {
        assert_eq!(
            error(&GOOD.replace("team-label-missing", "Team label")),
            "own.yaml, line 2: the id \"Team label\" must be of lower-case letters and digits, in words with a dash between them"
        );
        assert_eq!(
            error(&GOOD.replace("team-label-missing", "single-replica")),
            "own.yaml, line 2: a check with the id single-replica is built in"
        );
        assert_eq!(
            error(&format!("{GOOD}---\n{GOOD}")),
            "own.yaml, line 13: the check team-label-missing is there twice"
        );
        let twice = parse([("a.yaml", GOOD), ("b.yaml", GOOD)]).unwrap_err();
        assert_eq!(twice.file, "b.yaml");
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_may_have_been_meant() {
        assert_eq!(
            error(&GOOD.replace("[Namespace]", "[Namspace]")),
            "own.yaml, line 8: check team-label-missing: Plimsoll reads no Namspace; did you mean Namespace?"
        );
        assert_eq!(
            error(&GOOD.replace("5.6.1", "5.99")),
            "own.yaml, line 10: check team-label-missing: cis-1.12 has no control 5.99"
        );
        assert!(error(&GOOD.replace("severity", "sevrity")).contains("sevrity"));
    }

    #[test]
    fn what_it_judges_is_said_once() {
        let both = GOOD.replace("kinds: [Namespace]", "kinds: [Namespace]\nworkloads: true");
        let neither = GOOD.replace("kinds: [Namespace]", "");
        let said =
            "own.yaml, line 2: check team-label-missing: either `kinds` or `workloads: true` says what it judges";
        assert_eq!([error(&both), error(&neither)], [said, said]);
    }

    #[test]
    fn an_expression_that_is_none_is_refused_with_its_place() {
        let broken = error(&GOOD.replace("'team' in", "'team' inn"));
        assert!(
            broken.starts_with("own.yaml, line 9: check team-label-missing: expression "),
            "{broken}"
        );
    }

    #[test]
    fn there_is_an_end_to_the_fields_that_are_shown() {
        let fields = |count: usize| format!("{GOOD}fields: [{}]\n", vec!["kind"; count].join(", "));
        assert!(parse([("own.yaml", fields(MAX_FIELDS).as_str())]).is_ok());
        assert!(
            error(&fields(MAX_FIELDS + 1)).ends_with("check team-label-missing: more than 20 fields are to be shown")
        );
    }

    #[test]
    fn there_is_an_end_to_how_many_there_may_be() {
        let check = |number: usize| GOOD.replace("team-label-missing", &format!("own-{number}"));
        let many = |count: usize| (0..count).map(check).collect::<Vec<_>>().join("---");
        assert_eq!(
            parse([("own.yaml", many(MAX_CHECKS).as_str())]).unwrap().len(),
            MAX_CHECKS
        );
        assert!(error(&many(MAX_CHECKS + 1)).ends_with("there are more than 200 custom checks"));
    }
}
