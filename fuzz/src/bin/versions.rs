//! Versions of clusters, kubelets and of the Pod Security Standards, and labels of namespaces: a line each.
#![no_main]

use analysis::control_plane::{duration, switch_value};
use analysis::kubernetes::support::support;
use analysis::kubernetes::version::Release;
use analysis::model::{Kind, Object, Snapshot};
use analysis::pod_security::Version;
use fuzz::judge;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|text: &str| {
    let mut lines = text.lines();
    let mut line = || lines.next().unwrap_or_default();
    let (server, kubelet, level, version) = (line(), line(), line(), line());
    _ = version.parse::<Version>();
    Version::of_server(server);
    Release::of(server).map(|release| support(release, judge::now()));
    _ = (duration(version), switch_value(level));
    let labels = json!({
        "pod-security.kubernetes.io/enforce": level, "pod-security.kubernetes.io/enforce-version": version,
        "pod-security.kubernetes.io/warn": level, "pod-security.kubernetes.io/warn-version": server,
    });
    let node = json!({"metadata": {"name": "n"}, "status": {"nodeInfo": {"kubeletVersion": kubelet}}});
    let mut snapshot = Snapshot::new(server);
    for (kind, manifest) in [
        (Kind::Namespace, json!({"metadata": {"name": "shop", "labels": labels}})),
        (Kind::Node, node),
        (
            Kind::Pod,
            json!({"metadata": {"name": "p", "namespace": "shop"}, "spec": {"hostPID": true}}),
        ),
    ] {
        snapshot.put(Object::deserialize(kind, manifest).expect("an object of its kind"));
    }
    judge::all(&snapshot);
});
