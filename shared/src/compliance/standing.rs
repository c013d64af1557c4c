//! All frameworks side by side.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ComplianceScore;

/// A framework, and how a cluster stands against it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The framework's id.
    pub id: String,
    /// What it is called beside the id of a control: `CIS 1.12`.
    pub name: String,
    /// What it is called in full, without the version.
    pub title: String,
    /// Its version, as its publisher writes it.
    pub version: String,
    /// Who publishes it; empty where nobody does.
    pub publisher: String,
    /// Whether it was read from a file of this server's own.
    pub is_own: bool,
    /// How many controls it has.
    pub controls: u32,
    /// How well it is met; none before the first snapshot.
    pub score: Option<ComplianceScore>,
}
