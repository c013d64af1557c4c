//! Policies that say the same as another.

use std::collections::BTreeMap;

use prost::Message;
use shared::object::ObjectRef;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::network_policy::NetworkPolicy;

/// See its fields.
pub static CHECK: Check = Check {
    id: "duplicate-network-policy",
    title: "Two network policies of a namespace say the same",
    area: Area::Network,
    severity: Severity::Low,
    rationale: "Policies add to each other: of two that say the same, whoever narrows or deletes one changes nothing, and finds out \
        by chance.",
    remediation: "Delete one of them, and keep the one that is applied from where your manifests are.",
    reads: &[Need::Read(Kind::NetworkPolicy)],
    judge: Judge::Cluster(judge),
};

fn judge(cluster: &Cluster<'_>) -> Outcome {
    let mut first: BTreeMap<(&str, Vec<u8>), ObjectRef> = BTreeMap::new();
    let mut findings = Vec::new();
    for policy in cluster.snapshot.all::<NetworkPolicy>() {
        let (Some(meta), Some(spec)) = (&policy.metadata, &policy.spec) else {
            continue;
        };
        let reference = Kind::NetworkPolicy.reference(meta);
        let key = (meta.namespace.as_str(), spec.encode_to_vec());
        match first.get(&key) {
            Some(other) => findings.push(finding(reference, other)),
            None => _ = first.insert(key, reference),
        }
    }
    Outcome::of(findings)
}

fn finding(policy: ObjectRef, other: &ObjectRef) -> Finding {
    let title = format!("{policy} says the same as {other}");
    let message = format!("{title}: deleting one of them changes nothing.");
    CHECK
        .finding(policy.clone(), "", title, message)
        .witness_in(other.clone(), "metadata.name", other.name.as_str())
        .patch(format!("Delete {policy}"), Patch::Delete { target: policy })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::policy;
    use super::CHECK;
    use crate::fixture::{is_closed_by_patches, titles};

    const SPEC: &str = "{podSelector: {}, policyTypes: [Ingress]}";

    #[test]
    fn the_later_of_two_that_say_the_same_fails_and_can_be_deleted() {
        let manifests = policy("shop", "a", SPEC) + &policy("shop", "b", SPEC);
        assert_eq!(
            titles(&CHECK, &manifests),
            ["NetworkPolicy shop/b says the same as NetworkPolicy shop/a"]
        );
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn policies_of_other_namespaces_and_other_content_pass() {
        let manifests = policy("shop", "a", SPEC)
            + &policy("lab", "a", SPEC)
            + &policy("shop", "b", "{podSelector: {}, policyTypes: [Egress]}");
        assert_eq!(titles(&CHECK, &manifests), [""; 0]);
    }
}
