//! Pods for the proof of Pod Security: each control broken by itself and at random, and what the API server makes of them.

pub mod changes;
pub mod oracle;
pub mod pods;
