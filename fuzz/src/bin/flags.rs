//! Command lines of the control plane's static pods, an argument a line, and what the checks make of them.
#![no_main]

use analysis::model::normalise::normalise;
use analysis::model::{Kind, Object, Snapshot};
use fuzz::judge;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|text: &str| {
    let command: Vec<&str> = text.lines().collect();
    let pod = json!({
        "metadata": {
            "name": "component", "namespace": "kube-system", "annotations": {"kubernetes.io/config.mirror": "x"},
            "ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "n", "controller": true}],
        },
        "spec": {"nodeName": "n", "containers": [{"name": "c", "image": "component:v1.37.0", "command": command}]},
    });
    let pod = Object::deserialize(Kind::Pod, pod).expect("a pod");
    let mut snapshot = Snapshot::new("v1.37.0");
    normalise(pod).into_iter().for_each(|pod| snapshot.put(pod));
    judge::checks(&snapshot);
});
