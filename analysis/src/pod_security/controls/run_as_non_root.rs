//! Pods that are not held to run as another user than root.

use super::{Breach, Control};
use crate::model::container::Container;
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "runAsNonRoot",
    title: "Running as root",
    level: Level::Restricted,
    since: Version(0),
    overrides: None,
    reason: "runAsNonRoot != true",
    judge,
};

fn judge(version: Version, pod: Pod<'_>) -> Vec<Breach> {
    // In a user namespace of its own root is nobody on the node.
    if version >= Version(35) && pod.has_user_namespace() {
        return Vec::new();
    }
    let of_pod = pod.context().and_then(|context| context.run_as_non_root);
    let breach = (of_pod == Some(false)).then(|| {
        let message = "The pod may run as root, by its own word.".to_owned();
        ("spec.securityContext.runAsNonRoot".to_owned(), message)
    });
    let of_containers = pod.of_containers(|container: &Container| {
        let own = container
            .security_context
            .as_ref()
            .and_then(|context| context.run_as_non_root);
        let message = match (own, of_pod) {
            (Some(true), _) | (None, Some(true)) => return Vec::new(),
            (Some(false), _) => "may run as root, by its own word.",
            (None, _) => "is not held to run as another user than root.",
        };
        vec![("securityContext.runAsNonRoot".to_owned(), message.to_owned())]
    });
    breach.into_iter().chain(of_containers).collect()
}
