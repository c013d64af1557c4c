//! Admission webhooks, validating and mutating alike, and whether anything answers their calls.

use crate::cluster::Cluster;
use crate::model::Object;
use crate::model::admission::{
    MatchCondition, MutatingWebhook, RuleWithOperations, ServiceReference, ValidatingWebhook, WebhookClientConfig,
};
use crate::model::meta::LabelSelector;
use crate::model::service::{Endpoint, Service};

/// How long the API server waits where a webhook does not say.
const DEFAULT_TIMEOUT: i32 = 10;

/// One webhook of a configuration.
#[derive(Debug, Clone, Copy)]
pub struct Webhook<'a> {
    /// Its name, unique in its configuration.
    pub name: &'a str,
    /// Whether it may refuse what it is shown; a mutating one changes it.
    pub is_validating: bool,
    /// Whether what it should have looked at passes when it can't be reached. The default is that it does not.
    pub fails_open: bool,
    /// Whether it is called again when a later one has changed the object.
    pub is_reinvoked: bool,
    /// How long the API server waits for it, in seconds.
    pub timeout: i32,
    /// What it is called for.
    pub rules: &'a [RuleWithOperations],
    /// The namespaces whose objects it is shown; all where there is no selector. It says nothing of what is in none.
    pub namespaces: Option<&'a LabelSelector>,
    /// The objects that it is shown; all where there is no selector.
    pub objects: Option<&'a LabelSelector>,
    /// Conditions in CEL, all of which an object must meet.
    pub conditions: &'a [MatchCondition],
    /// The Service that answers; none where it is called by a URL.
    pub service: Option<&'a ServiceReference>,
    /// The URL by which it is called; empty where a Service answers.
    pub url: &'a str,
    /// The authorities by which the API server verifies it.
    pub ca_bundle: &'a [u8],
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
    let client = webhook.client_config.as_ref();
    Webhook {
        name: &webhook.name,
        is_validating: true,
        fails_open: webhook.failure_policy.as_deref() == Some("Ignore"),
        is_reinvoked: false,
        timeout: webhook.timeout_seconds.unwrap_or(DEFAULT_TIMEOUT),
        rules: &webhook.rules,
        namespaces: webhook.namespace_selector.as_ref(),
        objects: webhook.object_selector.as_ref(),
        conditions: &webhook.match_conditions,
        service: client.and_then(|client| client.service.as_ref()),
        url: url(client),
        ca_bundle: ca_bundle(client),
    }
}

fn mutating(webhook: &MutatingWebhook) -> Webhook<'_> {
    let client = webhook.client_config.as_ref();
    Webhook {
        name: &webhook.name,
        is_validating: false,
        fails_open: webhook.failure_policy.as_deref() == Some("Ignore"),
        is_reinvoked: webhook.reinvocation_policy.as_deref() == Some("IfNeeded"),
        timeout: webhook.timeout_seconds.unwrap_or(DEFAULT_TIMEOUT),
        rules: &webhook.rules,
        namespaces: webhook.namespace_selector.as_ref(),
        objects: webhook.object_selector.as_ref(),
        conditions: &webhook.match_conditions,
        service: client.and_then(|client| client.service.as_ref()),
        url: url(client),
        ca_bundle: ca_bundle(client),
    }
}

fn url(client: Option<&WebhookClientConfig>) -> &str {
    client.and_then(|client| client.url.as_deref()).unwrap_or_default()
}

fn ca_bundle(client: Option<&WebhookClientConfig>) -> &[u8] {
    client.map_or(&[], |client| &client.ca_bundle)
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
