//! Since when two states are compared: what the address says of it, the spans that are offered, and between which snapshots it was.

use leptos::prelude::*;
use shared::page::AsOf;
use shared::since::Since;

use super::ago::when;
use super::link::link;
use crate::here::{Here, at_param, encode};

/// The spans that are offered, in days.
const SPANS: [u16; 3] = [1, 7, 30];

/// What the address says; a week where it says nothing of sense.
pub(crate) fn since(here: Here) -> Since {
    read(here.param("since").as_deref())
}

fn read(word: Option<&str>) -> Since {
    word.and_then(|word| word.parse().ok()).unwrap_or(Since::WEEK)
}

/// The choice of a span.
pub(crate) fn spans(here: Here) -> AnyView {
    let chosen = since(here);
    let one = |days: u16| {
        let span = Since::Days(days);
        let is_on = span == chosen;
        let words = match days {
            1 => "1 day".to_owned(),
            _ => format!("{days} days"),
        };
        let to = here.with(&[("since", Some(&span.to_string()))]);
        view! { <a data-noscroll aria-current=is_on.then_some("true") href=to>{words}</a> }
    };
    view! { <div class="segment" role="group" aria-label="Since">{SPANS.map(one).collect_view()}</div> }.into_any()
}

/// From a past instant, the way to what has changed since; `path` may have a query. Nothing at the present.
pub(crate) fn compare_with_now(here: Here, path: &str) -> Option<AnyView> {
    let at = here.instant()?;
    let sign = if path.contains('?') { '&' } else { '?' };
    let to = format!("{path}{sign}since={}&at=", encode(&at_param(at)));
    Some(link(here, "btn", to, "Compare with now"))
}

/// `from 17 Nov 09:40 to 24 Nov 09:40`, the instants of the snapshots that are compared.
pub(crate) fn from_to(asked: Since, from: &AsOf, to: &AsOf) -> AnyView {
    let oldest = is_short(asked, from, to).then_some(", the oldest snapshot,");
    view! { "from "{when(from.taken_at)}{oldest}" to "{when(to.taken_at)} }.into_any()
}

/// Whether fewer days are kept than were asked for.
fn is_short(asked: Since, from: &AsOf, to: &AsOf) -> bool {
    matches!(asked, Since::Days(_)) && from.taken_at > asked.instant(to.taken_at)
}

#[cfg(test)]
mod tests {
    use shared::ids::{ClusterId, SnapshotId};

    use super::*;

    fn taken(at: &str) -> AsOf {
        AsOf {
            cluster: ClusterId(uuid::Uuid::nil()),
            snapshot: SnapshotId(1),
            taken_at: at.parse().unwrap(),
        }
    }

    #[test]
    fn an_address_without_sense_means_a_week() {
        assert_eq!([read(None), read(Some("soon"))], [Since::WEEK; 2]);
        assert_eq!(read(Some("1d")), Since::Days(1));
    }

    #[test]
    fn the_oldest_snapshot_is_named_where_it_is_younger_than_the_span() {
        let (oldest, last) = (taken("2026-11-20T09:40:00Z"), taken("2026-11-24T09:40:00Z"));
        assert!(is_short(Since::Days(7), &oldest, &last));
        assert!(!is_short(Since::Days(1), &oldest, &last));
        assert!(!is_short(
            Since::At(taken("2026-11-19T00:00:00Z").taken_at),
            &oldest,
            &last
        ));
    }
}
