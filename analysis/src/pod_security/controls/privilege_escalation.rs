//! Processes that gain more privileges than the one that started them.

use super::{Breach, Control};
use crate::model::container::Container;
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "allowPrivilegeEscalation",
    title: "Privilege escalation",
    level: Level::Restricted,
    since: Version(8),
    overrides: None,
    reason: "allowPrivilegeEscalation != false",
    judge,
};

fn judge(version: Version, pod: Pod<'_>) -> Vec<Breach> {
    if version >= Version(25) && pod.is_windows() {
        return Vec::new();
    }
    pod.of_containers(|container: &Container| {
        let allowed = container
            .security_context
            .as_ref()
            .and_then(|context| context.allow_privilege_escalation);
        let breach = (allowed != Some(false)).then(|| {
            (
                "securityContext.allowPrivilegeEscalation".to_owned(),
                "does not rule privilege escalation out.".to_owned(),
            )
        });
        breach.into_iter().collect()
    })
}
