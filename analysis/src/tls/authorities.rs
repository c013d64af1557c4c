//! The bundles of authorities by which the API server knows what it calls: webhooks, aggregated APIs, converters.

use shared::certificates::Place;

use crate::model::api::{ApiService, CustomResourceDefinition};
use crate::model::{Kind, Object};
use crate::webhook::webhooks;

/// The kinds that hold such bundles.
pub const HOLDERS: &[Kind] = &[
    Kind::ValidatingWebhookConfiguration,
    Kind::MutatingWebhookConfiguration,
    Kind::ApiService,
    Kind::CustomResourceDefinition,
];

/// A bundle of authorities, and where it stands.
#[derive(Debug, Clone)]
pub struct Bundle<'a> {
    /// What is called.
    pub place: Place,
    /// The field that holds it.
    pub path: String,
    /// The bundle, as it was written.
    pub pem: &'a [u8],
    /// The webhook's name; empty where the object has but one bundle.
    pub name: &'a str,
}

/// The bundles of an object. A blank one is the place that an injector fills, or means the authorities of the API server's
/// machine, and is left out.
pub fn bundles(object: &Object) -> Vec<Bundle<'_>> {
    let mut found = match object {
        Object::ApiService(api) => of_api(api).into_iter().collect(),
        Object::CustomResourceDefinition(definition) => of_definition(definition).into_iter().collect(),
        _ => of_webhooks(object),
    };
    found.retain(|bundle| !bundle.pem.trim_ascii().is_empty());
    found
}

fn of_webhooks(object: &Object) -> Vec<Bundle<'_>> {
    let webhooks = webhooks(object).into_iter();
    webhooks
        .map(|webhook| Bundle {
            place: Place::Webhook,
            path: format!("webhooks[{}].clientConfig.caBundle", webhook.name),
            pem: webhook.ca_bundle,
            name: webhook.name,
        })
        .collect()
}

fn of_api(api: &ApiService) -> Option<Bundle<'_>> {
    Some(Bundle {
        place: Place::ApiService,
        path: "spec.caBundle".into(),
        pem: &api.spec.as_ref()?.ca_bundle,
        name: "",
    })
}

fn of_definition(definition: &CustomResourceDefinition) -> Option<Bundle<'_>> {
    let conversion = definition.spec.as_ref()?.conversion.as_ref()?;
    let webhook = conversion
        .webhook
        .as_ref()
        .filter(|_| conversion.strategy == "Webhook")?;
    Some(Bundle {
        place: Place::Conversion,
        path: "spec.conversion.webhook.clientConfig.caBundle".into(),
        pem: &webhook.client_config.as_ref()?.ca_bundle,
        name: "",
    })
}
