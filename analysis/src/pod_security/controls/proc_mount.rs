//! /proc with nothing hidden.

use super::{Breach, Control};
use crate::pod_security::{Level, Pod, Version};

/// Baseline.
pub(super) static BASELINE: Control = Control {
    id: "procMount",
    title: "Unmasked /proc",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "procMount",
    // In a user namespace of its own a pod may see all of /proc.
    judge: |version, pod| match version >= Version(35) && pod.has_user_namespace() {
        true => Vec::new(),
        false => unmasked(pod),
    },
};

/// Restricted.
pub(super) static RESTRICTED: Control = Control {
    id: "procMount_restricted",
    title: "Unmasked /proc",
    level: Level::Restricted,
    since: Version(35),
    overrides: Some("procMount"),
    reason: "procMount",
    judge: |_, pod| unmasked(pod),
};

fn unmasked(pod: Pod<'_>) -> Vec<Breach> {
    pod.of_contexts("procMount", |context| {
        let mount = context.proc_mount.as_deref().filter(|mount| *mount != "Default")?;
        Some(format!("mounts /proc as {mount}."))
    })
}
