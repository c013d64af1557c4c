//! A workload's own objects: what a person wrote, and what the controllers make of it.

use serde_json::{Value, json};

use super::{Name, pod, scan, service, template};
use crate::demo::catalog::platform::Run;
use crate::demo::clock::Clock;
use crate::demo::rng;
use crate::demo::workload::{State, Workload};

/// All objects of a workload that stands so.
pub(in crate::demo) fn manifests(clock: Clock, workload: &Workload, state: &State) -> Vec<Value> {
    if !state.exists {
        return Vec::new();
    }
    let mut objects = match workload.run {
        Run::Deployment(_) => deployment(clock, workload, state),
        Run::StatefulSet(_) => stateful_set(clock, workload, state),
        Run::DaemonSet => daemon_set(clock, workload, state),
        Run::CronJob(schedule) => cron_job(clock, workload, state, schedule),
        Run::Job => job(clock, workload, state),
    };
    objects.extend(service::manifests(clock, workload, state));
    objects
}

fn created(clock: Clock, workload: &Workload) -> String {
    clock.made(workload.age(), &["workload", workload.namespace.name, &workload.name])
}

fn selector(workload: &Workload) -> Value {
    json!({ "matchLabels": { "app.kubernetes.io/name": workload.name } })
}

fn team(workload: &Workload) -> Value {
    let mut labels = template::labels(workload);
    if !workload.namespace.team.is_empty() {
        labels["team"] = workload.namespace.team.into();
    }
    json!({ "labels": labels })
}

fn deployment(clock: Clock, workload: &Workload, state: &State) -> Vec<Value> {
    let namespace = workload.namespace.name;
    let own = Name::new("apps/v1", "Deployment", namespace, &workload.name);
    let set = pod::set_name(workload, state);
    let owner = Name::new("apps/v1", "ReplicaSet", namespace, &set);
    let mut template = template::template(workload, state);
    let body = json!({
        "metadata": team(workload),
        "spec": { "replicas": state.replicas, "selector": selector(workload), "template": template },
    });
    template["metadata"]["labels"]["pod-template-hash"] = pod::template_hash(workload, state).into();
    let set_body = json!({
        "metadata": { "labels": template["metadata"]["labels"], "ownerReferences": own.owner() },
        "spec": { "replicas": state.replicas, "selector": selector(workload), "template": template },
    });
    let set_created = clock.made(state.since, &["set", namespace, &set]);
    let mut objects = vec![
        own.with(&created(clock, workload), body),
        owner.with(&set_created, set_body),
    ];
    objects.extend(pod::pods(clock, workload, state, owner));
    objects.extend(scan::report(clock, workload, state, owner));
    if state.sidecar {
        let (repository, tag) = template::ENVOY;
        objects.push(scan::clean(clock, "envoy", repository, tag, owner));
    }
    objects
}

fn stateful_set(clock: Clock, workload: &Workload, state: &State) -> Vec<Value> {
    let namespace = workload.namespace.name;
    let owner = Name::new("apps/v1", "StatefulSet", namespace, &workload.name);
    let body = json!({
        "metadata": team(workload),
        "spec": {
            "replicas": state.replicas,
            "selector": selector(workload),
            "serviceName": workload.name,
            "template": template::template(workload, state),
            "volumeClaimTemplates": [{ "metadata": { "name": "data" }, "spec": claim() }],
        },
    });
    let mut objects = vec![owner.with(&created(clock, workload), body)];
    for place in pod::places(workload, state) {
        objects.extend(volume(clock, workload, &place.name));
    }
    objects.extend(pod::pods(clock, workload, state, owner));
    objects.extend(scan::report(clock, workload, state, owner));
    objects
}

/// The claim of a StatefulSet's pod, and the volume that meets it.
/// What a pod of a StatefulSet asks for.
fn claim() -> Value {
    json!({
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "block",
        "resources": { "requests": { "storage": "20Gi" } },
    })
}

fn volume(clock: Clock, workload: &Workload, pod: &str) -> [Value; 2] {
    let namespace = workload.namespace.name;
    let name = format!("data-{pod}");
    let volume = format!("pvc-{}", rng::uid(&["volume", namespace, &name]));
    let created = created(clock, workload);
    let mut spec = claim();
    spec["volumeName"] = json!(volume);
    let claim_body = json!({ "spec": spec, "status": { "phase": "Bound" } });
    let volume_body = json!({ "spec": {
        "accessModes": ["ReadWriteOnce"], "storageClassName": "block", "persistentVolumeReclaimPolicy": "Delete",
        "capacity": { "storage": "20Gi" },
        "csi": { "driver": "block.csi.example.com", "volumeHandle": volume },
        "claimRef": { "namespace": namespace, "name": name },
    } });
    [
        Name::new("v1", "PersistentVolumeClaim", namespace, &name).with(&created, claim_body),
        Name::new("v1", "PersistentVolume", "", &volume).with(&created, volume_body),
    ]
}

fn daemon_set(clock: Clock, workload: &Workload, state: &State) -> Vec<Value> {
    let namespace = workload.namespace.name;
    let owner = Name::new("apps/v1", "DaemonSet", namespace, &workload.name);
    let body = json!({
        "metadata": team(workload),
        "spec": { "selector": selector(workload), "template": template::template(workload, state) },
    });
    let mut objects = vec![owner.with(&created(clock, workload), body)];
    objects.extend(pod::pods(clock, workload, state, owner));
    objects.extend(scan::report(clock, workload, state, owner));
    objects
}

fn cron_job(clock: Clock, workload: &Workload, state: &State, schedule: &str) -> Vec<Value> {
    let owner = Name::new("batch/v1", "CronJob", workload.namespace.name, &workload.name);
    let template = template::template(workload, state);
    let body = json!({
        "metadata": team(workload),
        "spec": {
            "schedule": schedule,
            "concurrencyPolicy": "Forbid",
            "jobTemplate": { "spec": { "template": template } },
        },
    });
    let mut objects = vec![owner.with(&created(clock, workload), body)];
    objects.extend(scan::report(clock, workload, state, owner));
    objects
}

/// A Job that has ended: its pods are gone.
fn job(clock: Clock, workload: &Workload, state: &State) -> Vec<Value> {
    let own = Name::new("batch/v1", "Job", workload.namespace.name, &workload.name);
    let body = json!({
        "metadata": team(workload),
        "spec": { "parallelism": 1, "completions": 1, "template": template::template(workload, state) },
        "status": { "succeeded": 1, "conditions": [{ "type": "Complete", "status": "True" }] },
    });
    let mut objects = vec![own.with(&created(clock, workload), body)];
    objects.extend(scan::report(clock, workload, state, own));
    objects
}
