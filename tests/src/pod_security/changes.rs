//! What is done to a pod: one field set to one value.

use serde_json::{Value, json};

/// A field of a pod, set.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// To what; null takes it away.
    pub value: Value,
}

/// The lists of containers in a pod that is made; ephemeral ones come later.
pub const LISTS: [&str; 2] = ["containers", "initContainers"];

const SYSCTLS: &[&str] = &[
    "kernel.msgmax",
    "kernel.shm_rmid_forced",
    "net.core.somaxconn",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_notsent_lowat",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

/// Every change of the pod as a whole.
pub fn of_pods() -> Vec<Change> {
    let mut changes = of_fields("", &pod_fields());
    changes.extend(of_fields("/spec", &context_fields()));
    changes.extend(of_fields("/spec/volumes/0", &[("", volumes())]));
    changes
}

/// Every change of one container.
pub fn of_containers(container: &str) -> Vec<Change> {
    let mut changes = of_fields(container, &context_fields());
    changes.extend(of_fields(container, &container_fields()));
    changes
}

/// Every change of one ephemeral container, which can have neither ports nor probes.
pub fn of_ephemeral(container: &str) -> Vec<Change> {
    let changes = of_containers(container).into_iter();
    changes
        .filter(|change| change.pointer.contains("/securityContext"))
        .collect()
}

fn of_fields(at: &str, fields: &[(&str, Vec<Value>)]) -> Vec<Change> {
    let changes = |(field, values): &(&str, Vec<Value>)| {
        let pointer = format!("{at}{field}");
        let change = move |value: &Value| Change {
            pointer: pointer.clone(),
            value: value.clone(),
        };
        values.iter().map(change).collect::<Vec<_>>()
    };
    fields.iter().flat_map(changes).collect()
}

fn pod_fields() -> Vec<(&'static str, Vec<Value>)> {
    let flag = || vec![json!(true), json!(false)];
    let app_armor = "/metadata/annotations/container.apparmor.security.beta.kubernetes.io~1web";
    let profiles = || {
        ["unconfined", "runtime/default", "docker/default", "localhost/x"]
            .map(Value::from)
            .to_vec()
    };
    vec![
        ("/spec/hostNetwork", flag()),
        ("/spec/hostPID", flag()),
        ("/spec/hostIPC", flag()),
        ("/spec/hostUsers", flag()),
        ("/spec/os", vec![json!({"name": "windows"}), json!({"name": "linux"})]),
        (
            "/spec/securityContext/sysctls",
            SYSCTLS
                .iter()
                .map(|name| json!([{"name": name, "value": "1"}]))
                .collect(),
        ),
        (
            app_armor,
            ["unconfined", "runtime/default", "localhost/x"]
                .map(Value::from)
                .to_vec(),
        ),
        (
            "/metadata/annotations/seccomp.security.alpha.kubernetes.io~1pod",
            profiles(),
        ),
        (
            "/metadata/annotations/container.seccomp.security.alpha.kubernetes.io~1web",
            profiles(),
        ),
        (
            "/metadata/annotations/container.seccomp.security.alpha.kubernetes.io~1other",
            profiles(),
        ),
    ]
}

/// What both a pod's and a container's security context have.
fn context_fields() -> Vec<(&'static str, Vec<Value>)> {
    let profiles = || {
        let kinds = ["Unconfined", "RuntimeDefault"].map(|kind| json!({"type": kind}));
        let more = [json!({"type": "Localhost", "localhostProfile": "x"}), Value::Null];
        kinds.into_iter().chain(more).collect::<Vec<_>>()
    };
    let se_linux = [
        json!({"type": "container_t"}),
        json!({"type": "container_init_t"}),
        json!({"type": "container_kvm_t"}),
        json!({"type": "container_engine_t"}),
        json!({"type": "spc_t"}),
        json!({"user": "system_u"}),
        json!({"role": "system_r"}),
        json!({"level": "s0"}),
    ];
    vec![
        (
            "/securityContext/runAsNonRoot",
            vec![json!(true), json!(false), Value::Null],
        ),
        ("/securityContext/runAsUser", vec![json!(0), json!(1000), Value::Null]),
        ("/securityContext/seccompProfile", profiles()),
        ("/securityContext/appArmorProfile", profiles()),
        ("/securityContext/seLinuxOptions", se_linux.to_vec()),
        (
            "/securityContext/windowsOptions",
            vec![json!({"hostProcess": true}), json!({"hostProcess": false})],
        ),
        ("/securityContext", vec![Value::Null]),
    ]
}

fn container_fields() -> Vec<(&'static str, Vec<Value>)> {
    let flag = || vec![json!(true), json!(false), Value::Null];
    let lists = |lists: &[&[&str]]| lists.iter().map(|list| json!(list)).collect::<Vec<_>>();
    let hosts = |kind: &str| {
        vec![
            json!({kind: {"port": 80, "host": "10.0.0.1"}}),
            json!({kind: {"port": 80}}),
        ]
    };
    let handlers = || [hosts("httpGet"), hosts("tcpSocket")].concat();
    vec![
        ("/securityContext/privileged", flag()),
        ("/securityContext/allowPrivilegeEscalation", flag()),
        ("/securityContext/procMount", vec![json!("Unmasked"), json!("Default")]),
        (
            "/securityContext/capabilities/add",
            lists(&[
                &["NET_RAW"],
                &["CHOWN"],
                &["NET_BIND_SERVICE"],
                &["CAP_CHOWN"],
                &["chown"],
                &["SYS_ADMIN", "KILL"],
                &["ALL"],
            ]),
        ),
        (
            "/securityContext/capabilities/drop",
            lists(&[&["ALL"], &["all"], &["NET_RAW"], &[]]),
        ),
        (
            "/ports",
            vec![
                json!([{"containerPort": 80, "hostPort": 80}]),
                json!([{"containerPort": 80, "hostPort": 0}]),
            ],
        ),
        ("/livenessProbe", handlers()),
        ("/readinessProbe", handlers()),
        ("/startupProbe", handlers()),
        ("/lifecycle/preStop", handlers()),
        ("/lifecycle/postStart", handlers()),
    ]
}

/// A volume of each type.
fn volumes() -> Vec<Value> {
    let mut sources = of_the_cluster();
    sources.extend(of_elsewhere());
    let volume = |source: Value| {
        let mut volume = source;
        volume["name"] = "v".into();
        volume
    };
    sources.into_iter().map(volume).collect()
}

fn of_the_cluster() -> Vec<Value> {
    let claim = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}});
    vec![
        json!({}),
        json!({"configMap": {"name": "c"}}),
        json!({"csi": {"driver": "d.example.com"}}),
        json!({"downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]}}),
        json!({"emptyDir": {}}),
        json!({"ephemeral": {"volumeClaimTemplate": {"spec": claim}}}),
        json!({"image": {"reference": "registry.example.com/i:1"}}),
        json!({"persistentVolumeClaim": {"claimName": "c"}}),
        json!({"projected": {"sources": [{"configMap": {"name": "c"}}]}}),
        json!({"secret": {"secretName": "s"}}),
    ]
}

fn of_elsewhere() -> Vec<Value> {
    let scale_io = json!({"gateway": "g", "system": "s", "secretRef": {"name": "s"}, "volumeName": "v"});
    vec![
        json!({"hostPath": {"path": "/var/log"}}),
        json!({"gcePersistentDisk": {"pdName": "p"}}),
        json!({"awsElasticBlockStore": {"volumeID": "v"}}),
        json!({"gitRepo": {"repository": "https://example.com/r"}}),
        json!({"nfs": {"server": "s", "path": "/"}}),
        json!({"iscsi": {"targetPortal": "10.0.0.1", "iqn": "iqn.2001-04.com.example:d", "lun": 0}}),
        json!({"glusterfs": {"endpoints": "e", "path": "/"}}),
        json!({"rbd": {"image": "i", "monitors": ["m"]}}),
        json!({"flexVolume": {"driver": "example.com/d"}}),
        json!({"cinder": {"volumeID": "v"}}),
        json!({"cephfs": {"monitors": ["m"]}}),
        json!({"flocker": {"datasetName": "d"}}),
        json!({"fc": {"targetWWNs": ["w"], "lun": 0}}),
        json!({"azureFile": {"secretName": "s", "shareName": "s"}}),
        json!({"vsphereVolume": {"volumePath": "p"}}),
        json!({"quobyte": {"registry": "r:1", "volume": "v"}}),
        json!({"azureDisk": {"diskName": "d", "diskURI": "https://blob.example.com/d"}}),
        json!({"photonPersistentDisk": {"pdID": "p"}}),
        json!({"portworxVolume": {"volumeID": "v"}}),
        json!({"scaleIO": scale_io}),
        json!({"storageos": {"volumeName": "v"}}),
    ]
}
