//! Clusters that run images nobody verified.

use serde_json::json;
use shared::admission::ImageVerification;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::admission::engine::engines;
use crate::admission::image_verification::image_verification;
use crate::admission::known::Webhooks;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "image-verification-absent",
    title: "Images are not verified",
    area: Area::Admission,
    severity: Severity::Low,
    rationale: "Whoever can push to a registry, or stands between it and a node, decides what the cluster runs, as nothing \
        asks who built an image. A verifier at admission lets in only what a known key has signed. Policy engines may verify \
        images where a policy of theirs says so; as these are not read, it is not evaluated where one is in use.",
    remediation: "Sign images where they are built, and verify the signatures at admission: with the sigstore \
        policy-controller, Kyverno's verifyImages, Ratify, Connaisseur or Portieris.",
    reads: &workloads_and::<15>(&[
        Need::Read(Kind::ValidatingWebhookConfiguration),
        Need::Read(Kind::MutatingWebhookConfiguration),
        Need::IfServed(Kind::ValidatingAdmissionPolicy),
        Need::IfServed(Kind::ValidatingAdmissionPolicyBinding),
        Need::Read(Kind::Service),
        Need::Read(Kind::CustomResourceDefinition),
        Need::Read(Kind::ApiService),
    ]),
    judge: Judge::Cluster(judge),
};

fn judge(cluster: &Cluster<'_>) -> Outcome {
    if cluster.workloads.is_empty() {
        return Outcome::NotApplicable;
    }
    let webhooks = Webhooks::new(cluster);
    let engines = engines(cluster, &webhooks);
    match image_verification(cluster, &webhooks, &engines) {
        ImageVerification::Present { .. } => Outcome::Pass,
        ImageVerification::Unknown { reason } => Outcome::NotEvaluated(reason),
        ImageVerification::Absent => {
            let message =
                "No webhook that verifies images is called for pods, and the API server has no ImagePolicyWebhook.";
            let finding = CHECK.finding(ObjectRef::cluster(), "", CHECK.title, message);
            Outcome::of(vec![finding.witness("verifiers", json!([]))])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control_plane::fixture::api_server;
    use crate::fixture::{snapshot, titles};

    #[test]
    fn a_cluster_whose_api_server_is_seen_to_ask_nobody_fails() {
        assert_eq!(titles(&CHECK, &api_server("cp1", &[])), ["Images are not verified"]);
        let asks = api_server("cp1", &["--enable-admission-plugins=ImagePolicyWebhook"]);
        assert_eq!(titles(&CHECK, &asks), [""; 0]);
    }

    #[test]
    fn an_api_server_that_can_not_be_seen_leaves_it_open() {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: [{name: c}]}";
        let outcome = |version: &str| {
            let mut snapshot = snapshot(pod);
            snapshot.version = version.into();
            judge(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH))
        };
        assert!(matches!(outcome("v1.37.2"), Outcome::NotEvaluated(_)));
        assert!(matches!(outcome("v1.33.1-eks-2d5f260"), Outcome::Fail(_)));
    }
}
