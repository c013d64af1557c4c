//! Secrets: name, type and number of keys. Their values are never decoded.

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::meta::ObjectMeta;

/// What is known of a Secret.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "Manifest")]
pub struct Secret {
    /// Its metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    /// Its type: `kubernetes.io/tls`.
    #[prost(string, tag = "2")]
    pub r#type: String,
    /// How many keys it has.
    #[prost(int64, tag = "3")]
    pub keys: i64,
}

/// A Secret in a file, whose values are skipped while it is read.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Manifest {
    metadata: Option<ObjectMeta>,
    r#type: String,
    data: KeyCount,
    string_data: KeyCount,
    /// Stands in no file, but in what we write ourselves.
    keys: i64,
}

impl From<Manifest> for Secret {
    fn from(manifest: Manifest) -> Self {
        let keys = manifest.keys.saturating_add(manifest.data.0 + manifest.string_data.0);
        let r#type = if manifest.r#type.is_empty() {
            "Opaque".to_owned()
        } else {
            manifest.r#type
        };
        Self {
            metadata: manifest.metadata,
            r#type,
            keys,
        }
    }
}

#[derive(Default)]
struct KeyCount(i64);

impl<'de> Deserialize<'de> for KeyCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Count;
        impl<'de> Visitor<'de> for Count {
            type Value = KeyCount;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<KeyCount, A::Error> {
                let mut count = 0;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(KeyCount(count))
            }
        }
        deserializer.deserialize_map(Count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_and_not_kept() {
        let secret: Secret = serde_json::from_str(
            r#"{"metadata":{"name":"db"},"data":{"a":"Y2FuYXJ5","b":""},"stringData":{"c":"canary"}}"#,
        )
        .unwrap();
        assert_eq!(secret.keys, 3);
        assert_eq!(secret.r#type, "Opaque");
        assert!(!format!("{secret:?}").contains("anary"));
    }
}
