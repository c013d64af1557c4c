//! A custom check as it is written in a file.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;
use shared::verdict::{Area, Severity};

/// One document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct CheckFile {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) area: Area,
    pub(super) severity: Severity,
    pub(super) rationale: String,
    pub(super) remediation: String,
    /// The kinds of which each object is judged.
    #[serde(default)]
    pub(super) kinds: Vec<Spanned<String>>,
    /// Whether each workload is judged, by its pod template.
    #[serde(default)]
    pub(super) workloads: bool,
    /// What must be true of an object.
    pub(super) expression: Spanned<String>,
    pub(super) message: Option<String>,
    pub(super) message_expression: Option<Spanned<String>>,
    /// The fields that a finding shows.
    #[serde(default)]
    pub(super) fields: Vec<String>,
    /// The controls that it answers, by the id of their framework.
    #[serde(default)]
    pub(super) frameworks: BTreeMap<String, Vec<Spanned<String>>>,
}
