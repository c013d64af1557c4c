//! The demo cluster: a simulation that emits Kubernetes objects, as an API server would list them, over 90 days.
//!
//! Nothing in it is a finding: there are only objects, and each day's go through the same decoding, normalising and
//! judging as those of a real cluster. It reads no clock and draws no random number: the caller says when the last
//! day is, and two runs that end at the same instant emit the same objects.
//!
//! `catalog` says what stands in the cluster, `story` what happens, `objects` how it is written down.

mod catalog;
mod clock;
mod flaw;
mod image;
mod objects;
mod rng;
mod story;
mod workload;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use analysis::model::kind::DecodeError;
use analysis::model::normalise::normalise;
use analysis::model::{Kind, Object, Snapshot};
use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::clusters::Source;
use shared::ids::ClusterId;
use shared::snapshots::Collected;
use uuid::Uuid;

pub use self::clock::LAST_DAY;
use self::clock::Clock;
use self::objects::family::{self, Family};
use self::objects::namespace::{self, Usage};
use self::objects::{access, admission, cluster, node};
use self::workload::Workload;
use crate::collect::Collection;

/// The name under which the demo cluster is kept.
pub const NAME: &str = "prod-eu-1";

/// One day of the demo.
#[derive(Debug)]
pub struct Day {
    /// Its number, 0 to [`LAST_DAY`].
    pub number: u32,
    /// The instant at which it was observed.
    pub at: DateTime<Utc>,
    /// What was read of the cluster then.
    pub snapshot: Snapshot,
}

/// The demo, day after day: what did not change since the day before is neither emitted nor decoded again.
#[derive(Debug)]
pub struct Demo {
    world: World,
    next: u32,
    truth: Snapshot,
    units: Vec<Emitted>,
}

/// What a unit emitted last.
#[derive(Debug, Default)]
struct Emitted {
    mark: Option<u64>,
    keys: HashSet<Key>,
}

type Key = (Kind, String, String);

impl Demo {
    /// The demo whose last day is observed at `end`.
    pub fn new(end: DateTime<Utc>) -> Self {
        let world = World::new(end);
        let mut truth = Snapshot::new(node::VERSION);
        for kind in Kind::ALL {
            truth.set(*kind, Collected::Collected { count: 0 }, Vec::new());
        }
        let units = world.units().map(|_| Emitted::default()).collect();
        Self { world, next: 0, truth, units }
    }

    /// Brings the truth to a day, and returns what the collector is let see of it.
    ///
    /// # Errors
    /// An object does not decode: a mistake in this module.
    pub fn advance(&mut self, day: u32) -> Result<Day, DecodeError> {
        let usage = self.world.usage(day);
        let mut fresh = Vec::new();
        for (unit, emitted) in self.world.units().zip(&mut self.units) {
            let mark = self.world.mark(unit, day, &usage);
            if emitted.mark == Some(mark) {
                continue;
            }
            let objects = decode(&self.world.manifests(unit, day, &usage))?;
            let keys: HashSet<Key> = objects.iter().map(key).collect();
            for (kind, namespace, name) in emitted.keys.difference(&keys) {
                self.truth.remove(*kind, namespace, name);
            }
            *emitted = Emitted { mark: Some(mark), keys };
            fresh.extend(objects);
        }
        fresh.into_iter().for_each(|object| self.put(object));
        self.next = day + 1;
        Ok(Day { number: day, at: self.world.clock.instant(day.cast_signed()), snapshot: self.seen(day) })
    }

    fn put(&mut self, object: Object) {
        let (kind, namespace, name) = key(&object);
        if self.truth.get(kind, &namespace, &name).is_none_or(|known| **known != object) {
            self.truth.put(object);
        }
    }

    fn seen(&self, day: u32) -> Snapshot {
        let mut seen = self.truth.clone();
        for kind in Kind::ALL {
            if let Some(outcome) = story::gap(*kind, day) {
                seen.set(*kind, outcome, Vec::new());
            }
        }
        seen
    }
}

impl Iterator for Demo {
    type Item = Result<Day, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.next <= LAST_DAY).then(|| self.advance(self.next))
    }
}

/// All objects of a day, as an API server would list them.
pub fn manifests(day: u32, end: DateTime<Utc>) -> Vec<Value> {
    let world = World::new(end);
    let usage = world.usage(day);
    world.units().flat_map(|unit| world.manifests(unit, day, &usage)).collect()
}

/// What is read of the cluster on a day.
///
/// # Errors
/// An object does not decode: a mistake in this module.
pub fn snapshot(day: u32, end: DateTime<Utc>) -> Result<Snapshot, DecodeError> {
    Demo::new(end).advance(day).map(|day| day.snapshot)
}

/// What was read of the demo, as a collector has it.
pub fn collected(snapshot: Snapshot) -> Collection {
    // Version 5 needs no randomness: the demo is the same cluster wherever it is seeded.
    let id = ClusterId(Uuid::new_v5(&Uuid::NAMESPACE_OID, NAME.as_bytes()));
    Collection { id, name: NAME.into(), source: Source::Demo, snapshot, warnings: Vec::new() }
}

/// What is read of the demo on its last day, when that day is observed at `end`.
///
/// # Errors
/// An object does not decode: a mistake in this module.
pub fn collection(end: DateTime<Utc>) -> Result<Collection, DecodeError> {
    snapshot(LAST_DAY, end).map(collected)
}

fn key(object: &Object) -> Key {
    let meta = object.meta();
    (object.kind(), meta.namespace.clone(), meta.name.clone())
}

fn decode(manifests: &[Value]) -> Result<Vec<Object>, DecodeError> {
    let decode = |manifest: &Value| {
        let text = |field: &str| manifest[field].as_str().unwrap_or_default();
        let kind = Kind::of_manifest(text("apiVersion"), text("kind"));
        let kind = kind.ok_or_else(|| serde::de::Error::custom(format!("{} is no kind", text("kind"))));
        Ok(normalise(Object::deserialize(kind.map_err(DecodeError::Json)?, manifest)?))
    };
    manifests.iter().map(decode).filter_map(Result::transpose).collect()
}

/// What the catalogue lays out.
#[derive(Debug)]
struct World {
    clock: Clock,
    workloads: Vec<Workload>,
    families: Vec<Family>,
    last: HashMap<&'static str, Usage>,
}

/// Objects that are emitted together, and again only when something about them changed.
#[derive(Debug, Clone, Copy)]
enum Unit {
    Workload(usize),
    Family(usize),
    Namespace(usize),
    Nodes,
    Access,
    Admission,
    Cluster,
}

impl World {
    fn new(end: DateTime<Utc>) -> Self {
        let clock = Clock::new(end);
        let mut world =
            Self { clock, workloads: workload::all(), families: family::all(), last: HashMap::new() };
        world.last = world.usage(LAST_DAY);
        world
    }

    fn units(&self) -> impl Iterator<Item = Unit> + use<> {
        let shared = [Unit::Nodes, Unit::Access, Unit::Admission, Unit::Cluster];
        let namespaces = (0..catalog::NAMESPACES.len()).map(Unit::Namespace);
        let families = (0..self.families.len()).map(Unit::Family);
        shared.into_iter().chain(namespaces).chain(families).chain((0..self.workloads.len()).map(Unit::Workload))
    }

    /// What each namespace's pods ask for on a day.
    fn usage(&self, day: u32) -> HashMap<&'static str, Usage> {
        let mut usage: HashMap<_, Usage> = HashMap::new();
        for workload in &self.workloads {
            workload.add_to(usage.entry(workload.namespace.name).or_default(), &workload.state(day));
        }
        usage
    }

    /// A number that is another when a unit's objects may be others.
    fn mark(&self, unit: Unit, day: u32, usage: &HashMap<&'static str, Usage>) -> u64 {
        let mut hasher = DefaultHasher::new();
        match unit {
            Unit::Workload(place) => self.workloads[place].state(day).hash(&mut hasher),
            Unit::Namespace(place) => {
                let used = usage.get(catalog::NAMESPACES[place].name);
                (story::page(day), used).hash(&mut hasher);
            }
            Unit::Family(_) | Unit::Nodes | Unit::Access | Unit::Admission | Unit::Cluster => {
                story::page(day).hash(&mut hasher);
            }
        }
        hasher.finish()
    }

    fn manifests(&self, unit: Unit, day: u32, usage: &HashMap<&'static str, Usage>) -> Vec<Value> {
        match unit {
            Unit::Workload(place) => {
                let workload = &self.workloads[place];
                objects::workload::manifests(self.clock, workload, &workload.state(day))
            }
            Unit::Family(place) => self.families[place].manifests(self.clock, day),
            Unit::Namespace(place) => {
                let namespace = &catalog::NAMESPACES[place];
                let of = |usage: &HashMap<_, Usage>| usage.get(namespace.name).copied().unwrap_or_default();
                namespace::manifests(self.clock, namespace, day, of(usage), of(&self.last))
            }
            Unit::Nodes => node::manifests(self.clock, day),
            Unit::Access => access::manifests(self.clock, day),
            Unit::Admission => admission::manifests(self.clock, day),
            Unit::Cluster => cluster::manifests(self.clock, day),
        }
    }
}

#[cfg(test)]
mod tests;
