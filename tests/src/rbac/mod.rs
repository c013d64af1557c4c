//! The proof of the RBAC engine: random worlds, random requests, and what the real API server says to them.

pub mod api;
pub mod bench;
pub mod cases;
pub mod questions;
pub mod shrink;
pub mod world;
