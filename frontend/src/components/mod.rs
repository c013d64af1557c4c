//! The parts that pages are made of, each drawn as `styles/app.css` names it.
//!
//! A part without children is a function from what it shows to a view; one with children is a component.

pub(crate) mod ago;
pub(crate) mod card;
pub(crate) mod change;
pub(crate) mod chip;
pub(crate) mod code;
pub(crate) mod complete;
pub(crate) mod confirm;
pub(crate) mod copy;
pub(crate) mod delta;
pub(crate) mod dialog;
pub(crate) mod empty;
pub(crate) mod filter;
pub(crate) mod forecast;
pub(crate) mod form;
pub(crate) mod heading;
pub(crate) mod icon;
pub(crate) mod link;
pub(crate) mod load;
pub(crate) mod menu;
pub(crate) mod meter;
pub(crate) mod more;
pub(crate) mod number;
pub(crate) mod object;
pub(crate) mod open_findings;
pub(crate) mod pager;
pub(crate) mod patch;
pub(crate) mod progress;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod severity;
pub(crate) mod since;
pub(crate) mod split;
pub(crate) mod table;
pub(crate) mod tabs;
pub(crate) mod tag;
pub(crate) mod toast;
pub(crate) mod usage;
pub(crate) mod verdict;
