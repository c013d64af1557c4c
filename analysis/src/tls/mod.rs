//! Certificates: reading them, and when one is due.

pub mod authorities;
pub mod bundle;
pub mod calendar;
pub mod certificate;
pub mod expiry;
pub mod linkerd;
pub mod mesh;
pub mod references;
pub mod routes;
