//! Audit logging and authentication of the API server.

pub mod anonymous_auth_on;
pub mod audit_log_off;
pub mod audit_policy_absent;
