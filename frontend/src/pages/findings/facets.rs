//! Facets: the values of each attribute and how many findings have them when the other filters are applied.

use leptos::prelude::*;
use shared::findings::{FacetValue, FindingPage, Status};
use shared::verdict::{Area, Severity, Verdict};

use super::query::{self, FACETS, Filter};
use crate::components::number::number;
use crate::components::severity::severity;
use crate::components::verdict::verdict_with;
use crate::here::Here;

/// Values that are shown before the rest is asked for.
const SHOWN: usize = 8;

/// All facets.
pub(super) fn facets(here: Here, page: &FindingPage) -> AnyView {
    FACETS.map(|filter| facet(here, filter, page)).collect_view().into_any()
}

fn facet(here: Here, filter: Filter, page: &FindingPage) -> AnyView {
    let list = here.param(filter.name);
    let chosen = query::chosen(filter.name, list.as_deref());
    let counted = page.facets.get(filter.name).map(Vec::as_slice).unwrap_or_default();
    let values = complete(filter.name, counted, &chosen);
    let (first, rest) = values.split_at(cut(&values, &chosen));
    let lines = |values: &[FacetValue]| {
        let line = |value: &FacetValue| line(here, filter.name, value, chosen.contains(&value.value));
        values.iter().map(line).collect_view()
    };
    let more = (!rest.is_empty()).then(|| {
        let label = format!("{} more", rest.len());
        view! { <details class="more"><summary>{label}</summary><ul>{lines(rest)}</ul></details> }
    });
    view! {
        <details open>
            <summary>{filter.title}</summary>
            <ul>{lines(first)}</ul>
            {more}
        </details>
    }
    .into_any()
}

/// How many values stand before the rest: a few, and all that are chosen.
fn cut(values: &[FacetValue], chosen: &[String]) -> usize {
    let last_chosen = values
        .iter()
        .rposition(|value| chosen.contains(&value.value))
        .map_or(0, |at| at + 1);
    let shown = if values.len() <= SHOWN + 1 { values.len() } else { SHOWN };
    shown.max(last_chosen)
}

/// The values to show: those of a closed set in their own order with zeros, others as counted; and whatever is chosen.
fn complete(name: &str, counted: &[FacetValue], chosen: &[String]) -> Vec<FacetValue> {
    let count = |value: &str| {
        counted
            .iter()
            .find(|facet| facet.value == value)
            .map_or(0, |facet| facet.count)
    };
    let all: Vec<&str> = match name {
        "severity" => Severity::ALL.map(Severity::as_str).to_vec(),
        "area" => Area::ALL.map(Area::as_str).to_vec(),
        "status" => vec![Status::Open.as_str(), Status::Fixed.as_str()],
        _ => counted.iter().map(|facet| facet.value.as_str()).collect(),
    };
    let missing = chosen.iter().map(String::as_str).filter(|value| !all.contains(value));
    all.iter()
        .copied()
        .chain(missing)
        .map(|value| FacetValue {
            value: value.into(),
            count: count(value),
        })
        .collect()
}

fn line(here: Here, name: &'static str, value: &FacetValue, on: bool) -> AnyView {
    let word = value.value.clone();
    let toggle = move |_| {
        let list = untrack(|| here.param(name));
        here.set(&[
            (name, query::toggled(name, list.as_deref(), &word).as_deref()),
            ("cursor", None),
        ]);
    };
    let text = query::words(name, &value.value);
    let title = text.clone();
    let class = (value.count == 0 && !on).then_some("zero");
    view! {
        <li>
            <label title=title>
                <input type="checkbox" prop:checked=on on:change=toggle/>
                <span class=class>{label(name, &value.value, text)}</span>
                <b>{number(value.count)}</b>
            </label>
        </li>
    }
    .into_any()
}

fn label(name: &str, value: &str, text: String) -> AnyView {
    match (name, Severity::parse(value)) {
        ("severity", Some(of)) => severity(of),
        ("status", _) if value == Status::Open.as_str() => verdict_with(Verdict::Fail, text),
        ("status", _) => verdict_with(Verdict::Pass, text),
        _ => text.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facet(value: &str, count: u64) -> FacetValue {
        FacetValue {
            value: value.into(),
            count,
        }
    }

    #[test]
    fn a_closed_set_is_shown_whole_with_zeros() {
        let values = complete("severity", &[facet("low", 3)], &[]);
        assert_eq!(values.iter().map(|v| v.count).collect::<Vec<_>>(), [0, 0, 0, 3]);
    }

    #[test]
    fn what_is_chosen_stays_even_where_nothing_has_it() {
        assert_eq!(
            complete("check", &[facet("a", 1)], &["b".into()]),
            [facet("a", 1), facet("b", 0)]
        );
    }

    #[test]
    fn a_chosen_value_is_never_folded_away() {
        let values: Vec<FacetValue> = (0..20).map(|n| facet(&n.to_string(), 1)).collect();
        assert_eq!(cut(&values, &[]), SHOWN);
        assert_eq!(cut(&values, &["12".into()]), 13);
        assert_eq!(cut(&values[..9], &[]), 9);
    }
}
