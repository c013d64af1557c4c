//! Certificates: reading them, and when one is due.

pub mod authorities;
pub mod bundle;
pub mod certificate;
pub mod expiry;
