//! The namespaces of the node: its network, its processes, its shared memory.

use super::{Breach, Control};
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "hostNamespaces",
    title: "Namespaces of the node",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "host namespaces",
    judge,
};

fn judge(_: Version, pod: Pod<'_>) -> Vec<Breach> {
    let shared = [
        ("hostNetwork", pod.spec.host_network, "network"),
        ("hostPID", pod.spec.host_pid, "processes"),
        ("hostIPC", pod.spec.host_ipc, "shared memory"),
    ];
    let breach = |(field, _, what): (&str, bool, &str)| {
        (
            format!("spec.{field}"),
            format!("The pod shares the {what} of its node."),
        )
    };
    shared
        .into_iter()
        .filter(|(_, is_shared, _)| *is_shared)
        .map(breach)
        .collect()
}
