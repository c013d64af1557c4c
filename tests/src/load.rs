//! Loads: clusters of any size, in the proportions of a real one.

use std::iter;

use anyhow::Result;
use futures::{StreamExt, TryStreamExt};
use http::Method;
use kube::Client;
use serde_json::{Value, json};

use crate::rest;

/// How many requests are on their way at a time.
const CONNECTIONS: usize = 40;
/// Pods in a namespace, which with everything around them make 290 objects.
const PODS: usize = 100;
const WORKLOADS: usize = 33;

/// Fills the API server with `pods` pods, rounded up to a hundred, and what stands around them: 29 objects for 10 pods.
/// Returns how many objects there are.
///
/// # Errors
/// The API server refuses an object.
pub async fn fill(client: &Client, pods: usize) -> Result<usize> {
    let names = names(pods);
    send(client, names.iter().map(|name| namespace(name))).await?;
    send(client, names.iter().flat_map(|name| within(name, WORKLOADS))).await?;
    Ok(names.len() * 290)
}

/// The same as objects, with so many workloads for each hundred pods.
pub fn objects(pods: usize, workloads: usize) -> Vec<Value> {
    let whole = |name: &String| {
        iter::once(namespace(name))
            .chain(within(name, workloads))
            .collect::<Vec<_>>()
    };
    names(pods).iter().flat_map(whole).collect()
}

/// The namespaces that hold so many pods.
fn names(pods: usize) -> Vec<String> {
    let namespaces = pods.div_ceil(PODS);
    (0..namespaces).map(|number| format!("load-{number:03}")).collect()
}

/// What a namespace holds.
fn within(name: &str, count: usize) -> impl Iterator<Item = Value> + use<> {
    around(name).into_iter().chain(workloads(name, count))
}

async fn send(client: &Client, objects: impl Iterator<Item = Value>) -> Result<()> {
    let sent = futures::stream::iter(objects)
        .map(|object| create(client, object))
        .buffer_unordered(CONNECTIONS);
    sent.try_collect().await
}

/// Creates an object and, as pods come with a status that no other request may set, its status.
async fn create(client: &Client, object: Value) -> Result<()> {
    rest::create(client, &object).await?;
    if let Some(status) = object.get("status") {
        let (kind, namespace, name) = rest::identity(&object)?;
        let path = format!("{}/{name}/status", rest::collection(kind, namespace));
        rest::send(
            client,
            Method::PATCH,
            &path,
            rest::MERGE,
            Some(&json!({ "status": status })),
        )
        .await?;
    }
    Ok(())
}

fn object(api_version: &str, kind: &str, namespace: &str, name: &str, rest: Value) -> Value {
    let mut object = json!({
        "apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": namespace, "labels": labels(name)},
    });
    if let (Value::Object(fields), Value::Object(more)) = (&mut object, rest) {
        fields.extend(more);
    }
    object
}

fn labels(app: &str) -> Value {
    json!({"app.kubernetes.io/name": app, "app.kubernetes.io/managed-by": "load"})
}

fn namespace(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"team": "load"}}})
}

/// What stands beside the workloads: with the namespace 25 objects.
fn around(namespace: &str) -> Vec<Value> {
    let secret = |number| {
        let data = json!({"data": {"user": "dXNlcg==", "password": "cGFzc3dvcmQ="}});
        object("v1", "Secret", namespace, &format!("secret-{number}"), data)
    };
    let account = |number| {
        object(
            "v1",
            "ServiceAccount",
            namespace,
            &format!("account-{number}"),
            json!({}),
        )
    };
    let mut objects = limits(namespace);
    objects.extend((0..10).map(secret));
    objects.extend((0..4).map(account));
    objects.extend((0..3).flat_map(|number| role(namespace, number)));
    objects
}

/// What holds the namespace within its bounds.
fn limits(namespace: &str) -> Vec<Value> {
    let policy = |name, spec| {
        let spec = json!({ "spec": spec });
        object("networking.k8s.io/v1", "NetworkPolicy", namespace, name, spec)
    };
    let quota = json!({"spec": {"hard": {"count/jobs.batch": "10"}}});
    let limits = json!({"spec": {"limits": [{"type": "Container", "default": {"cpu": "1"}}]}});
    let same = json!({"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]});
    vec![
        object("v1", "ResourceQuota", namespace, "quota", quota),
        object("v1", "LimitRange", namespace, "limits", limits),
        policy("default-deny", json!({"podSelector": {}})),
        policy("same-namespace", same),
    ]
}

/// A role, and whom it is bound to.
fn role(namespace: &str, number: usize) -> [Value; 2] {
    let group = "rbac.authorization.k8s.io";
    let (version, name) = (format!("{group}/v1"), format!("role-{number}"));
    let rules =
        json!({"rules": [{"apiGroups": [""], "resources": ["pods", "configmaps"], "verbs": ["get", "list", "watch"]}]});
    let binding = json!({
        "roleRef": {"apiGroup": group, "kind": "Role", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": format!("account-{number}"), "namespace": namespace}],
    });
    [
        object(&version, "Role", namespace, &name, rules),
        object(&version, "RoleBinding", namespace, &name, binding),
    ]
}

/// The workloads: five objects of each, and 100 pods in all.
fn workloads(namespace: &str, count: usize) -> Vec<Value> {
    let mut objects = Vec::new();
    for number in 0..count {
        let name = format!("app-{number:02}");
        let selector = json!({"matchLabels": labels(&name)});
        let template = json!({"metadata": {"labels": labels(&name)}, "spec": pod_spec(&name, number)});
        let spec = json!({"spec": {"replicas": 3, "selector": selector, "template": template}});
        objects.push(object("apps/v1", "Deployment", namespace, &name, spec.clone()));
        let mut replicas = object("apps/v1", "ReplicaSet", namespace, &name, spec);
        replicas["metadata"]["ownerReferences"] = owner("Deployment", &name);
        objects.push(replicas);
        objects.push(object(
            "v1",
            "ConfigMap",
            namespace,
            &name,
            json!({"data": {"settings.yaml": "a: b\n".repeat(100)}}),
        ));
        let ports = json!([{"name": "http", "port": 80, "targetPort": "http"}]);
        objects.push(object(
            "v1",
            "Service",
            namespace,
            &name,
            json!({"spec": {"selector": labels(&name), "ports": ports}}),
        ));
        objects.push(object(
            "discovery.k8s.io/v1",
            "EndpointSlice",
            namespace,
            &name,
            json!({
                "addressType": "IPv4", "ports": [{"name": "http", "port": 8080}],
                "endpoints": [{"addresses": ["10.200.0.1"], "conditions": {"ready": true}}],
            }),
        ));
        let pods = PODS / count + usize::from(number < PODS % count);
        objects.extend((0..pods).map(|pod| self::pod(namespace, &name, number, pod)));
    }
    objects
}

/// A pod as a kubelet leaves it: what a controller and admission added is there too, since lists carry it.
fn pod(namespace: &str, app: &str, workload: usize, number: usize) -> Value {
    let name = format!("{app}-{number}");
    let mut spec = pod_spec(app, workload);
    if let (Some(volumes), Some(containers)) = (spec["volumes"].as_array().cloned(), spec["containers"].as_array_mut())
    {
        containers.iter_mut().for_each(mount_token);
        spec["volumes"] = [volumes, vec![token()]].concat().into();
    }
    spec["tolerations"] = ["not-ready", "unreachable"]
        .map(|taint| {
            json!({"key": format!("node.kubernetes.io/{taint}"), "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300})
        })
        .into();
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": name, "namespace": namespace, "labels": labels(app), "ownerReferences": owner("ReplicaSet", app),
            "annotations": {"checksum/config": format!("{:064x}", workload), "prometheus.io/scrape": "true"},
        },
        "spec": spec,
        "status": status(app, workload, number),
    })
}

/// What controls an object, as its metadata tells it.
fn owner(kind: &str, name: &str) -> Value {
    json!([{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": UID, "controller": true, "blockOwnerDeletion": true}])
}

/// Some object's uid.
const UID: &str = "5f0c1a4e-7d0a-4d0c-9f5e-2b8f6a1c3d7e";
const SINCE: &str = "2026-11-01T00:00:00Z";

fn status(app: &str, workload: usize, number: usize) -> Value {
    let container = |name: &str| {
        json!({
            "name": name, "image": format!("registry.example/{app}/{name}:1.{workload}"), "ready": true, "restartCount": 0,
            "imageID": format!("registry.example/{app}/{name}@sha256:{:064x}", workload + 1),
            "containerID": format!("containerd://{:064x}", workload + number + 1),
            "state": {"running": {"startedAt": SINCE}}, "lastState": {}, "started": true,
            "allocatedResources": {"cpu": "100m", "memory": "128Mi"},
            "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
            "volumeMounts": [
                {"name": "settings", "mountPath": "/etc/settings"},
                {"name": "tmp", "mountPath": "/tmp"},
                {"name": "kube-api-access", "mountPath": TOKEN, "readOnly": true, "recursiveReadOnly": "Disabled"},
            ],
            "user": {"linux": {"uid": 65532, "gid": 65532, "supplementalGroups": [65532]}},
        })
    };
    let conditions = [
        "PodReadyToStartContainers",
        "Initialized",
        "Ready",
        "ContainersReady",
        "PodScheduled",
    ];
    let condition =
        |name: &str| json!({"type": name, "status": "True", "lastProbeTime": null, "lastTransitionTime": SINCE});
    let ip = format!("10.200.{workload}.{number}");
    json!({
        "phase": "Running", "podIP": ip, "podIPs": [{"ip": ip}], "hostIP": "192.0.2.1", "hostIPs": [{"ip": "192.0.2.1"}],
        "containerStatuses": [container("main"), container("proxy")], "conditions": conditions.map(condition),
        "qosClass": "Burstable", "startTime": SINCE,
    })
}

const TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

fn mount_token(container: &mut Value) {
    if let Some(mounts) = container["volumeMounts"].as_array_mut() {
        mounts.push(json!({"name": "kube-api-access", "mountPath": TOKEN, "readOnly": true}));
    }
}

/// The volume that admission adds for a service account's token.
fn token() -> Value {
    let namespace = json!({"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}});
    json!({"name": "kube-api-access", "projected": {"defaultMode": 420, "sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [namespace]}},
    ]}})
}

fn pod_spec(app: &str, workload: usize) -> Value {
    let container = |name: &str| {
        json!({
            "name": name, "image": format!("registry.example/{app}/{name}:1.{workload}"),
            "args": ["--listen=0.0.0.0:8080", "--settings=/etc/settings/settings.yaml"],
            "ports": [{"name": if name == "main" { "http" } else { "metrics" }, "containerPort": if name == "main" { 8080 } else { 9090 }}],
            "env": [
                {"name": "LOG_LEVEL", "value": "info"},
                {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "secret-0", "key": "password"}}},
            ],
            "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
            "securityContext": {"allowPrivilegeEscalation": workload.is_multiple_of(3), "capabilities": {"drop": ["ALL"]}},
            "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 10},
            "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8080}, "periodSeconds": 5},
            "volumeMounts": [{"name": "settings", "mountPath": "/etc/settings"}, {"name": "tmp", "mountPath": "/tmp"}],
        })
    };
    json!({
        "serviceAccountName": format!("account-{}", workload % 4),
        "securityContext": {"runAsNonRoot": !workload.is_multiple_of(5)},
        "containers": [container("main"), container("proxy")],
        "volumes": [{"name": "settings", "configMap": {"name": app}}, {"name": "tmp", "emptyDir": {}}],
    })
}
