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

/// Namespaces that are Kubernetes' own, or OpenShift's, which lets nobody else use the prefix.
pub fn is_of_the_system(namespace: &str) -> bool {
    matches!(namespace, "kube-system" | "kube-public" | "kube-node-lease") || namespace.starts_with("openshift-")
}
