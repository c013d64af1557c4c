//! What was read of a cluster at one time, and how completely.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::certificates::ServingCertificate;
use shared::kube_bench::KubeBenchReport;
use shared::object::ObjectRef;
use shared::probes::Probes;
use shared::snapshots::{Collected, KindCoverage};

use super::kind::{Kind, Object, Typed};
use super::usage::Usage;

/// A cluster's objects, and for each kind how reading it ended.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Kubernetes version of the API server, as it reports it; empty where unknown.
    pub version: String,
    /// Why there may be more than was read: a manifest that could not be. What is missing then is not gone.
    pub gap: Option<String>,
    /// Objects that were in no list, and of which it could not be found out whether they exist.
    pub doubtful: BTreeSet<ObjectRef>,
    /// What kube-bench said of nodes, where that was imported.
    pub kube_bench: Vec<KubeBenchReport>,
    /// The `apiVersion` in which objects were written, where it is another than the one that is asked for, or goes, those of kinds
    /// that are not read among them; none where that is not known, as of a live cluster, which converts what it is given.
    pub written: Option<BTreeMap<ObjectRef, String>>,
    /// What the API server answered the collector's handshakes with, or why that was not seen, as a sentence continues; none where
    /// there was no API server to greet.
    pub serving: Option<Result<ServingCertificate, String>>,
    /// What kubelets and other servers answered that were to be called.
    pub probes: Probes,
    /// What containers used when they were measured last; none where that was not read. PodMetrics are no objects of a snapshot:
    /// [`crate::usage::settle`] sums them up.
    pub usage: Option<Arc<Usage>>,
    objects: BTreeMap<Kind, Vec<Arc<Object>>>,
    coverage: BTreeMap<Kind, Collected>,
}

impl Snapshot {
    /// An empty snapshot in which nothing has been read.
    pub fn new(version: impl Into<String>) -> Self {
        Self {
            version: version.into(),
            ..Self::default()
        }
    }

    /// Sets how reading `kind` ended, and what was read. Objects are sorted by namespace and name; of two with the same, the later stays.
    pub fn set(&mut self, kind: Kind, outcome: Collected, objects: Vec<Object>) {
        let mut objects: Vec<Arc<Object>> = objects.into_iter().map(Arc::new).collect();
        objects.sort_by(|a, b| key(a).cmp(&key(b)));
        objects.dedup_by(|later, earlier| {
            let same = key(later) == key(earlier);
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        self.objects.insert(kind, objects);
        self.coverage.insert(kind, outcome);
    }

    /// Adds or replaces one object; its kind counts as read if nothing was said of it.
    pub fn put(&mut self, object: Object) {
        let kind = object.kind();
        let objects = self.objects.entry(kind).or_default();
        match objects.binary_search_by(|other| key(other).cmp(&key(&object))) {
            Ok(place) => objects[place] = Arc::new(object),
            Err(place) => objects.insert(place, Arc::new(object)),
        }
        let count = u32::try_from(objects.len()).unwrap_or(u32::MAX);
        let outcome = self.coverage.entry(kind).or_insert(Collected::Collected { count });
        if matches!(outcome, Collected::Collected { .. } | Collected::Absent) {
            *outcome = Collected::Collected { count };
        }
    }

    /// Removes one object; nothing happens where it is not there.
    pub fn remove(&mut self, kind: Kind, namespace: &str, name: &str) {
        let Some(objects) = self.objects.get_mut(&kind) else {
            return;
        };
        objects.retain(|object| key(object) != (namespace, name));
        if let Some(Collected::Collected { count }) = self.coverage.get_mut(&kind) {
            *count = u32::try_from(objects.len()).unwrap_or(u32::MAX);
        }
    }

    /// The objects of one type, sorted by namespace and name.
    pub fn all<T: Typed + 'static>(&self) -> impl Iterator<Item = &T> {
        self.of(T::KIND).iter().filter_map(|object| T::of(object))
    }

    /// The objects of one kind, sorted by namespace and name.
    pub fn of(&self, kind: Kind) -> &[Arc<Object>] {
        self.objects.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// One object.
    pub fn get(&self, kind: Kind, namespace: &str, name: &str) -> Option<&Arc<Object>> {
        let objects = self.of(kind);
        objects
            .binary_search_by(|object| key(object).cmp(&(namespace, name)))
            .ok()
            .map(|place| &objects[place])
    }

    /// One object of a type.
    pub fn find<T: Typed>(&self, namespace: &str, name: &str) -> Option<&T> {
        self.get(T::KIND, namespace, name).and_then(|object| T::of(object))
    }

    /// The object that a reference names.
    pub fn resolve(&self, reference: &ObjectRef) -> Option<&Arc<Object>> {
        let kind = Kind::of_group_kind(&reference.group, &reference.kind)?;
        self.get(kind, &reference.namespace, &reference.name)
    }

    /// All objects, kind by kind.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.values().flatten()
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.objects.values().map(Vec::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How reading `kind` ended.
    pub fn outcome(&self, kind: Kind) -> Collected {
        let never = || Collected::Skipped {
            reason: "it was not asked for".into(),
        };
        self.coverage.get(&kind).cloned().unwrap_or_else(never)
    }

    /// How reading each kind ended, in the order of [`Kind::ALL`].
    pub fn coverage(&self) -> Vec<KindCoverage> {
        let row = |kind: &Kind| KindCoverage {
            resource: kind.info().resource(),
            outcome: self.outcome(*kind),
        };
        Kind::ALL.iter().map(row).collect()
    }
}

fn key(object: &Object) -> (&str, &str) {
    let meta = object.meta();
    (&meta.namespace, &meta.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::meta::ObjectMeta;
    use crate::model::namespace::Namespace;

    fn namespace(name: &str) -> Object {
        Namespace {
            metadata: Some(ObjectMeta {
                name: name.into(),
                ..ObjectMeta::default()
            }),
            status: None,
        }
        .into()
    }

    #[test]
    fn objects_are_found_by_name_however_they_came() {
        let mut snapshot = Snapshot::new("");
        snapshot.set(
            Kind::Namespace,
            Collected::Collected { count: 2 },
            vec![namespace("b"), namespace("a")],
        );
        snapshot.put(namespace("ab"));
        assert!(snapshot.find::<Namespace>("", "ab").is_some());
        assert_eq!(snapshot.outcome(Kind::Namespace).count(), Some(3));
        snapshot.remove(Kind::Namespace, "", "a");
        assert_eq!(snapshot.all::<Namespace>().count(), 2);
    }

    #[test]
    fn what_was_never_read_is_not_known() {
        assert!(!Snapshot::new("").outcome(Kind::Pod).is_known());
    }
}
