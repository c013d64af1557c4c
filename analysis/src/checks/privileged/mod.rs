//! Containers that reach their node.

pub mod container_privileged;
