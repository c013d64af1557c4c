//! Images named by a tag that moves.

use serde_json::json;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::finding::Finding;
use crate::images::reference::ImageReference;

/// See its fields.
pub static CHECK: Check = Check {
    id: "image-tag-mutable",
    title: "Image is named by a tag that moves",
    area: Area::Images,
    severity: Severity::Medium,
    rationale: "`latest`, no tag at all, and the names of branches and channels mean another image after each build: pods of \
        one workload may run different code, a restart may bring in what nobody tested, and whoever can push the tag \
        decides what runs. Versions and builds are left alone, although they could be pushed again.",
    remediation: "Name the image by its digest, or at least by a version, and let your delivery tool raise it.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let containers = || workload.containers().filter(|at| at.list != ContainerList::Ephemeral);
    if !containers()
        .any(|at| ImageReference::parse(&at.container.image).is_some_and(|image| image.moving_tag().is_some()))
    {
        return Outcome::Pass;
    }
    Outcome::of(containers().filter_map(|at| finding(workload, at)).collect())
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let name = &at.container.name;
    let image = ImageReference::parse(&at.container.image)?;
    let tag = image.moving_tag()?;
    let fact = match image.tag {
        Some(_) => format!("Container {name} runs an image by the tag {tag}, which moves"),
        None => format!("Container {name} runs an image without a tag, so latest"),
    };
    let message = format!(
        "What {} names may differ from node to node and from start to start of {}.",
        at.container.image, workload.reference
    );
    let finding = CHECK
        .container_finding(workload, at, fact, message)
        .witness_at(workload.container_field(at, "image"), at.container.image.as_str())
        .patch(
            format!("Pin {name} to the image that it runs"),
            pin(workload, at, image),
        );
    Some(finding)
}

fn pin(workload: &Workload<'_>, at: ContainerAt<'_>, image: ImageReference<'_>) -> Option<Patch> {
    let digest = workload.images.pinnable(&at.container.name, image)?;
    workload.patch_container(at, json!({"image": format!("{}@{digest}", image.name)}))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, titles};

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

    fn pod(name: &str, image_id: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop, ownerReferences: [{{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}}]}}
spec: {{containers: [{{name: web, image: nginx}}]}}
status: {{containerStatuses: [{{name: web, imageID: '{image_id}'}}]}}
---
"
        )
    }

    #[test]
    fn no_tag_is_latest_and_a_channel_moves() {
        assert_eq!(
            titles(&CHECK, &deployment("nginx")),
            ["Container web runs an image without a tag, so latest"]
        );
        assert_eq!(
            titles(&CHECK, &deployment("nginx:edge")),
            ["Container web runs an image by the tag edge, which moves"]
        );
    }

    #[test]
    fn versions_and_digests_pass() {
        let digest = format!("nginx:latest@sha256:{}", "0".repeat(64));
        for image in [
            "nginx:1.27",
            "registry.example:5000/team/app:2026-11-24",
            digest.as_str(),
            "$(IMAGE)",
        ] {
            assert!(titles(&CHECK, &deployment(image)).is_empty(), "{image}");
        }
    }

    #[test]
    fn the_patch_pins_what_runs() {
        let manifests = deployment("reg.example:5000/nginx:latest") + &pod("a", "reg.example:5000/nginx@sha256:aa");
        let patch = serde_json::to_value(findings(&CHECK, &manifests).remove(0).patch).unwrap();
        let container = &patch["body"]["spec"]["template"]["spec"]["containers"][0];
        assert_eq!(container["image"], "reg.example:5000/nginx@sha256:aa");
    }

    #[test]
    fn a_sidecar_that_only_pods_have_is_judged_and_not_patched() {
        let pod = pod("a", "nginx@sha256:aa").replace(
            "[{name: web, image: nginx}]",
            "[{name: web, image: nginx}, {name: proxy, image: 'proxy:edge'}]",
        );
        let found = findings(&CHECK, &(deployment("nginx:1.27") + &pod));
        assert_eq!(
            (found.len(), found[0].subkey.as_str(), &found[0].patch),
            (1, "proxy", &None)
        );
        assert_eq!(found[0].witness[0].path, "spec.containers[proxy].image");
    }

    #[test]
    fn there_is_no_patch_where_pods_differ_or_the_registry_has_no_digest() {
        let differ = deployment("nginx") + &pod("a", "nginx@sha256:aa") + &pod("b", "nginx@sha256:bb");
        let loaded = deployment("nginx") + &pod("a", "sha256:aa");
        for manifests in [differ, loaded] {
            assert_eq!(findings(&CHECK, &manifests).remove(0).patch, None);
        }
    }

    #[test]
    fn there_is_no_patch_where_the_digest_is_of_another_repository() {
        let elsewhere = deployment("reg.example/nginx") + &pod("a", "mirror.example/nginx@sha256:aa");
        assert_eq!(findings(&CHECK, &elsewhere).remove(0).patch, None);
        let on_one_node = elsewhere + &pod("b", "reg.example/nginx@sha256:aa");
        assert!(findings(&CHECK, &on_one_node).remove(0).patch.is_some());
    }
}
