//! What the network engine is held against: random clusters, a second evaluator that shares no code with it, and the matcher of
//! others.

pub mod bench;
pub mod matcher;
pub mod matcher_clusters;
pub mod naive;
mod policies;
pub mod seen;
pub mod what_if;
pub mod world;
