//! Bindings, subjects and roles as tables: what the graph draws, for those who would rather read it.

use leptos::prelude::*;
use shared::page::{Page, Stamped};
use shared::rbac::lists::{BindingRow, RoleRow, SubjectRow};
use shared::rbac::query::AccessListQuery;

use crate::api;
use crate::components::empty::empty;
use crate::components::filter::{choice, namespace};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::number::{number, number_or_unknown};
use crate::components::pager::pager;
use crate::components::search::search_field;
use crate::components::table::{row, table};
use crate::components::tabs::{Tab, tabs};
use crate::format;
use crate::here::Here;

mod cells;
pub(super) use cells::{binding_rows, default_tag};
use cells::{role_cell, subject_cell};

/// A list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Bindings,
    Subjects,
    Roles,
}

impl List {
    const ALL: [Self; 3] = [Self::Bindings, Self::Subjects, Self::Roles];

    fn of(word: Option<&str>) -> Self {
        let named = Self::ALL.into_iter().find(|list| list.param() == word);
        named.unwrap_or(Self::Bindings)
    }

    /// Its word in the address; none for the one that is shown at first.
    fn param(self) -> Option<&'static str> {
        match self {
            Self::Bindings => None,
            Self::Subjects => Some("subjects"),
            Self::Roles => Some("roles"),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Bindings => "Bindings",
            Self::Subjects => "Subjects",
            Self::Roles => "Roles",
        }
    }

    fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Bindings => &["ClusterRoleBinding", "RoleBinding"],
            Self::Subjects => &["Group", "ServiceAccount", "User"],
            Self::Roles => &["ClusterRole", "Role"],
        }
    }
}

/// The lists, one at a time.
pub(super) fn lists(here: Here) -> AnyView {
    let word = here.watch("list");
    let list = move || List::of(word.get().as_deref());
    let tab = move |of: List| Tab {
        href: here.with(&[("list", of.param()), ("kind", None), ("cursor", None)]),
        text: of.title().into(),
        count: None,
        current: list() == of,
    };
    let shape = || table_skeleton(14);
    let shown = move || match list() {
        List::Bindings => {
            let found = load(move || api::rbac::bindings(&query(here)));
            loaded(found, "bindings", shape, move |found| bindings(here, found))
        }
        List::Subjects => {
            let found = load(move || api::rbac::subjects(&query(here)));
            loaded(found, "subjects", shape, move |found| subjects(here, found))
        }
        List::Roles => {
            let found = load(move || api::rbac::roles(&query(here)));
            loaded(found, "roles", shape, move |found| roles(here, found))
        }
    };
    view! {
        {move || tabs("Lists", List::ALL.map(tab).into())}
        <div class="filters" role="search" aria-label="Filter the list">
            {search_field(here, "Namespace or name")}
            {move || choice(here, "kind", "Any kind", list().kinds())}
            {namespace(here, "within")}
        </div>
        {shown}
    }
    .into_any()
}

/// What the address asks for; `namespace` is a part of the question, and `within` narrows the list.
fn query(here: Here) -> AccessListQuery {
    let at = here.at();
    AccessListQuery {
        cluster: at.cluster,
        at: at.at,
        q: here.param("q"),
        kind: here.param("kind"),
        namespace: here.param("within"),
        cursor: here.param("cursor"),
        limit: None,
    }
}

fn bindings(here: Here, found: &Stamped<Page<BindingRow>>) -> AnyView {
    let heads = [("", "Binding"), ("", "Role"), ("", "Subjects")];
    listed(here, found, "Bindings", &heads, binding_rows(here, &found.body.items))
}

fn subjects(here: Here, found: &Stamped<Page<SubjectRow>>) -> AnyView {
    let one = |of: &SubjectRow| {
        let pods = if of.pods.is_none() && of.subject.namespace.is_empty() {
            "–".into_any()
        } else {
            number_or_unknown(of.pods)
        };
        row(
            "",
            vec![
                ("", subject_cell(here, &of.subject, of.is_missing)),
                ("wide", reach(of).into_any()),
                ("num", number(of.bindings)),
                ("num wide", pods),
            ],
        )
    };
    let heads = [
        ("", "Subject"),
        ("wide", "Bound in"),
        ("num", "Bindings"),
        ("num wide", "Pods"),
    ];
    listed(
        here,
        found,
        "Subjects",
        &heads,
        found.body.items.iter().map(one).collect(),
    )
}

/// `the whole cluster and 3 namespaces`.
fn reach(of: &SubjectRow) -> String {
    let namespaces = format::count(of.namespaces, "namespace", "namespaces");
    match (of.is_cluster_wide, of.namespaces) {
        (true, 0) => "the whole cluster".into(),
        (true, _) => format!("the whole cluster and {namespaces}"),
        (false, 0) => "nothing".into(),
        (false, _) => namespaces,
    }
}

fn roles(here: Here, found: &Stamped<Page<RoleRow>>) -> AnyView {
    let one = |of: &RoleRow| {
        row(
            "",
            vec![
                ("", role_cell(here, &of.role, of.is_default)),
                ("num", number(of.rules)),
                ("num", number(of.bindings)),
                ("num wide", number(of.subjects)),
            ],
        )
    };
    let heads = [
        ("", "Role"),
        ("num", "Rules"),
        ("num", "Bindings"),
        ("num wide", "Subjects"),
    ];
    listed(here, found, "Roles", &heads, found.body.items.iter().map(one).collect())
}

fn listed<T>(
    here: Here,
    found: &Stamped<Page<T>>,
    title: &'static str,
    heads: &[(&'static str, &'static str)],
    rows: Vec<AnyView>,
) -> AnyView {
    let (total, next) = (found.body.total, found.body.next.clone());
    list(here, title, heads, rows, (total, next, found.as_of.is_some()))
}

fn list(
    here: Here,
    title: &'static str,
    heads: &[(&'static str, &'static str)],
    rows: Vec<AnyView>,
    (total, next, was_read): (u64, Option<String>, bool),
) -> AnyView {
    if rows.is_empty() {
        return nothing(here, was_read);
    }
    let shown = rows.len();
    view! {
        <section class="card" aria-label=title>
            {table(title, "table list fits", heads, rows)}
            {pager(here, shown, total, next)}
        </section>
    }
    .into_any()
}

fn nothing(here: Here, was_read: bool) -> AnyView {
    if !was_read {
        let text = "Access is told here after the first snapshot.";
        return empty(
            "The cluster was not read yet",
            text,
            link(here, "btn", "/snapshots", "Snapshots"),
        );
    }
    let text = "Nothing has all of what is asked for; or its kind could not be read.";
    empty(
        "Nothing to list",
        text,
        link(here, "btn", "/access?view=table", "Clear filters"),
    )
}
