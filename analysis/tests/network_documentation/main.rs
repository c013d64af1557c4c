//! What <https://kubernetes.io/docs/concepts/services-networking/network-policies/> says of its examples, one test for each. The
//! manifests and their names are others; what stands in quotation marks is the page's.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod cluster;
mod defaults;
mod nodes;
mod rules;
