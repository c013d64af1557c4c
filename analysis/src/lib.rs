//! The pure core of Plimsoll: the model of a cluster, the engines that understand it, and the checks that judge it.
//!
//! Nothing here performs I/O, reads a clock or draws a random number: a snapshot and the time come in, findings go out.

pub mod admission;
pub mod capability;
pub mod catalogue;
pub mod check;
pub mod checks;
pub mod cluster;
pub mod confinement;
pub mod control_plane;
pub mod custom;
pub mod docs;
mod field;
pub mod finding;
#[cfg(test)]
mod fixture;
pub mod forecast;
pub mod framework;
pub mod host_mount;
pub mod host_path;
pub mod images;
pub mod kube_bench;
pub mod kubernetes;
pub mod model;
pub mod namespaces;
pub mod near;
pub mod network;
pub mod origin;
pub mod other_engines;
pub mod platform;
pub mod pod_security;
pub mod power;
pub mod quotas;
pub mod rbac;
pub mod resources;
pub mod run;
pub mod score;
pub mod selector;
pub mod services;
pub mod settings;
pub mod simulate;
pub mod tls;
pub mod usage;
pub mod webhook;

pub use run::{Report, run, run_all, run_on, run_with};
