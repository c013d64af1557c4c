//! Results of kube-bench: what the API server can't show of the nodes, CIS sections 1 to 4 above all.

mod controls;
mod parse;

pub use controls::{ControlId, control_results};
pub use parse::{LARGEST, ParseError, parse};
