//! Admission webhooks, validating and mutating alike, and whether anything answers their calls.

use crate::cluster::Cluster;
use crate::model::Object;
use crate::model::admission::{
    MutatingWebhook, RuleWithOperations, ServiceReference, ValidatingWebhook, WebhookClientConfig,
};
use crate::model::service::{Endpoint, Service};

/// One webhook of a configuration.
#[derive(Debug, Clone, Copy)]
pub struct Webhook<'a> {
    /// Its name, unique in its configuration.
    pub name: &'a str,
    /// Whether it may refuse what it is shown; a mutating one changes it.
    pub is_validating: bool,
    /// Whether what it should have looked at passes when it can't be reached. The default is that it does not.
    pub fails_open: bool,
    /// What it is called for.
    pub rules: &'a [RuleWithOperations],
    /// The Service that answers; none where it is called by a URL.
    pub service: Option<&'a ServiceReference>,
}

/// The webhooks of a configuration; none for other kinds.
pub fn webhooks(object: &Object) -> Vec<Webhook<'_>> {
    match object {
        Object::ValidatingWebhookConfiguration(configuration) => {
            configuration.webhooks.iter().map(validating).collect()
        }
        Object::MutatingWebhookConfiguration(configuration) => configuration.webhooks.iter().map(mutating).collect(),
        _ => Vec::new(),
    }
}

fn validating(webhook: &ValidatingWebhook) -> Webhook<'_> {
    Webhook {
        name: &webhook.name,
        is_validating: true,
        fails_open: webhook.failure_policy.as_deref() == Some("Ignore"),
        rules: &webhook.rules,
        service: service(&webhook.client_config),
    }
}

fn mutating(webhook: &MutatingWebhook) -> Webhook<'_> {
    Webhook {
        name: &webhook.name,
        is_validating: false,
        fails_open: webhook.failure_policy.as_deref() == Some("Ignore"),
        rules: &webhook.rules,
        service: service(&webhook.client_config),
    }
}

fn service(config: &Option<WebhookClientConfig>) -> Option<&ServiceReference> {
    config.as_ref()?.service.as_ref()
}

/// What stands behind a Service that a webhook names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// An endpoint is ready.
    Ready,
    /// The Service is not there.
    NoService,
    /// The Service has no such port.
    NoPort(i32),
    /// The Service has no endpoint that is ready.
    NoEndpoint,
    /// The Service is a name outside of the cluster.
    Outside,
}

/// Looks behind a Service. Services and EndpointSlices must have been read.
pub fn backend(cluster: &Cluster<'_>, reference: &ServiceReference) -> Backend {
    let (namespace, name) = (reference.namespace.as_str(), reference.name.as_str());
    let Some(service) = cluster.snapshot.find::<Service>(namespace, name) else {
        return Backend::NoService;
    };
    let Some(spec) = service.spec.as_ref() else {
        return Backend::NoEndpoint;
    };
    let port = reference.port.unwrap_or(443);
    let slices = cluster.slices_of(namespace, name);
    // An endpoint that does not say is to be taken for ready.
    let is_ready = |endpoint: &Endpoint| {
        endpoint
            .conditions
            .as_ref()
            .and_then(|conditions| conditions.ready)
            .unwrap_or(true)
    };
    if spec.r#type == "ExternalName" {
        Backend::Outside
    } else if !spec.ports.iter().any(|candidate| candidate.port == port) {
        Backend::NoPort(port)
    } else if slices.iter().flat_map(|slice| &slice.endpoints).any(is_ready) {
        Backend::Ready
    } else {
        Backend::NoEndpoint
    }
}
