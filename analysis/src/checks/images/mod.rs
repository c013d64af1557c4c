//! Image provenance and vulnerabilities.

pub mod image_never_scanned;
pub mod image_tag_mutable;
pub mod kubelet_version_unsupported;
pub mod vulnerability_critical_fixable;
