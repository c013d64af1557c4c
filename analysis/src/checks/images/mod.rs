//! Image provenance and vulnerabilities.

pub mod image_never_scanned;
pub mod image_pull_policy_stale;
pub mod image_registry_not_allowed;
pub mod image_tag_mutable;
pub mod image_without_digest;
pub mod kubelet_version_unsupported;
pub mod vulnerability_critical_fixable;
