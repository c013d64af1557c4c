//! Encryption in transit and the certificates behind it.

pub mod api_server_cipher_suites_weak;
pub mod api_server_client_ca_missing;
pub mod api_server_encryption_at_rest_off;
pub mod api_server_etcd_ca_missing;
pub mod api_server_etcd_certificate_missing;
pub mod api_server_kubelet_certificate_unverified;
pub mod api_server_kubelet_client_certificate_missing;
pub mod api_server_tls_certificate_missing;
pub mod apiservice_skips_tls_verification;
pub mod certificate_expiring;
pub mod certificate_not_ready;
pub mod controller_manager_kubelet_certificate_rotation_off;
pub mod controller_manager_root_ca_missing;
pub mod etcd_auto_tls;
pub mod etcd_ca_shared;
pub mod etcd_certificate_missing;
pub mod etcd_client_certificates_not_required;
pub mod etcd_peer_auto_tls;
pub mod etcd_peer_certificate_missing;
pub mod etcd_peer_certificates_not_required;
pub mod gateway_listener_without_tls;
pub mod ingress_without_tls;
pub mod mesh_mtls_not_strict;
pub mod server_accepts_old_tls;
pub mod server_certificate_weak;
