//! The kinds that run pods from a template.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::kind::{Kind, Object};
use super::meta::{LabelSelector, ObjectMeta};
use super::pairs::Labels;
use super::pod::{PodSpec, PodTemplateSpec};

/// `Deployment` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Deployment {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<DeploymentSpec>,
}

/// `DeploymentSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeploymentSpec {
    #[prost(int32, optional, tag = "1")]
    pub replicas: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "3")]
    pub template: Option<PodTemplateSpec>,
}

/// `StatefulSet` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatefulSet {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<StatefulSetSpec>,
}

/// `StatefulSetSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatefulSetSpec {
    #[prost(int32, optional, tag = "1")]
    pub replicas: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "3")]
    pub template: Option<PodTemplateSpec>,
    #[prost(string, tag = "5")]
    pub service_name: String,
}

/// `DaemonSet` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DaemonSet {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<DaemonSetSpec>,
}

/// `DaemonSetSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DaemonSetSpec {
    #[prost(message, optional, tag = "1")]
    pub selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub template: Option<PodTemplateSpec>,
}

/// `ReplicaSet` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplicaSet {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ReplicaSetSpec>,
}

/// `ReplicaSetSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplicaSetSpec {
    #[prost(int32, optional, tag = "1")]
    pub replicas: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "3")]
    pub template: Option<PodTemplateSpec>,
}

/// `ReplicationController` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplicationController {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ReplicationControllerSpec>,
}

/// `ReplicationControllerSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplicationControllerSpec {
    #[prost(int32, optional, tag = "1")]
    pub replicas: Option<i32>,
    #[prost(message, repeated, tag = "2")]
    pub selector: Labels,
    #[prost(message, optional, tag = "3")]
    pub template: Option<PodTemplateSpec>,
}

/// `Job` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Job {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<JobSpec>,
    #[prost(message, optional, tag = "3")]
    pub status: Option<JobStatus>,
}

/// `JobStatus` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JobStatus {
    #[prost(message, repeated, tag = "1")]
    pub conditions: Vec<JobCondition>,
}

/// `JobCondition` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JobCondition {
    #[serde(rename = "type")]
    #[prost(string, tag = "1")]
    pub r#type: String,
    #[prost(string, tag = "2")]
    pub status: String,
}

/// `JobSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JobSpec {
    #[prost(int32, optional, tag = "1")]
    pub parallelism: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    pub completions: Option<i32>,
    #[prost(message, optional, tag = "4")]
    pub selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "6")]
    pub template: Option<PodTemplateSpec>,
    #[prost(bool, optional, tag = "10")]
    pub suspend: Option<bool>,
}

/// `CronJob` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CronJob {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<CronJobSpec>,
}

/// `CronJobSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CronJobSpec {
    #[prost(string, tag = "1")]
    pub schedule: String,
    #[prost(bool, optional, tag = "4")]
    pub suspend: Option<bool>,
    #[prost(message, optional, tag = "5")]
    pub job_template: Option<JobTemplateSpec>,
}

/// `JobTemplateSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JobTemplateSpec {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<JobSpec>,
}

fn template(object: &Object) -> Option<&PodTemplateSpec> {
    match object {
        Object::Deployment(o) => o.spec.as_ref()?.template.as_ref(),
        Object::StatefulSet(o) => o.spec.as_ref()?.template.as_ref(),
        Object::DaemonSet(o) => o.spec.as_ref()?.template.as_ref(),
        Object::ReplicaSet(o) => o.spec.as_ref()?.template.as_ref(),
        Object::ReplicationController(o) => o.spec.as_ref()?.template.as_ref(),
        Object::Job(o) => o.spec.as_ref()?.template.as_ref(),
        Object::CronJob(o) => o.spec.as_ref()?.job_template.as_ref()?.spec.as_ref()?.template.as_ref(),
        _ => None,
    }
}

/// The pod specification that an object of one of these kinds, or a pod, carries.
pub fn pod_spec(object: &Object) -> Option<&PodSpec> {
    match object {
        Object::Pod(pod) => pod.spec.as_ref(),
        other => template(other)?.spec.as_ref(),
    }
}

/// The template of the pods of an object of one of these kinds, to change.
pub(super) fn template_mut(object: &mut Object) -> Option<&mut PodTemplateSpec> {
    match object {
        Object::Deployment(o) => o.spec.as_mut()?.template.as_mut(),
        Object::StatefulSet(o) => o.spec.as_mut()?.template.as_mut(),
        Object::DaemonSet(o) => o.spec.as_mut()?.template.as_mut(),
        Object::ReplicaSet(o) => o.spec.as_mut()?.template.as_mut(),
        Object::ReplicationController(o) => o.spec.as_mut()?.template.as_mut(),
        Object::Job(o) => o.spec.as_mut()?.template.as_mut(),
        Object::CronJob(o) => o.spec.as_mut()?.job_template.as_mut()?.spec.as_mut()?.template.as_mut(),
        _ => None,
    }
}

/// The metadata that pods of this object get; a pod's own.
pub fn pod_meta(object: &Object) -> Option<&ObjectMeta> {
    match object {
        Object::Pod(pod) => pod.metadata.as_ref(),
        other => template(other)?.metadata.as_ref(),
    }
}

/// How many pods are wanted; none for kinds without a number. An absent number is one, as the API server defaults it.
pub fn replicas(object: &Object) -> Option<i32> {
    match object {
        Object::Deployment(o) => Some(o.spec.as_ref()?.replicas.unwrap_or(1)),
        Object::StatefulSet(o) => Some(o.spec.as_ref()?.replicas.unwrap_or(1)),
        Object::ReplicaSet(o) => Some(o.spec.as_ref()?.replicas.unwrap_or(1)),
        Object::ReplicationController(o) => Some(o.spec.as_ref()?.replicas.unwrap_or(1)),
        Object::Job(o) => Some(o.spec.as_ref()?.parallelism.unwrap_or(1)),
        _ => None,
    }
}

/// The path of the pod specification in an object of that kind, as kubectl writes it.
pub fn pod_spec_path(kind: Kind) -> &'static str {
    match kind {
        Kind::Pod => "spec",
        Kind::CronJob => "spec.jobTemplate.spec.template.spec",
        _ => "spec.template.spec",
    }
}
