//! A framework as it is written in a file.

use serde::Deserialize;
use serde_saphyr::Spanned;
use shared::verdict::Area;

/// The document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrameworkFile {
    pub(super) id: Spanned<String>,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) version: String,
    #[serde(default)]
    pub(super) publisher: String,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) note: String,
    /// The benchmark of kube-bench that answers its controls.
    pub(super) benchmark: Option<String>,
    /// The framework of which this one has all controls but those that are listed in `without`, or here.
    pub(super) based_on: Option<Spanned<String>>,
    /// Ids of sections and controls of the base that this one lacks.
    #[serde(default)]
    pub(super) without: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) sections: Vec<SectionFile>,
}

/// A section. One that the base has too keeps the base's other controls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionFile {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) controls: Vec<ControlFile>,
}

/// A control, with what answers it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ControlFile {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    /// Ids of checks; `check/hostPID` narrows one to the findings of a field or value.
    #[serde(default)]
    pub(super) checks: Vec<Spanned<String>>,
    /// All checks of an area, instead of a list.
    pub(super) area: Option<Area>,
    #[serde(default)]
    pub(super) kube_bench: bool,
    pub(super) manual: Option<String>,
}
