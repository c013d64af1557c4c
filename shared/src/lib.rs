//! What the server and the page say to each other: identifiers, resources, the check catalogue, problems.
//!
//! Nothing here performs I/O, and everything compiles for wasm32. A resource carries the same name in
//! `shared`, `server::store`, `server::api`, the frontend's `pages` and the tests.

pub mod admission;
pub mod audit;
pub mod certificates;
pub mod changes;
pub mod checks;
pub mod clusters;
pub mod compliance;
pub mod escalations;
pub mod findings;
pub mod frameworks;
pub mod ids;
pub mod kube_bench;
pub mod namespaces;
pub mod network;
pub mod object;
pub mod origin;
pub mod other_engines;
pub mod overview;
pub mod page;
pub mod patch;
pub mod pod_security;
pub mod probes;
pub mod problem;
pub mod quotas;
pub mod rbac;
pub mod reports;
pub mod score;
pub mod session;
pub mod since;
pub mod snapshots;
pub mod tokens;
pub mod trends;
pub mod usage;
pub mod users;
pub mod verdict;
pub mod workloads;
