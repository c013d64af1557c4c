//! The figures above the views, each leading to what it counts.

use leptos::prelude::*;
use shared::network::answers::CoverageAnswer;
use shared::network::coverage::{Coverage, Extent, Isolation, NamespaceCoverage};

use crate::components::link::link;
use crate::components::meter::percent;
use crate::format;
use crate::here::Here;

/// The strip of figures; nothing where coverage can't be told.
pub(super) fn summary(here: Here, found: &CoverageAnswer) -> Option<AnyView> {
    let coverage = found.coverage.as_ref()?;
    let strip = view! {
        <section class="card stats" aria-label="Coverage">
            {by_default(here, "Ingress", coverage, |namespace| &namespace.protection.ingress)}
            {by_default(here, "Egress", coverage, |namespace| &namespace.protection.egress)}
            {isolated(coverage)}
            {open(coverage)}
        </section>
    };
    Some(strip.into_any())
}

fn by_default(
    here: Here,
    label: &'static str,
    coverage: &Coverage,
    of: impl Fn(&NamespaceCoverage) -> &Isolation,
) -> AnyView {
    let with_pods: Vec<&NamespaceCoverage> = coverage.namespaces.iter().filter(|it| it.protection.pods > 0).collect();
    let count = |extent: Extent| with_pods.iter().filter(|it| of(it).default_deny == extent).count() as u64;
    let (all, some, none) = (count(Extent::All), count(Extent::Some), count(Extent::None));
    let whole = (with_pods.len() as f64).max(1.0);
    let part = move |class: &'static str, n: u64| {
        let width = format!("{:.1}%", n as f64 * 100.0 / whole);
        (n > 0).then(|| view! { <i class=class style:width=width></i> })
    };
    let words = format!("{all} deny by default, {some} cover some pods, {none} none");
    view! {
        <div>
            <span class="k">{label}</span>
            <span class="v">{link(here, "", "/network?view=namespaces", format::number(all))}
                <small>{format!(" of {} deny by default", format::number(with_pods.len() as u64))}</small>
            </span>
            <div class="split" role="img" aria-label=words>{part("sea", all)}{part("sea2", some)}{part("unknown", none)}</div>
            <span class="delta below">{format!("{} cover some pods, {} none", format::number(some), format::number(none))}</span>
        </div>
    }
    .into_any()
}

fn isolated(coverage: &Coverage) -> AnyView {
    let cluster = &coverage.cluster;
    let share = |pods: u32| (cluster.pods > 0).then(|| f64::from(pods) / f64::from(cluster.pods));
    let (ingress, egress) = (share(cluster.ingress.pods), share(cluster.egress.pods));
    let told = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), percent);
    let width = format!("{:.1}%", ingress.unwrap_or_default() * 100.0);
    let of = format!(
        " {} of {}",
        format::number(cluster.ingress.pods),
        format::number(cluster.pods)
    );
    view! {
        <div>
            <span class="k">"Pods closed to strangers"</span>
            <span class="v">{told(ingress)}<small>{of}</small></span>
            <div class="meter" role="img" aria-label=told(ingress)><i style:width=width></i></div>
            <span class="delta below">{format!("{} for egress", told(egress))}</span>
        </div>
    }
    .into_any()
}

fn open(coverage: &Coverage) -> AnyView {
    let pairs = &coverage.cluster.pairs;
    let share = (pairs.all > 0).then(|| (pairs.open + pairs.part) as f64 / pairs.all as f64);
    let told = share.map_or_else(|| "–".to_owned(), percent);
    let width = format!("{:.1}%", share.unwrap_or_default() * 100.0);
    let below = format!("{} in part", format::count(pairs.part, "pair", "pairs"));
    view! {
        <div>
            <span class="k">"Pairs of pods that are open"</span>
            <span class="v">{told.clone()}<small>{format!(" of {}", format::number(pairs.all))}</small></span>
            <div class="meter" role="img" aria-label=told><i style:width=width></i></div>
            <span class="delta below">{below}</span>
        </div>
    }
    .into_any()
}
