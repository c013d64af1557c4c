//! Findings: what is wrong with which object.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::checks::CheckInfo;
use crate::ids::{ClusterId, FindingId};
use crate::object::ObjectRef;
use crate::origin::Origin;
use crate::page::At;
use crate::patch::Patch;
use crate::verdict::{Area, Severity};

/// Path of the list; one finding is below it, by its id.
pub const PATH: &str = "/api/v1/findings";

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is there.
    Open,
    /// It was there and was seen to be gone.
    Fixed,
}

impl Status {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Fixed => "fixed",
        }
    }
}

/// The evidence: where in the object, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Witness {
    /// The object that holds the field; often, but not always, the finding's own.
    pub object: ObjectRef,
    /// The field's path as kubectl writes it: `spec.template.spec.containers[web].securityContext.privileged`.
    pub path: String,
    /// The value; `null` where what is missing is the point.
    #[schema(value_type = Object)]
    pub value: serde_json::Value,
    /// Whether it was measured: it differs at every snapshot, and is shown as it was when the finding opened or changed otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub measured: bool,
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingRow {
    /// Its id.
    pub id: FindingId,
    /// The check that found it.
    pub check: String,
    /// The check's area.
    pub area: Area,
    /// How bad it is.
    pub severity: Severity,
    /// The fact, in one line.
    pub title: String,
    /// The object that a person would edit.
    pub object: ObjectRef,
    /// Where it stands as of the answer's instant.
    pub status: Status,
    /// When it was first seen, ever.
    pub first_seen: DateTime<Utc>,
    /// Since when it is in this state: opened, or fixed.
    pub since: DateTime<Utc>,
    /// The last snapshot that could tell. Earlier than the answer's instant where its kinds could not be read since.
    pub last_seen: DateTime<Utc>,
    /// Why it is there by design, where a well-known controller needs it. It is no less bad for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

/// One finding, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingDetail {
    /// The row.
    #[serde(flatten)]
    pub row: FindingRow,
    /// What is wrong, in a sentence or two.
    pub message: String,
    /// The evidence.
    pub witness: Vec<Witness>,
    /// The change that closes it, where the object can be patched.
    pub patch: Option<Patch>,
    /// What the patch does, computed on the model before it is shown.
    pub effect: Option<Effect>,
    /// What manages the object, so that the change belongs elsewhere; none where nothing says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// How many pods it concerns; none where the object runs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pods: Option<u32>,
    /// The check, with why it matters and what to do.
    pub check_info: CheckInfo,
    /// What happened to it, newest first.
    pub history: Vec<Event>,
}

/// What applying a patch to the model changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// Findings that it closes, this one included.
    pub closes: u32,
    /// Findings that it opens.
    pub opens: u32,
    /// The score after it, less the score before.
    pub score: f32,
}

/// Something that happened to a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// When it was seen.
    pub at: DateTime<Utc>,
    /// What happened.
    pub what: EventKind,
}

/// What can happen to a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// Seen for the first time.
    Opened,
    /// Seen to be gone.
    Fixed,
    /// Seen again after it was gone.
    Reopened,
    /// Its severity, witness or message changed.
    Changed,
}

/// Which findings to list. Lists of words are comma-separated: `severity=critical,high`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct FindingQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Severities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Areas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Check ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// `open` (the default), `fixed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Namespaces; `-` stands for cluster-scoped objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The object's exact name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `true` for findings on what the cluster itself runs on alone, `false` for all others: what stands in a namespace of the
    /// system (`kube-system`, `kube-public`, `kube-node-lease`, OpenShift's), such a namespace itself, and what a well-known
    /// component needs by design (`expected`). Both, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<bool>,
    /// Words to find in title, object and check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Only those first seen at or after this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_seen_after: Option<DateTime<Utc>>,
    /// `severity` (the default, worst first, then oldest), `title`, `object`, `since`; a leading `-` turns it round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Where to read on: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows on the page, 1 to 500; 50 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl From<&FindingQuery> for At {
    fn from(query: &FindingQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// A value of an attribute, and how many findings have it when the *other* filters are applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FacetValue {
    /// The value, as the filter takes it.
    pub value: String,
    /// How many.
    pub count: u64,
}

/// A page of findings and the facets beside it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingPage {
    /// The rows.
    pub items: Vec<FindingRow>,
    /// How many rows there are on all pages.
    pub total: u64,
    /// How many objects they are on.
    pub objects: u64,
    /// How many findings are open in all, with no filter.
    pub open: u64,
    /// Pass this as `cursor` to read on; none on the last page.
    pub next: Option<String>,
    /// Counts by attribute: `severity`, `area`, `check`, `status`, `namespace`, `kind`, `system`.
    pub facets: BTreeMap<String, Vec<FacetValue>>,
}
