//! What metrics-server measures of a workload's pods.

use serde_json::{Value, json};

use super::{Name, pod};
use crate::demo::clock::Clock;
use crate::demo::flaw::Flaw;
use crate::demo::rng::Rng;
use crate::demo::workload::{State, Workload};

/// Days for which a sample stands: the last day begins a new one.
const EVERY: u32 = 10;

/// Which sample is the last on a day.
pub(in crate::demo) fn sample(day: u32) -> u32 {
    day / EVERY
}

/// The last sample of each pod of a workload that stands so.
pub(in crate::demo) fn manifests(clock: Clock, workload: &Workload, state: &State, day: u32) -> Vec<Value> {
    if !state.exists {
        return Vec::new();
    }
    let begun = i32::try_from(sample(day) * EVERY).unwrap_or_default();
    let at = clock.at(begun.max(state.since));
    let of_pod = |place: &pod::Place| {
        let body =
            json!({ "timestamp": at, "window": "15.2s", "containers": containers(workload, state, &place.name, day) });
        let kind = "PodMetrics";
        Name::new("metrics.k8s.io/v1beta1", kind, workload.namespace.name, &place.name).with(&at, body)
    };
    pod::places(workload, state).iter().map(of_pod).collect()
}

fn containers(workload: &Workload, state: &State, pod: &str, day: u32) -> Value {
    let number = sample(day).to_string();
    let mut rng = Rng::of(&["metrics", workload.namespace.name, pod, &number]);
    let mut used = |name: &str, cpu: u32, memory: u32| {
        // Pods of a workload differ by a few per cent.
        let about = |amount: u32, rng: &mut Rng| u64::from(amount) * u64::from(970 + rng.below(61));
        let cpu = about(cpu, &mut rng) * 1000;
        let memory = about(memory, &mut rng) * 1024 / 1000;
        json!({ "name": name, "usage": { "cpu": format!("{cpu}n"), "memory": format!("{memory}Ki") } })
    };
    let (cpu, memory) = (
        workload.cpu * cpu(workload) / 100,
        workload.memory * memory(workload, state) / 100,
    );
    let mut containers = vec![used(&workload.name, cpu, memory)];
    containers.extend(state.sidecar.then(|| used("envoy", 9, 58)));
    containers.extend((workload.agent() == Some(true)).then(|| used("vault-agent", 4, 31)));
    containers.into()
}

/// The CPU that a workload uses, in per cent of what it asks for.
fn cpu(workload: &Workload) -> u32 {
    4 + Rng::of(&["cpu", workload.namespace.name, &workload.name]).below(60)
}

/// The same of memory. Few are close to their limit, which is twice their request; some ask for much and use little.
fn memory(workload: &Workload, state: &State) -> u32 {
    let mut rng = Rng::of(&["memory", workload.namespace.name, &workload.name]);
    match rng.below(40) {
        0 => 188,
        1..=8 if state.flaws.has(Flaw::NoLimits) => 240,
        9..=12 => 7,
        _ => 35 + rng.below(55),
    }
}
