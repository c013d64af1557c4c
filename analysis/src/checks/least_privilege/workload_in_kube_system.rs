//! Workloads among those of the cluster itself that are none of it.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};

/// See its fields.
pub static CHECK: Check = Check {
    id: "workload-in-kube-system",
    title: "Workload runs beside the cluster's own",
    area: Area::LeastPrivilege,
    severity: Severity::Low,
    rationale: "kube-system holds the keys of the cluster: its service accounts are powerful, its pods are rarely confined, and \
        policies mostly leave it out. Whoever may deploy there may use all of that. Left out are static pods, and what \
        runs images of the cluster's own components, of its network and storage plugins and of what clouds bring.",
    remediation: "Move it to a namespace of its own. Where it does belong to the platform, accept the finding and say why.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if workload.reference.namespace != "kube-system" || workload.is_static_pod() || cluster.platform().has(workload) {
        return Outcome::Pass;
    }
    let title = format!("{} runs beside the cluster's own components", workload.reference);
    let message = format!(
        "{} is not known to be part of the cluster, and runs where its keys are.",
        workload.reference
    );
    let finding = CHECK
        .finding(workload.reference.clone(), "", title, message)
        .witness("metadata.namespace", "kube-system");
    let images = workload
        .containers()
        .map(|at| (workload.container_field(at, "image"), &at.container.image));
    let witnessed = images.fold(finding, |finding, (field, image)| {
        finding.witness_at(field, image.as_str())
    });
    Outcome::Fail(vec![witnessed])
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::titles;

    fn system(images: &[&str]) -> String {
        let containers: Vec<String> = images
            .iter()
            .map(|image| format!("{{name: c, image: '{image}'}}"))
            .collect();
        let spec = format!("{{containers: [{}]}}", containers.join(", "));
        deployment(&spec).replace("namespace: shop", "namespace: kube-system")
    }

    #[test]
    fn what_is_not_of_the_cluster_fails_whatever_its_name() {
        let miner = system(&["evil.example/miner:1"]).replace("name: web", "name: coredns");
        assert_eq!(
            titles(&CHECK, &miner),
            ["Deployment kube-system/coredns runs beside the cluster's own components"]
        );
        assert_eq!(
            titles(
                &CHECK,
                &system(&["registry.k8s.io/coredns/coredns:v1", "evil.example/miner:1"])
            )
            .len(),
            1
        );
    }

    #[test]
    fn add_ons_and_static_pods_pass_and_so_does_everything_elsewhere() {
        assert_eq!(
            titles(&CHECK, &system(&["registry.k8s.io/coredns/coredns:v1.12.0"])),
            [""; 0]
        );
        let static_pod = crate::control_plane::fixture::api_server("cp1", &[]);
        assert_eq!(titles(&CHECK, &static_pod), [""; 0]);
        assert_eq!(
            titles(&CHECK, &deployment("{containers: [{name: c, image: x}]}")),
            [""; 0]
        );
    }
}
