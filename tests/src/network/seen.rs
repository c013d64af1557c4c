//! A random cluster as the engine sees it.

use analysis::model::{Kind, Object, Snapshot};
use analysis::network::ends::End;
use analysis::network::model::Model;
use anyhow::Context;
use serde_json::Value;
use shared::snapshots::Collected;

use super::world::World;

/// The snapshot of a cluster of which all was read.
///
/// # Errors
/// An object is not what its kind says.
pub fn snapshot(world: &World) -> anyhow::Result<Snapshot> {
    let mut snapshot = Snapshot::new("v1.37.2");
    for kind in Kind::ALL {
        let of_kind = world.objects().filter(|object| object["kind"] == kind.info().kind);
        let objects: Result<Vec<Object>, _> = of_kind
            .map(|object| Object::deserialize(*kind, object.clone()))
            .collect();
        let objects = objects?;
        let count = u32::try_from(objects.len())?;
        snapshot.set(*kind, Collected::Collected { count }, objects);
    }
    Ok(snapshot)
}

/// Where the model has a pod.
///
/// # Errors
/// It has not.
pub fn end(model: &Model, pod: &Value) -> anyhow::Result<End> {
    let (name, namespace) = (&pod["metadata"]["name"], &pod["metadata"]["namespace"]);
    let places = model.pods.iter().enumerate().flat_map(|(entry, pods)| {
        let of_entry = pods.each.iter().enumerate();
        of_entry.map(move |(place, one)| (End::Pod(entry, place), one.pod.as_str(), pods.namespace))
    });
    let mut found = places.filter(|(_, pod, place)| *name == **pod && *namespace == *model.namespaces[*place].name);
    let (end, ..) = found.next().context("the model lacks a pod")?;
    Ok(end)
}
