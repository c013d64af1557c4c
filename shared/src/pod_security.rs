//! Pod Security: what namespaces ask for, what they could ask for today, and what would have to change first.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::ClusterId;
use crate::object::ObjectRef;
use crate::page::At;

/// Path of the answer.
pub const PATH: &str = "/api/v1/pod-security";

/// A level of the Pod Security Standards, from the widest to the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Everything is let in.
    #[default]
    Privileged,
    /// Known ways to the node are closed.
    Baseline,
    /// What pods need to be hardened.
    Restricted,
}

impl Level {
    /// All of them, the widest first.
    pub const ALL: [Self; 3] = [Self::Privileged, Self::Baseline, Self::Restricted];

    /// As labels spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }

    /// The next narrower one.
    pub fn next(self) -> Option<Self> {
        match self {
            Self::Privileged => Some(Self::Baseline),
            Self::Baseline => Some(Self::Restricted),
            Self::Restricted => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = Self::ALL.into_iter().find(|level| level.name() == text);
        named.ok_or_else(|| format!("{text:?} is no level: privileged, baseline or restricted is"))
    }
}

/// Which namespaces, in which version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct PodSecurityQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// One namespace; all, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The version of the standards: `latest`, or one such as `1.30`; the cluster's own, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl From<&PodSecurityQuery> for At {
    fn from(query: &PodSecurityQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// What namespaces ask of Pod Security, and what they could.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodSecurity {
    /// The version that is judged by: `v1.30`; empty before the first snapshot.
    pub version: String,
    /// What the answer can't take into account, in sentences: kinds that were not read, a version that is not known yet.
    pub doubts: Vec<String>,
    /// Namespaces, by name.
    pub namespaces: Vec<NamespaceLevels>,
}

/// One namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceLevels {
    /// Its name.
    pub namespace: String,
    /// What it refuses.
    pub enforce: AskedLevel,
    /// What it writes to the audit log.
    pub audit: AskedLevel,
    /// What it warns of.
    pub warn: AskedLevel,
    /// Labels that say nothing the API server knows, with what it makes of them.
    pub mistakes: Vec<String>,
    /// Workloads in it.
    pub workloads: u32,
    /// The narrowest level that it could enforce today without refusing any of them.
    pub could_enforce: Level,
    /// Workloads that it has and that the level it enforces would refuse, were their pods made anew.
    pub refused_now: Vec<RefusedWorkload>,
    /// The next narrower level than the one it could enforce; none if that is restricted.
    pub next: Option<NextLevel>,
}

/// A level in a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AskedLevel {
    /// The level.
    pub level: Level,
    /// The version that the label pins: `v1.30`; none if it is the API server's own.
    pub version: Option<String>,
}

/// What stands in the way of a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NextLevel {
    /// The level.
    pub level: Level,
    /// The workloads that it would refuse, by kind and name.
    pub refused: Vec<RefusedWorkload>,
}

/// A workload that a level would refuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefusedWorkload {
    /// The workload.
    pub object: ObjectRef,
    /// How many pods it has.
    pub pods: u32,
    /// What would have to change.
    pub violations: Vec<Violation>,
}

/// What a pod breaks, in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// The control, by the name that Pod Security admission gives it: `hostNamespaces`.
    pub control: String,
    /// The field: `spec.template.spec.hostPID`.
    pub field: String,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// What `plimsoll pod-security` says of one pod, or of the template of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodVerdict {
    /// Its namespace.
    pub namespace: String,
    /// The kind of the object.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Whether the level lets it in.
    pub allowed: bool,
    /// What it breaks; empty where it is let in.
    pub violations: Vec<Violation>,
}

/// What `plimsoll pod-security` prints: each pod that has no owner among the input, and each template of pods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PodVerdicts(pub Vec<PodVerdict>);

/// What a workload breaks of the levels that refuse anything, the wider one first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadLevels {
    /// Baseline, then restricted.
    pub levels: Vec<LevelVerdict>,
}

/// Whether a level would let a workload in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LevelVerdict {
    /// The level.
    pub level: Level,
    /// What the workload breaks of it; empty where it would be let in.
    pub violations: Vec<Violation>,
}
