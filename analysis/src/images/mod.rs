//! Images: how they are named, which of them run, where they come from, and what scanners say of those.

pub mod reference;
pub mod registry;
mod reports;
mod running;

pub use reports::Reports;
pub use running::{Images, Running};
