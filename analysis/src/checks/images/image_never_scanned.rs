//! Running images that no scanner has looked at.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::finding::Finding;
use crate::images::{Reports, Running};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "image-never-scanned",
    title: "Running image was never scanned",
    area: Area::Images,
    severity: Severity::Medium,
    rationale: "Nobody knows what is in an image without a vulnerability report, and the images that no scanner manages are \
        often the largest and oldest. A report counts if it is of the digest that runs, or was made for this container \
        and names its tag, or no digest.",
    remediation: "Let the Trivy Operator scan the namespace, and look at its scan jobs: large images need more memory or time \
        than the default, and private registries a pull secret.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::VulnerabilityReport)]),
    judge: Judge::Workload(judge),
};

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if workload.pods.is_empty() {
        return Outcome::NotApplicable;
    }
    let (mut findings, mut unseen) = (Vec::new(), None);
    for at in workload.containers().filter(|at| at.list != ContainerList::Ephemeral) {
        let images = workload.images.in_container(&at.container.name);
        if images.is_empty() {
            unseen.get_or_insert_with(|| {
                format!(
                    "No pod of {} tells the digest of the image in container {}.",
                    workload.reference, at.container.name
                )
            });
        }
        findings.extend(
            images
                .iter()
                .find(|image| image.report(cluster.reports()).is_none())
                .map(|image| finding(workload, at, image, cluster.reports())),
        );
    }
    Outcome::of_seen(findings, unseen)
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>, image: &Running<'_>, reports: &Reports<'_>) -> Finding {
    let name = &at.container.name;
    let other = image.of_container(reports);
    let but = if other.is_some() {
        " The container's report is of another digest."
    } else {
        ""
    };
    let finding = CHECK
        .container_finding(
            workload,
            at,
            format!("The image that container {name} runs was never scanned"),
            format!(
                "There is no vulnerability report of {}, which container {name} of {} runs.{but}",
                image.digest, workload.reference
            ),
        )
        .witness_at(workload.container_field(at, "image"), at.container.image.as_str());
    match other {
        None => finding,
        Some(report) => {
            let digest = report
                .report
                .as_ref()
                .and_then(|data| data.artifact.as_ref())
                .map(|artifact| artifact.digest.as_str());
            finding.witness_in(report.reference(), "report.artifact.digest", digest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::cluster::Cluster;
    use crate::fixture::{findings, snapshot, titles};
    use crate::model::Kind;
    use shared::snapshots::Collected;
    use shared::verdict::Verdict;

    const PODS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {initContainers: [{name: setup, image: 'busybox:1'}], containers: [{name: web, image: 'nginx:1.27'}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec: {template: {spec: {containers: [{name: web, image: 'nginx:1.27'}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-a, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true}]}
spec: {containers: [{name: web, image: 'nginx:1.27'}]}
status:
  initContainerStatuses: [{name: setup, imageID: 'docker.io/library/busybox@sha256:cc'}]
  containerStatuses: [{name: web, imageID: 'docker.io/library/nginx@sha256:aa'}]
---
apiVersion: aquasecurity.github.io/v1alpha1
kind: VulnerabilityReport
metadata:
  name: replicaset-web-1-web
  namespace: shop
  labels: {trivy-operator.container.name: web}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true}]
report: {artifact: {repository: library/nginx, tag: '1.27', digest: 'sha256:aa'}}
";

    #[test]
    fn an_image_without_a_report_fails_and_one_with_a_report_does_not() {
        assert_eq!(
            titles(&CHECK, PODS),
            ["The image that container setup runs was never scanned"]
        );
    }

    #[test]
    fn a_report_of_another_digest_is_shown() {
        let moved = PODS
            .replace("nginx@sha256:aa", "nginx@sha256:bb")
            .replace("tag: '1.27'", "tag: '1.26'");
        let finding = findings(&CHECK, &moved).remove(1);
        assert_eq!(finding.witness[1].object.name, "replicaset-web-1-web");
        assert_eq!(finding.witness[1].value, "sha256:aa");
    }

    #[test]
    fn a_report_of_the_same_container_and_tag_counts_though_its_digest_is_that_of_the_configuration() {
        let titles = titles(&CHECK, &PODS.replace("digest: 'sha256:aa'", "digest: 'sha256:config'"));
        assert_eq!(titles, ["The image that container setup runs was never scanned"]);
    }

    #[test]
    fn a_cluster_without_a_scanner_is_not_evaluated() {
        let mut snapshot = snapshot(PODS);
        snapshot.set(Kind::VulnerabilityReport, Collected::Absent, Vec::new());
        let report = crate::run(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let result = report.results.iter().find(|result| result.check == CHECK.id).unwrap();
        assert_eq!(result.verdict, Verdict::NotEvaluated);
    }

    #[test]
    fn a_pod_that_pulls_its_image_is_not_evaluated() {
        let snapshot = snapshot(
            "
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: nginx}]}
status: {phase: Pending, containerStatuses: [{name: web, imageID: ''}]}
",
        );
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        assert!(matches!(
            super::judge(&cluster, &cluster.workloads[0]),
            Outcome::NotEvaluated(_)
        ));
    }
}
