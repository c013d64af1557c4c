//! How fast the checks are, on clusters of four sizes, and which of them cost the most.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use analysis::check::Check;
use analysis::checks::CHECKS;
use analysis::model::{Kind, Object, Snapshot};
use analysis::settings;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use shared::snapshots::Collected;

use crate::load;

/// Workloads for each hundred pods.
const WORKLOADS: usize = 30;

/// A row of the table: what, its target, what was measured.
pub type Row = (String, &'static str, String);

/// Measures all checks at each size, by the number of pods; the last is the one that has a target.
///
/// # Errors
/// The cluster can't be made.
pub fn table(sizes: &[usize]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for pods in sizes {
        let snapshot = cluster(*pods)?;
        let workloads = snapshot.of(Kind::Deployment).len();
        let time = least(|| judged(CHECKS, &snapshot));
        let target = if Some(pods) == sizes.last() { "300 ms" } else { "" };
        let what = format!(
            "{} checks over {pods} pods of {workloads} workloads, one core",
            CHECKS.len()
        );
        let each = time.as_secs_f64() * 1e6 / workloads as f64;
        rows.push((what, target, format!("{}, {each:.0} µs a workload", milliseconds(time))));
    }
    Ok(rows)
}

/// What each check takes by itself, the costliest first; before them what they all rest on.
///
/// # Errors
/// The cluster can't be made.
pub fn each(pods: usize) -> Result<Vec<(&'static str, Duration)>> {
    let snapshot = cluster(pods)?;
    let base = least(|| judged(&[], &snapshot));
    let alone = |check: &&'static Check| least(|| judged(&[*check], &snapshot)).saturating_sub(base);
    let mut each: Vec<_> = CHECKS.iter().map(|check| (check.id, alone(check))).collect();
    each.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    each.insert(0, ("what they rest on", base));
    Ok(each)
}

/// In milliseconds, as the table has them.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn judged(checks: &[&'static Check], snapshot: &Snapshot) -> usize {
    let report = analysis::run_with(
        checks,
        black_box(snapshot),
        &settings::NONE,
        DateTime::<Utc>::UNIX_EPOCH,
    );
    report.findings.len()
}

/// The least of five.
fn least<T>(mut work: impl FnMut() -> T) -> Duration {
    let once = |_| {
        let begun = Instant::now();
        black_box(work());
        begun.elapsed()
    };
    (0..5).map(once).min().unwrap_or_default()
}

/// The load on a node for fifty pods, all kinds having been read.
fn cluster(pods: usize) -> Result<Snapshot> {
    let mut of_kind: BTreeMap<Kind, Vec<Object>> = BTreeMap::new();
    for value in load::objects(pods, WORKLOADS)
        .into_iter()
        .chain((0..pods.div_ceil(50)).map(node))
    {
        let (version, name) = (value["apiVersion"].as_str(), value["kind"].as_str());
        let kind = Kind::of_manifest(version.unwrap_or_default(), name.unwrap_or_default());
        let kind = kind.with_context(|| format!("{version:?} {name:?}"))?;
        of_kind.entry(kind).or_default().push(Object::deserialize(kind, value)?);
    }
    let mut snapshot = Snapshot::new("v1.37.2");
    for kind in Kind::ALL {
        let objects = of_kind.remove(kind).unwrap_or_default();
        let count = u32::try_from(objects.len())?;
        snapshot.set(*kind, Collected::Collected { count }, objects);
    }
    Ok(snapshot)
}

fn node(number: usize) -> Value {
    let resources = json!({"cpu": "16", "memory": "64Gi", "pods": "110", "ephemeral-storage": "100Gi"});
    json!({
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": format!("node-{number:03}")},
        "status": {"capacity": resources, "allocatable": resources, "nodeInfo": {"kubeletVersion": "v1.37.2"}},
    })
}
