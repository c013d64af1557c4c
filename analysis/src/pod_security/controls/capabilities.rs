//! Capabilities: none beyond those of the runtime; restricted pods drop all, and add one at most.

use super::{Breach, Control};
use crate::model::container::Container;
use crate::pod_security::{Level, Pod, Version, listed};

/// Baseline.
pub(super) static BASELINE: Control = Control {
    id: "capabilities_baseline",
    title: "Capabilities beyond the default",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "non-default capabilities",
    judge: |_, pod| {
        pod.of_contexts("capabilities.add", |context| {
            added(context.capabilities.as_ref()?, DEFAULT)
        })
    },
};

/// Restricted.
pub(super) static RESTRICTED: Control = Control {
    id: "capabilities_restricted",
    title: "Capabilities kept or added",
    level: Level::Restricted,
    since: Version(22),
    overrides: Some("capabilities_baseline"),
    reason: "unrestricted capabilities",
    judge: restricted,
};

/// What a runtime gives by default, and NET_BIND_SERVICE.
pub const DEFAULT: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

fn added(capabilities: &crate::model::security_context::Capabilities, allowed: &[&str]) -> Option<String> {
    let refused = capabilities
        .add
        .iter()
        .map(String::as_str)
        .filter(|added| !allowed.contains(added));
    let refused = listed(refused);
    (!refused.is_empty() || capabilities.add.iter().any(String::is_empty))
        .then(|| format!("adds the capability {refused}."))
}

fn restricted(version: Version, pod: Pod<'_>) -> Vec<Breach> {
    if version >= Version(25) && pod.is_windows() {
        return Vec::new();
    }
    pod.of_containers(|container| {
        let added = of(container).and_then(|capabilities| added(capabilities, &["NET_BIND_SERVICE"]));
        let added = added.map(|message| ("securityContext.capabilities.add".to_owned(), message));
        kept(container).into_iter().chain(added).collect()
    })
}

fn of(container: &Container) -> Option<&crate::model::security_context::Capabilities> {
    container.security_context.as_ref()?.capabilities.as_ref()
}

fn kept(container: &Container) -> Option<Breach> {
    let drops_all = of(container).is_some_and(|capabilities| capabilities.drop.iter().any(|dropped| dropped == "ALL"));
    (!drops_all).then(|| {
        (
            "securityContext.capabilities.drop".to_owned(),
            "does not drop ALL capabilities.".to_owned(),
        )
    })
}
