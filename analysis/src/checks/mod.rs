//! The checks: one file each, one line each in the list of its area.

pub mod admission;
pub mod audit;
pub mod images;
pub mod least_privilege;
pub mod network;
pub mod privileged;
pub mod rbac;
pub mod resources;
pub mod tls;

use crate::check::Check;

/// The release of the catalogue. A finding that opens or closes because this changed is no drift of the cluster.
/// Raised whenever a check is added, removed or changes what it says.
pub const RELEASE: &str = "7";

/// Every check, area by area in the order of [`shared::verdict::Area::ALL`].
pub static CHECKS: &[&Check] = &[
    &rbac::cluster_admin_bound::CHECK,
    &rbac::wildcard_rule::CHECK,
    &rbac::anonymous_bound::CHECK,
    &rbac::everyone_bound::CHECK,
    &rbac::system_masters_bound::CHECK,
    &rbac::node_group_bound::CHECK,
    &rbac::escalate_roles::CHECK,
    &rbac::bind_roles::CHECK,
    &rbac::impersonation::CHECK,
    &rbac::token_creation::CHECK,
    &rbac::token_secret_creation::CHECK,
    &rbac::csr_approval::CHECK,
    &rbac::role_writes::CHECK,
    &rbac::pod_creation::CHECK,
    &rbac::workload_creation::CHECK,
    &rbac::exec_into_pods::CHECK,
    &rbac::ephemeral_container_injection::CHECK,
    &rbac::port_forwarding::CHECK,
    &rbac::nodes_proxy::CHECK,
    &rbac::node_changes::CHECK,
    &rbac::persistent_volume_creation::CHECK,
    &rbac::webhook_configuration_writes::CHECK,
    &rbac::api_service_writes::CHECK,
    &rbac::namespace_label_writes::CHECK,
    &rbac::network_policy_writes::CHECK,
    &rbac::service_status_writes::CHECK,
    &rbac::system_config_writes::CHECK,
    &rbac::event_deletion::CHECK,
    &rbac::power_by_custom_resource::CHECK,
    &rbac::user_bound_directly::CHECK,
    &rbac::service_account_bound_across_namespaces::CHECK,
    &rbac::dangling_role_reference::CHECK,
    &rbac::subject_no_longer_exists::CHECK,
    &rbac::unused_role::CHECK,
    &rbac::duplicate_role::CHECK,
    &rbac::api_server_authorization_always_allow::CHECK,
    &rbac::api_server_node_authorization_off::CHECK,
    &rbac::api_server_rbac_off::CHECK,
    &tls::ingress_without_tls::CHECK,
    &tls::certificate_expiring::CHECK,
    &tls::api_server_kubelet_client_certificate_missing::CHECK,
    &tls::api_server_kubelet_certificate_unverified::CHECK,
    &tls::api_server_etcd_certificate_missing::CHECK,
    &tls::api_server_etcd_ca_missing::CHECK,
    &tls::api_server_tls_certificate_missing::CHECK,
    &tls::api_server_client_ca_missing::CHECK,
    &tls::api_server_encryption_at_rest_off::CHECK,
    &tls::api_server_cipher_suites_weak::CHECK,
    &tls::controller_manager_root_ca_missing::CHECK,
    &tls::controller_manager_kubelet_certificate_rotation_off::CHECK,
    &tls::etcd_certificate_missing::CHECK,
    &tls::etcd_client_certificates_not_required::CHECK,
    &tls::etcd_peer_certificates_not_required::CHECK,
    &tls::etcd_auto_tls::CHECK,
    &tls::etcd_peer_auto_tls::CHECK,
    &tls::etcd_peer_certificate_missing::CHECK,
    &tls::etcd_ca_shared::CHECK,
    &tls::apiservice_skips_tls_verification::CHECK,
    &tls::gateway_listener_without_tls::CHECK,
    &tls::certificate_not_ready::CHECK,
    &tls::mesh_mtls_not_strict::CHECK,
    &tls::server_certificate_weak::CHECK,
    &tls::server_accepts_old_tls::CHECK,
    &network::namespace_without_policy::CHECK,
    &network::namespace_without_default_deny::CHECK,
    &network::namespace_without_egress_default_deny::CHECK,
    &network::workload_selected_by_no_policy::CHECK,
    &network::policy_selects_nothing::CHECK,
    &network::policy_label_on_no_workload::CHECK,
    &network::policy_undone_by_another::CHECK,
    &network::policy_rule_matches_nothing::CHECK,
    &network::policy_lets_in_all_namespaces::CHECK,
    &network::policy_lets_in_all_addresses::CHECK,
    &network::policy_port_range_wide::CHECK,
    &network::policy_peer_of_all_namespaces::CHECK,
    &network::policy_named_port_unknown::CHECK,
    &network::policy_on_host_network_pods::CHECK,
    &network::policy_priorities_equal::CHECK,
    &network::duplicate_network_policy::CHECK,
    &network::network_policy_invalid::CHECK,
    &network::network_policies_not_enforced::CHECK,
    &network::dns_cut_off::CHECK,
    &network::metadata_endpoint_reachable::CHECK,
    &network::database_open_across_namespaces::CHECK,
    &network::exposed_workload_without_ingress_policy::CHECK,
    &network::network_intent_broken::CHECK,
    &images::image_never_scanned::CHECK,
    &images::image_tag_mutable::CHECK,
    &images::vulnerability_critical_fixable::CHECK,
    &images::image_without_digest::CHECK,
    &images::image_pull_policy_stale::CHECK,
    &images::image_registry_not_allowed::CHECK,
    &images::kubelet_version_unsupported::CHECK,
    &admission::pod_security_not_enforced::CHECK,
    &admission::webhook_fails_open::CHECK,
    &admission::api_server_external_ips_allowed::CHECK,
    &admission::api_server_events_not_limited::CHECK,
    &admission::api_server_always_admit::CHECK,
    &admission::api_server_images_not_always_pulled::CHECK,
    &admission::api_server_service_account_admission_off::CHECK,
    &admission::api_server_namespace_lifecycle_off::CHECK,
    &admission::api_server_node_restriction_off::CHECK,
    &admission::webhook_without_endpoints::CHECK,
    &admission::workload_refused_by_pod_security::CHECK,
    &admission::deprecated_api_version::CHECK,
    &admission::webhook_timeout_long::CHECK,
    &admission::webhook_intercepts_everything::CHECK,
    &admission::webhook_exempts_namespaces::CHECK,
    &admission::admission_policy_not_enforced::CHECK,
    &admission::policy_engine_absent::CHECK,
    &admission::image_verification_absent::CHECK,
    &admission::sidecar_missing::CHECK,
    &admission::namespace_exempt_from_pod_security::CHECK,
    &resources::container_without_limits::CHECK,
    &resources::namespace_without_quota::CHECK,
    &resources::controller_manager_finished_pods_kept::CHECK,
    &resources::quota_nearly_used::CHECK,
    &resources::container_without_requests::CHECK,
    &resources::container_without_ephemeral_storage_limit::CHECK,
    &resources::liveness_probe_missing::CHECK,
    &resources::readiness_probe_missing::CHECK,
    &resources::single_replica::CHECK,
    &resources::naked_pod::CHECK,
    &resources::namespace_without_limit_range::CHECK,
    &resources::namespace_can_exhaust_node::CHECK,
    &resources::node_overcommitted::CHECK,
    &resources::priority_class_evicts_others::CHECK,
    &resources::quantity_absurd::CHECK,
    &resources::memory_near_limit::CHECK,
    &resources::memory_use_far_above_request::CHECK,
    &resources::memory_request_far_above_use::CHECK,
    &privileged::container_privileged::CHECK,
    &privileged::host_namespace_shared::CHECK,
    &privileged::sensitive_host_path::CHECK,
    &privileged::capability_added::CHECK,
    &privileged::capabilities_not_dropped::CHECK,
    &privileged::net_raw_kept::CHECK,
    &privileged::container_may_run_as_root::CHECK,
    &privileged::container_in_root_group::CHECK,
    &privileged::privilege_escalation_allowed::CHECK,
    &privileged::root_filesystem_writable::CHECK,
    &privileged::seccomp_profile_missing::CHECK,
    &privileged::app_armor_profile_disabled::CHECK,
    &privileged::se_linux_options_custom::CHECK,
    &privileged::host_port_used::CHECK,
    &privileged::proc_mount_unmasked::CHECK,
    &privileged::sysctl_unsafe::CHECK,
    &privileged::process_namespace_shared::CHECK,
    &privileged::windows_host_process::CHECK,
    &privileged::host_path_writable::CHECK,
    &privileged::host_path_read::CHECK,
    &privileged::volume_type_restricted::CHECK,
    &privileged::restricted_level_missed::CHECK,
    &privileged::probe_host_set::CHECK,
    &audit::anonymous_auth_on::CHECK,
    &audit::audit_log_off::CHECK,
    &audit::audit_policy_absent::CHECK,
    &audit::api_server_token_file_set::CHECK,
    &audit::api_server_profiling_on::CHECK,
    &audit::controller_manager_profiling_on::CHECK,
    &audit::scheduler_profiling_on::CHECK,
    &audit::api_server_audit_log_age::CHECK,
    &audit::api_server_audit_log_backups::CHECK,
    &audit::api_server_audit_log_size::CHECK,
    &audit::api_server_request_timeout_long::CHECK,
    &audit::api_server_service_account_lookup_off::CHECK,
    &audit::api_server_service_account_key_missing::CHECK,
    &audit::controller_manager_service_account_key_missing::CHECK,
    &audit::controller_manager_reachable_from_outside::CHECK,
    &audit::scheduler_reachable_from_outside::CHECK,
    &audit::kubelet_anonymous_access::CHECK,
    &audit::kubelet_read_only_port_open::CHECK,
    &least_privilege::secrets_readable_cluster_wide::CHECK,
    &least_privilege::secrets_readable_in_namespace::CHECK,
    &least_privilege::powerful_service_account_on_every_node::CHECK,
    &least_privilege::default_service_account_granted::CHECK,
    &least_privilege::default_service_account_automounted::CHECK,
    &least_privilege::service_account_token_automounted::CHECK,
    &least_privilege::api_server_token_lifetime_extended::CHECK,
    &least_privilege::controller_manager_credentials_shared::CHECK,
    &least_privilege::legacy_token_secret::CHECK,
    &least_privilege::secret_in_environment::CHECK,
    &least_privilege::workload_in_default_namespace::CHECK,
    &least_privilege::workload_in_kube_system::CHECK,
];

/// The check of that id.
pub fn by_id(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_list_holds_every_file_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
        let mut files = BTreeSet::new();
        for area in std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
        {
            for file in std::fs::read_dir(area).unwrap() {
                let name = file
                    .unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_string_lossy()
                    .replace('_', "-");
                if name != "mod" {
                    files.insert(name);
                }
            }
        }
        let listed: BTreeSet<String> = CHECKS.iter().map(|check| check.id.to_owned()).collect();
        assert_eq!(listed, files);
    }

    #[test]
    fn checks_stand_in_the_order_of_the_areas() {
        assert!(
            CHECKS.is_sorted_by_key(|check| shared::verdict::Area::ALL.iter().position(|area| *area == check.area))
        );
    }

    #[test]
    fn every_check_names_what_it_reads_and_why() {
        for check in CHECKS {
            assert!(
                !check.reads.is_empty() && !check.rationale.is_empty() && !check.remediation.is_empty(),
                "{}",
                check.id
            );
        }
    }
}
