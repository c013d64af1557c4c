//! Certificates: reading them, and when one is due.

pub mod bundle;
pub mod expiry;
