//! Images: how they are named, which of them run, and what scanners say of those.

pub mod reference;
mod reports;
mod running;

pub use reports::Reports;
pub use running::{Running, running};
