//! Network policies: which pods they select, and what they isolate.

pub mod cluster_policy;
pub mod policy;
