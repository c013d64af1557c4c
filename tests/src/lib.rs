//! What the end-to-end tests share: a real API server, loads for it, and what it makes of patches.

pub mod app;
pub mod browser;
pub mod checks;
pub mod dry_run;
pub mod etcd;
pub mod fixtures;
pub mod history;
pub mod load;
pub mod network;
pub mod pages;
pub mod pod_security;
pub mod postgres;
pub mod rbac;
pub mod rest;
pub mod testbed;
