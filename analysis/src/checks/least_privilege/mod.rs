//! Permissions and tokens that nobody needs.

pub mod api_server_token_lifetime_extended;
pub mod controller_manager_credentials_shared;
pub mod default_service_account_automounted;
pub mod default_service_account_granted;
pub mod legacy_token_secret;
pub mod powerful_service_account_on_every_node;
pub mod secret_in_environment;
pub mod secrets_readable_cluster_wide;
pub mod secrets_readable_in_namespace;
pub mod service_account_token_automounted;
pub mod workload_in_default_namespace;
pub mod workload_in_kube_system;
