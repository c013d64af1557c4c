//! What something uses of a resource, beside what it asks for and may take: three bars on one scale.

use leptos::prelude::*;
use shared::quotas::{Demand, Unit};
use shared::usage::Sampling;

use super::meter::{FULL, NEAR};
use crate::format;

/// How much of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bars {
    /// What it is counted in.
    pub(crate) unit: Unit,
    /// What is used; none where it was not measured.
    pub(crate) used: Option<i64>,
    /// What is asked for; none where nothing is.
    pub(crate) asked: Option<i64>,
    /// What may be taken; none where nothing bounds it.
    pub(crate) limit: Option<i64>,
    /// Whether everything that uses it is bounded by the limit, so that use near it is a danger.
    pub(crate) is_bounded: bool,
}

impl From<&Demand> for Bars {
    /// Of several pods: those without a limit add none to it.
    fn from(demand: &Demand) -> Self {
        let some = |amount: Option<i64>| amount.filter(|amount| *amount > 0);
        Self {
            unit: demand.unit,
            used: demand.used,
            asked: some(demand.requests),
            limit: some(demand.limits),
            is_bounded: false,
        }
    }
}

/// The bars with their amounts.
pub(crate) fn bars(bars: Bars) -> AnyView {
    let most = [bars.used, bars.asked, bars.limit].into_iter().flatten().max();
    let bar = |word: &'static str, class: &'static str, amount: Option<i64>, none: &'static str| {
        let width = format!("{:.1}%", share(amount.unwrap_or_default(), most) * 100.0);
        let text = match amount {
            Some(amount) => format::amount(bars.unit, amount).into_any(),
            None => view! { <span class="zero">{none}</span> }.into_any(),
        };
        view! {
            <div>
                <dt>{word}</dt>
                <dd><span class=class aria-hidden="true"><i style:width=width></i></span></dd>
                <dd class="n">{text}</dd>
            </div>
        }
    };
    view! {
        <dl class="use-bars">
            {bar("uses", class(bars), bars.used, "not measured")}
            {bar("asks for", "meter asked", bars.asked, "nothing")}
            {bar("may take", "meter limit", bars.limit, "no limit")}
        </dl>
    }
    .into_any()
}

fn share(amount: i64, of: Option<i64>) -> f64 {
    match of {
        Some(of @ 1..) => amount as f64 / of as f64,
        _ => 0.0,
    }
}

/// Memory near its limit is a danger; CPU is only slowed.
fn class(bars: Bars) -> &'static str {
    let is_deadly = bars.is_bounded && bars.unit == Unit::Bytes;
    let of_limit = match (bars.used, bars.limit) {
        (Some(used), Some(limit)) if is_deadly => share(used, Some(limit)),
        _ => 0.0,
    };
    match of_limit {
        full if full >= FULL => "meter bad",
        near if near >= NEAR => "meter warn",
        _ => "meter",
    }
}

/// On what the figures rest: `one sample of 38 pods, 2026-11-29 10:00:00 UTC`; nothing where there are none.
pub(crate) fn sampled(sampling: &Sampling) -> String {
    match sampling {
        Sampling::Measured { at, pods } => {
            let pods = format::count(*pods, "pod", "pods");
            let at = at.map(|at| format!(", {}", format::absolute(at))).unwrap_or_default();
            format!("one sample of {pods}{at}")
        }
        Sampling::Unknown { .. } => String::new(),
    }
}

/// Why nothing was measured, and what to do; none where it was.
pub(crate) fn unmeasured(sampling: &Sampling) -> Option<String> {
    const HINT: &str = "What containers use is told by metrics.k8s.io, which metrics-server serves; Plimsoll needs the rule to list its pods.";
    match sampling {
        Sampling::Measured { .. } => None,
        Sampling::Unknown { reason } => Some(format!("{reason} {HINT}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(unit: Unit, used: i64, limit: Option<i64>) -> Bars {
        Bars {
            unit,
            used: Some(used),
            asked: None,
            limit,
            is_bounded: true,
        }
    }

    #[test]
    fn memory_near_its_limit_is_marked_and_cpu_is_not() {
        let classes = [79, 80, 90].map(|used| class(of(Unit::Bytes, used, Some(100))));
        assert_eq!(classes, ["meter", "meter warn", "meter bad"]);
        assert_eq!(class(of(Unit::Milli, 100, Some(100))), "meter");
        assert_eq!(class(of(Unit::Bytes, 100, None)), "meter");
    }

    #[test]
    fn what_the_figures_rest_on_is_told() {
        let at = "2026-11-29T10:00:00Z".parse().ok();
        assert_eq!(
            sampled(&Sampling::Measured { at, pods: 1 }),
            "one sample of 1 pod, 2026-11-29 10:00:00 UTC"
        );
        let reason = "The cluster does not serve pods.metrics.k8s.io.".to_owned();
        let why = unmeasured(&Sampling::Unknown { reason }).unwrap();
        assert!(why.starts_with("The cluster does not serve"), "{why}");
    }
}
