//! The pure core of Plimsoll: the model of a cluster, the engines that understand it, and the checks that judge it.
//!
//! Nothing here performs I/O, reads a clock or draws a random number: a snapshot and the time come in, findings go out.

pub mod check;
pub mod checks;
pub mod cluster;
pub mod finding;
#[cfg(test)]
mod fixture;
pub mod model;
pub mod run;
pub mod score;

pub use run::{Report, run};
