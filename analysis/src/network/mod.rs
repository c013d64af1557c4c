//! Network policies: what may connect to what, as the policies of all kinds have it.

pub mod address;
pub mod change;
pub mod classes;
pub mod cluster_wide;
pub mod connections;
pub mod coverage;
pub mod default_deny;
pub mod ends;
pub mod enforcement;
pub mod engine;
pub mod evaluated;
pub mod graph;
pub mod exposure;
pub mod interned;
pub mod internet;
pub mod listing;
pub mod model;
pub mod namespaced;
mod packed;
mod points;
pub mod policy;
pub mod reach;
pub mod read;
pub mod rule;
pub mod undone;
pub mod why;
pub mod written;
