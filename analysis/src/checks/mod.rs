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
pub const RELEASE: &str = "3";

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
    &tls::ingress_without_tls::CHECK,
    &tls::certificate_expiring::CHECK,
    &tls::apiservice_skips_tls_verification::CHECK,
    &tls::gateway_listener_without_tls::CHECK,
    &tls::certificate_not_ready::CHECK,
    &tls::mesh_mtls_not_strict::CHECK,
    &network::namespace_without_default_deny::CHECK,
    &network::workload_selected_by_no_policy::CHECK,
    &network::policy_selects_nothing::CHECK,
    &images::image_never_scanned::CHECK,
    &images::image_tag_mutable::CHECK,
    &images::vulnerability_critical_fixable::CHECK,
    &admission::pod_security_not_enforced::CHECK,
    &admission::webhook_fails_open::CHECK,
    &admission::webhook_without_endpoints::CHECK,
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
    &resources::quota_nearly_used::CHECK,
    &privileged::container_privileged::CHECK,
    &privileged::host_namespace_shared::CHECK,
    &privileged::sensitive_host_path::CHECK,
    &audit::anonymous_auth_on::CHECK,
    &audit::audit_log_off::CHECK,
    &audit::audit_policy_absent::CHECK,
    &least_privilege::secrets_readable_cluster_wide::CHECK,
    &least_privilege::secrets_readable_in_namespace::CHECK,
    &least_privilege::powerful_service_account_on_every_node::CHECK,
    &least_privilege::default_service_account_granted::CHECK,
    &least_privilege::service_account_token_automounted::CHECK,
    &least_privilege::legacy_token_secret::CHECK,
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
