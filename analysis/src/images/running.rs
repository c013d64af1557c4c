//! Which images a container runs, and whether they were scanned.

use std::collections::BTreeMap;

use super::reports;
use crate::cluster::{Cluster, Workload, containers};
use crate::model::pod::Pod;
use crate::model::vulnerability_report::VulnerabilityReport;

/// An image that runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Running<'a> {
    /// Its digest as the runtime tells it: `sha256:…`.
    pub digest: &'a str,
    /// Whether a registry serves it by that digest; a runtime that got the image in another way tells its own id of it.
    pub is_pullable: bool,
    /// What a scanner found in it.
    pub report: Option<&'a VulnerabilityReport>,
    /// Where there is no report of it: one of the same container with another image.
    pub other: Option<&'a VulnerabilityReport>,
}

/// The images that the pods of a workload run in the container of that name, by digest: several during a roll-out, none
/// where no pod tells.
pub fn running<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>, container: &str) -> Vec<Running<'a>> {
    let mut images = BTreeMap::new();
    for pod in &workload.pods {
        let Some(id) = image_id(pod, container) else { continue };
        if let Some(start) = id.find("sha256:") {
            images
                .entry(&id[start..])
                .or_insert_with(|| image(cluster, pod, container, id, start));
        }
    }
    images.into_values().collect()
}

/// The digest to which a container could be pinned without a change of what runs: all its pods run the same, and a registry
/// serves it.
pub fn pinnable<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>, container: &str) -> Option<&'a str> {
    match running(cluster, workload, container).as_slice() {
        [one] if one.is_pullable => Some(one.digest),
        _ => None,
    }
}

fn image_id<'a>(pod: &'a Pod, container: &str) -> Option<&'a str> {
    let status = pod.status.as_ref()?;
    let mut all = status.container_statuses.iter().chain(&status.init_container_statuses);
    all.find(|status| status.name == container)
        .map(|status| status.image_id.as_str())
}

/// The image as the pod names it.
fn written<'a>(pod: &'a Pod, container: &str) -> &'a str {
    let mut all = pod.spec.iter().flat_map(containers);
    all.find(|at| at.container.name == container)
        .map_or("", |at| at.container.image.as_str())
}

fn image<'a>(cluster: &Cluster<'a>, pod: &Pod, container: &str, id: &'a str, start: usize) -> Running<'a> {
    let digest = &id[start..];
    let of_container = || cluster.reports().of_container(pod, container);
    // Of an image that is named by tag the Trivy Operator tells the digest of its configuration, which is none that pods
    // report; and of some it tells none. Then the report is taken for the image of the container that it was made for.
    let of_tag = || {
        let image = written(pod, container);
        of_container().filter(|report| reports::digest(report).is_none() || reports::names(report, image))
    };
    let report = cluster.reports().of_image(digest).or_else(of_tag);
    let other = if report.is_none() { of_container() } else { None };
    Running {
        digest,
        is_pullable: id[..start].ends_with('@'),
        report,
        other,
    }
}
