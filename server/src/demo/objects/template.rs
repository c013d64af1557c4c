//! Pod templates: what a workload runs, as far as its state has it.

use serde_json::{Value, json};

use crate::demo::catalog::platform::Run;
use crate::demo::flaw::Flaw;
use crate::demo::image::REGISTRY;
use crate::demo::rng;
use crate::demo::workload::{State, Workload};

/// The sidecar's image, by tag and digest.
pub(super) const ENVOY: (&str, &str) = ("envoyproxy/envoy", "v1.36.2");

/// The image of Vault's agent.
pub(super) const AGENT: (&str, &str) = ("hashicorp/vault", "1.20.4");

/// The labels of a workload's pods.
pub(in crate::demo) fn labels(workload: &Workload) -> Value {
    json!({
        "app.kubernetes.io/name": workload.name,
        "app.kubernetes.io/part-of": workload.family,
    })
}

/// What the pods ask of those who change them on their way in.
pub(super) fn annotations(workload: &Workload) -> Value {
    match workload.agent() {
        Some(_) => json!({ "vault.hashicorp.com/agent-inject": "true" }),
        None => json!({}),
    }
}

/// The pod template of a workload.
pub(in crate::demo) fn template(workload: &Workload, state: &State) -> Value {
    let metadata = json!({ "labels": labels(workload), "annotations": annotations(workload) });
    json!({ "metadata": metadata, "spec": spec(workload, state) })
}

pub(super) fn spec(workload: &Workload, state: &State) -> Value {
    let mut spec = json!({
        "containers": containers(workload, state),
        "volumes": volumes(workload, state),
        "serviceAccountName": account(workload),
        "serviceAccount": account(workload),
        "securityContext": {},
        "imagePullSecrets": [{ "name": "registry-pull" }],
        "restartPolicy": if matches!(workload.run, Run::CronJob(_) | Run::Job) { "Never" } else { "Always" },
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler",
    });
    if workload.migrates {
        spec["initContainers"] = json!([container(workload, state, "migrate")]);
    }
    if !state.flaws.has(Flaw::Automounts) {
        spec["automountServiceAccountToken"] = false.into();
    }
    if !state.flaws.has(Flaw::Relaxed) {
        spec["securityContext"] = json!({ "runAsNonRoot": true, "seccompProfile": { "type": "RuntimeDefault" } });
    }
    if state.flaws.has(Flaw::HostNetwork) {
        spec["hostNetwork"] = true.into();
    }
    if state.flaws.has(Flaw::HostPid) {
        spec["hostPID"] = true.into();
    }
    if workload.run == Run::DaemonSet {
        spec["tolerations"] = json!([{ "operator": "Exists" }]);
        spec["priorityClassName"] = "system-node-critical".into();
    }
    spec
}

/// The service account of a workload: its family's, but in namespaces that nobody tends the default one.
pub(in crate::demo) fn account(workload: &Workload) -> &str {
    match workload.namespace.name {
        "default" | "legacy-crm" | "support-tools" => "default",
        _ => &workload.family,
    }
}

fn containers(workload: &Workload, state: &State) -> Value {
    let main = container(workload, state, &workload.name);
    if state.sidecar {
        json!([main, envoy()])
    } else {
        json!([main])
    }
}

/// How the image is named: by tag and digest, or by tag alone.
fn reference(workload: &Workload, state: &State) -> String {
    let image = &workload.image;
    let name = format!("{REGISTRY}/{}", image.repository);
    if state.flaws.has(Flaw::Floating) {
        return format!("{name}:latest");
    }
    let tag = image.tag(state.release.number);
    match state.flaws.has(Flaw::TagOnly) {
        true => format!("{name}:{tag}"),
        false => format!("{name}:{tag}@{}", image.digest(state.release.number)),
    }
}

fn container(workload: &Workload, state: &State, name: &str) -> Value {
    let mut container = json!({
        "name": name,
        "image": reference(workload, state),
        "imagePullPolicy": if state.flaws.has(Flaw::Floating) { "Always" } else { "IfNotPresent" },
        "env": env(workload),
        "resources": resources(workload, state),
        "securityContext": security(state),
        "volumeMounts": mounts(workload, state),
        "terminationMessagePath": "/dev/termination-log",
    });
    if name == "migrate" {
        container["args"] = json!(["migrate"]);
    }
    if workload.port != 0 && name != "migrate" {
        container["ports"] = json!([{ "name": "main", "containerPort": workload.port, "protocol": "TCP" }]);
        container["readinessProbe"] = json!({ "tcpSocket": { "port": "main" }, "periodSeconds": 10 });
    }
    container
}

fn env(workload: &Workload) -> Value {
    let secret = format!("{}-env", workload.family);
    json!([
        { "name": "LOG_LEVEL", "value": "info" },
        { "name": "POD_IP", "valueFrom": { "fieldRef": { "apiVersion": "v1", "fieldPath": "status.podIP" } } },
        { "name": "PASSWORD", "valueFrom": { "secretKeyRef": { "name": secret, "key": "password", "optional": true } } },
    ])
}

fn resources(workload: &Workload, state: &State) -> Value {
    let (cpu, memory) = (workload.cpu, workload.memory);
    let requests = json!({ "cpu": format!("{cpu}m"), "memory": format!("{memory}Mi") });
    if state.flaws.has(Flaw::NoLimits) {
        return json!({ "requests": requests });
    }
    let limits = json!({ "cpu": format!("{}m", 2 * cpu), "memory": format!("{}Mi", 2 * memory) });
    json!({ "requests": requests, "limits": limits })
}

fn security(state: &State) -> Value {
    if state.flaws.has(Flaw::Privileged) {
        return json!({ "privileged": true });
    }
    if state.flaws.has(Flaw::Relaxed) {
        return json!({});
    }
    json!({
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": true,
        "runAsNonRoot": true,
        "capabilities": { "drop": ["ALL"] },
    })
}

fn envoy() -> Value {
    let (repository, tag) = ENVOY;
    json!({
        "name": "envoy",
        "image": format!("{REGISTRY}/{repository}:{tag}@{}", rng::digest(&[repository, tag])),
        "imagePullPolicy": "IfNotPresent",
        "ports": [{ "name": "admin", "containerPort": 9901, "protocol": "TCP" }],
        "resources": { "requests": { "cpu": "50m" } },
        "securityContext": { "allowPrivilegeEscalation": false, "runAsNonRoot": true, "capabilities": { "drop": ["ALL"] } },
    })
}

/// What Vault's injector adds to a pod.
pub(super) fn agent() -> Value {
    let (repository, tag) = AGENT;
    json!({
        "name": "vault-agent",
        "image": format!("{REGISTRY}/{repository}:{tag}@{}", rng::digest(&[repository, tag])),
        "imagePullPolicy": "IfNotPresent",
        "resources": { "requests": { "cpu": "50m", "memory": "64Mi" }, "limits": { "cpu": "250m", "memory": "128Mi" } },
        "securityContext": {
            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "runAsNonRoot": true,
            "capabilities": { "drop": ["ALL"] },
        },
    })
}

fn volumes(workload: &Workload, state: &State) -> Value {
    let mut volumes = vec![
        json!({ "name": "tmp", "emptyDir": {} }),
        json!({ "name": "config", "configMap": { "name": format!("{}-config", workload.family), "defaultMode": 420 } }),
    ];
    if state.flaws.has(Flaw::HostPath) {
        for (place, host) in workload.paths.iter().enumerate() {
            volumes.push(json!({ "name": format!("host-{place}"), "hostPath": { "path": host.path, "type": "" } }));
        }
    }
    volumes.into()
}

fn mounts(workload: &Workload, state: &State) -> Value {
    let mut mounts = vec![
        json!({ "name": "tmp", "mountPath": "/tmp" }),
        json!({ "name": "config", "mountPath": "/etc/config", "readOnly": true }),
    ];
    if matches!(workload.run, Run::StatefulSet(_)) {
        mounts.push(json!({ "name": "data", "mountPath": "/data" }));
    }
    if state.flaws.has(Flaw::HostPath) {
        for (place, host) in workload.paths.iter().enumerate() {
            let name = format!("host-{place}");
            mounts
                .push(json!({ "name": name, "mountPath": format!("/host{}", host.path), "readOnly": host.read_only }));
        }
    }
    mounts.into()
}
