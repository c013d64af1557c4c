//! Who keeps an object as it is, so that a change to it in the cluster would not last.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What manages an object, and where a change to it belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// The tool: `Helm`, `Argo CD`, `Flux`; for an operator, the kind of its resource.
    pub manager: String,
    /// What it manages the object by: `shop/web`.
    pub source: String,
    /// What to change instead, in a sentence.
    pub advice: String,
}
