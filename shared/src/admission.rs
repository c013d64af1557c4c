//! Admission: what happens to a pod on its way in, and who is there to say no.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::ClusterId;
use crate::object::ObjectRef;
use crate::page::At;
use crate::verdict::Severity;

/// Path.
pub const PATH: &str = "/api/v1/admission";

/// Of which pod to tell the way in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct AdmissionQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The namespace that the pod comes into; the whole cluster, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The pod's labels, `app=web,tier=front`; none, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
}

impl From<&AdmissionQuery> for At {
    fn from(query: &AdmissionQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// All of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Admission {
    /// What happens to a pod, in this order.
    pub steps: Vec<Step>,
    /// The policy engines that were found.
    pub engines: Vec<Engine>,
    /// Whether images are verified before they run.
    pub image_verification: ImageVerification,
    /// Where sidecars are put into pods, and which lack them.
    pub injections: Vec<Injection>,
    /// What was not read and would be part of it, in sentences.
    pub unread: Vec<String>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What sort of step it is.
    pub stage: Stage,
    /// The webhook's or policy's name; what it is in words for what is built in.
    pub name: String,
    /// The object that makes it; none for what is built in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectRef>,
    /// What it does, in a sentence or two.
    pub summary: String,
    /// What it is called for: `CREATE, UPDATE pods`.
    pub scope: Vec<String>,
    /// Which namespaces and objects it looks at, in words; empty where it looks at all.
    pub selects: Vec<String>,
    /// Its conditions in CEL, by name; they are not evaluated.
    pub conditions: Vec<String>,
    /// The namespaces that it leaves out.
    pub exempt: Vec<String>,
    /// Whether it sees the pod that was asked about; none where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sees: Option<Sight>,
    /// What is called, and how; only for webhooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// Whether it is taken again when a later one changes the pod; only webhooks and policies that change pods are.
    pub is_reinvoked: bool,
    /// What puts a policy into force; only for policies.
    pub bindings: Vec<PolicyBinding>,
    /// What happens where it can't be asked, or its expression fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<OnFailure>,
}

/// The sorts of steps, in the order in which the API server takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// What Kubernetes itself fills in.
    Defaulting,
    /// MutatingAdmissionPolicies, in no fixed order among themselves.
    MutatingPolicy,
    /// Mutating webhooks, one after the other.
    MutatingWebhook,
    /// The second round, where a policy or a webhook has changed the pod.
    Reinvocation,
    /// What Kubernetes itself refuses, but for Pod Security and quotas.
    BuiltIn,
    /// The Pod Security Standards, by the labels of the namespace.
    PodSecurity,
    /// ValidatingAdmissionPolicies.
    ValidatingPolicy,
    /// Validating webhooks, all at once.
    ValidatingWebhook,
    /// Resource quotas.
    Quota,
}

/// Whether a step sees a pod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "answer")]
pub enum Sight {
    /// It does.
    Yes,
    /// It does unless one of its conditions says no, or something that was not read does.
    Perhaps {
        /// What is not known.
        reason: String,
    },
    /// It does not.
    No {
        /// What leaves it out.
        reason: String,
    },
}

/// What happens where a step can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum OnFailure {
    /// The pod is refused.
    Refuse,
    /// The pod goes on as if the step did not exist.
    Pass,
}

/// How a webhook is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// Service and port, `namespace/name:443`; the host where it is called by a URL.
    pub target: String,
    /// Whether anything answers.
    pub backend: BackendState,
    /// How long the API server waits.
    pub timeout_seconds: i32,
    /// Until when the authorities that it is verified by are valid; none where there are none, or they can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_expires: Option<DateTime<Utc>>,
    /// How urgent that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Severity>,
    /// Why the authorities can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_problem: Option<String>,
}

/// Whether anything answers a webhook's calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum BackendState {
    /// An endpoint is ready.
    Ready,
    /// The Service is not there.
    NoService,
    /// The Service has no such port.
    NoPort,
    /// The Service has no endpoint that is ready.
    NoEndpoint,
    /// It is outside of the cluster, and can't be seen.
    Outside,
    /// Services or their endpoints were not read.
    Unread,
}

/// What puts a policy into force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyBinding {
    /// The binding.
    pub object: ObjectRef,
    /// `Deny`, `Warn`, `Audit`; none for a policy that changes pods.
    pub actions: Vec<String>,
    /// The parameters that it takes, in words; empty where it takes none.
    pub parameters: String,
    /// Which namespaces and objects it narrows the policy to, in words.
    pub selects: Vec<String>,
    /// Whether it sees the pod that was asked about; none where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sees: Option<Sight>,
}

/// A policy engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Engine {
    /// Its name, `Kyverno`; that of the webhook where it is not known.
    pub name: String,
    /// Whether it is known for what it is; else it is a webhook that may refuse pods.
    pub is_known: bool,
    /// Whether anything but its own resources is shown to it.
    pub is_asked: bool,
    /// The webhook configurations and policies by which it is asked.
    pub objects: Vec<ObjectRef>,
    /// By what it was recognised, in sentences.
    pub evidence: Vec<String>,
}

/// Whether images are verified before they run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum ImageVerification {
    /// They are shown to something that verifies signatures.
    Present {
        /// What verifies them.
        by: Vec<String>,
    },
    /// Nothing was found that does.
    Absent,
    /// It can't be told.
    Unknown {
        /// Why.
        reason: String,
    },
}

impl Default for ImageVerification {
    fn default() -> Self {
        Self::Unknown {
            reason: "Nothing was read yet.".into(),
        }
    }
}

/// Sidecars of one sort in one namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Injection {
    /// The namespace.
    pub namespace: String,
    /// Who puts the sidecar in: `Istio`.
    pub injector: String,
    /// The sidecar's container.
    pub container: String,
    /// How many workloads should have it.
    pub workloads: u32,
    /// Those of which pods lack it.
    pub missing: Vec<MissingSidecar>,
}

/// A workload of which pods lack a sidecar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MissingSidecar {
    /// The workload.
    pub workload: ObjectRef,
    /// How many of its pods lack it.
    pub pods: u32,
    /// How many pods it has.
    pub of: u32,
}
