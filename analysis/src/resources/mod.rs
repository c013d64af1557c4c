//! How much of a resource containers ask for, may take, and are given by their namespace.

pub mod amount;
pub mod demand;
pub mod given;

/// The resources of a node that pods share.
pub const SHARED: &[&str] = &["cpu", "memory", "ephemeral-storage"];
