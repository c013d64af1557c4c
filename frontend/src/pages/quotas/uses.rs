//! What each quota allows and what is used of it, by namespace, with its trend and the day on which it will be all.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use shared::quotas::{Amount, NamespaceQuotas, Quota, QuotaUse, Unit};

use super::has_quota;
use crate::chart::spark_of_shares;
use crate::components::chip::chip;
use crate::components::empty::empty;
use crate::components::forecast::{in_sight, reached};
use crate::components::link::link;
use crate::components::meter::{NEAR, meter};
use crate::components::object::namespace_path;
use crate::components::table::{Sortable, scroll, sort_head};
use crate::format;
use crate::here::Here;

const NAME: Sortable = Sortable {
    label: "Namespace",
    key: "name",
    most_first: false,
    default: false,
    class: "",
};
const USE: Sortable = Sortable {
    label: "Used",
    key: "use",
    most_first: true,
    default: true,
    class: "",
};
const REACHED: Sortable = Sortable {
    label: "Used up",
    key: "reached",
    most_first: false,
    default: false,
    class: "num",
};

/// What the quotas of a namespace bound.
pub(super) fn resources(namespace: &NamespaceQuotas) -> impl Iterator<Item = &QuotaUse> {
    namespace.quotas.iter().flatten().flat_map(|quota| &quota.resources)
}

/// The shares that are used in a namespace.
fn shares(namespace: &NamespaceQuotas) -> impl Iterator<Item = f64> {
    resources(namespace).filter_map(|resource| resource.share)
}

/// The largest of them.
pub(super) fn nearest(namespace: &NamespaceQuotas) -> f64 {
    shares(namespace).fold(0.0, f64::max)
}

/// Whether only those are shown that are nearly full.
fn only_near(here: Here) -> bool {
    here.param("use").as_deref() == Some("near")
}

/// That filter, to be taken off.
pub(super) fn chosen(here: Here) -> Option<AnyView> {
    only_near(here).then(|| chip(here, "use", "80 % or more".to_owned()))
}

/// The table, the namespace that is nearest to a limit first.
pub(super) fn uses(here: Here, now: DateTime<Utc>, namespaces: &[NamespaceQuotas]) -> AnyView {
    let (wanted, only_near) = (here.param("q").unwrap_or_default().to_lowercase(), only_near(here));
    let mut found: Vec<&NamespaceQuotas> = namespaces
        .iter()
        .filter(|it| has_quota(it) == Some(true) && it.namespace.contains(&wanted))
        .filter(|it| !only_near || nearest(it) >= NEAR)
        .collect();
    sort(&mut found, here.param("sort").as_deref(), now);
    match (found.is_empty(), wanted.is_empty() && !only_near) {
        (false, _) => table(here, now, &found),
        (true, true) => empty(
            "No namespace has a quota",
            "Any namespace may ask for all that the nodes have.",
            link(here, "btn", "/quotas?tab=without", "See what they ask for"),
        ),
        (true, false) => empty(
            match only_near {
                true => "No namespace there has a quota that is nearly full",
                false => "No namespace of that name has a quota",
            },
            "",
            link(here, "btn", "/quotas", "Clear filter"),
        ),
    }
}

fn table(here: Here, now: DateTime<Utc>, found: &[&NamespaceQuotas]) -> AnyView {
    let groups: Vec<_> = found.iter().map(|namespace| group(here, now, namespace)).collect();
    let table = view! {
        <table class="table fits uses">
            <thead>
                <tr>
                    {sort_head(here, NAME)}
                    <th scope="col" class="wide">"Resource"</th>
                    {sort_head(here, USE)}
                    <th scope="col" class="num wide">"Amount"</th>
                    <th scope="col" class="num wide">"Quota"</th>
                    <th scope="col" class="wide">"90 days"</th>
                    {sort_head(here, REACHED)}
                </tr>
            </thead>
            {groups}
        </table>
    };
    view! { <section class="card" aria-label="Use against quota">{scroll("Quotas table", table)}</section> }.into_any()
}

/// A namespace: its name beside a row for each resource that is bounded, the fullest first.
fn group(here: Here, now: DateTime<Utc>, namespace: &NamespaceQuotas) -> AnyView {
    let quotas = namespace.quotas.as_deref().unwrap_or_default();
    let names_matter = quotas.len() > 1;
    let mut uses: Vec<(&Quota, &QuotaUse)> = quotas
        .iter()
        .flat_map(|quota| quota.resources.iter().map(move |of| (quota, of)))
        .collect();
    uses.sort_by(|(_, a), (_, b)| descending(a.share, b.share));
    let rows = uses.len().max(1);
    let name = view! {
        <th scope="rowgroup" rowspan=rows.to_string() class="mono of">
            {link(here, "", namespace_path(&namespace.namespace), namespace.namespace.clone())}
        </th>
    };
    let mut name = Some(name.into_any());
    if uses.is_empty() {
        return view! { <tbody><tr>{name}<td colspan="6" class="muted">"Its quota bounds nothing."</td></tr></tbody> }
            .into_any();
    }
    let rows: Vec<_> = uses
        .iter()
        .map(|(quota, of)| row(now, name.take(), names_matter.then_some(*quota), of))
        .collect();
    view! { <tbody>{rows}</tbody> }.into_any()
}

fn row(now: DateTime<Utc>, namespace: Option<AnyView>, quota: Option<&Quota>, of: &QuotaUse) -> AnyView {
    let resource = of.resource.clone();
    let scoped = quota.map(|quota| view! { <span class="sub">{told(quota)}</span> });
    let (used, hard) = (
        of.used.as_ref().map(|used| amount(of.unit, used)),
        amount(of.unit, &of.hard),
    );
    let brief = view! {
        <span class="sub narrow"><span class="mono">{resource.clone()}</span>" "{format::written(of.unit, of.used.as_ref())}" / "{format::written(of.unit, Some(&of.hard))}</span>
    };
    view! {
        <tr>
            {namespace}
            <td class="wide"><span class="mono">{resource}</span>{scoped}</td>
            <td class="bar">{meter(of.share, &format!("{} of {}", format::written(of.unit, Some(&of.hard)), of.resource))}{brief}</td>
            <td class="num wide">{used}</td>
            <td class="num wide">{hard}</td>
            <td class="tight wide">{spark_of_shares(&of.trend)}</td>
            <td class="num">{reached(of, now)}</td>
        </tr>
    }
    .into_any()
}

/// The quota's name, and for which pods it is.
fn told(quota: &Quota) -> String {
    match quota.scopes.as_slice() {
        [] => quota.name.clone(),
        scopes => format!("{}, for {}", quota.name, scopes.join(" and ")),
    }
}

/// In plain units; as it is written in the title.
pub(super) fn amount(unit: Unit, amount: &Amount) -> AnyView {
    let title = match amount.value {
        Some(_) => amount.text.clone(),
        None => "can't be reckoned with".to_owned(),
    };
    view! { <span title=title>{format::written(unit, Some(amount))}</span> }.into_any()
}

fn sort(found: &mut [&NamespaceQuotas], by: Option<&str>, now: DateTime<Utc>) {
    let (by, turned) = match by {
        Some(word) => word.strip_prefix('-').map_or((word, false), |word| (word, true)),
        None => ("use", false),
    };
    let fullest = |it: &NamespaceQuotas| shares(it).reduce(f64::max);
    let order = |a: &&NamespaceQuotas, b: &&NamespaceQuotas| match by {
        "name" => a.namespace.cmp(&b.namespace),
        "reached" => soonest(first_day(a, now), first_day(b, now)),
        _ => descending(fullest(a), fullest(b)),
    };
    // Ties go by use, then by name.
    found.sort_by(|a, b| descending(fullest(a), fullest(b)).then_with(|| a.namespace.cmp(&b.namespace)));
    found.sort_by(|a, b| if turned { order(b, a) } else { order(a, b) });
}

fn first_day(namespace: &NamespaceQuotas, now: DateTime<Utc>) -> Option<NaiveDate> {
    resources(namespace)
        .filter_map(|of| in_sight(of, now))
        .map(|(forecast, _)| forecast.reached_on)
        .min()
}

/// What is known before what is not.
fn soonest<T: Ord>(a: Option<T>, b: Option<T>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn descending(a: Option<f64>, b: Option<f64>) -> Ordering {
    b.unwrap_or(-1.0).total_cmp(&a.unwrap_or(-1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::quotas::{Forecast, Outlook};

    fn namespace(name: &str, share: Option<f64>, day: Option<&str>) -> NamespaceQuotas {
        let amount = Amount {
            text: "1".into(),
            value: Some(1),
        };
        let of = QuotaUse {
            resource: "pods".into(),
            unit: Unit::Count,
            hard: amount.clone(),
            used: Some(amount),
            share,
            trend: Vec::new(),
            outlook: day.map_or(Outlook::Steady, |day| {
                Outlook::Reached(Forecast {
                    per_day: 1.0,
                    reached_on: day.parse().unwrap(),
                })
            }),
        };
        NamespaceQuotas {
            namespace: name.into(),
            quotas: Some(vec![Quota {
                name: "q".into(),
                scopes: Vec::new(),
                resources: vec![of],
            }]),
            limit_ranges: None,
            pods: None,
            demand: Vec::new(),
            without_limits: Vec::new(),
        }
    }

    #[test]
    fn the_nearest_to_its_limit_comes_first_and_what_is_unknown_last() {
        let all = [
            namespace("a", None, None),
            namespace("b", Some(0.5), Some("2026-12-24")),
            namespace("c", Some(0.9), None),
            namespace("d", Some(0.4), Some("2026-12-03")),
        ];
        let now = "2026-11-29T00:00:00Z".parse().unwrap();
        let names = |by| {
            let mut found: Vec<&NamespaceQuotas> = all.iter().collect();
            sort(&mut found, by, now);
            found.iter().map(|it| it.namespace.as_str()).collect::<String>()
        };
        assert_eq!(names(None), "cbda");
        assert_eq!(names(Some("name")), "abcd");
        assert_eq!(names(Some("-name")), "dcba");
        assert_eq!(names(Some("reached")), "dbca");
    }
}
