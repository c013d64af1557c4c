//! Seccomp profiles: the runtime's own, or one of the node's; restricted pods must say which.

use super::{Breach, Control};
use crate::model::container::Container;
use crate::model::security_context::SeccompProfile;
use crate::pod_security::{Level, Pod, Version};

/// Baseline.
pub(super) static BASELINE: Control = Control {
    id: "seccompProfile_baseline",
    title: "Seccomp profile",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "seccompProfile",
    // Before 1.19 the profile stood in an annotation.
    judge: |version, pod| match version < Version(19) {
        true => of_annotations(pod),
        false => refused(pod),
    },
};

/// Restricted.
pub(super) static RESTRICTED: Control = Control {
    id: "seccompProfile_restricted",
    title: "Seccomp profile",
    level: Level::Restricted,
    since: Version(19),
    overrides: Some("seccompProfile_baseline"),
    reason: "seccompProfile",
    judge: |version, pod| match version >= Version(25) && pod.is_windows() {
        true => Vec::new(),
        false => refused(pod).into_iter().chain(missing(pod)).collect(),
    },
};

const OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";

fn is_confined(profile: &SeccompProfile) -> bool {
    matches!(profile.r#type.as_str(), "RuntimeDefault" | "Localhost")
}

fn of_pod(pod: Pod<'_>) -> Option<&SeccompProfile> {
    pod.context()?.seccomp_profile.as_ref()
}

fn refused(pod: Pod<'_>) -> Vec<Breach> {
    let breach = of_pod(pod).filter(|profile| !is_confined(profile)).map(|profile| {
        let message = format!("The pod sets the seccomp profile {}.", profile.r#type);
        ("spec.securityContext.seccompProfile.type".to_owned(), message)
    });
    let of_containers = pod.of_contexts("seccompProfile.type", |context| {
        let profile = context
            .seccomp_profile
            .as_ref()
            .filter(|profile| !is_confined(profile))?;
        Some(format!("sets the seccomp profile {}.", profile.r#type))
    });
    breach.into_iter().chain(of_containers).collect()
}

fn missing(pod: Pod<'_>) -> Vec<Breach> {
    if of_pod(pod).is_some_and(is_confined) {
        return Vec::new();
    }
    pod.of_containers(|container: &Container| {
        let own = container
            .security_context
            .as_ref()
            .and_then(|context| context.seccomp_profile.as_ref());
        let breach = own.is_none().then(|| {
            (
                "securityContext.seccompProfile.type".to_owned(),
                "has no seccomp profile, and its pod sets none for it.".to_owned(),
            )
        });
        breach.into_iter().collect()
    })
}

fn of_annotations(pod: Pod<'_>) -> Vec<Breach> {
    let is_refused =
        |value: &str| !(matches!(value, "runtime/default" | "docker/default") || value.starts_with("localhost/"));
    let is_of_a_container = |key: &str| {
        let name = key.strip_prefix(OF_CONTAINER);
        name.is_some_and(|name| pod.containers().any(|at| at.container.name == name))
    };
    let annotations = pod.meta.annotations.iter();
    annotations
        .filter(|annotation| annotation.key == OF_POD || is_of_a_container(&annotation.key))
        .filter(|annotation| is_refused(&annotation.value))
        .map(|annotation| {
            let message = format!("An annotation sets the seccomp profile {}.", annotation.value);
            (format!("metadata.annotations[{}]", annotation.key), message)
        })
        .collect()
}
