//! Containers that are processes of a Windows node.

use super::{Breach, Control};
use crate::cluster::containers;
use crate::model::pod::PodSpec;
use crate::model::security_context::WindowsSecurityContextOptions;
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "windowsHostProcess",
    title: "Processes of a Windows node",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "hostProcess",
    judge,
};

fn is_host_process(options: Option<&WindowsSecurityContextOptions>) -> bool {
    options.is_some_and(|options| options.host_process == Some(true))
}

fn judge(_: Version, pod: Pod<'_>) -> Vec<Breach> {
    let is_set = is_host_process(pod.context().and_then(|context| context.windows_options.as_ref()));
    let breach = is_set.then(|| {
        let message = "The pod runs as a process of its Windows node.".to_owned();
        ("spec.securityContext.windowsOptions.hostProcess".to_owned(), message)
    });
    let of_containers = pod.of_contexts("windowsOptions.hostProcess", |context| {
        is_host_process(context.windows_options.as_ref()).then(|| "runs as a process of its Windows node.".to_owned())
    });
    breach.into_iter().chain(of_containers).collect()
}

/// Whether a pod, or a container of it, runs as a process of a Windows node.
pub fn is_set(spec: &PodSpec) -> bool {
    let of_pod = spec
        .security_context
        .as_ref()
        .and_then(|context| context.windows_options.as_ref());
    let of_container = |container: &crate::model::container::Container| {
        let context = container.security_context.as_ref();
        is_host_process(context.and_then(|context| context.windows_options.as_ref()))
    };
    is_host_process(of_pod) || containers(spec).any(|at| of_container(at.container))
}
