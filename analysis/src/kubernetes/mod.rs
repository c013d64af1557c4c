//! What is known of the releases of Kubernetes: how they are numbered, how long they are supported, what they serve.

pub mod lifecycle;
pub mod support;
pub mod version;
