//! The Pod Security Standards.

pub mod baseline;
