//! A cluster's network under its policies, evaluated once for all who ask.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

use shared::object::ObjectRef;

use super::classes::{ClassId, Of};
use super::engine::Network;
use super::model::{Model, Named, Pods};
use super::read;
use super::rule::Policy;
use super::undone::Undoing;
use crate::cluster::Cluster;

/// The model and what is known of it, with indices.
#[derive(Debug)]
pub struct Evaluated {
    /// The cluster.
    pub model: Model,
    /// What may connect to what.
    pub network: Network,
    /// The entries of a workload in the model.
    of_workloads: HashMap<ObjectRef, Range<usize>>,
    /// The entries of each namespace, by its place.
    in_namespaces: Vec<Vec<usize>>,
    /// The places of policies.
    places: HashMap<ObjectRef, usize>,
    /// The first two entries of each class that are of different namespaces.
    homes: Vec<Vec<usize>>,
    undoing: OnceLock<Undoing>,
    /// The labels of pods, by the place of their namespace.
    labels: OnceLock<Vec<HashSet<(String, String)>>>,
}

impl Evaluated {
    /// Evaluates the policies that are valid; the others do nothing.
    pub fn of(cluster: &Cluster<'_>) -> Self {
        let model = Model::of(cluster);
        let network = Network::new(&model, read::policies(cluster.snapshot).0);
        let mut of_workloads: HashMap<ObjectRef, Range<usize>> = HashMap::with_capacity(model.workloads.len());
        let mut in_namespaces = vec![Vec::new(); model.namespaces.len()];
        // The entries of a workload follow each other.
        for (entry, pods) in model.pods.iter().enumerate() {
            in_namespaces[pods.namespace].push(entry);
            match of_workloads.get_mut(&model.workloads[pods.workload]) {
                Some(entries) => entries.end = entry + 1,
                None => _ = of_workloads.insert(model.workloads[pods.workload].clone(), entry..entry + 1),
            }
        }
        let homes = homes(&model, &network);
        let places = (0..).zip(&network.policies);
        Self {
            places: places.map(|(place, policy)| (policy.object.clone(), place)).collect(),
            model,
            network,
            of_workloads,
            in_namespaces,
            homes,
            undoing: OnceLock::new(),
            labels: OnceLock::new(),
        }
    }

    /// A namespace.
    pub fn namespace(&self, name: &str) -> Option<&Named> {
        self.place(name).map(|place| &self.model.namespaces[place])
    }

    fn place(&self, name: &str) -> Option<usize> {
        let namespaces = &self.model.namespaces;
        namespaces.binary_search_by(|named| named.name.as_str().cmp(name)).ok()
    }

    /// A policy that the API server would take.
    pub fn policy(&self, object: &ObjectRef) -> Option<&Policy> {
        self.places.get(object).map(|place| &self.network.policies[*place])
    }

    /// What policies make of each other.
    pub fn undoing(&self) -> &Undoing {
        self.undoing.get_or_init(|| Undoing::of(&self.network))
    }

    /// The pods of a workload that policies have a say over, by their classes.
    pub fn pods_of(&self, workload: &ObjectRef) -> impl Iterator<Item = (&Pods, ClassId)> {
        let entries = self.of_workloads.get(workload).cloned().unwrap_or_default();
        entries.flat_map(|entry| self.subjects(entry))
    }

    /// The pods of a namespace that policies have a say over, by their classes.
    pub fn pods_in(&self, namespace: &str) -> impl Iterator<Item = (&Pods, ClassId)> {
        let entries = self.place(namespace).map(|place| &self.in_namespaces[place]);
        entries.into_iter().flatten().flat_map(|entry| self.subjects(*entry))
    }

    /// Whether a pod of a namespace has a label, or would have by its template.
    pub fn carries(&self, namespace: &str, key: &str, value: &str) -> bool {
        let labels = self.labels.get_or_init(|| {
            let mut labels = vec![HashSet::new(); self.model.namespaces.len()];
            for pods in &self.model.pods {
                let pairs = pods.labels.pairs();
                labels[pods.namespace].extend(pairs.map(|(key, value)| (key.clone(), value.clone())));
            }
            labels
        });
        let place = self.place(namespace);
        place.is_some_and(|place| labels[place].contains(&(key.to_owned(), value.to_owned())))
    }

    /// The classes of pods that there are in other namespaces than this, each with a workload there.
    pub fn outside(&self, namespace: &str) -> impl Iterator<Item = (ClassId, &ObjectRef)> {
        let place = self.place(namespace);
        (0..).zip(&self.homes).filter_map(move |(class, entries)| {
            let mut others = entries.iter().map(|entry| &self.model.pods[*entry]);
            let pods = others.find(|pods| Some(pods.namespace) != place)?;
            Some((class, &self.model.workloads[pods.workload]))
        })
    }

    fn subjects(&self, entry: usize) -> impl Iterator<Item = (&Pods, ClassId)> {
        let pods = &self.model.pods[entry];
        let classes = self.network.classes.of_pods[entry].iter();
        let subjects = classes.filter(|class| self.network.classes.all[**class as usize].of == Of::Pods);
        subjects.map(move |class| (pods, *class))
    }
}

/// Classes in order, each once.
pub fn distinct<'a>(pods: impl Iterator<Item = (&'a Pods, ClassId)>) -> Vec<ClassId> {
    let mut classes: Vec<ClassId> = pods.map(|(_, class)| class).collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

fn homes(model: &Model, network: &Network) -> Vec<Vec<usize>> {
    let mut homes: Vec<Vec<usize>> = vec![Vec::new(); network.classes.all.len()];
    let entries = model.pods.iter().zip(&network.classes.of_pods).enumerate();
    for (entry, (pods, classes)) in entries.filter(|(_, (pods, _))| !pods.host_network) {
        for class in classes {
            let known = &mut homes[*class as usize];
            let is_new = known.iter().all(|other| model.pods[*other].namespace != pods.namespace);
            if known.len() < 2 && is_new {
                known.push(entry);
            }
        }
    }
    homes
}
