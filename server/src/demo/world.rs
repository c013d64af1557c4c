//! The whole of the demo, in units that are emitted together.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::clock::{Clock, LAST_DAY};
use super::objects::family::{self, Family};
use super::objects::namespace::{self, Usage};
use super::objects::{self, access, admission, cluster, metrics, node};
use super::workload::{self, Workload};
use super::{catalog, story};

/// What the catalogue lays out.
#[derive(Debug)]
pub(super) struct World {
    /// When its days are.
    pub(super) clock: Clock,
    workloads: Vec<Workload>,
    families: Vec<Family>,
    last: HashMap<&'static str, Usage>,
}

/// Objects that are emitted together, and again only when something about them changed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    /// A workload, by its place, with what its controllers make and what leads to it.
    Workload(usize),
    /// What the pods of a workload, by its place, use.
    Metrics(usize),
    /// What the workloads of a service share, by its place.
    Family(usize),
    /// A namespace, by its place, and its furniture.
    Namespace(usize),
    /// Nodes and static pods.
    Nodes,
    /// Roles and bindings.
    Access,
    /// Webhooks and admission policies.
    Admission,
    /// What else stands in the cluster once.
    Cluster,
}

impl World {
    /// The world whose last day is observed at `end`.
    pub(super) fn new(end: DateTime<Utc>) -> Self {
        let clock = Clock::new(end);
        let mut world = Self {
            clock,
            workloads: workload::all(),
            families: family::all(),
            last: HashMap::new(),
        };
        world.last = world.usage(LAST_DAY);
        world
    }

    /// All units, always in the same order.
    pub(super) fn units(&self) -> impl Iterator<Item = Unit> + use<> {
        let shared = [Unit::Nodes, Unit::Access, Unit::Admission, Unit::Cluster];
        let namespaces = (0..catalog::NAMESPACES.len()).map(Unit::Namespace);
        let families = (0..self.families.len()).map(Unit::Family);
        shared
            .into_iter()
            .chain(namespaces)
            .chain(families)
            .chain((0..self.workloads.len()).map(Unit::Workload))
            .chain((0..self.workloads.len()).map(Unit::Metrics))
    }

    /// What each namespace's pods ask for on a day.
    pub(super) fn usage(&self, day: u32) -> HashMap<&'static str, Usage> {
        let mut usage: HashMap<_, Usage> = HashMap::new();
        for workload in &self.workloads {
            workload.add_to(usage.entry(workload.namespace.name).or_default(), &workload.state(day));
        }
        usage
    }

    /// A number that is another when a unit's objects may be others.
    pub(super) fn mark(&self, unit: Unit, day: u32, usage: &HashMap<&'static str, Usage>) -> u64 {
        let mut hasher = DefaultHasher::new();
        match unit {
            Unit::Workload(place) => self.workloads[place].state(day).hash(&mut hasher),
            Unit::Metrics(place) => (self.workloads[place].state(day), metrics::sample(day)).hash(&mut hasher),
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

    /// The objects of a unit on a day.
    pub(super) fn manifests(&self, unit: Unit, day: u32, usage: &HashMap<&'static str, Usage>) -> Vec<Value> {
        match unit {
            Unit::Workload(place) => {
                let workload = &self.workloads[place];
                objects::workload::manifests(self.clock, workload, &workload.state(day))
            }
            Unit::Metrics(place) => {
                let workload = &self.workloads[place];
                metrics::manifests(self.clock, workload, &workload.state(day), day)
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
mod tests {
    use super::*;
    use analysis::forecast::{Point, outlook};

    /// In how many days the CPU quota of a namespace will be used up, of which this much is used on the last day.
    fn days_left(world: &World, namespace: &str, per_cent: u32) -> Option<i64> {
        let used = |day| i64::from(world.usage(day)[namespace].cpu);
        let hard = used(LAST_DAY) * 100 / i64::from(per_cent);
        let point = |day: u32| Point {
            at: world.clock.instant(day.cast_signed()),
            used: used(day),
            hard,
        };
        let points: Vec<Point> = (0..=LAST_DAY).map(point).collect();
        let last = world.clock.instant(LAST_DAY.cast_signed()).date_naive();
        Some((outlook(&points).forecast()?.reached_on - last).num_days())
    }

    #[test]
    fn one_quota_is_used_up_in_three_weeks_and_another_not_in_months() {
        let world = World::new("2026-11-24T09:40:00Z".parse().unwrap());
        let checkout = days_left(&world, "checkout", 93);
        assert!(checkout.is_some_and(|days| (14..30).contains(&days)), "{checkout:?}");
        let search = days_left(&world, "search", 95);
        assert!(search.is_none_or(|days| days > 120), "{search:?}");
    }
}
