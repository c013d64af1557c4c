//! Every resource that Plimsoll reads, in one list, and the [`Object`] that holds one of any kind.
//!
//! Adding a resource is one line here and its type in a file beside this one.

use std::fmt;

use serde::Serialize;
use serde_json::Value;
use shared::object::ObjectRef;

use super::admission::{
    MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, MutatingWebhookConfiguration, ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding, ValidatingWebhookConfiguration,
};
use super::api::{ApiService, CustomResourceDefinition};
use super::certificate::Certificate;
use super::certificate_request::CertificateSigningRequest;
use super::cluster_network_policy::{AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy};
use super::config_map::ConfigMap;
use super::gateway::{Gateway, GatewayClass, GrpcRoute, HttpRoute, TlsRoute};
use super::ingress::{Ingress, IngressClass};
use super::linkerd::{LinkerdAuthorizationPolicy, LinkerdServer, ServerAuthorization};
use super::mesh::PeerAuthentication;
use super::meta::ObjectMeta;
use super::namespace::Namespace;
use super::network_policy::NetworkPolicy;
use super::node::Node;
use super::pod::Pod;
use super::pod_metrics::PodMetrics;
use super::policy_report::{ClusterOpenReport, ClusterPolicyReport, OpenReport, PolicyReport};
use super::quota::{LimitRange, ResourceQuota};
use super::rbac::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use super::scheduling::{PriorityClass, RuntimeClass};
use super::secret::Secret;
use super::service::{EndpointSlice, Service};
use super::service_account::ServiceAccount;
use super::storage::{PersistentVolume, PersistentVolumeClaim, StorageClass};
use super::vulnerability_report::VulnerabilityReport;
use super::workload::{CronJob, DaemonSet, Deployment, Job, ReplicaSet, ReplicationController, StatefulSet};

/// How the API server is asked for a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// Protobuf, for built-in kinds.
    Protobuf,
    /// Protobuf, of which only the metadata is sent.
    Metadata,
    /// A table: the columns that kubectl prints, and so no values of a Secret.
    Table,
    /// JSON, for custom resources.
    Json,
}

/// Where objects of a kind live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// In a namespace.
    Namespaced,
    /// In the cluster.
    Cluster,
}

/// What is known of a kind.
#[derive(Debug)]
pub struct KindInfo {
    /// As in a manifest: `Deployment`.
    pub kind: &'static str,
    /// API group; empty for the core group.
    pub group: &'static str,
    /// The version that is asked for.
    pub version: &'static str,
    /// The resource's name in URLs and rules: `deployments`.
    pub plural: &'static str,
    /// Where its objects live.
    pub placement: Placement,
    /// How the API server is asked for it.
    pub wire: Wire,
}

impl KindInfo {
    /// As in a manifest: `apps/v1`; `v1` in the core group.
    pub fn api_version(&self) -> String {
        match self.group {
            "" => self.version.to_owned(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// `deployments.apps`; `pods` in the core group.
    pub fn resource(&self) -> String {
        match self.group {
            "" => self.plural.to_owned(),
            group => format!("{}.{group}", self.plural),
        }
    }
}

/// A type that is one of the kinds.
pub trait Typed: Sized {
    /// Its kind.
    const KIND: Kind;
    /// The object as this type, if it is one.
    fn of(object: &Object) -> Option<&Self>;
}

/// Why an object could not be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The bytes are not the protobuf that they should be.
    #[error("the protobuf message is malformed")]
    Protobuf(#[from] prost::DecodeError),
    /// The JSON is not what the kind's specification says.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

pub(super) static NO_METADATA: ObjectMeta = ObjectMeta {
    name: String::new(),
    generate_name: String::new(),
    namespace: String::new(),
    creation_timestamp: None,
    labels: super::pairs::Pairs::EMPTY,
    annotations: Vec::new(),
    owner_references: Vec::new(),
};

// A macro, because an enum of all types with its conversions can't be written as a function.
macro_rules! resources {
    ($($variant:ident $kind:literal $group:literal $version:literal $plural:literal $placement:ident $wire:ident;)*) => {
        /// One of the kinds that Plimsoll reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[doc = $kind] $variant,)* }

        impl Kind {
            /// All of them, in the order in which they are collected.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// What is known of it.
            pub fn info(self) -> &'static KindInfo {
                match self {
                    $(Self::$variant => &KindInfo {
                        kind: $kind,
                        group: $group,
                        version: $version,
                        plural: $plural,
                        placement: Placement::$placement,
                        wire: Wire::$wire,
                    },)*
                }
            }
        }

        /// An object of any kind.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Object { $(#[doc = $kind] $variant(Box<$variant>),)* }

        impl Object {
            /// Its kind.
            pub fn kind(&self) -> Kind {
                match self { $(Self::$variant(_) => Kind::$variant,)* }
            }

            /// Its metadata.
            pub fn meta(&self) -> &ObjectMeta {
                match self { $(Self::$variant(object) => object.metadata.as_ref().unwrap_or(&NO_METADATA),)* }
            }

            /// Its metadata, to change.
            pub fn meta_mut(&mut self) -> &mut ObjectMeta {
                match self { $(Self::$variant(object) => object.metadata.get_or_insert_default(),)* }
            }

            /// Decodes one object of `kind` from protobuf.
            ///
            /// # Errors
            /// The message is malformed.
            pub fn from_protobuf(kind: Kind, bytes: &[u8]) -> Result<Self, DecodeError> {
                Ok(match kind { $(Kind::$variant => Self::$variant(Box::new(prost::Message::decode(bytes)?)),)* })
            }

            /// Decodes one object of `kind` from any self-describing format; null counts as absent.
            ///
            /// # Errors
            /// Those of the format, and fields that hold something else than specified.
            pub fn deserialize<'de, D: serde::Deserializer<'de>>(kind: Kind, deserializer: D) -> Result<Self, D::Error> {
                Ok(match kind { $(Kind::$variant => Self::$variant(Box::new(super::nulls::deserialize(deserializer)?)),)* })
            }

            /// Encodes it as protobuf: the form in which it is stored and hashed.
            pub fn to_protobuf(&self) -> Vec<u8> {
                let mut bytes = Vec::new();
                self.write_protobuf(&mut bytes);
                bytes
            }

            /// Adds its protobuf to `bytes`.
            pub fn write_protobuf(&self, bytes: &mut Vec<u8>) {
                // It fails only where there is no room, and a vector makes room.
                _ = match self { $(Self::$variant(object) => prost::Message::encode(object.as_ref(), bytes),)* };
            }

            /// The object as JSON, with every field that it could have; [`Object::deserialize`] turns it round.
            ///
            /// # Errors
            /// Those of the serializer; none of our types causes one.
            pub(crate) fn body(&self) -> Result<Value, serde_json::Error> {
                match self { $(Self::$variant(object) => object.serialize(serde_json::value::Serializer),)* }
            }
        }

        $(impl Typed for $variant {
            const KIND: Kind = Kind::$variant;
            fn of(object: &Object) -> Option<&Self> {
                match object { Object::$variant(object) => Some(object), _ => None }
            }
        }

        impl From<$variant> for Object {
            fn from(object: $variant) -> Self {
                Self::$variant(Box::new(object))
            }
        })*
    };
}

resources! {
    Namespace "Namespace" "" "v1" "namespaces" Cluster Protobuf;
    Node "Node" "" "v1" "nodes" Cluster Protobuf;
    Pod "Pod" "" "v1" "pods" Namespaced Protobuf;
    Deployment "Deployment" "apps" "v1" "deployments" Namespaced Protobuf;
    StatefulSet "StatefulSet" "apps" "v1" "statefulsets" Namespaced Protobuf;
    DaemonSet "DaemonSet" "apps" "v1" "daemonsets" Namespaced Protobuf;
    ReplicaSet "ReplicaSet" "apps" "v1" "replicasets" Namespaced Protobuf;
    ReplicationController "ReplicationController" "" "v1" "replicationcontrollers" Namespaced Protobuf;
    Job "Job" "batch" "v1" "jobs" Namespaced Protobuf;
    CronJob "CronJob" "batch" "v1" "cronjobs" Namespaced Protobuf;
    ServiceAccount "ServiceAccount" "" "v1" "serviceaccounts" Namespaced Protobuf;
    Role "Role" "rbac.authorization.k8s.io" "v1" "roles" Namespaced Protobuf;
    ClusterRole "ClusterRole" "rbac.authorization.k8s.io" "v1" "clusterroles" Cluster Protobuf;
    RoleBinding "RoleBinding" "rbac.authorization.k8s.io" "v1" "rolebindings" Namespaced Protobuf;
    ClusterRoleBinding "ClusterRoleBinding" "rbac.authorization.k8s.io" "v1" "clusterrolebindings" Cluster Protobuf;
    NetworkPolicy "NetworkPolicy" "networking.k8s.io" "v1" "networkpolicies" Namespaced Protobuf;
    ClusterNetworkPolicy "ClusterNetworkPolicy" "policy.networking.k8s.io" "v1alpha2" "clusternetworkpolicies" Cluster Json;
    AdminNetworkPolicy "AdminNetworkPolicy" "policy.networking.k8s.io" "v1alpha1" "adminnetworkpolicies" Cluster Json;
    BaselineAdminNetworkPolicy "BaselineAdminNetworkPolicy" "policy.networking.k8s.io" "v1alpha1" "baselineadminnetworkpolicies" Cluster Json;
    Service "Service" "" "v1" "services" Namespaced Protobuf;
    EndpointSlice "EndpointSlice" "discovery.k8s.io" "v1" "endpointslices" Namespaced Protobuf;
    Ingress "Ingress" "networking.k8s.io" "v1" "ingresses" Namespaced Protobuf;
    IngressClass "IngressClass" "networking.k8s.io" "v1" "ingressclasses" Cluster Protobuf;
    GatewayClass "GatewayClass" "gateway.networking.k8s.io" "v1" "gatewayclasses" Cluster Json;
    Gateway "Gateway" "gateway.networking.k8s.io" "v1" "gateways" Namespaced Json;
    HttpRoute "HTTPRoute" "gateway.networking.k8s.io" "v1" "httproutes" Namespaced Json;
    GrpcRoute "GRPCRoute" "gateway.networking.k8s.io" "v1" "grpcroutes" Namespaced Json;
    TlsRoute "TLSRoute" "gateway.networking.k8s.io" "v1" "tlsroutes" Namespaced Json;
    ResourceQuota "ResourceQuota" "" "v1" "resourcequotas" Namespaced Protobuf;
    LimitRange "LimitRange" "" "v1" "limitranges" Namespaced Protobuf;
    PersistentVolume "PersistentVolume" "" "v1" "persistentvolumes" Cluster Protobuf;
    PersistentVolumeClaim "PersistentVolumeClaim" "" "v1" "persistentvolumeclaims" Namespaced Protobuf;
    StorageClass "StorageClass" "storage.k8s.io" "v1" "storageclasses" Cluster Protobuf;
    PriorityClass "PriorityClass" "scheduling.k8s.io" "v1" "priorityclasses" Cluster Protobuf;
    RuntimeClass "RuntimeClass" "node.k8s.io" "v1" "runtimeclasses" Cluster Protobuf;
    ValidatingWebhookConfiguration "ValidatingWebhookConfiguration" "admissionregistration.k8s.io" "v1" "validatingwebhookconfigurations" Cluster Protobuf;
    MutatingWebhookConfiguration "MutatingWebhookConfiguration" "admissionregistration.k8s.io" "v1" "mutatingwebhookconfigurations" Cluster Protobuf;
    ValidatingAdmissionPolicy "ValidatingAdmissionPolicy" "admissionregistration.k8s.io" "v1" "validatingadmissionpolicies" Cluster Protobuf;
    ValidatingAdmissionPolicyBinding "ValidatingAdmissionPolicyBinding" "admissionregistration.k8s.io" "v1" "validatingadmissionpolicybindings" Cluster Protobuf;
    MutatingAdmissionPolicy "MutatingAdmissionPolicy" "admissionregistration.k8s.io" "v1" "mutatingadmissionpolicies" Cluster Protobuf;
    MutatingAdmissionPolicyBinding "MutatingAdmissionPolicyBinding" "admissionregistration.k8s.io" "v1" "mutatingadmissionpolicybindings" Cluster Protobuf;
    ApiService "APIService" "apiregistration.k8s.io" "v1" "apiservices" Cluster Protobuf;
    CustomResourceDefinition "CustomResourceDefinition" "apiextensions.k8s.io" "v1" "customresourcedefinitions" Cluster Protobuf;
    CertificateSigningRequest "CertificateSigningRequest" "certificates.k8s.io" "v1" "certificatesigningrequests" Cluster Protobuf;
    ConfigMap "ConfigMap" "" "v1" "configmaps" Namespaced Metadata;
    Secret "Secret" "" "v1" "secrets" Namespaced Table;
    Certificate "Certificate" "cert-manager.io" "v1" "certificates" Namespaced Json;
    PeerAuthentication "PeerAuthentication" "security.istio.io" "v1" "peerauthentications" Namespaced Json;
    LinkerdServer "Server" "policy.linkerd.io" "v1beta3" "servers" Namespaced Json;
    ServerAuthorization "ServerAuthorization" "policy.linkerd.io" "v1beta1" "serverauthorizations" Namespaced Json;
    LinkerdAuthorizationPolicy "AuthorizationPolicy" "policy.linkerd.io" "v1alpha1" "authorizationpolicies" Namespaced Json;
    VulnerabilityReport "VulnerabilityReport" "aquasecurity.github.io" "v1alpha1" "vulnerabilityreports" Namespaced Json;
    PolicyReport "PolicyReport" "wgpolicyk8s.io" "v1alpha2" "policyreports" Namespaced Json;
    ClusterPolicyReport "ClusterPolicyReport" "wgpolicyk8s.io" "v1alpha2" "clusterpolicyreports" Cluster Json;
    OpenReport "Report" "openreports.io" "v1alpha1" "reports" Namespaced Json;
    ClusterOpenReport "ClusterReport" "openreports.io" "v1alpha1" "clusterreports" Cluster Json;
    PodMetrics "PodMetrics" "metrics.k8s.io" "v1beta1" "pods" Namespaced Json;
}

impl Kind {
    /// The kind of a manifest's `apiVersion` and `kind`, whatever the version.
    pub fn of_manifest(api_version: &str, kind: &str) -> Option<Self> {
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        Self::of_group_kind(moved(group, kind), kind)
    }

    /// The kind of a group and a kind.
    pub fn of_group_kind(group: &str, kind: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|k| k.info().kind == kind && k.info().group == group)
    }

    /// The reference to an object of this kind with that metadata.
    pub fn reference(self, meta: &ObjectMeta) -> ObjectRef {
        ObjectRef {
            group: self.info().group.to_owned(),
            kind: self.info().kind.to_owned(),
            namespace: meta.namespace.clone(),
            name: meta.name.clone(),
        }
    }
}

/// The group of a kind that the first releases served in `extensions`.
fn moved<'a>(group: &'a str, kind: &str) -> &'a str {
    match (group, kind) {
        ("extensions", "DaemonSet" | "Deployment" | "ReplicaSet") => "apps",
        ("extensions", "Ingress" | "NetworkPolicy") => "networking.k8s.io",
        _ => group,
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.info().kind)
    }
}

impl Object {
    /// What a person would type to find it.
    pub fn reference(&self) -> ObjectRef {
        self.kind().reference(self.meta())
    }

    /// The object in the shape of a manifest, without what is empty.
    pub fn to_manifest(&self) -> Value {
        let info = self.kind().info();
        let mut body = self.body().unwrap_or_default();
        prune(&mut body);
        if let Value::Object(fields) = &mut body {
            fields.insert("apiVersion".into(), info.api_version().into());
            fields.insert("kind".into(), info.kind.into());
        }
        body
    }
}

/// Whether a field maps keys to values that may be empty: the selector of a Service does, that of a Deployment does not.
fn is_labels(name: &str, field: &Value) -> bool {
    let is_named = matches!(name, "labels" | "annotations" | "matchLabels" | "selector");
    is_named
        && field
            .as_object()
            .is_some_and(|fields| fields.values().all(Value::is_string))
}

/// Drops nulls, empty strings, empty lists, zeros and `false` that stand for absent, and what holds nothing else.
/// `[{}]` and the empty objects that mean something (`emptyDir: {}`, `podSelector: {}`) stay, and so do labels without a
/// value.
fn prune(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields
                .iter_mut()
                .filter(|(name, field)| !is_labels(name, field))
                .for_each(|(_, field)| prune(field));
            fields.retain(|name, field| match field {
                Value::Null => false,
                // No labels are none; other empty objects mean something.
                Value::Object(labels) => {
                    !(labels.is_empty() && matches!(name.as_str(), "labels" | "annotations" | "matchLabels"))
                }
                Value::String(text) => !text.is_empty(),
                Value::Array(items) => !items.is_empty(),
                _ => true,
            });
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_keeps_labels_without_a_value_and_drops_what_is_empty() {
        let service = serde_json::json!({"metadata": {"labels": {"team": ""}}, "spec": {"selector": {"track": ""}}});
        let shown = Object::deserialize(Kind::Service, &service).unwrap().to_manifest();
        assert_eq!(shown["metadata"]["labels"], service["metadata"]["labels"]);
        assert_eq!(shown["spec"]["selector"], service["spec"]["selector"]);
        assert_eq!(shown["spec"].get("clusterIP"), None);
    }
}
