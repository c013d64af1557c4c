//! Which levels of Pod Security would let a workload in, and what would have to change for the others.

use leptos::prelude::*;
use shared::page::Stamped;
use shared::pod_security::{Level, LevelVerdict, Violation, WorkloadLevels};
use shared::verdict::Verdict;

use crate::components::card::Card;
use crate::components::load::{Load, loaded, table_skeleton};
use crate::components::table::scroll;
use crate::components::verdict::verdict_with;
use crate::format;

const NOTE: &str = "by the cluster's version of the standards";

/// The levels, each with the fields that stand in its way. What is gone has none.
pub(super) fn pod_security(is_gone: bool, levels: Load<Stamped<WorkloadLevels>>) -> AnyView {
    let shape = || table_skeleton(4);
    let shown = |levels: &Stamped<WorkloadLevels>| table(&levels.body.levels);
    let body = match is_gone {
        true => {
            view! { <p class="card-body muted">"It is gone: what it broke of them is no longer judged."</p> }.into_any()
        }
        false => loaded(levels, "Pod Security", shape, shown),
    };
    view! { <Card id="pod-security" title="Pod Security" note=NOTE>{body}</Card> }.into_any()
}

/// The narrowest level that would let it in.
pub(super) fn narrowest(levels: &[LevelVerdict]) -> Level {
    let passed = levels.iter().take_while(|verdict| verdict.violations.is_empty());
    passed.last().map_or(Level::Privileged, |verdict| verdict.level)
}

fn table(levels: &[LevelVerdict]) -> AnyView {
    let rows: Vec<_> = levels.iter().map(level).collect();
    let table = view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"What is refused, and the field to change"</th>
                    <th scope="col" class="wide">"Control"</th>
                </tr>
            </thead>
            {rows}
        </table>
    };
    scroll("Pod Security table", table)
}

fn level(verdict: &LevelVerdict) -> AnyView {
    let (word, text) = match verdict.violations.len() as u64 {
        0 => (Verdict::Pass, "lets it in".to_owned()),
        fields => (Verdict::Fail, format::count(fields, "field refused", "fields refused")),
    };
    let name = match verdict.level {
        Level::Privileged => "Privileged",
        Level::Baseline => "Baseline",
        Level::Restricted => "Restricted",
    };
    let rows: Vec<_> = verdict.violations.iter().map(violation).collect();
    view! {
        <tbody>
            <tr class="group">
                <th scope="rowgroup">{name}</th>
                <td>{verdict_with(word, text)}</td>
            </tr>
            {rows}
        </tbody>
    }
    .into_any()
}

fn violation(violation: &Violation) -> AnyView {
    let (field, whole) = (violation.field.clone(), violation.field.clone());
    view! {
        <tr>
            <td class="clip grow">{violation.message.clone()}<span class="sub mono" title=whole>{field}</span></td>
            <td class="mono muted nowrap wide">{violation.control.clone()}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(level: Level, refused: usize) -> LevelVerdict {
        let violation = Violation {
            control: "c".into(),
            field: "f".into(),
            message: "m".into(),
        };
        LevelVerdict {
            level,
            violations: vec![violation; refused],
        }
    }

    #[test]
    fn the_narrowest_level_is_the_last_that_refuses_nothing() {
        let levels = |baseline, restricted| {
            [
                verdict(Level::Baseline, baseline),
                verdict(Level::Restricted, restricted),
            ]
        };
        assert_eq!(narrowest(&levels(0, 0)), Level::Restricted);
        assert_eq!(narrowest(&levels(0, 2)), Level::Baseline);
        assert_eq!(narrowest(&levels(1, 0)), Level::Privileged);
    }
}
