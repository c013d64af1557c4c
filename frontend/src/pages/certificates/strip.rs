//! The year ahead as a strip of months, with a mark for each certificate that ends in it. A month narrows the list.

use chrono::{DateTime, Datelike, Utc};
use leptos::prelude::*;
use shared::certificates::CertificateRow;
use shared::verdict::Severity;

use crate::components::card::Card;
use crate::components::severity::severity_glyph;
use crate::format;
use crate::here::Here;

/// How many months are drawn, this one included.
const MONTHS: i32 = 12;
/// How many marks stand in a month before the rest is counted.
const MARKS: usize = 8;

/// When a certificate ends, as far as the strip tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ends {
    /// It has ended.
    Past,
    /// In a month: how many lie between it and this one.
    Month(i32),
    /// After the last month that is drawn.
    Later,
    /// That can't be seen.
    Unseen,
}

impl Ends {
    /// When a certificate ends, looked at from `now`.
    pub(super) fn of(row: &CertificateRow, now: DateTime<Utc>) -> Self {
        let months = |at: DateTime<Utc>| at.year() * 12 + at.month0().cast_signed();
        match row.not_after {
            None => Self::Unseen,
            Some(end) if end < now => Self::Past,
            Some(end) => match months(end) - months(now) {
                ahead if ahead < MONTHS => Self::Month(ahead),
                _ => Self::Later,
            },
        }
    }

    fn all() -> impl Iterator<Item = Self> {
        let months = (0..MONTHS).map(Self::Month);
        std::iter::once(Self::Past)
            .chain(months)
            .chain([Self::Later, Self::Unseen])
    }

    /// Its word in the address: `2026-12`.
    pub(super) fn param(self, now: DateTime<Utc>) -> String {
        match self {
            Self::Past => "past".into(),
            Self::Month(ahead) => {
                let (year, month) = month(now, ahead);
                format!("{year}-{:02}", month + 1)
            }
            Self::Later => "later".into(),
            Self::Unseen => "unseen".into(),
        }
    }

    /// Its words: `Dec`, and `Jan 2027` where a year begins.
    fn label(self, now: DateTime<Utc>) -> String {
        match self {
            Self::Past => "Ended".into(),
            Self::Month(ahead) => {
                let (year, month) = month(now, ahead);
                let name = format::MONTHS[month];
                match month == 0 || ahead == 0 {
                    true => format!("{name} {year}"),
                    false => name.into(),
                }
            }
            Self::Later => "Later".into(),
            Self::Unseen => "No date".into(),
        }
    }
}

/// The year, and the month from 0, so many months ahead.
fn month(now: DateTime<Utc>, ahead: i32) -> (i32, usize) {
    let months = now.year() * 12 + now.month0().cast_signed() + ahead;
    (
        months.div_euclid(12),
        usize::try_from(months.rem_euclid(12)).unwrap_or_default(),
    )
}

/// The strip.
pub(super) fn strip(here: Here, chosen: Option<&str>, rows: &[CertificateRow], now: DateTime<Utc>) -> AnyView {
    let cells: Vec<_> = Ends::all().map(|ends| cell(here, chosen, ends, rows, now)).collect();
    let note = "each mark is a certificate; a month narrows the list below";
    view! {
        <Card id="calendar" title="When they end" note=note>
            <div class="table-wrap" tabindex="0" role="region" aria-label="Calendar"><ol class="months">{cells}</ol></div>
        </Card>
    }
    .into_any()
}

fn cell(here: Here, chosen: Option<&str>, ends: Ends, rows: &[CertificateRow], now: DateTime<Utc>) -> AnyView {
    let mut urgencies: Vec<Option<Severity>> = rows
        .iter()
        .filter(|row| Ends::of(row, now) == ends)
        .map(|row| row.urgency)
        .collect();
    urgencies.sort_unstable_by(|a, b| b.cmp(a));
    let (count, label, param) = (urgencies.len(), ends.label(now), ends.param(now));
    let marks: Vec<_> = urgencies.iter().take(MARKS).map(|urgency| mark(*urgency)).collect();
    let more = count.saturating_sub(MARKS);
    let more = (more > 0).then(|| view! { <small>{format!("+{more}")}</small> });
    let is_chosen = chosen == Some(param.as_str());
    let content = view! {
        <span class="marks" aria-hidden="true">{marks}{more}</span>
        <b class=(count == 0).then_some("zero")>{count}</b>
        <span class="month">{label}</span>
    };
    let class = if ends == Ends::Past && count > 0 { "past" } else { "" };
    let cell = match count {
        0 => view! { <span>{content}</span> }.into_any(),
        _ => {
            let to = move || here.with(&[("ends", Some(param.as_str()).filter(|_| !is_chosen))]);
            let current = is_chosen.then_some("true");
            view! { <a href=to data-noscroll aria-current=current>{content}</a> }.into_any()
        }
    };
    view! { <li class=class>{cell}</li> }.into_any()
}

/// A certificate: its urgency as rungs, or a ring where there is time enough.
fn mark(urgency: Option<Severity>) -> AnyView {
    match urgency {
        Some(urgency) => severity_glyph(urgency),
        None => view! { <i></i> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn months_run_on_into_the_next_year() {
        let now = at("2026-11-29T10:00:00Z");
        let labels: Vec<String> = Ends::all().map(|ends| ends.label(now)).collect();
        assert_eq!(labels[..4], ["Ended", "Nov 2026", "Dec", "Jan 2027"]);
        assert_eq!(labels[12..], ["Oct", "Later", "No date"]);
        assert_eq!(Ends::Month(2).param(now), "2027-01");
    }
}
