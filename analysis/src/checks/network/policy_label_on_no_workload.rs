//! Policies for labels that nobody carries.

use serde_json::json;
use shared::verdict::{Area, Severity};

use super::policy_selects_nothing::selects_nothing;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::network_policy::NetworkPolicy;
use crate::model::{Kind, Object};

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-label-on-no-workload",
    title: "Network policy is for a label that no workload carries",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "A policy for a label that nothing in its namespace carries protects nobody, and will protect nobody when pods start: \
        the label is misspelt, or the workload was renamed and left its policy behind.",
    remediation: "Correct the label to that of the pods that were meant, or delete the policy.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::NetworkPolicy)]),
    judge: Judge::Object(&[Kind::NetworkPolicy], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::NetworkPolicy(policy) = object else {
        return Outcome::NotApplicable;
    };
    if !selects_nothing(cluster, policy) {
        return Outcome::Pass;
    }
    // Where each label is there, but not together, the other check says so.
    match unknown_label(cluster, policy) {
        None => Outcome::NotApplicable,
        Some((key, value)) => Outcome::Fail(vec![finding(object, key, value)]),
    }
}

/// A label that the policy asks for and that no pod and no template of its namespace carries.
pub(super) fn unknown_label<'a>(cluster: &Cluster<'_>, policy: &'a NetworkPolicy) -> Option<(&'a str, &'a str)> {
    let namespace = policy.metadata.as_ref()?.namespace.as_str();
    let selector = policy.spec.as_ref()?.pod_selector.as_ref()?;
    let mut labels = selector.match_labels.pairs();
    let unknown = labels.find(|(key, value)| !cluster.network().carries(namespace, key, value));
    unknown.map(|(key, value)| (key.as_str(), value.as_str()))
}

fn finding(object: &Object, key: &str, value: &str) -> Finding {
    let reference = object.reference();
    let namespace = reference.namespace.clone();
    let title = format!("{reference} is for a label that no workload carries");
    let message = format!(
        "{reference} selects pods with the label {key}={value}, which no pod and no pod template of namespace {namespace} carries, so \
         the policy has no effect."
    );
    CHECK
        .finding(reference, "", title, message)
        .witness(format!("spec.podSelector.matchLabels[{key}]"), json!(value))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{deployment, policy};
    use super::super::policy_selects_nothing;
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn shop(labels: &str) -> String {
        deployment("shop", "web", "")
            + &deployment("lab", "db", "")
            + &policy("shop", "p", &format!("{{podSelector: {{matchLabels: {{{labels}}}}}}}"))
    }

    #[test]
    fn a_label_that_nothing_in_the_namespace_carries_fails_once() {
        let found = findings(&CHECK, &shop("app: db")).remove(0);
        assert_eq!(
            found.title,
            "NetworkPolicy shop/p is for a label that no workload carries"
        );
        assert_eq!(
            (found.witness[0].path.as_str(), found.witness[0].value.as_str()),
            ("spec.podSelector.matchLabels[app]", Some("db"))
        );
        assert_eq!(titles(&policy_selects_nothing::CHECK, &shop("app: db")), [""; 0]);
    }

    #[test]
    fn labels_that_are_carried_but_not_together_are_the_other_checks() {
        let manifests = shop("app: web, tier: x") + &deployment("shop", "db", "").replace("app: db", "tier: x");
        assert_eq!(titles(&CHECK, &manifests), [""; 0]);
        assert_eq!(titles(&policy_selects_nothing::CHECK, &manifests).len(), 1);
    }

    #[test]
    fn a_policy_that_selects_pods_passes() {
        assert_eq!(titles(&CHECK, &shop("app: web")), [""; 0]);
    }
}
