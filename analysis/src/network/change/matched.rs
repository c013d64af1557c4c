//! The workloads of two states, each pod of the one with its like of the other.

use std::collections::{BTreeMap, BTreeSet};

use shared::network::change::There;
use shared::network::{Endpoint, WorkloadEndpoint};
use shared::object::ObjectRef;

use super::State;
use crate::model::pairs::Labels;
use crate::network::classes::ClassId;
use crate::network::model::{Place, Pods};

/// Labels that controllers give to each of the pods that they make: they differ where nothing else does.
pub(in crate::network) const GENERATED: &[&str] = &[
    "pod-template-hash",
    "controller-revision-hash",
    "pod-template-generation",
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/job-completion-index",
];

/// The class of an end before and after; none where it is not there.
pub(in crate::network) type Joint = [Option<ClassId>; 2];

/// Pods of a workload that policies tell apart neither before nor after.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) endpoint: Endpoint,
    /// The place of its classes.
    pub(super) joint: usize,
    pub(super) pods: u64,
    classes: Joint,
    /// The place of its workload among those of both states.
    workload: usize,
    is_host: [bool; 2],
    /// The nodes of its pods that are known, before and after.
    nodes: [BTreeSet<usize>; 2],
}

impl Unit {
    pub(super) fn there(&self) -> There {
        match self.classes {
            [Some(_), None] => There::Before,
            [None, Some(_)] => There::After,
            _ => There::Both,
        }
    }

    /// Whether traffic between the two is that between a pod and its own node, which is always let through; before and after.
    pub(super) fn shares_node(&self, other: &Self) -> [bool; 2] {
        std::array::from_fn(|side| {
            (self.is_host[side] || other.is_host[side]) && !self.nodes[side].is_disjoint(&other.nodes[side])
        })
    }

    fn touches_host(&self) -> bool {
        self.is_host.contains(&true)
    }
}

/// What is there in either state.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// The pods, by namespace, kind and name of their workloads.
    pub(super) units: Vec<Unit>,
    /// The classes that they are of.
    pub(super) joints: Vec<Joint>,
    pub(super) appeared: Vec<ObjectRef>,
    pub(super) gone: Vec<ObjectRef>,
    /// The units of each joint, in order.
    of_joint: Vec<Vec<usize>>,
    /// Those on the network of their node, in order.
    hosts: Vec<usize>,
}

/// A pod in one of the states.
#[derive(Clone, Copy)]
struct Pod<'a> {
    pods: &'a Pods,
    place: &'a Place,
    class: ClassId,
}

impl Matched {
    pub(super) fn of(before: State<'_>, after: State<'_>) -> Self {
        let mut found: BTreeMap<&ObjectRef, [Vec<Pod<'_>>; 2]> = BTreeMap::new();
        for (side, state) in [before, after].into_iter().enumerate() {
            for (pods, classes) in state.model.pods.iter().zip(&state.network.classes.of_pods) {
                let of_workload = &mut found.entry(&state.model.workloads[pods.workload]).or_default()[side];
                let each = pods.each.iter().zip(classes);
                of_workload.extend(each.map(|(place, class)| Pod {
                    pods,
                    place,
                    class: *class,
                }));
            }
        }
        let mut matched = Self::default();
        for (workload, (reference, sides)) in found.into_iter().enumerate() {
            match (sides[0].is_empty(), sides[1].is_empty()) {
                (true, false) => matched.appeared.push(reference.clone()),
                (false, true) => matched.gone.push(reference.clone()),
                _ => {}
            }
            matched.units.extend(units(workload, reference, &sides));
        }
        matched.units.sort_by(|one, two| one.endpoint.cmp(&two.endpoint));
        matched.index();
        matched
    }

    fn index(&mut self) {
        let mut known: BTreeMap<Joint, usize> = BTreeMap::new();
        for (place, unit) in self.units.iter_mut().enumerate() {
            unit.joint = *known.entry(unit.classes).or_insert_with(|| {
                self.joints.push(unit.classes);
                self.of_joint.push(Vec::new());
                self.joints.len() - 1
            });
            self.of_joint[unit.joint].push(place);
            if unit.touches_host() {
                self.hosts.push(place);
            }
        }
    }

    /// The destinations for which something may have changed where it did for these joints, in order.
    pub(super) fn candidates(&self, source: &Unit, changed: &[usize]) -> Vec<usize> {
        let mut all: Vec<usize> = match source.touches_host() {
            true => (0..self.units.len()).collect(),
            false => {
                let of_joints = changed.iter().flat_map(|joint| &self.of_joint[*joint]);
                of_joints.chain(&self.hosts).copied().collect()
            }
        };
        all.sort_unstable();
        all.dedup();
        all.retain(|place| self.units[*place].workload != source.workload);
        all
    }
}

/// The pods of a workload by their classes; numbered where there are several sorts.
fn units(workload: usize, reference: &ObjectRef, sides: &[Vec<Pod<'_>>; 2]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut known: BTreeMap<Joint, usize> = BTreeMap::new();
    for pair in matches(sides) {
        let classes = pair.map(|pod| pod.map(|pod| pod.class));
        let place = *known.entry(classes).or_insert_with(|| {
            units.push(unit(workload, reference, pair));
            units.len() - 1
        });
        for (nodes, pod) in units[place].nodes.iter_mut().zip(pair) {
            nodes.extend(pod.and_then(|pod| pod.place.node));
        }
        units[place].pods += 1;
    }
    if units.len() > 1 {
        for (number, unit) in (1..).zip(&mut units) {
            if let Endpoint::Workload(workload) = &mut unit.endpoint {
                workload.name = format!("{}#{number}", workload.name);
            }
        }
    }
    units
}

fn unit(workload: usize, reference: &ObjectRef, pair: [Option<Pod<'_>>; 2]) -> Unit {
    Unit {
        endpoint: Endpoint::Workload(WorkloadEndpoint {
            namespace: reference.namespace.clone(),
            kind: reference.kind.clone(),
            name: reference.name.clone(),
        }),
        joint: 0,
        pods: 0,
        classes: pair.map(|pod| pod.map(|pod| pod.class)),
        workload,
        is_host: pair.map(|pod| pod.is_some_and(|pod| pod.pods.host_network)),
        nodes: [BTreeSet::new(), BTreeSet::new()],
    }
}

/// Each pod of a workload with its like: the pod of its name, else one that differs in generated labels alone, else one that is
/// left. Where there are fewer on the one side, the last stands for those that it lacks; what is like nothing there is alone.
fn matches<'a>([before, after]: &[Vec<Pod<'a>>; 2]) -> Vec<[Option<Pod<'a>>; 2]> {
    let name = |pod: &Pod<'a>| pod.place.pod.as_str();
    let by_name: BTreeMap<&str, usize> = (0..).zip(before).map(|(place, pod)| (name(pod), place)).collect();
    let mut is_left = vec![true; before.len()];
    let (mut pairs, mut left) = (Vec::new(), [Vec::new(), Vec::new()]);
    for pod in after {
        match by_name.get(name(pod)).filter(|_| !name(pod).is_empty()) {
            Some(place) => {
                is_left[*place] = false;
                pairs.push([Some(before[*place]), Some(*pod)]);
            }
            None => left[1].push(*pod),
        }
    }
    left[0].extend(
        before
            .iter()
            .zip(&is_left)
            .filter(|(_, is_left)| **is_left)
            .map(|(pod, _)| *pod),
    );
    let mut alike: BTreeMap<_, [Vec<Pod<'a>>; 2]> = BTreeMap::new();
    for (side, pods) in left.into_iter().enumerate() {
        for pod in pods {
            alike.entry(likeness(&pod)).or_default()[side].push(pod);
        }
    }
    let mut unlike = [Vec::new(), Vec::new()];
    for [before, after] in alike.into_values() {
        if before.is_empty() || after.is_empty() {
            unlike[0].extend(before);
            unlike[1].extend(after);
        } else {
            pairs.extend(zip(&before, &after));
        }
    }
    pairs.extend(zip(&unlike[0], &unlike[1]));
    pairs
}

fn zip<'a>(before: &[Pod<'a>], after: &[Pod<'a>]) -> Vec<[Option<Pod<'a>>; 2]> {
    let at = |pods: &[Pod<'a>], place: usize| pods.get(place).or(pods.last()).copied();
    let places = 0..before.len().max(after.len());
    places.map(|place| [at(before, place), at(after, place)]).collect()
}

/// What is the same of pods that are alike.
fn likeness<'a>(pod: &Pod<'a>) -> (bool, Vec<(&'a String, &'a String)>, usize) {
    let labels: &'a Labels = &pod.pods.labels;
    let given = labels.pairs().filter(|(key, _)| !GENERATED.contains(&key.as_str()));
    (pod.pods.host_network, given.collect(), pod.pods.ports.len())
}
