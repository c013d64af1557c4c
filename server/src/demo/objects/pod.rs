//! Pods, as the controllers make them of a template and the kubelets run them.

use serde_json::{Value, json};

use super::{Name, node, template};
use crate::demo::catalog::platform::Run;
use crate::demo::clock::Clock;
use crate::demo::flaw::Flaw;
use crate::demo::image::REGISTRY;
use crate::demo::rng::{self, Rng};
use crate::demo::workload::{State, Workload};

/// One of a workload's pods: which, and on which node.
#[derive(Debug)]
pub(super) struct Place {
    /// Its number among the workload's pods.
    ordinal: u32,
    /// Its name.
    pub(super) name: String,
    /// Its node.
    pub(super) node: String,
}

/// Where the pods of a workload run.
pub(super) fn places(workload: &Workload, state: &State) -> Vec<Place> {
    let wanted = 0..state.replicas;
    match workload.run {
        Run::Deployment(_) => wanted.map(|ordinal| spread(workload, state, ordinal)).collect(),
        Run::StatefulSet(_) => wanted.map(|ordinal| numbered(workload, ordinal)).collect(),
        Run::DaemonSet => (0..)
            .zip(node::names())
            .map(|(ordinal, node)| on_each(workload, state, ordinal, node))
            .collect(),
        Run::CronJob(_) | Run::Job => Vec::new(),
    }
}

fn spread(workload: &Workload, state: &State, ordinal: u32) -> Place {
    let set = set_name(workload, state);
    let suffix = rng::suffix(&["pod", workload.namespace.name, &set, &ordinal.to_string()], 5);
    Place {
        ordinal,
        name: format!("{set}-{suffix}"),
        node: node_of(workload, ordinal),
    }
}

fn numbered(workload: &Workload, ordinal: u32) -> Place {
    Place {
        ordinal,
        name: format!("{}-{ordinal}", workload.name),
        node: node_of(workload, ordinal),
    }
}

fn on_each(workload: &Workload, state: &State, ordinal: u32, node: String) -> Place {
    let words = [
        "pod",
        workload.namespace.name,
        &workload.name,
        &state.revision.to_string(),
        &node,
    ];
    let name = format!("{}-{}", workload.name, rng::suffix(&words, 5));
    Place { ordinal, name, node }
}

fn node_of(workload: &Workload, ordinal: u32) -> String {
    let start = Rng::of(&["node", workload.namespace.name, &workload.name]).below(node::WORKERS);
    node::worker(start + 7 * ordinal)
}

/// The hash by which a Deployment tells its ReplicaSets apart: another for each revision.
pub(super) fn template_hash(workload: &Workload, state: &State) -> String {
    rng::suffix(
        &[
            "template",
            workload.namespace.name,
            &workload.name,
            &state.revision.to_string(),
        ],
        9,
    )
}

/// The name of a Deployment's present ReplicaSet.
pub(super) fn set_name(workload: &Workload, state: &State) -> String {
    format!("{}-{}", workload.name, template_hash(workload, state))
}

/// The running pods of a workload, made by `owner`.
pub(super) fn pods(clock: Clock, workload: &Workload, state: &State, owner: Name<'_>) -> Vec<Value> {
    places(workload, state)
        .iter()
        .map(|place| pod(clock, workload, state, place, owner))
        .collect()
}

fn pod(clock: Clock, workload: &Workload, state: &State, place: &Place, owner: Name<'_>) -> Value {
    let namespace = workload.namespace.name;
    let ip = address(workload, state, place);
    let body = json!({
        "metadata": {
            "labels": labels(workload, state), "annotations": template::annotations(workload), "ownerReferences": owner.owner(),
        },
        "spec": spec(workload, state, place),
        "status": {
            "phase": "Running",
            "qosClass": "Burstable",
            "podIP": ip,
            "podIPs": [{ "ip": ip }],
            "conditions": [{ "type": "Ready", "status": "True" }],
            "containerStatuses": statuses(workload, state),
            "initContainerStatuses": if workload.migrates { json!([status(workload, state, "migrate")]) } else { json!([]) },
        },
    });
    let created = clock.made(state.since, &["pod", namespace, &place.name]);
    Name::new("v1", "Pod", namespace, &place.name).with(&created, body)
}

fn labels(workload: &Workload, state: &State) -> Value {
    let mut labels = template::labels(workload);
    match workload.run {
        Run::Deployment(_) => labels["pod-template-hash"] = template_hash(workload, state).into(),
        _ => labels["controller-revision-hash"] = template_hash(workload, state).into(),
    }
    labels
}

fn spec(workload: &Workload, state: &State, place: &Place) -> Value {
    let mut spec = template::spec(workload, state);
    spec["nodeName"] = place.node.as_str().into();
    if state.flaws.has(Flaw::Automounts) {
        mount_token(&mut spec, &place.name);
    }
    if let (Some(true), Value::Array(containers)) = (workload.agent(), &mut spec["containers"]) {
        containers.push(template::agent());
    }
    if let (Run::StatefulSet(_), Value::Array(volumes)) = (workload.run, &mut spec["volumes"]) {
        volumes
            .push(json!({ "name": "data", "persistentVolumeClaim": { "claimName": format!("data-{}", place.name) } }));
    }
    spec
}

/// What the service account admission adds to a pod that mounts its token.
fn mount_token(spec: &mut Value, pod: &str) {
    let volume = format!("kube-api-access-{}", rng::suffix(&["token", pod], 5));
    if let Value::Array(volumes) = &mut spec["volumes"] {
        volumes.push(json!({ "name": volume, "projected": { "defaultMode": 420, "sources": [
            { "serviceAccountToken": { "expirationSeconds": 3607, "path": "token" } },
            { "configMap": { "name": "kube-root-ca.crt", "items": [{ "key": "ca.crt", "path": "ca.crt" }] } },
        ] } }));
    }
    if let Value::Array(mounts) = &mut spec["containers"][0]["volumeMounts"] {
        let path = "/var/run/secrets/kubernetes.io/serviceaccount";
        mounts.push(json!({ "name": volume, "mountPath": path, "readOnly": true }));
    }
}

fn statuses(workload: &Workload, state: &State) -> Value {
    let beside = |name: &str, (repository, tag): (&str, &str)| {
        json!({
            "name": name, "ready": true, "started": true, "restartCount": 0,
            "image": format!("{REGISTRY}/{repository}:{tag}"),
            "imageID": format!("{REGISTRY}/{repository}@{}", rng::digest(&[repository, tag])),
        })
    };
    let mut statuses = vec![status(workload, state, &workload.name)];
    statuses.extend(state.sidecar.then(|| beside("envoy", template::ENVOY)));
    statuses.extend((workload.agent() == Some(true)).then(|| beside("vault-agent", template::AGENT)));
    statuses.into()
}

fn status(workload: &Workload, state: &State, name: &str) -> Value {
    let image = &workload.image;
    json!({
        "name": name, "ready": true, "started": true, "restartCount": 0,
        "image": format!("{REGISTRY}/{}:{}", image.repository, image.tag(state.release.number)),
        "imageID": format!("{REGISTRY}/{}@{}", image.repository, image.digest(state.release.number)),
    })
}

/// The pod's address: its node's on the host network, else one of 2^20 in 10.192.0.0/12 that no other pod of that day has.
pub(super) fn address(workload: &Workload, state: &State, place: &Place) -> String {
    if state.flaws.has(Flaw::HostNetwork) {
        return node::address(&place.node);
    }
    let number = workload.index << 10 | (place.ordinal & 63) << 4 | state.revision & 15;
    // An odd factor permutes the numbers, so that neighbours do not look like ones.
    let spread = number.wrapping_mul(0x9_e375) & 0xf_ffff;
    format!("10.{}.{}.{}", 192 + (spread >> 16), spread >> 8 & 255, spread & 255)
}
