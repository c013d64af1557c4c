//! What is taken off an object before it is kept: what changes without meaning, and what may hold a secret.

use super::annotations;
use super::kind::Object;
use super::meta::ObjectMeta;
use super::pod::{Container, Pod, PodSpec};

/// Flags of control-plane components that checks read. Other arguments may hold anything, and are dropped.
const FLAGS: &[&str] = &[
    "--anonymous-auth",
    "--audit-log-path",
    "--audit-policy-file",
    "--audit-webhook-config-file",
    "--authentication-config",
    "--authorization-mode",
];

/// The object as it is kept; none where posture has no use for it: a ReplicaSet with no replicas left, and pods that have ended.
pub fn normalise(mut object: Object) -> Option<Object> {
    annotations::tidy(&mut object.meta_mut().annotations);
    match &mut object {
        Object::ReplicaSet(set) => {
            let spec = set.spec.as_mut();
            if spec.as_ref().is_some_and(|spec| spec.replicas == Some(0)) {
                return None;
            }
            tidy_template(spec.and_then(|spec| spec.template.as_mut()).and_then(|template| template.spec.as_mut()));
        }
        Object::Pod(pod) => {
            if pod.status.as_ref().is_some_and(|status| matches!(status.phase.as_str(), "Succeeded" | "Failed")) {
                return None;
            }
            tidy_pod(pod);
        }
        other => tidy_template(super::workload::pod_spec_mut(other)),
    }
    Some(object)
}

fn tidy_template(spec: Option<&mut PodSpec>) {
    if let Some(spec) = spec {
        containers_mut(spec).for_each(drop_arguments);
    }
}

fn tidy_pod(pod: &mut Pod) {
    let is_mirror = is_mirror(pod.metadata.as_ref());
    if let Some(spec) = pod.spec.as_mut() {
        if is_mirror {
            containers_mut(spec).for_each(keep_flags);
        } else {
            containers_mut(spec).for_each(drop_arguments);
        }
    }
}

/// Whether the pod stands for a static pod of its node. The API server lets only the kubelet write this annotation.
fn is_mirror(meta: Option<&ObjectMeta>) -> bool {
    meta.is_some_and(|meta| meta.annotation("kubernetes.io/config.source").is_some_and(|source| source == "file"))
}

fn containers_mut(spec: &mut PodSpec) -> impl Iterator<Item = &mut Container> {
    let ephemeral = spec.ephemeral_containers.iter_mut().filter_map(|c| c.ephemeral_container_common.as_mut());
    spec.init_containers.iter_mut().chain(&mut spec.containers).chain(ephemeral)
}

fn drop_arguments(container: &mut Container) {
    container.command.clear();
    container.args.clear();
}

fn keep_flags(container: &mut Container) {
    let is_flag = |argument: &String| FLAGS.contains(&argument.split_once('=').map_or(argument.as_str(), |(name, _)| name));
    // The executable tells which component it is.
    let executable = container.command.first().cloned();
    container.command.retain(is_flag);
    container.command.splice(0..0, executable);
    container.args.retain(is_flag);
}
