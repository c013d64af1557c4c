//! Ports of the node.

use super::{Breach, Control};
use crate::model::container::{Container, ContainerPort};
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "hostPorts",
    title: "Ports of the node",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "hostPort",
    judge,
};

fn judge(_: Version, pod: Pod<'_>) -> Vec<Breach> {
    // In the network of the node the API server takes each port for one of the node.
    let taken = |port: &ContainerPort| match (port.host_port, pod.spec.host_network) {
        (0, false) => None,
        (0, true) => Some(port.container_port).filter(|port| *port != 0),
        (port, _) => Some(port),
    };
    let breach = |port: &ContainerPort| {
        let message = format!("takes port {} of its node.", taken(port)?);
        Some((format!("ports[{}].hostPort", port.container_port), message))
    };
    pod.of_containers(|container: &Container| container.ports.iter().filter_map(breach).collect())
}
