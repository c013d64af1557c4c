//! Policies that the API server refuses.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::network::default_deny::CLUSTER_WIDE;
use crate::network::rule::Flaw;
use crate::network::written::shown;
use crate::network::{cluster_wide, namespaced};

/// See its fields.
pub static CHECK: Check = Check {
    id: "network-policy-invalid",
    title: "The API server refuses the network policy",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "A policy with a mistake in it protects nobody: the API server refuses it as a whole, and what it was to isolate \
        stays open. One that an older API server took in may be read by the network plugin in any way.",
    remediation: "Correct the field. Until then the policy is evaluated as if it were not there.",
    reads: &[
        Need::Read(Kind::NetworkPolicy),
        CLUSTER_WIDE[0],
        CLUSTER_WIDE[1],
        CLUSTER_WIDE[2],
    ],
    judge: Judge::Object(
        &[
            Kind::NetworkPolicy,
            Kind::ClusterNetworkPolicy,
            Kind::AdminNetworkPolicy,
            Kind::BaselineAdminNetworkPolicy,
        ],
        judge,
    ),
};

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let read = match object {
        Object::NetworkPolicy(policy) => Some(namespaced::read(policy)),
        other => cluster_wide::read(other),
    };
    match read {
        None => Outcome::NotApplicable,
        Some(Ok(_)) => Outcome::Pass,
        Some(Err(flaw)) => Outcome::Fail(vec![finding(object, &flaw)]),
    }
}

fn finding(object: &Object, flaw: &Flaw) -> Finding {
    let title = format!("The API server refuses {}", flaw.object);
    let message = format!(
        "{title} for {}: {}. It is evaluated as if it were not there.",
        flaw.path, flaw.reason
    );
    let finding = CHECK.finding(flaw.object.clone(), "", title, message);
    shown(finding, object, std::slice::from_ref(&flaw.path))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::policy;
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn flaw(spec: &str) -> Option<(String, String)> {
        let found = findings(&CHECK, &policy("shop", "p", spec)).pop()?;
        Some((found.message, found.witness[0].path.clone()))
    }

    #[test]
    fn the_reason_of_the_api_server_is_said_with_the_field() {
        let block = "{cidr: 10.0.0.0/8, except: [192.168.0.0/16]}";
        let (message, path) = flaw(&format!(
            "{{podSelector: {{}}, ingress: [{{from: [{{ipBlock: {block}}}]}}]}}"
        ))
        .unwrap();
        assert_eq!(path, "spec.ingress[0].from[0].ipBlock.except[0]");
        assert!(message.contains("must be a strict subset of `cidr`"), "{message}");
        let (message, _) = flaw("{podSelector: {}, ingress: [{ports: [{endPort: 90}]}]}").unwrap();
        assert!(message.contains("endPort"), "{message}");
        let (message, _) = flaw("{podSelector: {}, ingress: [{ports: [{port: 80, protocol: ICMP}]}]}").unwrap();
        assert!(message.contains("ICMP"), "{message}");
    }

    #[test]
    fn a_policy_that_is_taken_passes() {
        assert_eq!(
            flaw("{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90}]}]}"),
            None
        );
    }

    #[test]
    fn policies_for_the_whole_cluster_are_judged_too() {
        let policy = "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: p}
spec: {tier: Admin, priority: 2000, subject: {namespaces: {}}}
";
        assert_eq!(
            titles(&CHECK, policy),
            ["The API server refuses ClusterNetworkPolicy p"]
        );
    }
}
