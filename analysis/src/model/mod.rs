//! The subset of the Kubernetes API that posture depends on: one set of types, decoded from protobuf, JSON and YAML.
//!
//! The types mirror the published `generated.proto` files; unknown fields are skipped, null is the same as absent, and
//! neither the values of Secrets, ConfigMaps and environment variables nor annotations off the allow-list have a place to stand.

pub mod admission;
pub mod annotations;
pub mod api;
mod bytes;
pub mod certificate;
pub mod certificate_request;
pub mod cluster_network_policy;
pub mod config_map;
pub mod container;
pub mod decode;
pub(crate) mod flags;
pub mod gateway;
pub mod ingress;
pub mod kind;
pub mod linkerd;
pub mod mesh;
pub mod meta;
pub(crate) mod names;
pub mod namespace;
pub mod network_policy;
pub mod node;
pub mod normalise;
mod nulls;
pub mod pairs;
pub mod pod;
pub mod pod_metrics;
pub mod policy_report;
pub mod quantity;
pub mod quota;
pub mod rbac;
pub mod scheduling;
pub mod secret;
pub mod security_context;
pub mod service;
pub mod service_account;
pub mod snapshot;
pub mod storage;
pub mod usage;
pub mod volume;
pub mod vulnerability_report;
pub mod workload;

pub use kind::{Kind, Object, Typed};
pub use snapshot::Snapshot;

/// The release of these types: what is stored under another release may decode to less. Raised when a type changes.
pub const RELEASE: i32 = 4;
