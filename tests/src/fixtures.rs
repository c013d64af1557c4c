//! Objects for the API server, of our own making.

use analysis::model::Kind;
use analysis::model::kind::{Placement, Wire};
use anyhow::Context;
use serde_json::{Value, json};

/// At least one object of every built-in kind, with every field that the model keeps, in the namespace `rich`.
///
/// # Errors
/// The file is malformed.
pub fn built_in() -> anyhow::Result<Vec<Value>> {
    documents(include_str!("../fixtures/built-in.yaml"))
}

/// One object of every custom kind. Their definitions are [`definitions`].
///
/// # Errors
/// The file is malformed.
pub fn custom() -> anyhow::Result<Vec<Value>> {
    documents(include_str!("../fixtures/custom.yaml"))
}

/// The documents of a YAML file.
///
/// # Errors
/// The file is malformed.
pub fn documents(yaml: &str) -> anyhow::Result<Vec<Value>> {
    serde_saphyr::from_multiple(yaml).context("a fixture is malformed")
}

/// The smallest definitions of the custom kinds that Plimsoll reads: any content is valid.
pub fn definitions() -> Vec<Value> {
    Kind::ALL
        .iter()
        .filter(|kind| kind.info().wire == Wire::Json)
        .map(|kind| definition(*kind, kind.info().version))
        .collect()
}

/// The smallest definition of a custom kind that is served in one version.
pub fn definition(kind: Kind, version: &str) -> Value {
    let info = kind.info();
    let schema = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": info.resource(),
            // Groups of k8s.io are refused without.
            "annotations": {"api-approved.kubernetes.io": "unapproved, for a test"},
        },
        "spec": {
            "group": info.group,
            "scope": if info.placement == Placement::Namespaced { "Namespaced" } else { "Cluster" },
            "names": {"plural": info.plural, "kind": info.kind},
            "versions": [{"name": version, "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
        },
    })
}
