//! A change to the cluster that closes a finding.

use std::fmt::Write;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use utoipa::ToSchema;

use crate::object::ObjectRef;

/// A change that a person can apply with kubectl, and that the API server accepts in a dry run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "how")]
pub enum Patch {
    /// A strategic merge patch, for built-in kinds (`kubectl patch --type strategic`).
    Strategic {
        /// What is patched.
        target: ObjectRef,
        /// The patch.
        #[schema(value_type = Object)]
        body: Json,
    },
    /// A JSON merge patch, RFC 7386 (`kubectl patch --type merge`).
    Merge {
        /// What is patched.
        target: ObjectRef,
        /// The patch.
        #[schema(value_type = Object)]
        body: Value,
    },
    /// A new object (`kubectl apply -f -`).
    Create {
        /// The manifest.
        #[schema(value_type = Object)]
        manifest: Value,
    },
    /// The object goes (`kubectl delete`).
    Delete {
        /// What is deleted.
        target: ObjectRef,
    },
}

/// JSON kept as text. Most patches are of workloads; a cluster has tens of thousands, and as maps each would take kilobytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(Box<str>);

impl Json {
    /// A value under field after field, the outermost first. The fields are names of Kubernetes' own, in which nothing is to be escaped.
    pub fn under<'f>(fields: impl Iterator<Item = &'f str>, value: &Value) -> Self {
        let mut text = String::with_capacity(256);
        let mut depth = 0;
        for field in fields {
            text.push_str("{\"");
            text.push_str(field);
            text.push_str("\":");
            depth += 1;
        }
        // Writing to a text does not fail.
        _ = write!(text, "{value}");
        text.extend(std::iter::repeat_n('}', depth));
        Self(text.into())
    }

    /// The value.
    pub fn value(&self) -> Value {
        // The text was written from a value.
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self(value.to_string().into())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_is_the_same_however_it_was_put_together() {
        let body = json!({"spec": {"template": {"spec": {"b": [1, null], "a": "\"x\""}}}});
        let under = Json::under(
            ["spec", "template", "spec"].into_iter(),
            &json!({"a": "\"x\"", "b": [1, null]}),
        );
        assert_eq!(under, Json::from(body.clone()));
        assert_eq!(under.value(), body);
        assert_eq!(serde_json::to_value(&under).unwrap(), body);
        assert_eq!(serde_json::from_value::<Json>(body).unwrap(), under);
    }
}
