//! What must hold of a network, as its owner declared it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Pair;

/// An intent, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JudgedIntent {
    /// Its name.
    pub name: String,
    /// Whether it holds.
    #[serde(flatten)]
    pub outcome: IntentOutcome,
}

/// Whether an intent holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "outcome")]
pub enum IntentOutcome {
    /// Nothing may pass that must not.
    Holds,
    /// Something may pass that must not.
    Broken {
        /// The first pair between which it may, by source and destination, with what may pass that must not.
        first: Pair,
        /// How many pairs of workloads, and of workloads and outside blocks, there are of them.
        pairs: u64,
    },
    /// Nothing breaks it because one of its ends is nobody.
    Vacuous {
        /// Which end, as a sentence.
        reason: String,
    },
    /// It can't be told.
    NotEvaluated {
        /// Why, as a sentence.
        reason: String,
    },
}
