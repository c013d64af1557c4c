//! Certificates: every one that can be seen, by when it ends.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::ClusterId;
use crate::object::ObjectRef;
use crate::page::At;
use crate::probes::{Anonymous, ReadOnlyPort};
use crate::verdict::Severity;

/// Path of the calendar.
pub const PATH: &str = "/api/v1/certificates";

/// Which certificates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct CertificateQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
}

impl From<&CertificateQuery> for At {
    fn from(query: &CertificateQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// The calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Calendar {
    /// The certificates: what ends first comes first, then what can't be read, then what has no date that can be seen.
    pub rows: Vec<CertificateRow>,
    /// How the API server answers; none where no handshake with it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serving: Option<ServingCertificate>,
    /// What the kubelets answered, by the names of their nodes; none where they were not called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kubelets: Option<Vec<KubeletRow>>,
    /// What the servers answered that were to be called by their addresses.
    pub endpoints: Vec<EndpointRow>,
    /// The namespaces that take part in a service mesh, and whether their pods may be spoken to in the clear.
    pub meshes: Vec<MeshNamespace>,
    /// What may hold more and was not read, in sentences.
    pub unread: Vec<String>,
}

/// One certificate and where it stands, or a place that should hold one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateRow {
    /// What sort of place it is.
    pub place: Place,
    /// The object that holds it, or names the Secret that does.
    pub object: ObjectRef,
    /// The fields that hold it: `webhooks[check.example].clientConfig.caBundle`. Several of one object may hold the same.
    pub fields: Vec<String>,
    /// What was read of it; none where it is only named, or can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateFacts>,
    /// From when it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<DateTime<Utc>>,
    /// Until when it is valid; none where that can't be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<DateTime<Utc>>,
    /// When it is due to be renewed, where somebody says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal: Option<DateTime<Utc>>,
    /// How urgent it is; none while there is time enough, and where there is no date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Severity>,
    /// The names that it is to serve.
    pub names: Vec<String>,
    /// The Secret that holds it, as `namespace/name`; empty where none does.
    pub secret: String,
    /// What else serves with that Secret.
    pub used_by: Vec<ObjectRef>,
    /// Why it can't be read, or has no date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Where a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// What the API server itself answers with.
    ApiServer,
    /// What the kubelet of a node answers with.
    Kubelet,
    /// What a server answers with that was to be called by its address, which stands among the fields.
    Endpoint,
    /// The authorities by which it knows an admission webhook.
    Webhook,
    /// The authorities by which it knows an aggregated API.
    ApiService,
    /// The authorities by which it knows what converts a custom resource.
    Conversion,
    /// A Certificate of cert-manager.
    CertManager,
    /// A certificate that a signer of Kubernetes has issued.
    Issued,
    /// A Secret with which an Ingress or a Gateway serves, and of which nothing but its name is seen.
    Secret,
}

impl Place {
    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApiServer => "apiServer",
            Self::Kubelet => "kubelet",
            Self::Endpoint => "endpoint",
            Self::Webhook => "webhook",
            Self::ApiService => "apiService",
            Self::Conversion => "conversion",
            Self::CertManager => "certManager",
            Self::Issued => "issued",
            Self::Secret => "secret",
        }
    }
}

/// What a certificate says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateFacts {
    /// Whom it names, as RFC 4514 writes it: `CN=webhook-ca`.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The host names and addresses that it is good for.
    pub names: Vec<String>,
    /// From when it is valid.
    pub not_before: DateTime<Utc>,
    /// Until when it is valid.
    pub not_after: DateTime<Utc>,
    /// The key: `RSA`, `EC`, `Ed25519`, or its object identifier where it is none of these.
    pub key_algorithm: String,
    /// How long the key is, in bits; none where the algorithm does not tell.
    pub key_bits: Option<u32>,
    /// How it was signed: `sha256WithRSAEncryption`, or the object identifier.
    pub signature_algorithm: String,
    /// Whether it may sign others.
    pub is_authority: bool,
    /// SHA-256 of it, in hexadecimal.
    pub fingerprint: String,
}

/// What a server answered a handshake with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServingCertificate {
    /// Its own certificate.
    pub certificate: CertificateFacts,
    /// How many certificates it sent, its own included.
    pub chain_length: u32,
    /// The versions of TLS that it accepts: `1.0`, `1.1`, `1.2`, `1.3`.
    pub protocols: Vec<String>,
    /// Whether it asked for a certificate of the client, as the `CertificateRequest` of RFC 8446 does.
    #[serde(default)]
    pub client_certificate_requested: bool,
}

/// A kubelet, as it was seen from the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubeletRow {
    /// Its node.
    pub node: ObjectRef,
    /// Where it was called, as `address:port`; empty where it was not.
    pub address: String,
    /// The versions of TLS that it accepts.
    pub protocols: Vec<String>,
    /// What it says to a request without a credential.
    pub anonymous: Anonymous,
    /// Whether its read-only port is open.
    pub read_only_port: ReadOnlyPort,
    /// Why its certificate was not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A server that was to be called by its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointRow {
    /// Its address, as it was configured: `host:port`.
    pub address: String,
    /// The versions of TLS that it accepts.
    pub protocols: Vec<String>,
    /// Whether it asked for a certificate of the client.
    pub client_certificate_requested: bool,
    /// Why its certificate was not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A namespace that takes part in a service mesh.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeshNamespace {
    /// The namespace.
    pub namespace: String,
    /// The mesh: `Istio`, `Linkerd`.
    pub mesh: String,
    /// How many of its workloads take part.
    pub workloads: u32,
    /// What holds for them as a whole.
    pub mode: MeshMode,
    /// What says so; none where it is the mesh's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ObjectRef>,
}

/// Whether pods of a mesh may be spoken to in the clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum MeshMode {
    /// They may not.
    Strict,
    /// They may.
    Permissive,
    /// They can't be spoken to otherwise.
    Disabled,
    /// It can't be told.
    Unknown,
}
