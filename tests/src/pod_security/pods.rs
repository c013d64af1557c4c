//! The pods: three to begin with, changed.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};

use super::changes::{Change, LISTS, of_containers, of_ephemeral, of_pods};

/// What changes are made to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// A pod that every level lets in.
    Hardened,
    /// A pod that says nothing of its security.
    Plain,
    /// A pod for nodes that run Windows.
    Windows,
}

/// All of them.
pub const BASES: [Base; 3] = [Base::Hardened, Base::Plain, Base::Windows];

/// A pod, as what was done to it.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it was.
    pub base: Base,
    /// What was done.
    pub changes: Vec<Change>,
}

fn context(base: Base) -> Value {
    match base {
        Base::Hardened => json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}),
        Base::Plain => json!({}),
        Base::Windows => json!({"runAsNonRoot": true}),
    }
}

/// A pod that was changed in nothing.
pub fn base(base: Base) -> Value {
    let container =
        |name: &str| json!({"name": name, "image": "registry.example.com/i:1", "securityContext": context(base)});
    let mut pod = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "pod", "annotations": {}},
        "spec": {
            "containers": [container("web")],
            "initContainers": [container("init"), container("side")],
            "volumes": [{"name": "v", "emptyDir": {}}],
            "securityContext": {},
        },
    });
    // Only a sidecar may have probes and hooks.
    pod["spec"]["initContainers"][1]["restartPolicy"] = "Always".into();
    match base {
        Base::Hardened => {
            pod["spec"]["securityContext"] =
                json!({"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}});
        }
        Base::Windows => pod["spec"]["os"] = json!({"name": "windows"}),
        Base::Plain => {}
    }
    pod
}

impl Case {
    /// The pod in a namespace.
    pub fn pod(&self, namespace: &str) -> Value {
        let mut pod = base(self.base);
        pod["metadata"]["namespace"] = namespace.into();
        for change in &self.changes {
            set(&mut pod, &change.pointer, &change.value);
        }
        pod
    }

    /// The same without one of its changes, for each of them.
    pub fn smaller(&self) -> impl Iterator<Item = Self> {
        (0..self.changes.len()).map(|left_out| {
            let mut smaller = self.clone();
            smaller.changes.remove(left_out);
            smaller
        })
    }
}

/// Sets a field, and makes the objects on the way there.
pub fn set(into: &mut Value, pointer: &str, value: &Value) {
    let mut at = into;
    for part in pointer.split('/').skip(1) {
        let key = part.replace("~1", "/");
        at = match key.parse::<usize>() {
            Ok(place) => &mut at[place],
            Err(_) => {
                if at.is_null() {
                    *at = json!({});
                }
                &mut at[key]
            }
        };
    }
    *at = value.clone();
}

/// Each change by itself, to each pod there is to begin with; a sidecar is changed as an init container, since it may have all
/// that one can.
pub fn each() -> Vec<Case> {
    let changes = all_changes();
    let case = |base: Base| changes.iter().map(move |change| (base, change.clone()));
    BASES
        .into_iter()
        .flat_map(case)
        .map(|(base, change)| Case {
            base,
            changes: vec![change],
        })
        .collect()
}

fn all_changes() -> Vec<Change> {
    let containers = LISTS
        .iter()
        .map(|list| format!("/spec/{list}/{}", usize::from(*list == "initContainers")));
    of_pods()
        .into_iter()
        .chain(containers.flat_map(|container| of_containers(&container)))
        .collect()
}

/// Two to six changes at random.
pub fn random(random: &mut StdRng) -> Case {
    let changes = all_changes();
    let count = random.random_range(2..=6);
    Case {
        base: *BASES.choose(random).unwrap_or(&Base::Plain),
        changes: changes.choose_multiple(random, count).cloned().collect(),
    }
}

/// A hardened ephemeral container, changed in one thing, for each thing.
pub fn ephemeral() -> Vec<Value> {
    let container =
        || json!({"name": "debug", "image": "registry.example.com/i:1", "securityContext": context(Base::Hardened)});
    let changed = |change: Change| {
        let mut container = container();
        set(&mut container, &change.pointer, &change.value);
        container
    };
    of_ephemeral("").into_iter().map(changed).collect()
}
