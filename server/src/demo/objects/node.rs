//! The nodes, and the static pods of the control plane.

use serde_json::{Value, json};

use super::Name;
use crate::demo::clock::Clock;
use crate::demo::image::REGISTRY;
use crate::demo::rng;
use crate::demo::story::{self, Fact};

/// The version of the cluster.
pub(in crate::demo) const VERSION: &str = "v1.37.2";

/// Where the control plane keeps its keys; its etcd runs elsewhere.
const PKI: &str = "/etc/kubernetes/pki";

/// The nodes of the control plane.
pub(super) const CONTROL_PLANE: &[&str] = &["cp-1", "cp-2", "cp-3"];

/// The nodes that run pods: pool, how many, cores, memory.
const POOLS: &[(&str, u32, &str, &str)] = &[
    ("general", 22, "16", "64Gi"),
    ("memory", 8, "16", "128Gi"),
    ("gpu", 5, "32", "256Gi"),
];

/// How many of them there are.
pub(super) const WORKERS: u32 = 35;

/// How many nodes there are in all.
pub(in crate::demo) const NODES: u32 = 38;

/// All nodes.
pub(in crate::demo) fn names() -> impl Iterator<Item = String> {
    let workers = POOLS
        .iter()
        .flat_map(|(pool, size, ..)| (1..=*size).map(move |number| format!("{pool}-{number:02}")));
    CONTROL_PLANE.iter().map(|name| (*name).to_owned()).chain(workers)
}

/// One of the workers, by any number.
pub(super) fn worker(number: u32) -> String {
    let place = usize::try_from(number % WORKERS).unwrap_or_default();
    names().nth(CONTROL_PLANE.len() + place).unwrap_or_default()
}

/// A node's own address.
pub(in crate::demo) fn address(node: &str) -> String {
    let place = names().position(|name| name == node).unwrap_or_default();
    format!("10.20.{}.{}", place % 3, 10 + place)
}

/// The nodes and the static pods on a day.
pub(in crate::demo) fn manifests(clock: Clock, day: u32) -> Vec<Value> {
    let nodes = names().map(|name| node(clock, &name));
    let components = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
    let statics = CONTROL_PLANE.iter().flat_map(|node| {
        components
            .map(|component| static_pod(clock, day, node, component))
            .concat()
    });
    nodes.chain(statics).collect()
}

fn node(clock: Clock, name: &str) -> Value {
    let is_control_plane = CONTROL_PLANE.contains(&name);
    let pool = POOLS.iter().find(|(pool, ..)| name.starts_with(pool));
    let (cpu, memory) = pool.map_or(("8", "32Gi"), |(.., cpu, memory)| (*cpu, *memory));
    let mut labels = json!({
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/zone": zone(name),
    });
    if is_control_plane {
        labels["node-role.kubernetes.io/control-plane"] = "".into();
    }
    let taint = json!({ "key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule" });
    let resources = json!({ "cpu": cpu, "memory": memory, "pods": "110" });
    let body = json!({
        "metadata": { "labels": labels },
        "spec": { "taints": if is_control_plane { json!([taint]) } else { json!([]) } },
        "status": {
            "capacity": resources,
            "allocatable": resources,
            "addresses": [{ "type": "InternalIP", "address": address(name) }, { "type": "Hostname", "address": name }],
            "nodeInfo": {
                "kernelVersion": "6.12.48-cloud-amd64", "osImage": "Debian GNU/Linux 13 (trixie)",
                "containerRuntimeVersion": "containerd://2.1.4", "kubeletVersion": VERSION,
                "operatingSystem": "linux", "architecture": "amd64",
            },
        },
    });
    Name::new("v1", "Node", "", name).with(&clock.made(-150, &["node", name]), body)
}

fn zone(node: &str) -> String {
    let place = names().position(|name| name == node).unwrap_or_default();
    format!("eu-1{}", ['a', 'b', 'c'][place % 3])
}

/// A static pod as its node mirrors it, and the scan of its image.
fn static_pod(clock: Clock, day: u32, node: &str, component: &str) -> [Value; 2] {
    let ip = address(node);
    let name = format!("{component}-{node}");
    let repository = format!("kubernetes/{component}");
    let image = format!("{REGISTRY}/{repository}:{VERSION}");
    let container = json!({
        "name": component,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": command(day, node, component),
        "resources": { "requests": { "cpu": "250m" } },
        "volumeMounts": [{ "name": "state", "mountPath": PKI, "readOnly": true }],
    });
    let body = json!({
        "metadata": {
            "labels": { "component": component, "tier": "control-plane" },
            "annotations": {
                "kubernetes.io/config.source": "file",
                "kubernetes.io/config.hash": rng::suffix(&[&name], 12),
                "kubernetes.io/config.mirror": rng::suffix(&[&name], 12),
            },
            "ownerReferences": Name::new("v1", "Node", "", node).owner(),
        },
        "spec": {
            "nodeName": node, "hostNetwork": true, "priorityClassName": "system-node-critical", "restartPolicy": "Always",
            "securityContext": { "seccompProfile": { "type": "RuntimeDefault" } },
            "containers": [container],
            "volumes": [{ "name": "state", "hostPath": { "path": PKI, "type": "DirectoryOrCreate" } }],
            "tolerations": [{ "operator": "Exists", "effect": "NoExecute" }],
        },
        "status": {
            "phase": "Running", "podIP": ip, "podIPs": [{ "ip": ip }],
            "containerStatuses": [{
                "name": component, "ready": true, "restartCount": 0, "image": image,
                "imageID": format!("{REGISTRY}/{repository}@{}", rng::digest(&[&repository, VERSION])),
            }],
        },
    });
    let pod = Name::new("v1", "Pod", "kube-system", &name);
    let report = super::scan::clean(clock, component, &repository, VERSION, pod);
    [pod.with(&clock.made(-30, &["static", &name]), body), report]
}

/// Flags of each component, but those of which the story tells. The control plane is hardened as far as most are.
const FLAGS: &[(&str, &[&str])] = &[
    (
        "kube-apiserver",
        &[
            "--audit-log-maxage=30",
            "--audit-log-maxbackup=10",
            "--audit-log-maxsize=100",
            "--audit-log-path=/var/log/kubernetes/audit.log",
            "--authorization-mode=Node,RBAC",
            "--client-ca-file=/etc/kubernetes/pki/ca.crt",
            "--enable-admission-plugins=NodeRestriction,DenyServiceExternalIPs",
            "--encryption-provider-config=/etc/kubernetes/encryption.yaml",
            "--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt",
            "--etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt",
            "--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key",
            "--kubelet-client-certificate=/etc/kubernetes/pki/apiserver-kubelet-client.crt",
            "--kubelet-client-key=/etc/kubernetes/pki/apiserver-kubelet-client.key",
            "--profiling=false",
            "--service-account-extend-token-expiration=false",
            "--service-account-key-file=/etc/kubernetes/pki/sa.pub",
            "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt",
            "--tls-min-version=VersionTLS13",
            "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key",
        ],
    ),
    (
        "kube-controller-manager",
        &[
            "--bind-address=127.0.0.1",
            "--profiling=false",
            "--root-ca-file=/etc/kubernetes/pki/ca.crt",
            "--service-account-private-key-file=/etc/kubernetes/pki/sa.key",
            "--use-service-account-credentials=true",
        ],
    ),
    ("kube-scheduler", &["--bind-address=127.0.0.1", "--profiling=false"]),
];

fn command(day: u32, node: &str, component: &str) -> Vec<String> {
    let flags = FLAGS.iter().find(|(name, _)| *name == component);
    let flags = flags.into_iter().flat_map(|(_, flags)| *flags).copied();
    let mut command: Vec<String> = std::iter::once(component).chain(flags).map(str::to_owned).collect();
    if component != "kube-apiserver" {
        return command;
    }
    if story::holds(Fact::AuditPolicy, day, true) {
        command.push("--audit-policy-file=/etc/kubernetes/audit-policy.yaml".to_owned());
    }
    let is_anonymous = CONTROL_PLANE
        .iter()
        .any(|known| *known == node && story::holds(Fact::AnonymousAuth(known), day, false));
    command.push(format!("--anonymous-auth={is_anonymous}"));
    command
}
