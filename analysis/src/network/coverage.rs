//! How far policies cover a cluster. Pairs of pods are counted by their classes, so that the cost grows with these.

use std::collections::BTreeMap;

use shared::network::coverage::{Coverage, Extent, Isolation, Matrix, NamespaceCoverage, Pairs, Protection};

use super::classes::ClassId;
use super::connections::LAST;
use super::default_deny::{ByDefault, CLUSTER_WIDE, is_isolated, of_namespace};
use super::engine::Network;
use super::interned::{ALL, Id, Interned, NONE};
use super::model::Model;
use super::rule::Direction;
use crate::check::{Need, workloads_and};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::run::unmet_need;

/// What must have been read to know how far policies cover a cluster.
pub const READS: [Need; 13] = workloads_and(&[
    Need::Read(Kind::Namespace),
    Need::Read(Kind::NetworkPolicy),
    CLUSTER_WIDE[0],
    CLUSTER_WIDE[1],
    CLUSTER_WIDE[2],
]);

/// How far policies cover a cluster.
///
/// # Errors
/// Why it can't be told, in a sentence: something of it was not read.
pub fn of(cluster: &Cluster<'_>) -> Result<Coverage, String> {
    match unmet_need(&READS, cluster.snapshot) {
        Some(reason) => Err(reason),
        None => Ok(coverage(&cluster.network().model, &cluster.network().network)),
    }
}

/// How far policies cover a cluster of which all is known.
pub fn coverage(model: &Model, network: &Network) -> Coverage {
    let cells = cells(model, network);
    let counted = count(model.namespaces.len(), &cells, network);
    let mut namespaces = protections(model, network);
    for (place, (namespace, into)) in namespaces.iter_mut().zip(counted.into).enumerate() {
        let protection = &mut namespace.protection;
        protection.pairs = into.shared();
        for (direction, isolation) in [
            (Direction::Ingress, &mut protection.ingress),
            (Direction::Egress, &mut protection.egress),
        ] {
            isolation.default_deny = match of_namespace(network, &model.namespaces[place], direction) {
                ByDefault::Denied => Extent::All,
                _ if isolation.pods > 0 => Extent::Some,
                _ => Extent::None,
            };
        }
    }
    Coverage {
        cluster: whole(&namespaces),
        namespaces,
        matrix: counted.matrix,
    }
}

/// How many pods of a class there are in a namespace, by its place; pods on the network of their node left out.
type Cells = BTreeMap<ClassId, BTreeMap<usize, u64>>;

fn cells(model: &Model, network: &Network) -> Cells {
    let mut cells = Cells::new();
    let entries = model.pods.iter().zip(&network.classes.of_pods);
    for (pods, classes) in entries.filter(|(pods, _)| !pods.host_network) {
        for class in classes {
            *cells.entry(*class).or_default().entry(pods.namespace).or_default() += 1;
        }
    }
    cells
}

/// Pairs while they are counted.
#[derive(Clone, Copy, Default)]
struct Counted {
    all: u64,
    open: u64,
    part: u64,
    /// The open ports of all pairs; exact up to 2⁵³.
    ports: f64,
}

/// The ports of a pair, of all protocols.
const PORTS: f64 = 3.0 * LAST as f64;

impl Counted {
    fn add(&mut self, id: Id, ports: f64, pairs: u64) {
        self.all += pairs;
        match id {
            NONE => return,
            ALL => self.open += pairs,
            _ => self.part += pairs,
        }
        self.ports += ports * float(pairs);
    }

    fn shared(self) -> Pairs {
        Pairs {
            all: self.all,
            open: self.open,
            part: self.part,
            open_ports: (self.all > 0).then(|| self.ports / (PORTS * float(self.all))),
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
fn float(number: u64) -> f64 {
    number as f64
}

struct Counts {
    /// The pairs that lead into each namespace.
    into: Vec<Counted>,
    matrix: Matrix,
}

fn count(namespaces: usize, cells: &Cells, network: &Network) -> Counts {
    let mut counts = Counts {
        into: vec![Counted::default(); namespaces],
        matrix: Matrix {
            open: vec![0; namespaces * namespaces],
            part: vec![0; namespaces * namespaces],
        },
    };
    let mut ports: Vec<f64> = Vec::new();
    // What leads from one pod of the class into each namespace.
    let mut row = vec![Counted::default(); namespaces];
    network.matrix(|from, ids, sets| {
        let Some(sources) = cells.get(&from) else {
            return;
        };
        row.fill(Counted::default());
        for (to, there) in cells {
            let id = ids[*to as usize];
            let open = ports_of(&mut ports, sets, id);
            there.iter().for_each(|(place, pods)| row[*place].add(id, open, *pods));
        }
        let itself = ids[from as usize];
        let open = ports_of(&mut ports, sets, itself);
        for (source, pods) in sources {
            for (place, each) in row.iter().enumerate().filter(|(_, each)| each.all > 0) {
                let at = source * namespaces + place;
                // A pod has no pair with itself.
                let own = u64::from(place == *source);
                let (is_open, is_part) = (u64::from(itself == ALL), u64::from(itself != ALL && itself != NONE));
                let (all, part) = ((each.open - own * is_open) * pods, (each.part - own * is_part) * pods);
                counts.matrix.open[at] += all;
                counts.matrix.part[at] += part;
                let into = &mut counts.into[place];
                into.all += (each.all - own) * pods;
                into.open += all;
                into.part += part;
                into.ports += (each.ports - float(own) * open) * float(*pods);
            }
        }
    });
    counts
}

/// How many ports a set holds, counted once for each set.
fn ports_of(known: &mut Vec<f64>, sets: &Interned, id: Id) -> f64 {
    let place = id as usize;
    if known.len() <= place {
        known.resize(place + 1, -1.0);
    }
    if known[place] < 0.0 {
        let each = sets.get(id).each();
        known[place] = each.map(|(_, ports)| f64::from(ports.count())).sum();
    }
    known[place]
}

/// The pods and workloads of each namespace, without their pairs.
fn protections(model: &Model, network: &Network) -> Vec<NamespaceCoverage> {
    let named = model.namespaces.iter().map(|namespace| NamespaceCoverage {
        name: namespace.name.clone(),
        ..NamespaceCoverage::default()
    });
    let mut namespaces: Vec<NamespaceCoverage> = named.collect();
    let isolated =
        |class| [Direction::Ingress, Direction::Egress].map(|direction| is_isolated(network, class, direction));
    let classes = ClassId::try_from(network.classes.all.len()).unwrap_or(ClassId::MAX);
    let isolated: Vec<[bool; 2]> = (0..classes).map(isolated).collect();
    // Whether all of a workload's pods are, of those that have such pods.
    let mut workloads: BTreeMap<usize, (usize, [bool; 2])> = BTreeMap::new();
    for (pods, classes) in model.pods.iter().zip(&network.classes.of_pods) {
        let protection = &mut namespaces[pods.namespace].protection;
        if pods.host_network {
            protection.host_network += u32::try_from(pods.each.len()).unwrap_or(u32::MAX);
            continue;
        }
        for class in classes {
            let [ingress, egress] = isolated[*class as usize];
            protection.pods += 1;
            protection.ingress.pods += u32::from(ingress);
            protection.egress.pods += u32::from(egress);
            let (_, all) = workloads.entry(pods.workload).or_insert((pods.namespace, [true; 2]));
            *all = [all[0] && ingress, all[1] && egress];
        }
    }
    for (place, [ingress, egress]) in workloads.into_values() {
        let protection = &mut namespaces[place].protection;
        protection.workloads += 1;
        protection.ingress.workloads += u32::from(ingress);
        protection.egress.workloads += u32::from(egress);
    }
    namespaces
}

fn whole(namespaces: &[NamespaceCoverage]) -> Protection {
    let each = || namespaces.iter().map(|namespace| &namespace.protection);
    let sum = |of: fn(&Protection) -> u32| each().map(of).sum::<u32>();
    let isolation = |of: fn(&Protection) -> &Isolation| {
        let mut extents = each()
            .filter(|protection| protection.pods > 0)
            .map(|protection| of(protection).default_deny);
        let first = extents.next().unwrap_or_default();
        Isolation {
            pods: each().map(|protection| of(protection).pods).sum(),
            workloads: each().map(|protection| of(protection).workloads).sum(),
            default_deny: if extents.all(|extent| extent == first) {
                first
            } else {
                Extent::Some
            },
        }
    };
    let pairs = each().fold(Counted::default(), |sum, protection| {
        let pairs = &protection.pairs;
        Counted {
            all: sum.all + pairs.all,
            open: sum.open + pairs.open,
            part: sum.part + pairs.part,
            ports: sum.ports + pairs.open_ports.unwrap_or_default() * PORTS * float(pairs.all),
        }
    });
    Protection {
        pods: sum(|protection| protection.pods),
        workloads: sum(|protection| protection.workloads),
        host_network: sum(|protection| protection.host_network),
        ingress: isolation(|protection| &protection.ingress),
        egress: isolation(|protection| &protection.egress),
        pairs: pairs.shared(),
    }
}

#[cfg(test)]
mod tests;
