//! What the Trivy Operator writes about a workload's image.

use serde_json::{Value, json};

use super::Name;
use crate::demo::clock::Clock;
use crate::demo::image::{self, REGISTRY, Vulnerability};
use crate::demo::rng;
use crate::demo::workload::{State, Workload};

/// The report on a workload's main container; none where its image was never scanned.
pub(super) fn report(clock: Clock, workload: &Workload, state: &State, owner: Name<'_>) -> Option<Value> {
    let scanned = i32::try_from(state.release.scanned?).ok()?;
    let image = &workload.image;
    let scan = Scan {
        container: &workload.name,
        repository: &image.repository,
        tag: &image.tag(state.release.number),
        digest: &image.digest(state.release.number),
        at: clock.made(scanned, &["scan", &image.repository]),
        found: image::vulnerabilities(image, &state.release),
    };
    Some(scan.report(owner))
}

/// The report on a container in which nothing was found.
pub(super) fn clean(clock: Clock, container: &str, repository: &str, tag: &str, owner: Name<'_>) -> Value {
    let digest = rng::digest(&[repository, tag]);
    let at = clock.made(-20, &["scan", repository]);
    Scan {
        container,
        repository,
        tag,
        digest: &digest,
        at,
        found: Vec::new(),
    }
    .report(owner)
}

/// A scan of the image that a container runs.
struct Scan<'a> {
    container: &'a str,
    repository: &'a str,
    tag: &'a str,
    digest: &'a str,
    at: String,
    found: Vec<Vulnerability>,
}

impl Scan<'_> {
    fn report(&self, owner: Name<'_>) -> Value {
        let name = format!("{}-{}-{}", owner.kind.to_lowercase(), owner.name, self.container);
        let body = json!({
            "metadata": {
                "labels": {
                    "trivy-operator.resource.kind": owner.kind,
                    "trivy-operator.resource.name": owner.name,
                    "trivy-operator.resource.namespace": owner.namespace,
                    "trivy-operator.container.name": self.container,
                },
                "ownerReferences": owner.owner(),
            },
            "report": {
                "updateTimestamp": self.at,
                "registry": { "server": REGISTRY },
                "artifact": { "repository": self.repository, "tag": self.tag, "digest": self.digest },
                "scanner": { "name": "Trivy", "vendor": "Aqua Security", "version": "0.67.2" },
                "vulnerabilities": self.found.iter().map(vulnerability).collect::<Vec<_>>(),
            },
        });
        let kind = "VulnerabilityReport";
        Name::new("aquasecurity.github.io/v1alpha1", kind, owner.namespace, &name).with(&self.at, body)
    }
}

fn vulnerability((id, resource, installed, fixed, severity): &Vulnerability) -> Value {
    json!({
        "vulnerabilityID": id, "resource": resource, "installedVersion": installed, "fixedVersion": fixed,
        "severity": severity, "target": "", "title": "", "links": [],
    })
}
