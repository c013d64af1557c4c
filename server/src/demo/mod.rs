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
mod serving;
mod story;
mod workload;
mod world;

use std::collections::{BTreeMap, HashSet};

use analysis::model::kind::DecodeError;
use analysis::model::normalise::normalise;
use analysis::model::{Kind, Object, Snapshot};
use analysis::usage;
use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::clusters::Source;
use shared::ids::ClusterId;
use shared::snapshots::Collected;
use uuid::Uuid;

pub use self::clock::LAST_DAY;
use self::objects::node;
use self::world::World;
use crate::collect::Collection;

/// The name under which the demo cluster is kept.
pub const NAME: &str = "prod-eu-1";

/// One day of the demo.
#[derive(Debug)]
pub struct Day {
    /// The instant at which it was observed.
    pub at: DateTime<Utc>,
    /// What was read of the cluster then.
    pub snapshot: Snapshot,
}

/// The demo, day after day: what did not change since the day before is neither emitted nor decoded again.
#[derive(Debug)]
pub struct Demo {
    world: World,
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
        Self { world, truth, units }
    }

    /// Brings the truth to a day, 0 to [`LAST_DAY`], and returns what the collector is let see of it.
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
        Ok(Day {
            at: self.world.clock.instant(day.cast_signed()),
            snapshot: self.seen(day),
        })
    }

    fn put(&mut self, object: Object) {
        let (kind, namespace, name) = key(&object);
        if self
            .truth
            .get(kind, &namespace, &name)
            .is_none_or(|known| **known != object)
        {
            self.truth.put(object);
        }
    }

    fn seen(&self, day: u32) -> Snapshot {
        let mut seen = self.truth.clone();
        seen.serving = Some(Ok(serving::serving(self.world.clock)));
        seen.probes = serving::probes(self.world.clock);
        for kind in Kind::ALL {
            if let Some(outcome) = story::gap(*kind, day) {
                seen.set(*kind, outcome, Vec::new());
            }
        }
        usage::settle(&mut seen);
        seen
    }
}

/// All objects of a day, as an API server would list them.
pub fn manifests(day: u32, end: DateTime<Utc>) -> Vec<Value> {
    let world = World::new(end);
    let usage = world.usage(day);
    world
        .units()
        .flat_map(|unit| world.manifests(unit, day, &usage))
        .collect()
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
    Collection {
        id,
        name: NAME.into(),
        source: Source::Demo,
        snapshot,
        positions: BTreeMap::new(),
        warnings: Vec::new(),
    }
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
        Ok(normalise(Object::deserialize(
            kind.map_err(DecodeError::Json)?,
            manifest,
        )?))
    };
    manifests.iter().map(decode).filter_map(Result::transpose).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use analysis::checks::resources;
    use analysis::model::pod::Pod;
    use analysis::model::workload::pod_spec;

    use super::story::Fact;
    use super::*;

    fn end() -> DateTime<Utc> {
        "2026-11-24T09:40:00Z".parse().unwrap()
    }

    fn objects(snapshot: &Snapshot) -> BTreeMap<Key, Object> {
        snapshot
            .objects()
            .map(|object| (key(object), (**object).clone()))
            .collect()
    }

    fn count(snapshot: &Snapshot, kinds: &[Kind]) -> usize {
        kinds.iter().map(|kind| snapshot.of(*kind).len()).sum()
    }

    #[test]
    fn a_day_is_the_same_whether_it_is_reached_or_begun_with() {
        let mut demo = Demo::new(end());
        let reached = (0..=12).map(|day| demo.advance(day).unwrap()).last().unwrap();
        let begun = snapshot(12, end()).unwrap();
        assert_eq!(objects(&reached.snapshot), objects(&begun));
        assert_eq!(reached.snapshot.coverage(), begun.coverage());
    }

    #[test]
    fn the_last_day_is_as_large_as_the_design() {
        let last = snapshot(LAST_DAY, end()).unwrap();
        let workloads = [Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::CronJob];
        assert_eq!(count(&last, &[Kind::Namespace]), 42);
        assert_eq!(count(&last, &[Kind::Node]), 38);
        assert!((600..630).contains(&count(&last, &workloads)));
        assert!((1800..2000).contains(&count(&last, &[Kind::Pod])));
        assert!((6000..8000).contains(&last.len()));
    }

    #[test]
    fn about_one_object_in_seventy_changes_in_a_day() {
        let mut demo = Demo::new(end());
        let days: Vec<_> = (0..=15)
            .map(|day| objects(&demo.advance(day).unwrap().snapshot))
            .collect();
        let changed = |pair: &[BTreeMap<Key, Object>]| {
            let gone = pair[0].keys().filter(|key| !pair[1].contains_key(*key)).count();
            gone + pair[1]
                .iter()
                .filter(|(key, object)| pair[0].get(*key) != Some(object))
                .count()
        };
        let changed: usize = days.windows(2).map(changed).sum();
        let share = changed as f64 / (15 * days[0].len()) as f64;
        assert!((0.007..0.02).contains(&share), "{share}");
    }

    #[test]
    fn every_manifest_decodes_to_an_object_of_its_kind_and_name() {
        let mut manifests = manifests(LAST_DAY, end());
        // Jobs that are over are left out, as those of any cluster are.
        manifests.retain(|manifest| manifest["kind"] != "Job" || manifest["status"]["succeeded"].is_null());
        let mut names = BTreeSet::new();
        for manifest in &manifests {
            let [object] = decode(std::slice::from_ref(manifest)).unwrap().try_into().unwrap();
            let again = object.to_manifest();
            for path in ["/apiVersion", "/kind", "/metadata/name", "/metadata/namespace"] {
                assert_eq!(again.pointer(path), manifest.pointer(path), "{path}");
            }
            let labels = manifest["metadata"]["labels"]
                .as_object()
                .map_or(0, serde_json::Map::len);
            assert_eq!(object.meta().labels.len(), labels);
            assert!(names.insert(key(&object)), "{:?} is emitted twice", key(&object));
        }
        assert_eq!(names.len(), manifests.len());
    }

    #[test]
    fn objects_refer_to_namespaces_accounts_and_nodes_that_exist() {
        let day = snapshot(87, end()).unwrap();
        for object in day.objects() {
            let meta = object.meta();
            assert!(
                meta.namespace.is_empty() || day.get(Kind::Namespace, "", &meta.namespace).is_some(),
                "{meta:?}"
            );
            let Some(spec) = pod_spec(object) else { continue };
            let account = spec.service_account_name.as_str();
            assert!(
                account.is_empty() || day.get(Kind::ServiceAccount, &meta.namespace, account).is_some(),
                "{meta:?}"
            );
            assert!(
                spec.node_name.is_empty() || day.get(Kind::Node, "", &spec.node_name).is_some(),
                "{meta:?}"
            );
        }
    }

    #[test]
    fn pods_are_measured_and_some_use_too_much_or_too_little() {
        let last = snapshot(LAST_DAY, end()).unwrap();
        let usage = last.usage.as_deref().unwrap();
        assert!((1800..2000).contains(&usage.pods), "{}", usage.pods);
        assert_eq!(usage.measured_at.unwrap().utc(), Some(end()));
        let containers: usize = usage.workloads.iter().map(|it| it.containers.len()).sum();
        let size = usage.to_protobuf().len() / containers;
        assert!(size < 130, "{size} bytes for a container");
        let of = |check| {
            let report = analysis::run_with(&[check], &last, &analysis::settings::NONE, end());
            report.findings.len()
        };
        let found = [
            &resources::memory_near_limit::CHECK,
            &resources::memory_use_far_above_request::CHECK,
            &resources::memory_request_far_above_use::CHECK,
        ];
        let found = found.map(of);
        assert!(found.iter().all(|number| (1..40).contains(number)), "{found:?}");
    }

    #[test]
    fn no_two_pods_off_the_host_network_share_an_address() {
        let last = snapshot(LAST_DAY, end()).unwrap();
        let pods = last
            .all::<Pod>()
            .filter(|pod| pod.spec.as_ref().is_some_and(|spec| !spec.host_network));
        let addresses: Vec<&str> = pods.map(|pod| pod.status.as_ref().unwrap().pod_ip.as_str()).collect();
        assert_eq!(addresses.iter().collect::<BTreeSet<_>>().len(), addresses.len());
    }

    #[test]
    fn bindings_are_denied_on_day_70_and_read_again_on_day_71() {
        let mut demo = Demo::new(end());
        let [before, denied, after] = [69, 70, 71].map(|day| demo.advance(day).unwrap().snapshot);
        let kind = Kind::ClusterRoleBinding;
        assert!(matches!(denied.outcome(kind), Collected::Denied { reason } if reason.contains("cannot list")));
        assert!(denied.of(kind).is_empty());
        assert_eq!(before.of(kind).len(), after.of(kind).len());
        assert_eq!(before.outcome(Kind::AdminNetworkPolicy), Collected::Absent);
    }

    #[test]
    fn objects_that_the_story_tells_of_are_those_of_the_catalogue() {
        let mut demo = Demo::new(end());
        for (day, fact, begins) in story::changes(|fact| matches!(fact, Fact::Object(_))) {
            let Fact::Object(told) = fact else { continue };
            let (kind, name) = (told.split('/').next(), told.split('/').next_back());
            let day = if begins { day } else { day - 1 };
            let snapshot = demo.advance(day).unwrap().snapshot;
            let is_told =
                |object: &Object| Some(object.kind().info().kind) == kind && Some(object.meta().name.as_str()) == name;
            assert!(snapshot.objects().any(|object| is_told(object)), "{told} on day {day}");
        }
    }

    #[test]
    fn the_story_shows_in_the_objects() {
        let mut demo = Demo::new(end());
        let argo = |day: Day| {
            day.snapshot
                .get(Kind::ClusterRoleBinding, "", "argocd-application-controller")
                .is_some()
        };
        assert_eq!(
            [42, 43, 55, 56].map(|day| argo(demo.advance(day).unwrap())),
            [false, true, true, false]
        );
        let pricing = |day: Day| day.snapshot.get(Kind::Namespace, "", "pricing").is_some();
        assert_eq!([83, 84].map(|day| pricing(demo.advance(day).unwrap())), [false, true]);
    }
}
