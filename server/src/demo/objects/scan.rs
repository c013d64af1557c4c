//! What the Trivy Operator writes about a workload's image.

use serde_json::{Value, json};

use super::Name;
use crate::demo::clock::Clock;
use crate::demo::image::{self, REGISTRY};
use crate::demo::workload::{State, Workload};

/// The report on a workload's main container; none where its image was never scanned.
pub(super) fn report(clock: Clock, workload: &Workload, state: &State, owner: Name<'_>) -> Option<Value> {
    let scanned = i32::try_from(state.release.scanned?).ok()?;
    let image = &workload.image;
    let found = image::vulnerabilities(image, &state.release);
    let name = format!("{}-{}-{}", owner.kind.to_lowercase(), owner.name, workload.name);
    let vulnerabilities: Vec<Value> = found
        .iter()
        .map(|(id, resource, installed, fixed, severity)| {
            json!({
                "vulnerabilityID": id, "resource": resource, "installedVersion": installed, "fixedVersion": fixed,
                "severity": severity, "target": "", "title": "", "links": [],
            })
        })
        .collect();
    let body = json!({
        "metadata": {
            "labels": {
                "trivy-operator.resource.kind": owner.kind,
                "trivy-operator.resource.name": owner.name,
                "trivy-operator.resource.namespace": owner.namespace,
                "trivy-operator.container.name": workload.name,
            },
            "ownerReferences": owner.owner(),
        },
        "report": {
            "updateTimestamp": clock.made(scanned, &["scan", &image.repository]),
            "registry": { "server": REGISTRY },
            "artifact": {
                "repository": image.repository,
                "tag": image.tag(state.release.number),
                "digest": image.digest(state.release.number),
            },
            "scanner": { "name": "Trivy", "vendor": "Aqua Security", "version": "0.67.2" },
            "vulnerabilities": vulnerabilities,
        },
    });
    let created = clock.made(scanned, &["report", owner.namespace, &name]);
    Some(Name::new("aquasecurity.github.io/v1alpha1", "VulnerabilityReport", owner.namespace, &name).with(&created, body))
}
