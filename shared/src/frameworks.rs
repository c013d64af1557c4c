//! Frameworks: lists of controls, each with the checks that answer it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::verdict::Area;

/// Path of the list.
pub const PATH: &str = "/api/v1/frameworks";

/// A list of controls, published by somebody or a user's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Framework {
    /// Stable id: `cis-1.12`.
    pub id: String,
    /// What it is called beside the id of a control: `CIS 1.12`.
    pub name: String,
    /// What it is called in full, without the version.
    pub title: String,
    /// Its version, as its publisher writes it.
    pub version: String,
    /// Who publishes it; empty where nobody does.
    pub publisher: String,
    /// Where its text is to be read; empty where nowhere.
    pub source: String,
    /// What to know before relying on it: whose words these are, and what a pass does not mean.
    pub note: String,
    /// The benchmark of kube-bench whose reports answer its controls: `eks-1.7.0`.
    pub benchmark: Option<String>,
    /// Its sections, in its own order.
    pub sections: Vec<FrameworkSection>,
}

/// Controls that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrameworkSection {
    /// Its id in the framework: `5.1`.
    pub id: String,
    /// What its controls are about.
    pub title: String,
    /// Its controls.
    pub controls: Vec<FrameworkControl>,
}

/// One thing that a framework asks for, and what answers whether it is so. A control that nothing answers is not covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrameworkControl {
    /// Its id, unique in the framework: `5.1.1`.
    pub id: String,
    /// What it asks for, in Plimsoll's words.
    pub title: String,
    /// The checks that answer it.
    pub checks: Vec<ControlCheck>,
    /// The practice all of whose checks answer it, where `checks` comes from that.
    pub area: Option<Area>,
    /// Whether a report of kube-bench answers what the checks leave open.
    pub kube_bench: bool,
    /// What a person must look at, because no check can.
    pub manual: Option<String>,
}

/// A check that answers a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlCheck {
    /// The check.
    pub check: String,
    /// The field or value to which the control narrows it, where the check looks at several: `hostPID`, `Unconfined`, `0`. Only
    /// findings whose first witness is that field, is that value, or lists it are the control's.
    pub only: Option<String>,
}

impl Framework {
    /// All its controls, section by section.
    pub fn controls(&self) -> impl Iterator<Item = &FrameworkControl> {
        self.sections.iter().flat_map(|section| &section.controls)
    }
}
