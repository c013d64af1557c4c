//! What the owner of a cluster decided, where a check can't know it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::network::intents::Intent;
use crate::pod_security::Version;

/// Settings of the checks, as they stand in a file. What is left out is not configured, and what is not known is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// Where images may come from: a registry (`registry.example.com`), a folder of one (`registry.example.com/team`,
    /// `docker.io/team`), or a repository; `nginx` is `docker.io/library/nginx`, as in an image. A folder holds what is
    /// below it and not what begins like it. Where there are none, nothing is said of where images come from.
    pub allowed_registries: Vec<String>,
    /// The version of the Pod Security Standards to judge by (`1.30`); the cluster's own, if left out.
    pub pod_security_version: Option<Version>,
    /// What must hold of the network: `{name: db, from: {namespace: shop}, to: {namespace: data}, expect: only}`.
    pub network_intents: Vec<Intent>,
}

impl Settings {
    /// What the settings hash to, so that a change of them is told from drift; empty where nothing is configured.
    pub fn digest(&self) -> String {
        if *self == NONE {
            return String::new();
        }
        // The order of registries decides nothing.
        let mut registries = self.allowed_registries.clone();
        registries.sort();
        registries.dedup();
        let mut hash = Sha256::new();
        for registry in &registries {
            hash.update((registry.len() as u64).to_le_bytes());
            hash.update(registry);
        }
        if let Some(version) = self.pod_security_version {
            hash.update(format!("podSecurityVersion {version}"));
        }
        for intent in &self.network_intents {
            // Serializing it does not fail: its keys are texts.
            hash.update(serde_json::to_vec(intent).unwrap_or_default());
        }
        hash.finalize()[..4].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Nothing is configured.
pub static NONE: Settings = Settings {
    allowed_registries: Vec::new(),
    pod_security_version: None,
    network_intents: Vec::new(),
};

#[cfg(test)]
mod tests {
    use super::{NONE, Settings, Version};

    #[test]
    fn what_is_left_out_is_not_configured_and_what_is_not_known_is_refused() {
        let read = serde_json::from_str::<Settings>;
        assert_eq!(read("{}").unwrap(), NONE);
        let some = read(r#"{"allowedRegistries": ["registry.example.com"], "podSecurityVersion": "1.30"}"#).unwrap();
        assert_eq!(some.allowed_registries, ["registry.example.com"]);
        assert_eq!(some.pod_security_version, Some(Version(30)));
        assert!(read(r#"{"podSecurityVersion": "2.0"}"#).is_err());
        assert!(read(r#"{"allowedRegistry": ["registry.example.com"]}"#).is_err());
    }

    #[test]
    fn other_settings_hash_to_something_else_and_their_order_does_not_matter() {
        let of = |registries: &[&str], version| Settings {
            allowed_registries: registries.iter().map(|registry| (*registry).to_owned()).collect(),
            pod_security_version: version,
            network_intents: Vec::new(),
        };
        assert_eq!(NONE.digest(), "");
        assert_eq!(of(&["a", "b"], None).digest(), of(&["b", "a", "b"], None).digest());
        let some = [
            of(&["a"], None),
            of(&["b"], None),
            of(&["ab"], None),
            of(&[], Some(Version(30))),
        ];
        let digests: std::collections::BTreeSet<String> = some.iter().map(Settings::digest).collect();
        assert_eq!(digests.len(), some.len());
    }
}
