//! The Secrets with which Ingresses and Gateways serve TLS.

use std::collections::BTreeMap;

use shared::object::ObjectRef;

use crate::model::gateway::{CertificateRef, Gateway};
use crate::model::ingress::Ingress;
use crate::model::{Kind, Snapshot};

/// A Secret, as `namespace/name`; empty without a name.
pub fn key(namespace: &str, name: &str) -> String {
    match name {
        "" => String::new(),
        name => format!("{namespace}/{name}"),
    }
}

/// The Secrets that are named, each with what serves with it.
pub fn secrets(snapshot: &Snapshot) -> BTreeMap<String, Vec<ObjectRef>> {
    let mut found: BTreeMap<String, Vec<ObjectRef>> = BTreeMap::new();
    let named = snapshot.all::<Ingress>().flat_map(of_ingress);
    for (secret, object) in named.chain(snapshot.all::<Gateway>().flat_map(of_gateway)) {
        let users = found.entry(secret).or_default();
        if !users.contains(&object) {
            users.push(object);
        }
    }
    found.remove("");
    found
}

fn of_ingress(ingress: &Ingress) -> Vec<(String, ObjectRef)> {
    let (Some(meta), Some(spec)) = (&ingress.metadata, &ingress.spec) else {
        return Vec::new();
    };
    let named = spec.tls.iter().map(|tls| key(&meta.namespace, &tls.secret_name));
    named.map(|secret| (secret, Kind::Ingress.reference(meta))).collect()
}

fn of_gateway(gateway: &Gateway) -> Vec<(String, ObjectRef)> {
    let (Some(meta), Some(spec)) = (&gateway.metadata, &gateway.spec) else {
        return Vec::new();
    };
    let references = spec.listeners.iter().filter_map(|listener| listener.tls.as_ref());
    let secrets = references
        .flat_map(|tls| &tls.certificate_refs)
        .filter(|reference| matches!(reference.kind.as_str(), "" | "Secret"));
    let namespace = |reference: &CertificateRef| match reference.namespace.as_str() {
        "" => meta.namespace.clone(),
        other => other.to_owned(),
    };
    secrets
        .map(|reference| {
            (
                key(&namespace(reference), &reference.name),
                Kind::Gateway.reference(meta),
            )
        })
        .collect()
}
