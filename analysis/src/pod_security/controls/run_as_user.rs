//! Pods that are told to run as root.

use super::{Breach, Control};
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "runAsUser",
    title: "Running as user 0",
    level: Level::Restricted,
    since: Version(23),
    overrides: None,
    reason: "runAsUser=0",
    judge,
};

fn judge(version: Version, pod: Pod<'_>) -> Vec<Breach> {
    // In a user namespace of its own root is nobody on the node.
    if version >= Version(35) && pod.has_user_namespace() {
        return Vec::new();
    }
    let is_root = pod.context().is_some_and(|context| context.run_as_user == Some(0));
    let breach = is_root.then(|| {
        let message = "The pod runs as user 0, which is root.".to_owned();
        ("spec.securityContext.runAsUser".to_owned(), message)
    });
    let of_containers = pod.of_contexts("runAsUser", |context| {
        (context.run_as_user == Some(0)).then(|| "runs as user 0, which is root.".to_owned())
    });
    breach.into_iter().chain(of_containers).collect()
}
