//! SELinux options that take a container out of its confinement.

use super::{Breach, Control};
use crate::model::security_context::SELinuxOptions;
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "seLinuxOptions",
    title: "SELinux options",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "seLinuxOptions",
    judge,
};

/// Types that are meant for containers, and the version of the standards from which on each is allowed.
const CONFINED: &[(&str, Version)] = &[
    ("", Version(0)),
    ("container_t", Version(0)),
    ("container_init_t", Version(0)),
    ("container_kvm_t", Version(0)),
    ("container_engine_t", Version(31)),
];

/// Whether a type keeps a container to itself, by a version of the standards.
pub fn is_confined(kind: &str, version: Version) -> bool {
    CONFINED
        .iter()
        .any(|(confined, since)| *confined == kind && *since <= version)
}

fn judge(version: Version, pod: Pod<'_>) -> Vec<Breach> {
    let of_pod = pod.context().and_then(|context| context.se_linux_options.as_ref());
    let of_pod = of_pod.and_then(|options| refused(version, options)).map(|options| {
        let message = format!("The pod sets SELinux {options}.");
        ("spec.securityContext.seLinuxOptions".to_owned(), message)
    });
    let of_containers = pod.of_contexts("seLinuxOptions", |context| {
        let options = refused(version, context.se_linux_options.as_ref()?)?;
        Some(format!("sets SELinux {options}."))
    });
    of_pod.into_iter().chain(of_containers).collect()
}

fn refused(version: Version, options: &SELinuxOptions) -> Option<String> {
    let kind = options.r#type.as_str();
    let set = [
        (!is_confined(kind, version), format!("type {kind}")),
        (!options.user.is_empty(), format!("user {}", options.user)),
        (!options.role.is_empty(), format!("role {}", options.role)),
    ];
    let refused: Vec<String> = set
        .into_iter()
        .filter(|(is_refused, _)| *is_refused)
        .map(|(_, text)| text)
        .collect();
    (!refused.is_empty()).then(|| refused.join(" and "))
}
