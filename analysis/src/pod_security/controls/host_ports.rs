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
    let breach = |port: &ContainerPort| {
        let ContainerPort {
            container_port,
            host_port,
            ..
        } = port;
        let message = format!("takes port {host_port} of its node.");
        (format!("ports[{container_port}].hostPort"), message)
    };
    pod.of_containers(|container: &Container| {
        let taken = container.ports.iter().filter(|port| port.host_port != 0);
        taken.map(breach).collect()
    })
}
