//! Admission control.

pub mod deprecated_api_version;
pub mod pod_security_not_enforced;
pub mod webhook_fails_open;
pub mod webhook_without_endpoints;

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
