//! The patch of a finding, and what it does.

use leptos::prelude::*;
use shared::findings::{Effect, FindingDetail};

use crate::components::icon::{Icon, icon_small};
use crate::components::patch;
use crate::components::tag::{Tone, tag};
use crate::format;

/// The patch of a finding; nothing where there is none.
pub(super) fn patch(finding: &FindingDetail) -> Option<AnyView> {
    let patch = finding.patch.as_ref()?;
    let verified = finding
        .effect
        .is_some()
        .then(|| tag(Tone::Ok, view! { {icon_small(Icon::Check)}"verified" }));
    Some(
        view! {
            <section>
                <h3>"Patch"{verified}</h3>
                {patch::patch(patch)}
                {finding.effect.as_ref().map(effects)}
            </section>
        }
        .into_any(),
    )
}

fn effects(effect: &Effect) -> AnyView {
    let findings = |n: u32| if n == 1 { "finding" } else { "findings" };
    let score = format::signed(effect.score);
    let class = |good: bool| good.then_some("t-pass");
    let opens = if effect.opens > 0 { "t-fail" } else { "" };
    view! {
        <dl class="effects">
            <div>
                <dt>"Closes"</dt>
                <dd class=class(effect.closes > 0)>{format::number(effect.closes)}<small>{findings(effect.closes)}</small></dd>
            </div>
            <div>
                <dt>"Opens"</dt>
                <dd class=opens>{format::number(effect.opens)}<small>{findings(effect.opens)}</small></dd>
            </div>
            <div>
                <dt>"Score"</dt>
                <dd class=class(effect.score > 0.0)>{score}<small>"of 100"</small></dd>
            </div>
        </dl>
    }
    .into_any()
}
