//! What is taken off an object before it is kept: what changes without meaning, and what may hold a secret.

use sha2::{Digest, Sha256};

use super::annotations;
use super::container::Container;
use super::flags;
use super::kind::{Object, Placement};
use super::meta::ObjectMeta;
use super::names;
use super::pod::{Pod, PodSpec, PodTemplateSpec};
use super::workload::Job;

/// The object as it is kept; none where posture has no use for it: a ReplicaSet with no replicas left, and pods
/// and jobs that have ended.
pub fn normalise(mut object: Object) -> Option<Object> {
    names::bound(&mut object);
    tidy_meta(Some(object.meta_mut()));
    match &mut object {
        Object::ReplicaSet(set) if set.spec.as_ref().is_some_and(|spec| spec.replicas == Some(0)) => return None,
        Object::Pod(pod) if has_ended(pod) => return None,
        Object::Job(job) if is_finished(job) => return None,
        Object::Pod(pod) => tidy_pod(pod),
        Object::CronJob(job) => {
            let template = job.spec.as_mut().and_then(|spec| spec.job_template.as_mut());
            tidy_meta(template.and_then(|template| template.metadata.as_mut()));
        }
        _ => {}
    }
    tidy_template(super::workload::template_mut(&mut object));
    Some(object)
}

fn has_ended(pod: &Pod) -> bool {
    pod.status
        .as_ref()
        .is_some_and(|status| matches!(status.phase.as_str(), "Succeeded" | "Failed"))
}

fn is_finished(job: &Job) -> bool {
    let mut conditions = job.status.iter().flat_map(|status| &status.conditions);
    conditions.any(|condition| matches!(condition.r#type.as_str(), "Complete" | "Failed") && condition.status == "True")
}

fn tidy_meta(meta: Option<&mut ObjectMeta>) {
    if let Some(meta) = meta {
        annotations::tidy(&mut meta.annotations);
        meta.annotations.shrink_to_fit();
        meta.labels.shrink_to_fit();
        meta.owner_references.shrink_to_fit();
        meta.generate_name = String::new();
        // A template was never created: its time is null in JSON, and zero in protobuf.
        meta.creation_timestamp = meta.creation_timestamp.filter(|time| time.seconds != 0);
    }
}

/// An object of a manifest as it is kept, where the API server would put it: in the namespace `default` if it names none, in
/// no namespace if its kind has none. One that has its name made by the API server is named by what it holds, so that it is
/// the same whatever stands beside it: `migrate-3f9a0c11d2`. None as in [`normalise`].
pub fn admit(mut object: Object) -> Option<Object> {
    place(&mut object);
    let prefix = std::mem::take(&mut object.meta_mut().generate_name);
    let mut object = normalise(object)?;
    if object.meta().name.is_empty() {
        object.meta_mut().name = generated(&prefix, &object);
        names::bound(&mut object);
    }
    Some(object)
}

fn generated(prefix: &str, object: &Object) -> String {
    let hash = Sha256::new_with_prefix(prefix)
        .chain_update(object.to_protobuf())
        .finalize();
    let prefix = if prefix.is_empty() { "unnamed-" } else { prefix };
    hash[..5]
        .iter()
        .fold(prefix.to_owned(), |name, byte| name + &format!("{byte:02x}"))
}

fn place(object: &mut Object) {
    let placement = object.kind().info().placement;
    let meta = object.meta_mut();
    match placement {
        Placement::Cluster => meta.namespace.clear(),
        Placement::Namespaced if meta.namespace.is_empty() => meta.namespace.push_str("default"),
        Placement::Namespaced => {}
    }
}

fn tidy_template(template: Option<&mut PodTemplateSpec>) {
    if let Some(template) = template {
        tidy_meta(template.metadata.as_mut());
        if let Some(spec) = &mut template.spec {
            containers_mut(spec).for_each(drop_arguments);
            shrink(spec);
        }
    }
}

fn tidy_pod(pod: &mut Pod) {
    let is_mirror = pod.metadata.as_ref().is_some_and(ObjectMeta::is_mirror);
    if let Some(spec) = pod.spec.as_mut() {
        if is_mirror {
            containers_mut(spec).for_each(flags::keep);
        } else {
            containers_mut(spec).for_each(drop_arguments);
        }
        shrink(spec);
    }
    if let Some(status) = &mut pod.status {
        status.pod_ips.shrink_to_fit();
        status.container_statuses.shrink_to_fit();
        status.init_container_statuses.shrink_to_fit();
    }
}

fn containers_mut(spec: &mut PodSpec) -> impl Iterator<Item = &mut Container> {
    let ephemeral = spec
        .ephemeral_containers
        .iter_mut()
        .filter_map(|c| c.ephemeral_container_common.as_mut());
    spec.init_containers
        .iter_mut()
        .chain(&mut spec.containers)
        .chain(ephemeral)
}

/// Gives back the room that decoding leaves in each list, four elements at least: a fifth of what a pod takes.
fn shrink(spec: &mut PodSpec) {
    spec.volumes.shrink_to_fit();
    spec.init_containers.shrink_to_fit();
    spec.containers.shrink_to_fit();
    spec.tolerations.shrink_to_fit();
    spec.image_pull_secrets.shrink_to_fit();
    for container in containers_mut(spec) {
        container.command.shrink_to_fit();
        container.args.shrink_to_fit();
        container.ports.shrink_to_fit();
        container.env.shrink_to_fit();
        container.env_from.shrink_to_fit();
        container.volume_mounts.shrink_to_fit();
        if let Some(resources) = &mut container.resources {
            resources.limits.shrink_to_fit();
            resources.requests.shrink_to_fit();
        }
    }
}

fn drop_arguments(container: &mut Container) {
    container.command.clear();
    container.args.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kind::Kind;

    fn kept(kind: Kind, manifest: serde_json::Value) -> Option<serde_json::Value> {
        normalise(Object::deserialize(kind, manifest).unwrap()).map(|object| object.to_manifest())
    }

    #[test]
    fn template_is_tidied_as_its_object_is() {
        let manifest = serde_json::json!({"spec": {"template": {
            "metadata": {"creationTimestamp": "1970-01-01T00:00:00Z", "annotations": {"checksum": "1", "linkerd.io/inject": "enabled"}},
            "spec": {"containers": [{"name": "main", "command": ["sh", "-c", "canary"], "args": ["canary"]}]},
        }}});
        let template = kept(Kind::Deployment, manifest).unwrap()["spec"]["template"].take();
        assert_eq!(
            template["metadata"],
            serde_json::json!({"annotations": {"linkerd.io/inject": "enabled"}})
        );
        assert!(!template.to_string().contains("canary"), "{template}");
    }

    #[test]
    fn what_no_longer_runs_is_left_out() {
        assert!(kept(Kind::ReplicaSet, serde_json::json!({"spec": {"replicas": 0}})).is_none());
        assert!(kept(Kind::ReplicaSet, serde_json::json!({"spec": {}})).is_some());
        assert!(kept(Kind::Pod, serde_json::json!({"status": {"phase": "Succeeded"}})).is_none());
        assert!(kept(Kind::Pod, serde_json::json!({"status": {"phase": "Pending"}})).is_some());
        let job =
            |condition, status| serde_json::json!({"status": {"conditions": [{"type": condition, "status": status}]}});
        assert!(kept(Kind::Job, job("Complete", "True")).is_none());
        assert!(kept(Kind::Job, job("Failed", "True")).is_none());
        assert!(kept(Kind::Job, job("Failed", "False")).is_some());
        assert!(kept(Kind::Job, job("Suspended", "True")).is_some());
    }

    #[test]
    fn flags_of_a_static_pod_stay_and_its_other_arguments_go() {
        let command = |annotation: &str, owner: &str| {
            let manifest = serde_json::json!({
                "metadata": {
                    "annotations": {annotation: "file"},
                    "ownerReferences": [{"apiVersion": "v1", "kind": owner, "name": "n", "controller": true}],
                },
                "spec": {"containers": [{"name": "a", "command": ["kube-apiserver", "--anonymous-auth=false", "--token=canary"]}]},
            });
            kept(Kind::Pod, manifest).unwrap()["spec"]["containers"][0]["command"].take()
        };
        assert_eq!(
            command("kubernetes.io/config.mirror", "Node"),
            serde_json::json!(["kube-apiserver", "--anonymous-auth=false"])
        );
        for (annotation, owner) in [
            ("kubernetes.io/config.source", "Node"),
            ("kubernetes.io/config.mirror", "ReplicationController"),
        ] {
            assert_eq!(
                command(annotation, owner),
                serde_json::Value::Null,
                "{annotation} {owner}"
            );
        }
    }

    #[test]
    fn manifest_is_put_where_the_api_server_would_put_it() {
        let placed = |kind, manifest| {
            let object = Object::deserialize(kind, manifest).unwrap();
            admit(object).unwrap().reference().to_string()
        };
        assert_eq!(
            placed(Kind::Pod, serde_json::json!({"metadata": {"name": "a"}})),
            "Pod default/a"
        );
        assert_eq!(
            placed(
                Kind::Node,
                serde_json::json!({"metadata": {"name": "a", "namespace": "n"}})
            ),
            "Node a"
        );
    }

    #[test]
    fn name_that_the_api_server_makes_follows_from_what_the_object_holds() {
        let named = |prefix: &str, image: &str, argument: &str| {
            let manifest = serde_json::json!({
                "metadata": {"generateName": prefix},
                "spec": {"containers": [{"name": "c", "image": image, "args": [argument]}]},
            });
            let object = admit(Object::deserialize(Kind::Pod, manifest).unwrap()).unwrap();
            assert_eq!(object.meta().generate_name, "");
            object.meta().name.clone()
        };
        let name = named("migrate-", "db:1", "x");
        assert!(name.starts_with("migrate-") && name.len() == 18, "{name}");
        assert_eq!(named("migrate-", "db:1", "canary"), name);
        assert_ne!(named("migrate-", "db:2", "x"), name);
        assert!(named("", "db:1", "x").starts_with("unnamed-"));
        assert!(named(&"long".repeat(500), "db:1", "x").len() < 600);
    }

    #[test]
    fn what_the_name_was_made_of_is_not_kept() {
        let manifest = serde_json::json!({"metadata": {"name": "a-1", "generateName": "a-"}});
        let object = normalise(Object::deserialize(Kind::Pod, manifest).unwrap()).unwrap();
        assert_eq!(
            (object.meta().name.as_str(), object.meta().generate_name.as_str()),
            ("a-1", "")
        );
    }
}
