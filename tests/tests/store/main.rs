//! The store against a real PostgreSQL.

#![allow(
    clippy::unwrap_used,
    reason = "a test says what went wrong by panicking, and so do its helpers"
)]

mod compliance;
mod durability;
mod kube_bench;
mod lists;
mod namespaces;
mod network;
mod people;
mod quotas;
mod reports;
mod time;
