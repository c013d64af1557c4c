//! Containers that reach their node.

pub mod container_privileged;
pub mod host_namespace_shared;
pub mod sensitive_host_path;
