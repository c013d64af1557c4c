//! Certificates: reading them, and when one is due.

pub mod authorities;
pub mod bundle;
pub mod calendar;
pub mod certificate;
pub mod expiry;
#[cfg(test)]
pub(crate) mod fixture;
pub mod linkerd;
pub mod mesh;
pub mod references;
pub mod routes;
pub mod servers;
