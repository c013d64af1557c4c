//! Admission control.

pub mod admission_policy_not_enforced;
pub mod api_server_always_admit;
pub mod api_server_events_not_limited;
pub mod api_server_external_ips_allowed;
pub mod api_server_images_not_always_pulled;
pub mod api_server_namespace_lifecycle_off;
pub mod api_server_node_restriction_off;
pub mod api_server_service_account_admission_off;
pub mod deprecated_api_version;
pub mod image_verification_absent;
pub mod namespace_exempt_from_pod_security;
pub mod pod_security_not_enforced;
pub mod policy_engine_absent;
pub mod sidecar_missing;
pub mod webhook_exempts_namespaces;
pub mod webhook_fails_open;
pub mod webhook_intercepts_everything;
pub mod webhook_timeout_long;
pub mod webhook_without_endpoints;
pub mod workload_refused_by_pod_security;

use crate::check::Need;
use crate::model::Kind;

/// The kinds that hold webhooks.
const WEBHOOK_CONFIGURATIONS: &[Kind] = &[Kind::ValidatingWebhookConfiguration, Kind::MutatingWebhookConfiguration];

/// What a check of webhooks and of what answers them reads.
const WEBHOOKS: &[Need] = &[
    Need::Read(Kind::ValidatingWebhookConfiguration),
    Need::Read(Kind::MutatingWebhookConfiguration),
    Need::Read(Kind::Service),
    Need::Read(Kind::EndpointSlice),
];
