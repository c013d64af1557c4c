//! Which images a workload runs, and whether they were scanned.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::reference::ImageReference;
use super::reports;
use crate::cluster::{Cluster, Workload, containers};
use crate::model::pod::Pod;
use crate::model::vulnerability_report::VulnerabilityReport;

/// An image that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Running<'a> {
    /// Its digest as the runtime tells it: `sha256:…`.
    pub digest: &'a str,
    /// The repositories that serve it by that digest, as runtimes tell; one that got the image in another way tells none.
    pub repositories: BTreeSet<&'a str>,
    /// What a scanner found in it.
    pub report: Option<&'a VulnerabilityReport>,
    /// Where there is no report of it: one of the same container with another image.
    pub other: Option<&'a VulnerabilityReport>,
}

/// The images that the pods of a workload run, by container and by digest.
#[derive(Debug)]
pub struct Images<'a> {
    of_containers: BTreeMap<&'a str, BTreeMap<&'a str, Running<'a>>>,
}

impl<'a> Images<'a> {
    /// Reads them from the pods.
    pub fn of(cluster: &Cluster<'a>, workload: &Workload<'a>) -> Self {
        let mut of_containers: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        let mut before: Option<&Pod> = None;
        for pod in &workload.pods {
            // Replicas mostly run the same, and a pod that tells the same as the one before adds nothing.
            if before
                .replace(pod)
                .is_some_and(|before| statuses(before).eq(statuses(pod)))
            {
                continue;
            }
            // Asked for images that no pod before it runs, and so mostly of the first.
            let written = LazyCell::new(|| written(pod));
            for (container, id) in ids(pod) {
                let Some(start) = id.find("sha256:") else { continue };
                let image = || written.get(container).copied().unwrap_or_default();
                let running = of_containers
                    .entry(container)
                    .or_default()
                    .entry(&id[start..])
                    .or_insert_with(|| running(cluster, pod, (container, image()), &id[start..]));
                running.repositories.extend(repository(&id[..start]));
            }
        }
        Self { of_containers }
    }

    /// The images that run in the container of that name: several during a roll-out, none where no pod tells.
    pub fn in_container(&self, container: &str) -> Vec<&Running<'a>> {
        let images = self.of_containers.get(container);
        images.into_iter().flat_map(BTreeMap::values).collect()
    }

    /// The digest to which a container could be pinned without a change of what runs: all its pods run the same, and the
    /// repository of its image serves it. A runtime may tell another repository, in which the same image is.
    pub fn pinnable(&self, container: &str, image: ImageReference<'_>) -> Option<&'a str> {
        let images = self.in_container(container);
        let [one] = images.as_slice() else { return None };
        let is_served = one.repositories.iter().any(|name| image.is_in(name));
        is_served.then_some(one.digest)
    }
}

/// The containers of a pod, each with what the runtime tells of its image. Of several of a name the first counts.
fn ids(pod: &Pod) -> BTreeMap<&str, &str> {
    let mut ids = BTreeMap::new();
    for (container, id) in statuses(pod) {
        ids.entry(container).or_insert(id);
    }
    ids
}

/// The names of its containers, and what the runtime tells of their images.
fn statuses(pod: &Pod) -> impl Iterator<Item = (&str, &str)> {
    let statuses = pod.status.iter();
    let all = statuses.flat_map(|status| status.container_statuses.iter().chain(&status.init_container_statuses));
    all.map(|status| (status.name.as_str(), status.image_id.as_str()))
}

/// The images as the pod names them, by container.
fn written(pod: &Pod) -> BTreeMap<&str, &str> {
    let mut images = BTreeMap::new();
    for at in pod.spec.iter().flat_map(containers) {
        images
            .entry(at.container.name.as_str())
            .or_insert(at.container.image.as_str());
    }
    images
}

/// The repository of what stands before a digest: `docker-pullable://nginx@`.
fn repository(before: &str) -> Option<&str> {
    let name = before.strip_suffix('@')?;
    Some(name.split_once("://").map_or(name, |(_, name)| name))
}

/// What is known of an image that a pod runs in a container, which it names so.
fn running<'a>(cluster: &Cluster<'a>, pod: &Pod, (container, image): (&str, &str), digest: &'a str) -> Running<'a> {
    let of_container = || cluster.reports().of_container(pod, container);
    // Of an image that is named by tag the Trivy Operator tells the digest of its configuration, which is none that pods
    // report; and of some it tells none. Then the report is taken for the image of the container that it was made for.
    let of_tag = || of_container().filter(|report| reports::digest(report).is_none() || reports::names(report, image));
    let report = cluster.reports().of_image(digest).or_else(of_tag);
    let other = if report.is_none() { of_container() } else { None };
    Running {
        digest,
        repositories: BTreeSet::new(),
        report,
        other,
    }
}
