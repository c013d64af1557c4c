//! One subject: what it may do, through which bindings, what runs as it, and the groups that it is in.

use leptos::prelude::*;
use shared::object::ObjectRef;
use shared::page::Stamped;
use shared::rbac::lists::{SubjectDetail, SubjectRow};
use shared::rbac::{Subject, SubjectKind};

use super::changes::compare;
use super::lists::binding_rows;
use super::named::{title, use_named};
use super::permissions::permissions;
use crate::api;
use crate::components::card::card;
use crate::components::heading::{PageHead, crumbs};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::object::{account, subject_path, workload_path};
use crate::components::open_findings::findings_on;
use crate::components::table::table;
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::{Here, encode, use_here};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let named = use_named();
    let subject = load(move || api::rbac::subject(&named(), here.at()));
    let title = Signal::derive(move || title(&named()));
    let crumbs = crumbs(
        here,
        &[("Access", "/access"), ("Subjects", "/access?view=table&list=subjects")],
        move || named().kind,
    );
    let meta = move || subject.map(|subject| meta(&subject.body));
    view! {
        <PageHead title=title mono=true crumbs=crumbs meta=meta actions=move || subject.map(|subject| compare(here, "subject", &subject.body.row.subject.to_string()))/>
        {loaded(subject, "subject", || table_skeleton(10), move |subject| whole(here, subject))}
    }
    .into_any()
}

fn meta(subject: &SubjectDetail) -> AnyView {
    let row = &subject.row;
    let missing = row.is_missing.then(|| view! { {tag(Tone::Warn, "does not exist")}" " });
    let members = subject.members.as_ref().map(|members| format!("{members}, "));
    let pods = row
        .pods
        .map(|pods| format!(", {} as it", format::count(pods, "pod runs", "pods run")));
    view! { {missing}{members}"named by "{format::count(row.bindings, "binding", "bindings")}{pods} }.into_any()
}

fn whole(here: Here, subject: &Stamped<SubjectDetail>) -> AnyView {
    let detail = &subject.body;
    let heads = [("", "Binding"), ("", "Role"), ("", "Subjects")];
    let bindings = match detail.bindings.as_slice() {
        [] => view! { <p class="card-body muted">"No binding names it; what it may do, it may by its groups."</p> }
            .into_any(),
        bindings => table(
            "Bindings",
            "table roomy fits stacked",
            &heads,
            binding_rows(here, bindings),
        ),
    };
    let note = "its groups included, in the shortest form";
    let may = card("may", ("What it may do", note), None, permissions(here, &detail.what));
    let bindings = card("bindings", ("Bindings", "that name it"), None, bindings);
    view! {
        <div class="grid">
            <div class="stack c8">{bindings}{may}</div>
            <div class="stack c4">
                {ways(here, &detail.row.subject)}
                {workloads(here, &detail.row, &detail.workloads)}
                {groups(here, &detail.row.subject, &detail.what.groups)}
            </div>
        </div>
    }
    .into_any()
}

/// What it could take over, beyond what it is given.
fn ways(here: Here, of: &Subject) -> AnyView {
    let to = format!("/access/escalations?subject={}", encode(&of.to_string()));
    let words = "Whether it could become administrator, and by which steps";
    let body = view! { <p class="card-body">{link(here, "link", to, words)}</p> };
    card("ways", ("Beyond that", ""), None, body.into_any())
}

/// What runs as a service account, and the findings on it.
fn workloads(here: Here, row: &SubjectRow, workloads: &[ObjectRef]) -> Option<AnyView> {
    if row.subject.kind != SubjectKind::ServiceAccount {
        return None;
    }
    let findings = link(
        here,
        "link",
        findings_on(&account(&row.subject.namespace, &row.subject.name)),
        "Findings on it",
    );
    let none = match row.pods {
        None => "Pods were not read.",
        Some(_) => "Nothing runs as it.",
    };
    let none = workloads.is_empty().then(|| view! { <p class="muted">{none}</p> });
    let list: Vec<_> = workloads
        .iter()
        .map(|workload| view! { <li>{link(here, "mono", workload_path(workload), workload.to_string())}</li> })
        .collect();
    let body = view! { <div class="card-body">{none}<ul class="reads">{list}</ul></div> };
    Some(card("workloads", ("Runs as it", ""), Some(findings), body.into_any()))
}

fn groups(here: Here, of: &Subject, groups: &[String]) -> Option<AnyView> {
    let one = |group: &String| {
        let subject = Subject {
            kind: SubjectKind::Group,
            namespace: String::new(),
            name: group.clone(),
        };
        view! { <li>{link(here, "mono", subject_path(&subject), group.clone())}</li> }
    };
    // A group is listed as in itself.
    let others = groups.iter().filter(|group| **group != of.name);
    let list: Vec<_> = others.map(one).collect();
    let body = |list| view! { <div class="card-body"><ul class="reads">{list}</ul></div> }.into_any();
    let title = ("Groups", "that the API server puts it into");
    (!list.is_empty()).then(|| card("groups", title, None, body(list)))
}
