//! Workloads: what runs, and how much is wrong with it.

mod filters;

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use shared::page::{Page, Stamped};
use shared::workloads::{WorkloadQuery, WorkloadRow};

use crate::api;
use crate::components::empty::empty;
use crate::components::heading::PageHead;
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::number::number_or_unknown;
use crate::components::object::{account, object_path, workload_path};
use crate::components::open_findings::open_findings;
use crate::components::pager::pager;
use crate::components::rows::on_a_link;
use crate::components::table::{Sortable, scroll, sort_head};
use crate::format;
use crate::here::{Here, encode, use_here};
use crate::shell::use_frame;

const RISK: Sortable = Sortable {
    label: "Open findings",
    key: "risk",
    most_first: true,
    default: true,
    class: "",
};
const NAME: Sortable = Sortable {
    label: "Workload",
    key: "name",
    most_first: false,
    default: false,
    class: "",
};
const PODS: Sortable = Sortable {
    label: "Pods",
    key: "pods",
    most_first: true,
    default: false,
    class: "num",
};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let found = load(move || api::workloads::list(&query(here)));
    let meta = move || {
        found.map(|found| {
            let total = counted(found.body.total);
            found
                .as_of
                .is_some()
                .then(|| format!("{total}, each counted once by its topmost owner"))
        })
    };
    let frame = use_frame();
    let pods_unread = frame.pods_unread();
    view! {
        <PageHead title="Workloads" meta=meta/>
        {filters::filters(here)}
        {loaded(found, "workloads", || table_skeleton(14), move |found| list(here, pods_unread.get(), found))}
    }
    .into_any()
}

fn counted(total: u64) -> String {
    format::count(total, "workload", "workloads")
}

/// What the address asks for.
fn query(here: Here) -> WorkloadQuery {
    let at = here.at();
    WorkloadQuery {
        cluster: at.cluster,
        at: at.at,
        namespace: here.param("namespace"),
        kind: here.param("kind"),
        q: here.param("q"),
        sort: here.param("sort"),
        cursor: here.param("cursor"),
        limit: None,
    }
}

fn list(here: Here, pods_unread: bool, found: &Stamped<Page<WorkloadRow>>) -> AnyView {
    let page = &found.body;
    if page.items.is_empty() {
        return nothing(here, found.as_of.is_some());
    }
    let rows: Vec<_> = page
        .items
        .iter()
        .map(|workload| row(here, pods_unread, workload))
        .collect();
    let table = view! {
        <table class="table list">
            <thead>
                <tr>
                    {sort_head(here, NAME)}
                    <th scope="col" class="wide">"Kind"</th>
                    {sort_head(here, PODS)}
                    <th scope="col" class="wide">"Images"</th>
                    <th scope="col" class="wide">"Service account"</th>
                    {sort_head(here, RISK)}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        <section class="card" aria-label="Workloads">
            {scroll("Workloads table", table)}
            {pager(here, page.items.len(), page.total, page.next.clone())}
        </section>
    }
    .into_any()
}

fn row(here: Here, pods_unread: bool, workload: &WorkloadRow) -> AnyView {
    let pods = Some(workload.pods).filter(|_| !pods_unread);
    let object = &workload.object;
    let (to, name, title) = (workload_path(object), object.name.clone(), object.to_string());
    let go = to.clone();
    let press = move |event: MouseEvent| {
        if !on_a_link(&event) {
            here.go(&go);
        }
    };
    let in_namespace = format!("/workloads?namespace={}", encode(&object.namespace));
    view! {
        <tr on:click=press>
            <td class="clip w40">
                <a data-row class="mono t" href=move || here.link(&to) title=title>{name}</a>
                {link(here, "sub mono", in_namespace, object.namespace.clone())}
            </td>
            <td class="tight wide">{object.kind.clone()}</td>
            <td class="num">{number_or_unknown(pods)}</td>
            <td class="clip w40 wide">{images(&workload.images)}</td>
            <td class="tight wide">{runs_as(here, &object.namespace, &workload.service_account)}</td>
            <td class="tight">{open_findings(here, object, &workload.open)}</td>
        </tr>
    }
    .into_any()
}

/// The first image, and how many more there are; all of them on hover.
fn images(images: &[String]) -> AnyView {
    let Some(first) = images.first() else {
        return view! { <span class="zero">"–"</span> }.into_any();
    };
    let more =
        (images.len() > 1).then(|| view! { <span class="sub">{format!("and {} more", images.len() - 1)}</span> });
    view! { <span class="mono" title=images.join("\n")>{first.clone()}</span>{more} }.into_any()
}

/// A service account, linked to its page.
fn runs_as(here: Here, namespace: &str, name: &str) -> AnyView {
    match name {
        "" => view! { <span class="zero">"–"</span> }.into_any(),
        name => link(here, "mono", object_path(&account(namespace, name)), name.to_owned()),
    }
}

fn nothing(here: Here, was_read: bool) -> AnyView {
    let filtered = ["namespace", "kind", "q"].iter().any(|name| here.param(name).is_some());
    match (was_read, filtered) {
        (false, _) => {
            let text = "Workloads stand here after the first snapshot.";
            empty(
                "The cluster was not read yet",
                text,
                link(here, "btn", "/snapshots", "Snapshots"),
            )
        }
        (true, true) => {
            let text = "No workload has all of what is asked for.";
            empty(
                "Nothing matches these filters",
                text,
                link(here, "btn", "/workloads", "Clear filters"),
            )
        }
        (true, false) => empty("Nothing runs here", "The last snapshot holds no workload.", ()),
    }
}
