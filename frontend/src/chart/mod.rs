//! Charts: SVG drawn by Leptos under HTML labels placed in per cent, so that text and strokes never scale
//! and nothing is measured.

mod as_table;
mod axis;
mod frame;
mod history;
mod shares;
mod spark;
mod told;
mod usage;

pub(crate) use as_table::as_table;
pub(crate) use history::{History, history};
pub(crate) use shares::{Line, shares};
pub(crate) use spark::{spark, spark_of_shares};
pub(crate) use usage::usage;
