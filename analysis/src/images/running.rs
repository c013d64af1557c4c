//! Which images a workload runs, and whether they were scanned.

use std::collections::BTreeMap;

use super::reference::ImageReference;
use super::reports::{self, Reports};
use crate::cluster::containers;
use crate::model::pod::Pod;
use crate::model::vulnerability_report::VulnerabilityReport;

/// An image that runs.
#[derive(Debug, Clone)]
pub struct Running<'a> {
    /// The container in which it runs.
    pub container: &'a str,
    /// Its digest as the runtime tells it: `sha256:…`.
    pub digest: &'a str,
    /// The repositories that serve it by that digest, as runtimes tell; one that got the image in another way tells none.
    repositories: Vec<&'a str>,
    /// The first pod that runs it.
    pod: &'a Pod,
}

/// The images that the pods of a workload run, by container and by digest.
#[derive(Debug, Default)]
pub struct Images<'a>(Vec<Running<'a>>);

impl<'a> Images<'a> {
    /// Reads them from the pods.
    pub fn of(pods: &[&'a Pod]) -> Self {
        let mut images = Self::default();
        let mut before: Option<&Pod> = None;
        for pod in pods {
            // Replicas mostly run the same, and a pod that tells the same as the one before adds nothing.
            if before
                .replace(pod)
                .is_some_and(|before| statuses(before).eq(statuses(pod)))
            {
                continue;
            }
            for (container, id) in ids(pod) {
                images.add(pod, container, id);
            }
        }
        images.0.sort_by_key(|running| (running.container, running.digest));
        images
    }

    fn add(&mut self, pod: &'a Pod, container: &'a str, id: &'a str) {
        let Some(start) = id.find("sha256:") else { return };
        let (before, digest) = id.split_at(start);
        let is_it = |running: &&mut Running<'_>| (running.container, running.digest) == (container, digest);
        let repository = repository(before);
        if let Some(known) = self.0.iter_mut().find(is_it) {
            let is_new = |name: &&str| !known.repositories.contains(name);
            known.repositories.extend(repository.filter(is_new));
            return;
        }
        self.0.push(Running {
            container,
            digest,
            repositories: repository.into_iter().collect(),
            pod,
        });
    }

    /// The images that run in the container of that name: several during a roll-out, none where no pod tells.
    pub fn in_container(&self, container: &str) -> &[Running<'a>] {
        let start = self.0.partition_point(|running| running.container < container);
        let images = &self.0[start..];
        &images[..images.partition_point(|running| running.container == container)]
    }

    /// The digest to which a container could be pinned without a change of what runs: all its pods run the same, and the
    /// repository of its image serves it. A runtime may tell another repository, in which the same image is.
    pub fn pinnable(&self, container: &str, image: ImageReference<'_>) -> Option<&'a str> {
        let [one] = self.in_container(container) else {
            return None;
        };
        let is_served = one.repositories.iter().any(|name| image.is_in(name));
        is_served.then_some(one.digest)
    }
}

impl Running<'_> {
    /// What a scanner found in it.
    pub fn report<'r>(&self, reports: &Reports<'r>) -> Option<&'r VulnerabilityReport> {
        // Of an image that is named by tag the Trivy Operator tells the digest of its configuration, which is none that pods
        // report; and of some it tells none. Then the report is taken for the image of the container that it was made for.
        let is_of_tag = |report: &&VulnerabilityReport| {
            reports::digest(report).is_none() || reports::names(report, written(self.pod, self.container))
        };
        let of_tag = || self.of_container(reports).filter(is_of_tag);
        reports.of_image(self.digest).or_else(of_tag)
    }

    /// The report of its container, which may be of another image.
    pub fn of_container<'r>(&self, reports: &Reports<'r>) -> Option<&'r VulnerabilityReport> {
        reports.of_container(self.pod, self.container)
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

/// The image of a container as the pod names it. Of several of a name the first counts.
fn written<'a>(pod: &'a Pod, container: &str) -> &'a str {
    let mut all = pod.spec.iter().flat_map(containers);
    let found = all.find(|at| at.container.name == container);
    found.map_or("", |at| at.container.image.as_str())
}

/// The repository of what stands before a digest: `docker-pullable://nginx@`.
fn repository(before: &str) -> Option<&str> {
    let name = before.strip_suffix('@')?;
    Some(name.split_once("://").map_or(name, |(_, name)| name))
}
