//! What belongs to the platform and needs its privilege: network and storage plugins, collectors of logs and figures.
//!
//! It is known by what it is: by the repositories that its images come from, by the paths of the node that it must mount and
//! the namespaces that it must share to do its work. A name or a label proves nothing and is not asked for. What is found of
//! it is expected as far as the project is known to need it; the rest is judged as usual.
//!
//! What a container runs is not asked for: an image of a project that is started with another command, a shell say, is expected
//! like the project itself. Whoever may start it with the project's privilege needs no such disguise to take the node.

mod evidence;
mod known;
mod registry;

use std::collections::BTreeMap;

use shared::object::ObjectRef;

use crate::cluster::{ContainerList, Workload};
use crate::finding::Finding;
use known::{ADD_ONS, KNOWN, Known};
use registry::Registries;

/// The workloads of a cluster that belong to its platform.
#[derive(Debug, Default)]
pub struct Platform {
    needing: BTreeMap<ObjectRef, &'static Known>,
    registries: Registries,
}

impl Platform {
    /// Finds them.
    pub fn new(workloads: &[Workload<'_>]) -> Self {
        let registries = Registries::of(workloads);
        let needing = workloads
            .iter()
            .filter_map(|workload| Some((workload.reference.clone(), known(&registries, workload)?)))
            .collect();
        Self { needing, registries }
    }

    /// Why what is found is there by design; none where it is not.
    pub fn reason(&self, finding: &Finding) -> Option<String> {
        let known = self.needing.get(&finding.object)?;
        evidence::is_needed(&known.needs, finding).then(|| format!("{} ({})", known.reason, known.project))
    }

    /// Whether a workload is one of these, or an add-on that clusters come with and that needs no privilege.
    pub fn has(&self, workload: &Workload<'_>) -> bool {
        self.needing.contains_key(&workload.reference) || runs_only(&self.registries, workload, &ADD_ONS)
    }
}

fn known(registries: &Registries, workload: &Workload<'_>) -> Option<&'static Known> {
    let is_placed = match workload.reference.kind.as_str() {
        "DaemonSet" => |known: &Known| !known.is_static,
        "Pod" if workload.is_static_pod() => |known: &Known| known.is_static,
        _ => return None,
    };
    // Images are cheaper to compare than mounts.
    KNOWN.iter().find(|known| {
        is_placed(known) && runs_only(registries, workload, &known.images) && evidence::is_shown(&known.shows, workload)
    })
}

/// Whether every container runs an image of these repositories. Debuggers come and go, and change nothing.
fn runs_only(registries: &Registries, workload: &Workload<'_>, repositories: &[String]) -> bool {
    let is_of_one = |image: &str| {
        repositories
            .iter()
            .any(|repository| registries.is_of(image, repository))
    };
    let mut lasting = workload.containers().filter(|at| at.list != ContainerList::Ephemeral);
    lasting.all(|at| is_of_one(&at.container.image))
}

#[cfg(test)]
mod tests;
