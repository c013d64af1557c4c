//! Hosts that probes and hooks name: the kubelet would call them, from the node.

use super::{Breach, Control};
use crate::model::container::{Container, HTTPGetAction, TCPSocketAction};
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "hostProbesAndHostLifecycle",
    title: "Hosts that probes and hooks name",
    level: Level::Baseline,
    since: Version(34),
    overrides: None,
    reason: "probe or lifecycle host",
    judge,
};

fn judge(_: Version, pod: Pod<'_>) -> Vec<Breach> {
    pod.of_containers(|container| {
        let handlers = probes(container).chain(hooks(container));
        handlers.flat_map(breaches).collect()
    })
}

type Handler<'a> = (&'static str, Option<&'a HTTPGetAction>, Option<&'a TCPSocketAction>);

fn probes(container: &Container) -> impl Iterator<Item = Handler<'_>> {
    let probes = [
        ("livenessProbe", &container.liveness_probe),
        ("readinessProbe", &container.readiness_probe),
        ("startupProbe", &container.startup_probe),
    ];
    probes.into_iter().filter_map(|(name, probe)| {
        let handler = probe.as_ref()?.handler.as_ref()?;
        Some((name, handler.http_get.as_ref(), handler.tcp_socket.as_ref()))
    })
}

fn hooks(container: &Container) -> impl Iterator<Item = Handler<'_>> {
    let hooks = container.lifecycle.iter().flat_map(|lifecycle| {
        [
            ("lifecycle.postStart", &lifecycle.post_start),
            ("lifecycle.preStop", &lifecycle.pre_stop),
        ]
    });
    hooks.filter_map(|(name, hook)| {
        let hook = hook.as_ref()?;
        Some((name, hook.http_get.as_ref(), hook.tcp_socket.as_ref()))
    })
}

fn breaches((name, http, tcp): Handler<'_>) -> impl Iterator<Item = Breach> {
    let hosts = [
        ("httpGet", http.map(|http| &http.host)),
        ("tcpSocket", tcp.map(|tcp| &tcp.host)),
    ];
    hosts.into_iter().filter_map(move |(action, host)| {
        let host = host.filter(|host| !host.is_empty())?;
        let message = format!("has its node call {host}.");
        Some((format!("{name}.{action}.host"), message))
    })
}
