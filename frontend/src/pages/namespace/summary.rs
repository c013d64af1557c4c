//! The figures of a namespace.

use leptos::prelude::*;
use shared::namespaces::NamespaceDetail;
use shared::page::Stamped;
use shared::pod_security::Level;
use shared::quotas::{QuotaUse, Quotas};

use crate::components::link::{count_link, link};
use crate::components::load::Load;
use crate::components::meter::percent;
use crate::components::number::number_or_unknown;
use crate::components::open_findings::by_severity;
use crate::here::{Here, encode};
use crate::pages::namespaces::{level, no_levels, standing};

/// The strip of figures.
pub(super) fn summary(here: Here, quotas: Load<Stamped<Quotas>>, namespace: &NamespaceDetail) -> AnyView {
    let row = &namespace.row;
    let of = |page: &str| format!("/{page}?namespace={}", encode(&row.namespace));
    let findings = of("findings");
    let severities = (row.open.total() > 0).then(|| by_severity(here, &row.open, &findings));
    let pods = row.pods;
    let (enforced, could) = levels(namespace);
    let deny = standing(row.default_deny.as_ref());
    let fullest = move || {
        let of = quotas.map(|quotas| nearest(&quotas.body)).flatten();
        of.map(|(share, resource)| (percent(share), resource))
    };
    let (has_none, quota_link) = (row.quotas == Some(0), "/quotas?tab=without");
    let share = move || match (fullest(), has_none) {
        (Some((share, _)), _) => share.into_any(),
        (None, true) => link(here, "t-medium", quota_link, "none"),
        (None, false) => view! { <span class="zero">"–"</span> }.into_any(),
    };
    view! {
        <section class="card stats" aria-label="Summary">
            {figure("Open findings", count_link(here, "", row.open.total(), findings), severities)}
            {figure("Workloads", count_link(here, "", row.workloads, of("workloads")), None)}
            {figure("Pods", number_or_unknown(pods), None)}
            {figure("Pod Security enforced", enforced, could)}
            {figure("Fullest quota", share.into_any(), Some((move || fullest().map(|(_, of)| of)).into_any()))}
            {figure("Denies by default", deny, None)}
        </section>
    }
    .into_any()
}

fn figure(label: &'static str, value: AnyView, below: Option<AnyView>) -> AnyView {
    view! { <div><span class="k">{label}</span><span class="v">{value}</span>" "<span class="delta below">{below}</span></div> }
        .into_any()
}

/// What it enforces, and what it could.
fn levels(namespace: &NamespaceDetail) -> (AnyView, Option<AnyView>) {
    let Some(levels) = namespace.row.levels else {
        return (no_levels(&namespace.row), None);
    };
    let enforced = match levels.enforce {
        Level::Privileged => view! { <span class="t-medium">"nothing"</span> }.into_any(),
        enforced => level(enforced).into_any(),
    };
    let could = match levels.could_enforce {
        more if more > levels.enforce => format!("could enforce {}", level(more)),
        less if less < levels.enforce => "refuses some of what runs".to_owned(),
        _ => "could enforce no more today".to_owned(),
    };
    (enforced, Some(could.into_any()))
}

/// The largest share of any quota, and of what.
fn nearest(quotas: &Quotas) -> Option<(f64, String)> {
    let all = quotas
        .namespaces
        .iter()
        .flat_map(|it| it.quotas.iter().flatten())
        .flat_map(|it| &it.resources);
    let shares = all.filter_map(|of: &QuotaUse| Some((of.share?, of.resource.clone())));
    shares.max_by(|(a, _), (b, _)| a.total_cmp(b))
}
