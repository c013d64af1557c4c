//! How the page asks the server: one file per resource, all over one small client.

pub(crate) mod admission;
pub(crate) mod audit;
pub(crate) mod certificates;
pub(crate) mod changes;
pub(crate) mod checks;
pub(crate) mod client;
pub(crate) mod clusters;
pub(crate) mod compliance;
pub(crate) mod findings;
pub(crate) mod frameworks;
pub(crate) mod namespaces;
pub(crate) mod network;
pub(crate) mod overview;
pub(crate) mod pod_security;
pub(crate) mod quotas;
pub(crate) mod rbac;
mod read;
pub(crate) mod reports;
pub(crate) mod session;
pub(crate) mod snapshots;
pub(crate) mod tokens;
pub(crate) mod users;
pub(crate) mod workloads;

pub(crate) use client::{ApiError, Question, Request};
