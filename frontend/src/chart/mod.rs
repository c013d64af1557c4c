//! Charts: SVG drawn by Leptos under HTML labels placed in per cent, so that text and strokes never scale
//! and nothing is measured.

mod frame;
mod history;
mod spark;
mod told;
mod usage;

pub(crate) use history::{History, history};
pub(crate) use spark::{spark, spark_of_shares};
pub(crate) use usage::usage;
