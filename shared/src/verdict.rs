//! The words of a judgement: severity, verdict, area.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How bad a finding is. Ordered: `Low < Critical`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Hygiene; helps an attacker only together with something else.
    Low,
    /// Weakens a boundary.
    Medium,
    /// Breaks a boundary for someone who is already inside a workload.
    High,
    /// Hands over the cluster or a node.
    Critical,
}

impl Severity {
    /// Worst first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// The word used on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == word)
    }
}

/// What a check concluded about the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Everything it needs was read, and nothing is wrong.
    Pass,
    /// At least one finding is open.
    Fail,
    /// Only a person can tell.
    Manual,
    /// Something it needs was not read; it is neither a pass nor a failure.
    NotEvaluated,
    /// All its findings are accepted risks.
    Excepted,
}

impl Verdict {
    /// In the order in which a page shows them.
    pub const ALL: [Self; 5] = [Self::Pass, Self::Fail, Self::Manual, Self::NotEvaluated, Self::Excepted];

    /// The word used on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Manual => "manual",
            Self::NotEvaluated => "notEvaluated",
            Self::Excepted => "excepted",
        }
    }

    /// The verdict of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == word)
    }
}

/// The nine practices by which checks are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// Role-based access control.
    Rbac,
    /// Encryption in transit and the certificates behind it.
    Tls,
    /// Network policies.
    Network,
    /// Image provenance and vulnerabilities.
    Images,
    /// Admission control.
    Admission,
    /// Quotas and limits.
    Resources,
    /// Containers that reach their node.
    Privileged,
    /// Audit logging and authentication of the API server.
    Audit,
    /// Permissions and tokens that nobody needs.
    LeastPrivilege,
}

impl Area {
    /// In the order in which a page shows them.
    pub const ALL: [Self; 9] = [
        Self::Rbac,
        Self::Tls,
        Self::Network,
        Self::Images,
        Self::Admission,
        Self::Resources,
        Self::Privileged,
        Self::Audit,
        Self::LeastPrivilege,
    ];

    /// The word used on the wire, in paths and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rbac => "rbac",
            Self::Tls => "tls",
            Self::Network => "network",
            Self::Images => "images",
            Self::Admission => "admission",
            Self::Resources => "resources",
            Self::Privileged => "privileged",
            Self::Audit => "audit",
            Self::LeastPrivilege => "least-privilege",
        }
    }

    /// The words a person reads.
    pub fn title(self) -> &'static str {
        match self {
            Self::Rbac => "RBAC",
            Self::Tls => "TLS",
            Self::Network => "Network",
            Self::Images => "Images",
            Self::Admission => "Admission",
            Self::Resources => "Resources",
            Self::Privileged => "Privileged",
            Self::Audit => "Audit",
            Self::LeastPrivilege => "Least privilege",
        }
    }

    /// The area of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.as_str() == word)
    }
}
