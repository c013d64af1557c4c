//! Vulnerability reports, found by what they are about.

use std::collections::BTreeMap;

use super::reference::ImageReference;
use crate::model::meta::ObjectMeta;
use crate::model::pod::Pod;
use crate::model::vulnerability_report::VulnerabilityReport;
use crate::model::{Kind, Object, Snapshot, Typed};

/// Where the Trivy Operator says which container a report is about.
const CONTAINER_LABEL: &str = "trivy-operator.container.name";

/// Namespace, kind and name of the object that a report was made for, and the container.
type Place<'a> = (&'a str, &'a str, &'a str, &'a str);

/// The reports of a snapshot. Where there are several of the same, the newest counts.
#[derive(Debug, Default)]
pub struct Reports<'a> {
    by_digest: BTreeMap<&'a str, &'a VulnerabilityReport>,
    by_place: BTreeMap<Place<'a>, &'a VulnerabilityReport>,
}

impl<'a> Reports<'a> {
    /// Indexes the reports of a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let mut reports = Self::default();
        for object in snapshot.of(Kind::VulnerabilityReport) {
            if let Some(report) = VulnerabilityReport::of(object) {
                reports.add(object, report);
            }
        }
        reports
    }

    fn add(&mut self, object: &'a Object, report: &'a VulnerabilityReport) {
        if let Some(digest) = digest(report) {
            keep_newest(&mut self.by_digest, digest, report);
        }
        if let Some(place) = place(object.meta()) {
            keep_newest(&mut self.by_place, place, report);
        }
    }

    /// The report of an image, by its digest (`sha256:…`).
    pub fn of_image(&self, digest: &str) -> Option<&'a VulnerabilityReport> {
        self.by_digest.get(digest).copied()
    }

    /// The report that was made for the container of this pod, whatever image that was.
    pub fn of_container(&self, pod: &Pod, container: &str) -> Option<&'a VulnerabilityReport> {
        let meta = pod.metadata.as_ref()?;
        let (kind, name) = match meta.controller() {
            Some(owner) => (owner.kind.as_str(), owner.name.as_str()),
            None => ("Pod", meta.name.as_str()),
        };
        self.by_place
            .get(&(meta.namespace.as_str(), kind, name, container))
            .copied()
    }
}

/// The digest that a report names. Reports made from a cached bill of materials name none.
pub(super) fn digest(report: &VulnerabilityReport) -> Option<&str> {
    let digest = report.report.as_ref()?.artifact.as_ref()?.digest.as_str();
    digest.find("sha256:").map(|start| &digest[start..])
}

/// Whether a report is of the image that is written like this, by its tag.
pub(super) fn names(report: &VulnerabilityReport, image: &str) -> bool {
    let Some(image) = ImageReference::parse(image).filter(|image| image.digest.is_none()) else {
        return false;
    };
    let data = report.report.as_ref();
    let server = data
        .and_then(|data| data.registry.as_ref())
        .map_or("", |registry| &registry.server);
    let Some(artifact) = data.and_then(|data| data.artifact.as_ref()) else {
        return false;
    };
    artifact.tag == image.tag.unwrap_or("latest") && image.is_of(server, &artifact.repository)
}

fn place(meta: &ObjectMeta) -> Option<Place<'_>> {
    let owner = meta.controller()?;
    Some((
        &meta.namespace,
        &owner.kind,
        &owner.name,
        meta.labels.get(CONTAINER_LABEL)?,
    ))
}

fn keep_newest<'a, K: Ord>(map: &mut BTreeMap<K, &'a VulnerabilityReport>, key: K, report: &'a VulnerabilityReport) {
    let time = |report: &VulnerabilityReport| Some(report.report.as_ref()?.update_timestamp?.seconds);
    let kept = map.entry(key).or_insert(report);
    if time(report) > time(kept) {
        *kept = report;
    }
}
