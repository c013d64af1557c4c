//! Tags that move, of which a node keeps what it once pulled.

use std::collections::BTreeSet;

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload, containers};
use crate::finding::Finding;
use crate::images::reference::ImageReference;
use crate::model::pod::Pod;

/// See its fields.
pub static CHECK: Check = Check {
    id: "image-pull-policy-stale",
    title: "Moving tag is not pulled anew",
    area: Area::Images,
    severity: Severity::Low,
    rationale: "Of a tag that moves, a node that has an image by that name runs it as it is: an old one that lacks \
        what was fixed since, or one that somebody with access to the node put there. Pods of one workload then run \
        different code. Versions and digests are let be, and so is a tag that every running pod pulls anew because \
        admission sees to it.",
    remediation: "Name the image by digest or version; as long as the tag stays, set imagePullPolicy to Always. Where \
        the policy is Never, the image was brought to the nodes by hand: publish it in a registry first.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if workload.is_static_pod() {
        return Outcome::NotApplicable;
    }
    let containers = workload.containers().filter(|at| at.list != ContainerList::Ephemeral);
    let always = always_in_pods(workload);
    Outcome::of(containers.filter_map(|at| finding(workload, at, &always)).collect())
}

/// The policy of a container, written or by default.
fn policy<'a>(written: &'a str, image: ImageReference<'_>) -> &'a str {
    let is_latest = image.digest.is_none() && image.tag.is_none_or(|tag| tag == "latest");
    match written {
        "" if is_latest => "Always",
        "" => "IfNotPresent",
        policy => policy,
    }
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>, always: &BTreeSet<&str>) -> Option<Finding> {
    let (name, container) = (&at.container.name, at.container);
    let image = ImageReference::parse(&container.image)?;
    let tag = image.moving_tag()?;
    let policy = policy(&container.image_pull_policy, image);
    if policy == "Always" || always.contains(name.as_str()) {
        return None;
    }
    let message = format!(
        "A node that has an image {} runs it for {} as it is, even if the tag names another by now.",
        container.image, workload.reference
    );
    let written = (!container.image_pull_policy.is_empty()).then_some(container.image_pull_policy.as_str());
    // An image that no registry has can't be pulled.
    let patch = (policy != "Never")
        .then(|| workload.patch_container(at, json!({"imagePullPolicy": "Always"})))
        .flatten();
    let finding = CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} keeps what it once pulled as {tag} (policy {policy})"),
            message,
        )
        .witness_at(workload.container_field(at, "image"), container.image.as_str())
        .witness_at(workload.container_field(at, "imagePullPolicy"), written)
        .patch(format!("Pull the image of {name} each time that it starts"), patch);
    Some(finding)
}

/// The containers that have the policy in every pod, where there are pods, though the template may lack it: an admission plugin
/// sets it.
fn always_in_pods<'a>(workload: &Workload<'a>) -> BTreeSet<&'a str> {
    let always = |pod: &&'a Pod| -> BTreeSet<&'a str> {
        let all = pod.spec.iter().flat_map(containers);
        let always = all.filter(|at| at.container.image_pull_policy == "Always");
        always.map(|at| at.container.name.as_str()).collect()
    };
    let of_pods = workload.pods.iter().map(always);
    of_pods.reduce(|all, next| &all & &next).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn deployment(image: &str, policy: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{spec: {{containers: [{{name: web, image: '{image}', imagePullPolicy: '{policy}'}}]}}}}}}
---
"
        )
    }

    fn pod(name: &str, policy: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop, ownerReferences: [{{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}}]}}
spec: {{containers: [{{name: web, image: 'nginx:stable', imagePullPolicy: {policy}}}]}}
---
"
        )
    }

    #[test]
    fn a_moving_tag_needs_to_be_pulled_each_time() {
        for (image, policy) in [
            ("nginx:stable", "IfNotPresent"),
            ("nginx", "IfNotPresent"),
            ("nginx", "Never"),
        ] {
            let manifests = deployment(image, policy);
            assert_eq!(titles(&CHECK, &manifests).len(), 1, "{image} {policy}");
        }
        for (image, policy) in [
            ("nginx:stable", "Always"),
            ("nginx:1.27", "IfNotPresent"),
            ("nginx:1.27", "Never"),
        ] {
            let manifests = deployment(image, policy);
            assert!(titles(&CHECK, &manifests).is_empty(), "{image} {policy}");
        }
    }

    #[test]
    fn without_a_policy_only_latest_is_pulled_each_time() {
        assert!(titles(&CHECK, &deployment("nginx", "")).is_empty());
        assert!(titles(&CHECK, &deployment("nginx:latest", "")).is_empty());
        assert_eq!(
            titles(&CHECK, &deployment("nginx:stable", "")),
            ["Container web keeps what it once pulled as stable (policy IfNotPresent)"]
        );
        let digest = format!("nginx:latest@sha256:{}", "0".repeat(64));
        assert!(titles(&CHECK, &deployment(&digest, "")).is_empty());
    }

    #[test]
    fn the_patch_has_it_pulled_unless_no_registry_may_have_it() {
        assert!(is_closed_by_patches(&CHECK, &deployment("nginx:stable", "")));
        assert_eq!(
            findings(&CHECK, &deployment("nginx:stable", "Never")).remove(0).patch,
            None
        );
    }

    #[test]
    fn what_admission_sets_in_every_pod_counts() {
        let template = deployment("nginx:stable", "IfNotPresent");
        assert!(titles(&CHECK, &(template.clone() + &pod("a", "Always"))).is_empty());
        let mixed = template + &pod("a", "Always") + &pod("b", "IfNotPresent");
        assert_eq!(titles(&CHECK, &mixed).len(), 1);
    }
}
