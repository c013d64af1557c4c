//! Network policies: what may connect to what, as the policies of all kinds have it.

pub mod address;
pub mod classes;
pub mod cluster_policy;
pub mod cluster_wide;
pub mod connections;
pub mod ends;
pub mod engine;
pub mod graph;
pub mod interned;
pub mod listing;
pub mod model;
pub mod namespaced;
mod points;
pub mod policy;
pub mod reach;
pub mod read;
pub mod rule;
pub mod why;
