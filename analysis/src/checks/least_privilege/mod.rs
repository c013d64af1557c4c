//! Permissions and tokens that nobody needs.

pub mod default_service_account_granted;
pub mod secrets_readable_cluster_wide;
pub mod service_account_token_automounted;
