//! The pages; a page carries the name of the resource that it shows.
//!
//! A page is a function `page() -> AnyView`, given its address in `app`. Only `chunks` refers to that of a page that is loaded on
//! demand: anything else that did would draw it into the first load.

pub(crate) mod admission;
pub(crate) mod certificates;
pub(crate) mod check;
pub(crate) mod checks;
pub(crate) mod compliance;
pub(crate) mod finding;
pub(crate) mod findings;
pub(crate) mod namespace;
pub(crate) mod namespaces;
pub(crate) mod network;
pub(crate) mod not_found;
pub(crate) mod overview;
pub(crate) mod quotas;
pub(crate) mod rbac;
pub(crate) mod settings;
pub(crate) mod signin;
pub(crate) mod snapshot;
pub(crate) mod snapshots;
pub(crate) mod workload;
pub(crate) mod workloads;
