//! Pod Security by namespace: what is enforced, what could be, and what stands in the way of more.

use leptos::prelude::*;
use shared::page::Stamped;
use shared::pod_security::{AskedLevel, Level, NamespaceLevels, PodSecurity, RefusedWorkload};
use shared::verdict::Verdict;

use crate::components::card::Card;
use crate::components::icon::{Icon, icon};
use crate::components::link::link;
use crate::components::load::{Load, loaded, table_skeleton};
use crate::components::number::number;
use crate::components::object::workload_path;
use crate::components::table::{row, table};
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::{Here, encode};

/// How many workloads are named before the rest is counted.
const NAMED: usize = 3;

/// The card; nothing before the first snapshot.
pub(super) fn namespaces(here: Here, levels: Load<Stamped<PodSecurity>>) -> AnyView {
    let shape = || table_skeleton(8);
    loaded(levels, "namespaces", shape, move |levels| {
        levels.as_of.as_ref().map(|_| card(here, &levels.body)).into_any()
    })
}

fn card(here: Here, levels: &PodSecurity) -> AnyView {
    let heads = [
        ("", "Namespace"),
        ("", "Enforces"),
        ("", "Could enforce today"),
        ("num", "Workloads"),
        ("wide", "In the way of the next level"),
    ];
    let rows = levels.namespaces.iter().map(|of| namespace(here, of)).collect();
    let doubts = levels.doubts.join(" ");
    let doubts = (!doubts.is_empty())
        .then(|| view! { <div class="doubts"><div class="note warn">{icon(Icon::Alert)}<p>{doubts}</p></div></div> });
    view! {
        <Card id="pod-security" title="Pod Security by namespace" note=format!("by {} of the standards", levels.version)>
            {doubts}
            {table("Pod Security", "table roomy fits levels", &heads, rows)}
        </Card>
    }
    .into_any()
}

fn namespace(here: Here, levels: &NamespaceLevels) -> AnyView {
    let name = levels.namespace.clone();
    let to = format!("/workloads?namespace={}", encode(&name));
    let mistakes: Vec<_> = levels
        .mistakes
        .iter()
        .map(|text| view! { <span class="sub reason">{text.clone()}</span> })
        .collect();
    row(
        "",
        vec![
            ("", link(here, "mono", to, name)),
            ("", view! { {enforced(levels)}{mistakes} }.into_any()),
            ("tight", could(levels)),
            ("num", number(levels.workloads)),
            ("wide", in_the_way(here, levels)),
        ],
    )
}

/// What it refuses today, and what that would refuse of what runs already.
fn enforced(levels: &NamespaceLevels) -> AnyView {
    let AskedLevel { level, version } = &levels.enforce;
    let version = version
        .as_ref()
        .map(|version| view! { <span class="muted">" in "{version.clone()}</span> });
    let refused = levels.refused_now.len() as u64;
    let refused = (refused > 0).then(|| {
        let words = format!(
            "{} it would not let in again",
            format::count(refused, "workload", "workloads")
        );
        view! { <span class="sub">{words}</span> }
    });
    let word = match level {
        Level::Privileged => view! { <span class="zero">"nothing"</span> }.into_any(),
        level => level.name().into_any(),
    };
    view! { {word}{version}{refused} }.into_any()
}

/// The narrowest level that nothing in it breaks; one that is not enforced yet is there for the taking.
fn could(levels: &NamespaceLevels) -> AnyView {
    match (levels.could_enforce, levels.enforce.level) {
        (Level::Privileged, _) => view! { <span class="zero">"no more"</span> }.into_any(),
        (could, enforced) if could > enforced => verdict_with(Verdict::Manual, could.name()),
        (could, _) => verdict_with(Verdict::Pass, could.name()),
    }
}

fn in_the_way(here: Here, levels: &NamespaceLevels) -> AnyView {
    let Some(next) = &levels.next else {
        return view! { <span class="zero">"there is none"</span> }.into_any();
    };
    let named: Vec<_> = next.refused.iter().take(NAMED).map(|of| refused(here, of)).collect();
    let more = next.refused.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| view! { <span class="muted">{format!("and {more} more")}</span> });
    let count = format!(
        "{}: {}",
        next.level,
        format::count(next.refused.len() as u64, "workload", "workloads")
    );
    view! { <span class="row"><span class="nowrap">{count}</span>{named}{more}</span> }.into_any()
}

fn refused(here: Here, refused: &RefusedWorkload) -> AnyView {
    let fields: Vec<&str> = refused
        .violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    let title = fields.join("\n");
    let to = workload_path(&refused.object);
    view! { <span title=title>{link(here, "mono link", to, refused.object.name.clone())}</span> }.into_any()
}
