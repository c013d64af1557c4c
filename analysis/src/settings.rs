//! What the owner of a cluster decided, where a check can't know it.

use serde::{Deserialize, Serialize};

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
}

/// Nothing is configured.
pub static NONE: Settings = Settings {
    allowed_registries: Vec::new(),
    pod_security_version: None,
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
}
