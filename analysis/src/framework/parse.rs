//! From a file to a framework.

use std::collections::BTreeSet;

use serde_saphyr::Spanned;
use shared::frameworks::{ControlCheck, Framework, FrameworkControl, FrameworkSection};

use super::error::{Error, Flaw};
use super::file::{ControlFile, FrameworkFile, SectionFile};
use crate::catalogue::Catalogue;
use crate::checks::CHECKS;
use crate::near::{near, suggestion};

/// A flaw at the line of what was read there.
type Found = (Option<u64>, Flaw);

/// The framework that a file holds, based on one of `bases` where it says so. `file` is how errors name it.
///
/// # Errors
/// The text is no framework.
pub(super) fn parse(file: &str, text: &str, bases: &[Framework]) -> Result<Framework, Error> {
    located(file, read(text).and_then(|read| build(&read, bases)))
}

/// The framework that a user's own file holds. It may be based on a built-in one; its id must be its own, and its checks must exist.
///
/// # Errors
/// The text is no framework, or names checks that do not exist.
pub fn parse_own(file: &str, text: &str) -> Result<Framework, Error> {
    parse_among(file, text, &Catalogue::default())
}

/// The framework that a user's own file holds, which may name their own checks too.
///
/// # Errors
/// The text is no framework, or names checks that do not exist.
pub fn parse_among(file: &str, text: &str, catalogue: &Catalogue) -> Result<Framework, Error> {
    let built_in = super::all();
    let framework = read(text).and_then(|read| {
        if built_in.iter().any(|framework| framework.id == read.id.value) {
            return Err(at(&read.id, Flaw::BuiltIn(read.id.value.clone())));
        }
        let mut controls = read.sections.iter().flat_map(|section| &section.controls);
        controls.try_for_each(|control| checks_exist(control, catalogue))?;
        build(&read, built_in)
    });
    located(file, framework)
}

fn located<T>(file: &str, result: Result<T, Found>) -> Result<T, Error> {
    result.map_err(|(line, flaw)| Error {
        file: file.to_owned(),
        line,
        flaw,
    })
}

fn at<T>(place: &Spanned<T>, flaw: Flaw) -> Found {
    (Some(place.referenced.line()).filter(|line| *line > 0), flaw)
}

fn read(text: &str) -> Result<FrameworkFile, Found> {
    let options = serde_saphyr::options! { with_snippet: false };
    // The error tells the line itself.
    serde_saphyr::from_str_with_options(text, options).map_err(|error| (None, Flaw::Shape(error.to_string())))
}

fn build(file: &FrameworkFile, bases: &[Framework]) -> Result<Framework, Found> {
    if !is_id(&file.id.value) {
        return Err(at(&file.id, Flaw::Id(file.id.value.clone())));
    }
    distinct(file)?;
    let mut sections = base_sections(file, bases)?;
    for section in &file.sections {
        add(&mut sections, section)?;
    }
    sections.retain(|section| !section.controls.is_empty());
    let mut controls = sections.iter().flat_map(|section| &section.controls).peekable();
    if controls.peek().is_none() {
        return Err((None, Flaw::Empty));
    }
    if let Some(control) = controls.find(|control| control.kube_bench && file.benchmark.is_none()) {
        return Err((None, Flaw::NoBenchmark(control.id.clone())));
    }
    Ok(Framework {
        id: file.id.value.clone(),
        name: file.name.clone(),
        title: file.title.clone(),
        version: file.version.clone(),
        publisher: file.publisher.clone(),
        source: file.source.clone(),
        note: file.note.clone(),
        benchmark: file.benchmark.clone(),
        sections,
    })
}

fn is_id(id: &str) -> bool {
    let may_stand = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    !id.is_empty() && id.bytes().all(may_stand)
}

/// Whether each section and each control is listed once.
fn distinct(file: &FrameworkFile) -> Result<(), Found> {
    let (mut sections, mut controls) = (BTreeSet::new(), BTreeSet::new());
    for section in &file.sections {
        if !sections.insert(&section.id.value) {
            return Err(at(&section.id, Flaw::SectionTwice(section.id.value.clone())));
        }
        for control in &section.controls {
            if !controls.insert(&control.id.value) {
                return Err(at(&control.id, Flaw::ControlTwice(control.id.value.clone())));
            }
        }
    }
    Ok(())
}

/// The base's sections less what the file is without; none where it has no base.
fn base_sections(file: &FrameworkFile, bases: &[Framework]) -> Result<Vec<FrameworkSection>, Found> {
    let mut sections = match &file.based_on {
        None => Vec::new(),
        Some(id) => match bases.iter().find(|base| base.id == id.value) {
            Some(base) => base.sections.clone(),
            None => {
                let ids: Vec<&str> = bases.iter().map(|base| base.id.as_str()).collect();
                return Err(at(id, Flaw::Base(id.value.clone(), ids.join(", "))));
            }
        },
    };
    for id in &file.without {
        if !take_out(&mut sections, &id.value) {
            return Err(at(id, Flaw::Without(id.value.clone())));
        }
    }
    Ok(sections)
}

/// Takes the sections and controls of that id out, and says whether there were any.
fn take_out(sections: &mut Vec<FrameworkSection>, id: &str) -> bool {
    let count = |sections: &[FrameworkSection]| -> usize {
        let controls = sections.iter().map(|section| section.controls.len());
        sections.len() + controls.sum::<usize>()
    };
    let before = count(sections);
    sections.retain(|section| section.id != id);
    for section in sections.iter_mut() {
        section.controls.retain(|control| control.id != id);
    }
    count(sections) < before
}

/// Adds a section, or its controls to the section of that id: each instead of the one with its id, or at the end.
fn add(sections: &mut Vec<FrameworkSection>, file: &SectionFile) -> Result<(), Found> {
    let place = match sections.iter().position(|section| section.id == file.id.value) {
        Some(place) => place,
        None => {
            sections.push(FrameworkSection {
                id: file.id.value.clone(),
                title: String::new(),
                controls: Vec::new(),
            });
            sections.len() - 1
        }
    };
    sections[place].title.clone_from(&file.title);
    for control in &file.controls {
        let added = build_control(control)?;
        // The base may have the control in another section.
        let of_id = |other: &FrameworkControl| other.id == added.id;
        if let Some(other) = sections[place].controls.iter_mut().find(|other| of_id(other)) {
            *other = added;
        } else if sections.iter().any(|section| section.controls.iter().any(of_id)) {
            return Err(at(&control.id, Flaw::ControlTwice(added.id)));
        } else {
            sections[place].controls.push(added);
        }
    }
    Ok(())
}

fn build_control(file: &ControlFile) -> Result<FrameworkControl, Found> {
    let id = &file.id.value;
    if file.area.is_some() && !file.checks.is_empty() {
        return Err(at(&file.id, Flaw::AreaAndChecks(id.clone())));
    }
    let mut checks: Vec<ControlCheck> = Vec::new();
    for name in &file.checks {
        let named = control_check(&name.value);
        if checks.contains(&named) {
            let (control, check) = (id.clone(), name.value.clone());
            return Err(at(name, Flaw::CheckTwice { control, check }));
        }
        checks.push(named);
    }
    let in_area = CHECKS.iter().filter(|check| Some(check.area) == file.area);
    checks.extend(in_area.map(|check| control_check(check.id)));
    Ok(FrameworkControl {
        id: id.clone(),
        title: file.title.clone(),
        checks,
        area: file.area,
        kube_bench: file.kube_bench,
        manual: file.manual.clone(),
    })
}

/// `check`, or `check/only`.
fn control_check(name: &str) -> ControlCheck {
    let (check, only) = match name.split_once('/') {
        Some((check, only)) => (check, Some(only.to_owned())),
        None => (name, None),
    };
    ControlCheck {
        check: check.to_owned(),
        only,
    }
}

fn checks_exist(control: &ControlFile, catalogue: &Catalogue) -> Result<(), Found> {
    for name in &control.checks {
        let ControlCheck { check, .. } = control_check(&name.value);
        if catalogue.named(&check).is_none() {
            let suggestion = suggestion(&near(&check, catalogue.all().map(|check| check.id)));
            let control = control.id.value.clone();
            return Err(at(
                name,
                Flaw::UnknownCheck {
                    control,
                    check,
                    suggestion,
                },
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "
id: our-rules
name: Ours
title: Our rules
version: \"3\"
sections:
  - id: a
    title: Pods
    controls:
      - id: a-1
        title: Nothing runs privileged
        checks: [container-privileged, host-namespace-shared/hostPID]
      - id: a-2
        title: Somebody is on call
        manual: The rota.
";

    fn error(text: &str) -> String {
        parse_own("ours.yaml", text).unwrap_err().to_string()
    }

    #[test]
    fn a_file_is_read_with_what_answers_each_control() {
        let framework = parse_own("ours.yaml", OWN).unwrap();
        let controls: Vec<&FrameworkControl> = framework.controls().collect();
        assert_eq!(controls[0].checks[0].check, "container-privileged");
        assert_eq!(controls[0].checks[1].only.as_deref(), Some("hostPID"));
        assert_eq!(controls[1].manual.as_deref(), Some("The rota."));
    }

    #[test]
    fn an_unknown_check_is_told_by_file_line_and_control_with_what_was_meant() {
        let text = OWN.replace("container-privileged", "container-priviledged");
        assert_eq!(
            error(&text),
            "ours.yaml, line 12: control a-1 names the check container-priviledged, which does not exist; did you mean \
             container-privileged?"
        );
    }

    #[test]
    fn an_unknown_field_is_told_by_its_line() {
        let error = error(&OWN.replace("manual: The rota.", "manuel: The rota."));
        assert!(error.starts_with("ours.yaml: "), "{error}");
        assert!(error.contains("manuel") && error.contains("line 15"), "{error}");
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for (from, to, flaw) in [
            ("a-2", "a-1", "line 13: control a-1 is listed twice"),
            (
                "our-rules",
                "cis-1.12",
                "line 2: a framework with the id cis-1.12 is built in",
            ),
            ("our-rules", "Our rules", "must be of lower-case letters"),
            ("manual: The rota.", "kube_bench: true", "names no benchmark"),
            ("manual: The rota.", "checks: [wildcard-rule, wildcard-rule]", "twice"),
            (
                "version:",
                "based_on: cis-9\nversion:",
                "line 5: there is no framework cis-9",
            ),
            ("version:", "without: [a-9]\nversion:", "no section and no control a-9"),
        ] {
            let error = error(&OWN.replace(from, to));
            assert!(error.contains(flaw), "{to}: {error}");
        }
        let both = OWN.replace("title: Nothing", "area: rbac\n        title: Nothing");
        assert!(error(&both).contains("control a-1 names both"), "{}", error(&both));
        let empty = OWN.split("sections:").next().unwrap();
        assert_eq!(error(empty), "ours.yaml: it has no controls");
    }

    #[test]
    fn what_is_based_on_another_adds_replaces_and_leaves_out() {
        let text = "
id: our-cis
name: Our CIS
title: CIS with our exceptions
version: 1.12-ours
benchmark: cis-1.12
based_on: cis-1.12
without: [1.1.1, \"4.1\"]
sections:
  - id: \"5.4\"
    title: Our secrets
    controls:
      - {id: 5.4.2, title: Secrets are in the vault, manual: The vault.}
      - {id: 5.4.3, title: Secrets are few, checks: [secrets-readable-cluster-wide]}
";
        let framework = parse_own("ours.yaml", text).unwrap();
        assert!(!framework.sections.iter().any(|section| section.id == "4.1"));
        assert!(!framework.controls().any(|control| control.id == "1.1.1"));
        let secrets = framework.sections.iter().find(|section| section.id == "5.4").unwrap();
        let titles: Vec<(&str, &str)> = secrets
            .controls
            .iter()
            .map(|control| (control.id.as_str(), control.title.as_str()))
            .collect();
        assert_eq!(
            titles[1..],
            [("5.4.2", "Secrets are in the vault"), ("5.4.3", "Secrets are few")]
        );
        assert_eq!(secrets.title, "Our secrets");
    }
}
