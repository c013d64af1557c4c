//! One role: what it permits, from which roles that comes, and to whom it is granted.

use leptos::prelude::*;
use shared::page::Stamped;
use shared::rbac::lists::{PlacedRule, RoleDetail};

use super::changes::compare;
use super::lists::{binding_rows, default_tag};
use super::named::{title, use_named};
use super::rule::{target, verbs};
use crate::api;
use crate::components::card::card;
use crate::components::heading::{PageHead, crumbs};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::object::object_link;
use crate::components::open_findings::findings_on;
use crate::components::table::{row, table};
use crate::format;
use crate::here::{Here, use_here};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let named = use_named();
    let role = load(move || api::rbac::role(&named(), here.at()));
    let title = Signal::derive(move || title(&named()));
    let crumbs = crumbs(
        here,
        &[("Access", "/access"), ("Roles", "/access?view=table&list=roles")],
        move || named().kind,
    );
    let meta = move || role.map(|role| meta(&role.body));
    view! {
        <PageHead
            title=title
            mono=true
            crumbs=crumbs
            meta=meta
            actions=move || role.map(|role| compare(here, "role", &role.body.row.role.to_string()))
        />
        {loaded(role, "role", || table_skeleton(10), move |role| whole(here, role))}
    }
    .into_any()
}

fn meta(role: &RoleDetail) -> AnyView {
    let row = &role.row;
    let words = format!(
        "{}, granted by {} to {}",
        format::count(row.rules, "rule", "rules"),
        format::count(row.bindings, "binding", "bindings"),
        format::count(row.subjects, "subject", "subjects"),
    );
    view! { {words}{default_tag(row.is_default)} }.into_any()
}

fn whole(here: Here, role: &Stamped<RoleDetail>) -> AnyView {
    let chosen = here.param("rule").and_then(|rule| rule.parse().ok());
    let rules = rules(here, chosen, &role.body.rules);
    let RoleDetail { row, bindings, .. } = &role.body;
    let heads = [("", "Binding"), ("", "Role"), ("", "Subjects")];
    let bindings = match bindings.as_slice() {
        [] => view! { <p class="card-body muted">"No binding grants it."</p> }.into_any(),
        bindings => table(
            "Bindings",
            "table roomy fits stacked",
            &heads,
            binding_rows(here, bindings),
        ),
    };
    let findings = link(here, "link", findings_on(&row.role), "Findings on it");
    let rules = card("rules", ("Rules", ""), Some(findings), rules);
    let bindings = card("bindings", ("Bindings", "that grant it"), None, bindings);
    view! { {rules}{bindings} }.into_any()
}

/// The rules; the one that the address names is marked.
fn rules(here: Here, chosen: Option<u32>, rules: &[PlacedRule]) -> AnyView {
    let one = |rule: &PlacedRule| {
        let is_own = rule.aggregated.is_none();
        let from = match &rule.aggregated {
            Some(role) => {
                view! { {object_link(here, role)}<span class="sub">{format!("rule {}", rule.place + 1)}</span> }
                    .into_any()
            }
            None => view! { <span class="zero">"this role"</span> }.into_any(),
        };
        let class = if is_own && chosen == Some(rule.place) { "on" } else { "" };
        let number = is_own.then(|| (rule.place + 1).to_string());
        row(
            class,
            vec![
                ("num", number.into_any()),
                ("", verbs(&rule.rule)),
                ("", target(&rule.rule)),
                ("", from),
            ],
        )
    };
    if rules.is_empty() {
        return view! { <p class="card-body muted">"It has no rule, and permits nothing."</p> }.into_any();
    }
    let heads = [("num", "Rule"), ("", "Verbs"), ("", "On"), ("", "Stands in")];
    table(
        "Rules",
        "table roomy fits stacked",
        &heads,
        rules.iter().map(one).collect(),
    )
}
