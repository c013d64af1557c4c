//! Images from registries that nobody allowed.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::finding::Finding;
use crate::images::reference::ImageReference;
use crate::images::registry::is_allowed;

/// See its fields.
pub static CHECK: Check = Check {
    id: "image-registry-not-allowed",
    title: "Image comes from a registry that is not allowed",
    area: Area::Images,
    severity: Severity::Medium,
    rationale: "An image from a registry outside of those that you trust was scanned, signed and approved by nobody \
        you know, and may be gone or changed tomorrow. Which registries are allowed is for you to configure; as long \
        as none is, this is not evaluated. A folder allows what is below it, whole part by whole part.",
    remediation: "Copy the image to a registry of yours and name it from there, or add its registry to the allowed \
        ones. Have admission refuse the others: this check sees them only once they are there.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let allowed = &cluster.settings.allowed_registries;
    if allowed.is_empty() {
        return Outcome::NotEvaluated("No allowed registries are configured.".into());
    }
    let (mut findings, mut unseen) = (Vec::new(), None);
    for at in workload.containers() {
        match ImageReference::parse(&at.container.image) {
            Some(image) if is_allowed(&image, allowed) => {}
            Some(_) => findings.push(finding(workload, at)),
            None => {
                unseen.get_or_insert_with(|| unreadable(workload, at));
            }
        }
    }
    Outcome::of_seen(findings, unseen)
}

fn unreadable(workload: &Workload<'_>, at: ContainerAt<'_>) -> String {
    format!(
        "The image of container {} of {} is no image reference.",
        at.container.name, workload.reference
    )
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Finding {
    let (name, image) = (&at.container.name, at.container.image.as_str());
    CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} runs an image from a registry that is not allowed"),
            format!(
                "None of the allowed registries holds {image} of {}.",
                workload.reference
            ),
        )
        .witness_at(workload.container_field(at, "image"), image)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::cluster::Cluster;
    use crate::fixture::snapshot;
    use crate::settings::Settings;

    fn outcome(allowed: &[&str], image: &str) -> Outcome {
        let pod = format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: shop}}
spec:
  containers: [{{name: web, image: 'registry.example.com/team/web:1'}}]
  ephemeralContainers: [{{name: debug, image: '{image}'}}]
"
        );
        let settings = Settings {
            allowed_registries: allowed.iter().map(|entry| (*entry).to_owned()).collect(),
            ..Settings::default()
        };
        let snapshot = snapshot(&pod);
        let cluster = Cluster::with(&snapshot, chrono::DateTime::UNIX_EPOCH, &settings);
        crate::run::outcomes(&CHECK, &cluster).remove(0).1
    }

    #[test]
    fn as_long_as_nothing_is_configured_nothing_is_said() {
        assert!(matches!(outcome(&[], "busybox"), Outcome::NotEvaluated(_)));
    }

    #[test]
    fn every_container_counts_ephemeral_ones_too() {
        let allowed = ["registry.example.com/team", "docker.io/library"];
        assert_eq!(outcome(&allowed, "busybox"), Outcome::Pass);
        let Outcome::Fail(found) = outcome(&allowed[..1], "busybox") else {
            panic!("it is allowed")
        };
        assert_eq!((found.len(), found[0].subkey.as_str()), (1, "debug"));
        assert_eq!(found[0].witness[0].value, "busybox");
    }

    #[test]
    fn what_is_no_reference_is_not_passed() {
        let outcome = outcome(&["registry.example.com"], "{{ .Values.image }}");
        assert!(matches!(outcome, Outcome::NotEvaluated(_)), "{outcome:?}");
    }
}
