//! Images named by a tag, which names whatever the registry says today.

use serde_json::json;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::finding::Finding;
use crate::images::reference::ImageReference;

/// See its fields.
pub static CHECK: Check = Check {
    id: "image-without-digest",
    title: "Image is not named by its digest",
    area: Area::Images,
    severity: Severity::Low,
    rationale: "A tag is a promise of the registry: whoever may push can put other content behind a version that was \
        tested and signed, and no pod shows it. A digest names the content itself. Static pods are left out: they are \
        written by what installs the cluster, by tag as a rule.",
    remediation: "Write the digest behind the tag (name:1.2@sha256:…) and let your delivery tool raise both. The \
        patch pins what runs now, where all pods run the same.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if workload.is_static_pod() {
        return Outcome::NotApplicable;
    }
    let containers = workload.containers().filter(|at| at.list != ContainerList::Ephemeral);
    Outcome::of(containers.filter_map(|at| finding(workload, at)).collect())
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let (name, text) = (&at.container.name, &at.container.image);
    let image = ImageReference::parse(text).filter(|image| image.digest.is_none())?;
    let finding = CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} names its image by tag"),
            format!(
                "What {text} means in {} is decided by the registry each time that it is pulled.",
                workload.reference
            ),
        )
        .witness_at(workload.container_field(at, "image"), text.as_str())
        .patch(
            format!("Pin {name} to the image that it runs"),
            pin(workload, at, image),
        );
    Some(finding)
}

/// The tag stays, for whoever reads it.
fn pin(workload: &Workload<'_>, at: ContainerAt<'_>, image: ImageReference<'_>) -> Option<Patch> {
    let digest = workload.images.pinnable(&at.container.name, image)?;
    let tag = image.tag.map(|tag| format!(":{tag}")).unwrap_or_default();
    workload.patch_container(at, json!({"image": format!("{}{tag}@{digest}", image.name)}))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn deployment(image: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{spec: {{containers: [{{name: web, image: '{image}'}}]}}}}}}
---
"
        )
    }

    fn running(id: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: a, namespace: shop, ownerReferences: [{{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}}]}}
spec: {{containers: [{{name: web, image: 'nginx:1.27'}}]}}
status: {{containerStatuses: [{{name: web, imageID: '{id}'}}]}}
---
"
        )
    }

    #[test]
    fn a_version_is_no_digest() {
        assert_eq!(
            titles(&CHECK, &deployment("nginx:1.27")),
            ["Container web names its image by tag"]
        );
        let pinned = format!("nginx:1.27@sha256:{}", "0".repeat(64));
        assert!(titles(&CHECK, &deployment(&pinned)).is_empty());
        assert!(titles(&CHECK, &deployment("$(IMAGE)")).is_empty());
    }

    #[test]
    fn the_patch_pins_what_runs_and_keeps_the_tag() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let manifests = deployment("nginx:1.27") + &running(&format!("docker.io/library/nginx@{digest}"));
        assert!(is_closed_by_patches(&CHECK, &manifests));
        let patch = serde_json::to_value(findings(&CHECK, &manifests).remove(0).patch).unwrap();
        let container = &patch["body"]["spec"]["template"]["spec"]["containers"][0];
        assert_eq!(container["image"], format!("nginx:1.27@{digest}"));
    }

    #[test]
    fn there_is_no_patch_where_no_registry_serves_what_runs() {
        let manifests = deployment("nginx:1.27") + &running("sha256:aa");
        assert_eq!(findings(&CHECK, &manifests).remove(0).patch, None);
    }

    #[test]
    fn static_pods_are_left_out() {
        let pod = crate::control_plane::fixture::api_server("cp1", &[]).replace(
            "name: kube-apiserver, ",
            "name: kube-apiserver, image: 'kube-apiserver:v1.37.2', ",
        );
        assert!(titles(&CHECK, &pod).is_empty());
    }
}
