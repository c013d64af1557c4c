//! Audit logging and authentication of the API server.

pub mod anonymous_auth_on;
pub mod api_server_audit_log_age;
pub mod api_server_audit_log_backups;
pub mod api_server_audit_log_size;
pub mod api_server_profiling_on;
pub mod api_server_request_timeout_long;
pub mod api_server_service_account_key_missing;
pub mod api_server_service_account_lookup_off;
pub mod api_server_token_file_set;
pub mod audit_log_off;
pub mod audit_policy_absent;
pub mod controller_manager_profiling_on;
pub mod controller_manager_reachable_from_outside;
pub mod controller_manager_service_account_key_missing;
pub mod kubelet_anonymous_access;
pub mod kubelet_read_only_port_open;
pub mod scheduler_profiling_on;
pub mod scheduler_reachable_from_outside;
