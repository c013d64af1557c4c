//! Bytes, which JSON and YAML write in base64: certificates of authorities.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serializer, de};

/// Writes them in base64.
///
/// # Errors
/// Those of the serializer.
pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

/// Reads base64.
///
/// # Errors
/// Those of the deserializer, and text that is not base64.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD
        .decode(text)
        .map_err(|_| de::Error::custom("bytes are not in base64"))
}

#[cfg(test)]
mod tests {
    use crate::model::kind::{Kind, Object};

    #[test]
    fn a_ca_bundle_is_base64_in_json_and_stays_so() {
        let manifest = serde_json::json!({"spec": {"caBundle": "Y2E="}});
        let service = Object::deserialize(Kind::ApiService, &manifest).unwrap();
        assert_eq!(service.to_manifest()["spec"]["caBundle"], "Y2E=");
    }
}
