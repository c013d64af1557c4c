//! The demo's objects, as an API server would list them.

pub(super) mod access;
pub(super) mod admission;
pub(super) mod cluster;
pub(super) mod family;
pub(super) mod metrics;
pub(super) mod namespace;
pub(super) mod node;
mod pod;
mod scan;
mod service;
mod template;
pub(super) mod workload;

use serde_json::{Map, Value, json};

use super::rng;

/// Where an object stands, and what it is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name<'a> {
    /// `apps/v1`.
    pub(super) api_version: &'a str,
    /// `Deployment`.
    pub(super) kind: &'a str,
    /// Empty for what stands in the cluster.
    pub(super) namespace: &'a str,
    /// Its name.
    pub(super) name: &'a str,
}

impl<'a> Name<'a> {
    /// A name.
    pub(super) fn new(api_version: &'a str, kind: &'a str, namespace: &'a str, name: &'a str) -> Self {
        Self {
            api_version,
            kind,
            namespace,
            name,
        }
    }

    /// The object of this name: `body` holds its fields, and under `metadata` what is more than the name.
    pub(super) fn with(self, created: &str, body: Value) -> Value {
        let mut object = match body {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let mut meta = match object.remove("metadata") {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        meta.insert("name".into(), self.name.into());
        if !self.namespace.is_empty() {
            meta.insert("namespace".into(), self.namespace.into());
        }
        meta.insert("uid".into(), self.uid().into());
        meta.insert("creationTimestamp".into(), created.into());
        object.insert("apiVersion".into(), self.api_version.into());
        object.insert("kind".into(), self.kind.into());
        object.insert("metadata".into(), meta.into());
        object.into()
    }

    /// The entry that names it as the owner of another object.
    pub(super) fn owner(self) -> Value {
        json!([{
            "apiVersion": self.api_version, "kind": self.kind, "name": self.name, "uid": self.uid(),
            "controller": true, "blockOwnerDeletion": true,
        }])
    }

    fn uid(self) -> String {
        rng::uid(&[self.api_version, self.kind, self.namespace, self.name])
    }
}
