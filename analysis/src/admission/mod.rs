//! Admission: what happens to a pod on its way in, who may say no, and what is put into it.

mod built_in;
pub mod engine;
pub mod filter;
pub mod image_verification;
pub mod injection;
pub mod known;
pub mod mesh;
mod policies;
pub mod policy;
pub mod rules;
pub mod way_in;
mod webhooks;

/// Namespaces that are Kubernetes' own.
pub const OF_KUBERNETES: &[&str] = &["kube-system", "kube-public", "kube-node-lease"];
/// What the names of OpenShift's own begin with: it lets nobody else use it.
pub const OF_OPENSHIFT: &str = "openshift-";

/// Whether a namespace is the system's own.
pub fn is_of_the_system(namespace: &str) -> bool {
    OF_KUBERNETES.contains(&namespace) || namespace.starts_with(OF_OPENSHIFT)
}
