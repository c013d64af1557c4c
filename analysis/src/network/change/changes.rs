//! What changes, as it is answered wherever it is asked: how much, the first pairs, and what is missing.

use std::convert::Infallible;

use shared::network::change::Proposal;
use shared::network::changes::Changes;

use super::{State, pairs, proposal};
use crate::network::engine::Network;

/// What changes from one state to another, and of the pairs the first `most`. What is missing is left to say.
pub fn between(before: State<'_>, after: State<'_>, most: usize) -> Changes {
    let mut kept = Vec::new();
    let keep = |pair| {
        if kept.len() < most {
            kept.push(pair);
        }
        Ok::<(), Infallible>(())
    };
    let Ok(summary) = pairs(before, after, keep);
    Changes {
        summary,
        pairs: kept,
        ..Changes::default()
    }
}

/// What a proposal would change, in the same way; or what is wrong with it, and then nothing else.
pub fn proposed(before: State<'_>, proposal: &Proposal, most: usize) -> Changes {
    match proposal::apply(&before.network.policies, proposal) {
        Ok(policies) => {
            let network = Network::new(before.model, policies);
            let after = State {
                model: before.model,
                network: &network,
            };
            between(before, after, most)
        }
        Err(mistakes) => Changes {
            mistakes,
            ..Changes::default()
        },
    }
}

/// What is missing on either side, in sentences, each once.
pub fn gaps(before: &[String], after: &[String]) -> Vec<String> {
    let mut gaps = [before, after].concat();
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}
