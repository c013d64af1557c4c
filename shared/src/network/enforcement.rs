//! Who enforces network policies, if anybody does.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::object::ObjectRef;

/// Whether network policies are enforced: a policy that nothing enforces protects nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Enforcement {
    /// Whether they are.
    pub state: Enforced,
    /// Why, in a sentence.
    pub reason: String,
    /// The network plugins that were recognised.
    pub plugins: Vec<Plugin>,
    /// Policies of other kinds that the cluster serves and that are not evaluated; none where it is not known what it serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_policies: Option<Vec<OtherPolicies>>,
}

/// Whether network policies are enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Enforced {
    /// A plugin enforces them.
    Yes,
    /// The plugin does not.
    No,
    /// It can't be told.
    Unknown,
}

/// A network plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Plugin {
    /// What it is called.
    pub name: String,
    /// The DaemonSet that runs it.
    pub object: ObjectRef,
    /// Whether it enforces network policies.
    pub enforces: Enforced,
}

/// Policies of a network plugin's own kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OtherPolicies {
    /// The resource: `ciliumnetworkpolicies.cilium.io`.
    pub resource: String,
    /// What such policies could change, in a sentence.
    pub effect: String,
}
