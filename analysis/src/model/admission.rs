//! Admission webhooks and policies.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::meta::{LabelSelector, ObjectMeta};

/// `ValidatingWebhookConfiguration` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidatingWebhookConfiguration {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    pub webhooks: Vec<ValidatingWebhook>,
}

/// `ValidatingWebhook` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidatingWebhook {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(message, optional, tag = "2")]
    pub client_config: Option<WebhookClientConfig>,
    #[prost(message, repeated, tag = "3")]
    pub rules: Vec<RuleWithOperations>,
    #[prost(string, optional, tag = "4")]
    pub failure_policy: Option<String>,
    #[prost(string, optional, tag = "9")]
    pub match_policy: Option<String>,
    #[prost(message, optional, tag = "5")]
    pub namespace_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "10")]
    pub object_selector: Option<LabelSelector>,
    #[prost(string, optional, tag = "6")]
    pub side_effects: Option<String>,
    #[prost(int32, optional, tag = "7")]
    pub timeout_seconds: Option<i32>,
    #[prost(message, repeated, tag = "11")]
    pub match_conditions: Vec<MatchCondition>,
}

/// `MutatingWebhookConfiguration` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MutatingWebhookConfiguration {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    pub webhooks: Vec<MutatingWebhook>,
}

/// `MutatingWebhook` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MutatingWebhook {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(message, optional, tag = "2")]
    pub client_config: Option<WebhookClientConfig>,
    #[prost(message, repeated, tag = "3")]
    pub rules: Vec<RuleWithOperations>,
    #[prost(string, optional, tag = "4")]
    pub failure_policy: Option<String>,
    #[prost(string, optional, tag = "9")]
    pub match_policy: Option<String>,
    #[prost(message, optional, tag = "5")]
    pub namespace_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "11")]
    pub object_selector: Option<LabelSelector>,
    #[prost(string, optional, tag = "6")]
    pub side_effects: Option<String>,
    #[prost(int32, optional, tag = "7")]
    pub timeout_seconds: Option<i32>,
    #[prost(string, optional, tag = "10")]
    pub reinvocation_policy: Option<String>,
    #[prost(message, repeated, tag = "12")]
    pub match_conditions: Vec<MatchCondition>,
}

/// `WebhookClientConfig` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookClientConfig {
    #[prost(string, optional, tag = "3")]
    pub url: Option<String>,
    #[prost(message, optional, tag = "1")]
    pub service: Option<ServiceReference>,
    #[serde(with = "super::bytes")]
    #[prost(bytes = "vec", tag = "2")]
    pub ca_bundle: Vec<u8>,
}

/// `ServiceReference` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceReference {
    #[prost(string, tag = "1")]
    pub namespace: String,
    #[prost(string, tag = "2")]
    pub name: String,
    #[prost(string, optional, tag = "3")]
    pub path: Option<String>,
    #[prost(int32, optional, tag = "4")]
    pub port: Option<i32>,
}

/// `MatchCondition` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MatchCondition {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub expression: String,
}

/// `RuleWithOperations` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RuleWithOperations {
    #[prost(string, repeated, tag = "1")]
    pub operations: Vec<String>,
    #[serde(flatten)]
    #[prost(message, optional, tag = "2")]
    pub rule: Option<Rule>,
}

/// `Rule` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rule {
    #[prost(string, repeated, tag = "1")]
    pub api_groups: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub api_versions: Vec<String>,
    #[prost(string, repeated, tag = "3")]
    pub resources: Vec<String>,
    #[prost(string, optional, tag = "4")]
    pub scope: Option<String>,
}

/// `ValidatingAdmissionPolicy` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidatingAdmissionPolicy {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ValidatingAdmissionPolicySpec>,
}

/// `ValidatingAdmissionPolicySpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidatingAdmissionPolicySpec {
    #[prost(message, optional, tag = "1")]
    pub param_kind: Option<ParamKind>,
    #[prost(message, optional, tag = "2")]
    pub match_constraints: Option<MatchResources>,
    #[prost(message, repeated, tag = "3")]
    pub validations: Vec<Validation>,
    #[prost(string, optional, tag = "4")]
    pub failure_policy: Option<String>,
    #[prost(message, repeated, tag = "6")]
    pub match_conditions: Vec<MatchCondition>,
}

/// `ParamKind` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ParamKind {
    #[prost(string, tag = "1")]
    pub api_version: String,
    #[prost(string, tag = "2")]
    pub kind: String,
}

/// `Validation` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Validation {
    #[prost(string, tag = "1")]
    pub expression: String,
    #[prost(string, tag = "2")]
    pub message: String,
}

/// `MatchResources` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MatchResources {
    #[prost(message, optional, tag = "1")]
    pub namespace_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub object_selector: Option<LabelSelector>,
    #[prost(message, repeated, tag = "3")]
    pub resource_rules: Vec<NamedRuleWithOperations>,
    #[prost(message, repeated, tag = "4")]
    pub exclude_resource_rules: Vec<NamedRuleWithOperations>,
    #[prost(string, optional, tag = "7")]
    pub match_policy: Option<String>,
}

/// `NamedRuleWithOperations` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NamedRuleWithOperations {
    #[prost(string, repeated, tag = "1")]
    pub resource_names: Vec<String>,
    #[serde(flatten)]
    #[prost(message, optional, tag = "2")]
    pub rule_with_operations: Option<RuleWithOperations>,
}

/// `ValidatingAdmissionPolicyBinding` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidatingAdmissionPolicyBinding {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ValidatingAdmissionPolicyBindingSpec>,
}

/// `ValidatingAdmissionPolicyBindingSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidatingAdmissionPolicyBindingSpec {
    #[prost(string, tag = "1")]
    pub policy_name: String,
    #[prost(message, optional, tag = "2")]
    pub param_ref: Option<ParamRef>,
    #[prost(message, optional, tag = "3")]
    pub match_resources: Option<MatchResources>,
    #[prost(string, repeated, tag = "4")]
    pub validation_actions: Vec<String>,
}

/// `MutatingAdmissionPolicy` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MutatingAdmissionPolicy {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<MutatingAdmissionPolicySpec>,
}

/// `MutatingAdmissionPolicySpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MutatingAdmissionPolicySpec {
    #[prost(message, optional, tag = "1")]
    pub param_kind: Option<ParamKind>,
    #[prost(message, optional, tag = "2")]
    pub match_constraints: Option<MatchResources>,
    #[prost(message, repeated, tag = "4")]
    pub mutations: Vec<Mutation>,
    #[prost(string, optional, tag = "5")]
    pub failure_policy: Option<String>,
    #[prost(message, repeated, tag = "6")]
    pub match_conditions: Vec<MatchCondition>,
    #[prost(string, tag = "7")]
    pub reinvocation_policy: String,
}

/// `Mutation` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Mutation {
    #[prost(string, tag = "2")]
    pub patch_type: String,
    #[prost(message, optional, tag = "3")]
    pub apply_configuration: Option<Patch>,
    #[prost(message, optional, tag = "4")]
    pub json_patch: Option<Patch>,
}

/// `ApplyConfiguration` or `JSONPatch` of the Kubernetes API: both are an expression that makes the change.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Patch {
    #[prost(string, tag = "1")]
    pub expression: String,
}

/// `MutatingAdmissionPolicyBinding` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MutatingAdmissionPolicyBinding {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<MutatingAdmissionPolicyBindingSpec>,
}

/// `MutatingAdmissionPolicyBindingSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MutatingAdmissionPolicyBindingSpec {
    #[prost(string, tag = "1")]
    pub policy_name: String,
    #[prost(message, optional, tag = "2")]
    pub param_ref: Option<ParamRef>,
    #[prost(message, optional, tag = "3")]
    pub match_resources: Option<MatchResources>,
}

/// `ParamRef` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ParamRef {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub namespace: String,
    #[prost(message, optional, tag = "3")]
    pub selector: Option<LabelSelector>,
    #[prost(string, optional, tag = "4")]
    pub parameter_not_found_action: Option<String>,
}
