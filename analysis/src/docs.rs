//! The pages of `docs/checks`, written from the catalogue.

use shared::checks::Control;
use shared::verdict::Area;

use crate::check::{Check, Judge, Need};
use crate::checks::CHECKS;
use crate::framework;
use crate::model::Kind;

/// The pages, as file name and Markdown: an index, and a page for each check in the order of the catalogue.
pub fn pages() -> Vec<(String, String)> {
    let page = |check: &&Check| (format!("{}.md", check.id), page(check));
    std::iter::once(("README.md".to_owned(), index()))
        .chain(CHECKS.iter().map(page))
        .collect()
}

const INTRODUCTION: &str = "# Checks

These pages are written from the checks themselves; change those, not these.

A check passes only if everything that it reads was read. What it concludes is one of:

| verdict | when |
|---|---|
| pass | everything that it needs was read, and nothing is wrong |
| fail | at least one finding is open |
| manual | only a person can tell; the reason says what to look at |
| not evaluated | something that it needs was not read, or can't be seen; the reason says what |
| excepted | all its findings are accepted risks |

Checks of what someone may do look at each binding: verb, group, resource and name must match in one rule, as the API server
has it, and a RoleBinding grants in its namespace only. What Kubernetes and kubeadm make themselves is known by its content
and judged for what was added to it. What grants everything is reported by `cluster-admin-bound`, and the checks of single
powers do not repeat it, but for `secrets-readable-cluster-wide` and `wildcard-rule`; and what `admin` and `edit` give to
people in a namespace is what Kubernetes made these roles for, unless the namespace is kube-system.
";

fn index() -> String {
    Area::ALL.iter().fold(INTRODUCTION.to_owned(), |page, area| {
        let rows = CHECKS
            .iter()
            .filter(|check| check.area == *area)
            .map(|check| row(check));
        page + &format!(
            "\n## {}\n\n| check | severity | what is wrong |\n|---|---|---|\n",
            area.title()
        ) + &rows.collect::<String>()
    })
}

fn row(check: &Check) -> String {
    format!(
        "| [{id}]({id}.md) | {} | {} |\n",
        check.severity.as_str(),
        check.title,
        id = check.id
    )
}

fn page(check: &Check) -> String {
    let Check {
        id,
        title,
        area,
        severity,
        rationale,
        remediation,
        ..
    } = check;
    format!(
        "# {title}

`{id}`, {severity} severity, {area}.

## Why it matters

{rationale}

## What to do

{remediation}

## How it judges

It judges {subjects}.

{reads}

## Controls

{controls}",
        severity = severity.as_str(),
        area = area.title(),
        subjects = subjects(check.judge),
        reads = reads(check),
        controls = controls(check),
    )
}

fn subjects(judge: Judge) -> String {
    match judge {
        Judge::Workload(_) => {
            "each workload once, by its pod template: the Deployment, not its ReplicaSets and pods".to_owned()
        }
        Judge::Object(kinds, _) => {
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind.info().kind).collect();
            format!("each {}", kinds.join(" and each "))
        }
        Judge::Namespace(_) => "each namespace with what is in it".to_owned(),
        Judge::Cluster(_) => "the cluster as a whole".to_owned(),
        Judge::Each(judges) => judges
            .iter()
            .map(|judge| subjects(*judge))
            .collect::<Vec<_>>()
            .join("; and "),
    }
}

fn reads(check: &Check) -> String {
    let list = |wanted: fn(&Need) -> bool| {
        let names: Vec<String> = check
            .reads
            .iter()
            .filter(|need| wanted(need))
            .map(|need| name(need.kind()))
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let read = list(|need| matches!(need, Need::Read(_)))
        .map(|names| format!("It is not evaluated unless these were read: {names}."));
    let served = list(|need| matches!(need, Need::IfServed(_)))
        .map(|names| format!("These too, where the cluster serves them: {names}."));
    read.into_iter().chain(served).collect::<Vec<_>>().join(" ")
}

fn name(kind: Kind) -> String {
    format!("`{}`", kind.info().resource())
}

fn controls(check: &Check) -> String {
    let controls = framework::controls_of(check.id);
    if controls.is_empty() {
        return "It answers no control of a framework.\n".to_owned();
    }
    let row = |control: &Control| format!("| {} | {} |\n", control.framework, control.id);
    "| framework | control |\n|---|---|\n".to_owned() + &controls.iter().map(row).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_index_and_a_page_for_each_check() {
        let pages = pages();
        assert_eq!(pages.len(), CHECKS.len() + 1);
        for check in CHECKS {
            assert!(pages[0].1.contains(&format!("({}.md)", check.id)), "{}", check.id);
        }
    }

    #[test]
    fn a_page_says_what_is_read_and_which_controls_it_answers() {
        let pages = pages();
        let (_, page) = pages
            .iter()
            .find(|(name, _)| name == "container-privileged.md")
            .unwrap();
        assert!(
            page.starts_with("# Container runs privileged\n\n`container-privileged`, critical severity, Privileged.\n")
        );
        assert!(page.contains("`pods`, `deployments.apps`"));
        assert!(page.contains("| PSS Baseline | Privileged Containers |\n"));
    }

    #[test]
    fn a_page_has_no_table_where_no_control_is_answered() {
        let unmapped = Check {
            id: "of-no-framework",
            ..*CHECKS[0]
        };
        let page = page(&unmapped);
        assert!(page.ends_with("\nIt answers no control of a framework.\n"), "{page}");
    }
}
