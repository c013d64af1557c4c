//! What the network engine is held against: random clusters, and a second evaluator that shares no code with it.

pub mod bench;
pub mod naive;
pub mod world;
