//! Results of other tools, read from files.

pub mod kube_bench;
