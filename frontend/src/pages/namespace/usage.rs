//! What the pods of a namespace use, beside what they ask for and may take.

use leptos::prelude::*;
use shared::page::Stamped;
use shared::quotas::Quotas;

use crate::components::card::Card;
use crate::components::link::link;
use crate::components::load::{Load, loaded, table_skeleton};
use crate::components::usage::{Bars, bars, sampled, unmeasured};
use crate::here::Here;

/// The card.
pub(super) fn usage(here: Here, quotas: Load<Stamped<Quotas>>) -> AnyView {
    let end = link(here, "link", "/quotas?tab=usage", "All namespaces");
    view! {
        <Card id="usage" title="Use" note="of all its pods" end=end>
            {loaded(quotas, "use", || table_skeleton(3), |quotas| shown(&quotas.body))}
        </Card>
    }
    .into_any()
}

fn shown(quotas: &Quotas) -> AnyView {
    if let Some(why) = unmeasured(&quotas.sampling) {
        return view! { <p class="card-body muted">{why}</p> }.into_any();
    }
    let demand = quotas.namespaces.first().map(|namespace| namespace.demand.as_slice());
    let each = demand.unwrap_or_default().iter().filter(|of| of.used.is_some());
    let each: Vec<_> = each
        .map(|of| view! { <li><h3 class="mono">{of.resource.clone()}</h3>{bars(Bars::from(of))}</li> })
        .collect();
    if each.is_empty() {
        return view! { <p class="card-body muted">"None of its pods was measured."</p> }.into_any();
    }
    view! { <div><ul class="use-resources">{each}</ul><div class="card-foot">"From "{sampled(&quotas.sampling)}"."</div></div> }
        .into_any()
}
