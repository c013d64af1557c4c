//! Namespaces: what each enforces and could, what bounds it, whether it denies by default, and what is wrong in it.

use std::cmp::Ordering;

use leptos::prelude::*;
use shared::namespaces::{NamespaceRow, Namespaces, Standing};
use shared::page::Stamped;
use shared::pod_security::Level;
use shared::score::SeverityCounts;
use shared::verdict::Verdict;

use super::quotas::gaps;
use crate::api;
use crate::components::empty::empty;
use crate::components::heading::PageHead;
use crate::components::link::{count_link, link};
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::meter::meter;
use crate::components::more::more;
use crate::components::object::namespace_path;
use crate::components::open_findings::by_severity;
use crate::components::search::search_field;
use crate::components::table::{Sortable, scroll, sort_head};
use crate::components::tag::{Tone, tag};
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::{Here, encode, use_here};

const NAME: Sortable = Sortable {
    label: "Namespace",
    key: "name",
    most_first: false,
    default: false,
    class: "",
};
const QUOTA: Sortable = Sortable {
    label: "Quota",
    key: "quota",
    most_first: true,
    default: false,
    class: "wide",
};
const RISK: Sortable = Sortable {
    label: "Open findings",
    key: "risk",
    most_first: true,
    default: true,
    class: "",
};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let found = load(move || api::namespaces::list(here.at()));
    let meta = move || found.map(|found| found.as_of.is_some().then(|| meta(&found.body)));
    let actions = move || link(here, "btn", "/quotas", "Quotas and nodes");
    view! {
        <PageHead title="Namespaces" meta=meta actions=actions/>
        <div class="filters" role="search" aria-label="Filter namespaces">{search_field(here, "Name")}</div>
        {loaded(found, "namespaces", || table_skeleton(14), move |found| list(here, found))}
    }
    .into_any()
}

fn meta(found: &Namespaces) -> String {
    let all = found.namespaces.len() as u64;
    let could = found.namespaces.iter().filter(|row| could_more(row)).count();
    let all = format::count(all, "namespace", "namespaces");
    match could {
        0 => all,
        could => format!("{all}, {could} could enforce more than they do without breaking anything"),
    }
}

/// Whether it could enforce a narrower level than it does.
fn could_more(row: &NamespaceRow) -> bool {
    row.levels.is_some_and(|levels| levels.could_enforce > levels.enforce)
}

fn list(here: Here, found: &Stamped<Namespaces>) -> AnyView {
    if found.as_of.is_none() {
        let text = "Namespaces stand here after the first snapshot.";
        return empty(
            "The cluster was not read yet",
            text,
            link(here, "btn", "/snapshots", "Snapshots"),
        );
    }
    let wanted = here.param("q").unwrap_or_default().to_lowercase();
    let mut rows: Vec<&NamespaceRow> = found
        .body
        .namespaces
        .iter()
        .filter(|row| row.namespace.contains(&wanted))
        .collect();
    sort(&mut rows, here.param("sort").as_deref());
    let body = match (rows.is_empty(), wanted.is_empty()) {
        (false, _) => table(here, &rows),
        (true, true) => empty("There is no namespace", "The last snapshot holds none.", ()),
        (true, false) => empty(
            "No namespace has that name",
            "",
            link(here, "btn", "/namespaces", "Clear filter"),
        ),
    };
    view! { {gaps(&found.body.gaps)}{body} }.into_any()
}

fn table(here: Here, rows: &[&NamespaceRow]) -> AnyView {
    let rows: Vec<_> = rows.iter().map(|namespace| row(here, namespace)).collect();
    let table = view! {
        <table class="table fits namespaces">
            <thead>
                <tr>
                    {sort_head(here, NAME)}
                    <th scope="col">"Enforces"</th>
                    <th scope="col" class="wide">"Could enforce"</th>
                    {sort_head(here, QUOTA)}
                    <th scope="col" class="wide">"Limit range"</th>
                    <th scope="col" class="wide">"Denies by default"</th>
                    <th scope="col" class="num wide">"Workloads"</th>
                    {sort_head(here, RISK)}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! { <section class="card" aria-label="Namespaces">{scroll("Namespaces table", table)}</section> }.into_any()
}

fn row(here: Here, namespace: &NamespaceRow) -> AnyView {
    let name = &namespace.namespace;
    let terminating = namespace
        .is_terminating
        .then(|| view! { " "{tag(Tone::Plain, "being deleted")} });
    let (to, workloads) = (namespace_path(name), format!("/workloads?namespace={}", encode(name)));
    view! {
        <tr>
            <th scope="row"><a class="mono" data-row href=move || here.link(&to)>{name.clone()}</a>{terminating}</th>
            <td>{enforces(namespace)}</td>
            <td class="wide">{could(namespace)}</td>
            <td class="wide bar">{quota(namespace)}</td>
            <td class="wide">{limit_range(namespace)}</td>
            <td class="wide">{standing(namespace.default_deny.as_ref())}</td>
            <td class="num wide">{count_link(here, "", namespace.workloads, workloads)}</td>
            <td class="tight">{by_severity(here, &namespace.open, &format!("/findings?namespace={}", encode(name)))}</td>
        </tr>
    }
    .into_any()
}

/// A level's name as a person reads it.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Privileged => "Privileged",
        Level::Baseline => "Baseline",
        Level::Restricted => "Restricted",
    }
}

fn unknown() -> AnyView {
    view! { <span class="zero" title="not read">"–"</span> }.into_any()
}

/// One that is being deleted lets in nothing; of any other its labels were not read.
pub(super) fn no_levels(namespace: &NamespaceRow) -> AnyView {
    match namespace.is_terminating {
        true => view! { <span class="muted">"being deleted"</span> }.into_any(),
        false => unknown(),
    }
}

fn enforces(namespace: &NamespaceRow) -> AnyView {
    match namespace.levels.map(|levels| levels.enforce) {
        None => no_levels(namespace),
        Some(Level::Privileged) => view! { <span class="t-medium">"nothing"</span> }.into_any(),
        Some(enforced) => level(enforced).into_any(),
    }
}

/// What it could enforce, where that is more or less than what it does.
fn could(namespace: &NamespaceRow) -> AnyView {
    let Some(levels) = namespace.levels else {
        return no_levels(namespace);
    };
    match levels.could_enforce.cmp(&levels.enforce) {
        Ordering::Greater => tag(Tone::Ok, level(levels.could_enforce)),
        Ordering::Equal => view! { <span class="muted">"no more"</span> }.into_any(),
        Ordering::Less => {
            let why = "Some of its workloads would be refused, were their pods made anew.";
            view! { <span title=why>{tag(Tone::Warn, level(levels.could_enforce))}</span> }.into_any()
        }
    }
}

fn quota(namespace: &NamespaceRow) -> AnyView {
    match namespace.quotas {
        None => unknown(),
        Some(0) => none(),
        Some(_) => meter(namespace.fullest, "its fullest quota"),
    }
}

fn limit_range(namespace: &NamespaceRow) -> AnyView {
    match namespace.limit_ranges {
        None => unknown(),
        Some(0) => none(),
        Some(_) => "yes".into_any(),
    }
}

fn none() -> AnyView {
    view! { <span class="t-medium">"none"</span> }.into_any()
}

/// What a check says; why it says nothing is told when that is opened. What fails are findings, which say more.
pub(super) fn standing(of: Option<&Standing>) -> AnyView {
    let Some(of) = of else {
        return view! { <span class="zero" title="No pod in it is subject to network policies.">"not applicable"</span> }.into_any();
    };
    match of.verdict {
        Verdict::Pass => verdict_with(of.verdict, "yes"),
        Verdict::Fail => view! { <span title=of.reason.clone()>{verdict_with(of.verdict, "no")}</span> }.into_any(),
        Verdict::Manual | Verdict::NotEvaluated | Verdict::Excepted => {
            more(verdict_with(of.verdict, "not evaluated"), of.reason.clone())
        }
    }
}

fn sort(rows: &mut [&NamespaceRow], by: Option<&str>) {
    let (by, turned) = match by {
        Some(word) => word.strip_prefix('-').map_or((word, false), |word| (word, true)),
        None => ("risk", false),
    };
    let order = |a: &NamespaceRow, b: &NamespaceRow| match by {
        "name" => a.namespace.cmp(&b.namespace),
        "quota" => b.fullest.unwrap_or(-1.0).total_cmp(&a.fullest.unwrap_or(-1.0)),
        _ => risk(&b.open).cmp(&risk(&a.open)),
    };
    rows.sort_by(|a, b| a.namespace.cmp(&b.namespace));
    rows.sort_by(|a, b| if turned { order(b, a) } else { order(a, b) });
}

fn risk(open: &SeverityCounts) -> [u32; 4] {
    [open.critical, open.high, open.medium, open.low]
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::namespaces::Levels;

    fn row(name: &str, high: u32, fullest: Option<f64>, (enforce, could_enforce): (Level, Level)) -> NamespaceRow {
        NamespaceRow {
            namespace: name.into(),
            is_terminating: false,
            workloads: 1,
            pods: None,
            open: SeverityCounts {
                high,
                ..Default::default()
            },
            levels: Some(Levels { enforce, could_enforce }),
            quotas: Some(1),
            fullest,
            limit_ranges: Some(0),
            default_deny: None,
        }
    }

    const SAME: (Level, Level) = (Level::Baseline, Level::Baseline);

    #[test]
    fn the_worst_comes_first_and_equals_go_by_name() {
        let all = [
            row("c", 1, None, SAME),
            row("b", 1, Some(0.9), SAME),
            row("a", 4, Some(0.2), SAME),
        ];
        let names = |by| {
            let mut rows: Vec<&NamespaceRow> = all.iter().collect();
            sort(&mut rows, by);
            rows.iter().map(|row| row.namespace.as_str()).collect::<String>()
        };
        assert_eq!(
            [names(None), names(Some("-name")), names(Some("quota"))],
            ["abc", "cba", "bac"]
        );
    }

    #[test]
    fn it_is_said_how_many_could_enforce_more() {
        let found = |levels| Namespaces {
            namespaces: vec![row("a", 0, None, levels), row("b", 0, None, SAME)],
            gaps: Vec::new(),
        };
        assert_eq!(meta(&found(SAME)), "2 namespaces");
        let more = meta(&found((Level::Privileged, Level::Baseline)));
        assert_eq!(
            more,
            "2 namespaces, 1 could enforce more than they do without breaking anything"
        );
    }
}
