//! Policies for pods over which they have no say.

use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::network::policy::{is_subject, selects, selects_all};

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-on-host-network-pods",
    title: "Network policy selects pods on the network of their node",
    area: Area::Network,
    severity: Severity::Low,
    rationale: "Pods with hostNetwork have the addresses of their node, and network plugins can't tell their traffic from the \
        node's: policies do nothing for them.",
    remediation: "Take the pods off the network of their node, or protect their ports by the node's firewall, and leave them out \
        of the policy.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::NetworkPolicy)]),
    judge: Judge::Object(&[Kind::NetworkPolicy], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::NetworkPolicy(policy) = object else {
        return Outcome::NotApplicable;
    };
    // One for all pods is not meant for these in particular.
    if selects_all(policy) {
        return Outcome::Pass;
    }
    let workloads = cluster.workloads_in(&object.meta().namespace);
    let on_nodes = workloads.filter(|workload| !is_subject(workload) && selects(policy, &workload.pod_meta.labels));
    let selected: Vec<&ObjectRef> = on_nodes.map(|workload| &workload.reference).collect();
    if selected.is_empty() {
        return Outcome::Pass;
    }
    Outcome::Fail(vec![finding(object, &selected)])
}

/// Workloads that a finding shows; it counts them all.
const MAX_WITNESSES: usize = 5;

fn finding(object: &Object, selected: &[&ObjectRef]) -> Finding {
    let reference = object.reference();
    let whom = match selected {
        [one] => one.to_string(),
        many => format!("{} workloads", many.len()),
    };
    let title = format!("{reference} selects pods on the network of their node");
    let message = format!("{reference} selects pods of {whom} with hostNetwork, for which it does nothing.");
    let shown = selected.iter().take(MAX_WITNESSES);
    shown.fold(CHECK.finding(reference, "", title, message), |finding, workload| {
        finding.witness_in((*workload).clone(), "hostNetwork", true)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{deployment, policy};
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn shop(selector: &str) -> String {
        deployment("shop", "agent", "hostNetwork: true")
            + &deployment("shop", "web", "")
            + &policy("shop", "p", &format!("{{podSelector: {selector}}}"))
    }

    #[test]
    fn a_policy_for_pods_with_host_network_fails() {
        let found = findings(&CHECK, &shop("{matchLabels: {app: agent}}")).remove(0);
        assert_eq!(
            found.title,
            "NetworkPolicy shop/p selects pods on the network of their node"
        );
        assert_eq!(found.witness[0].object.name, "agent");
    }

    #[test]
    fn policies_for_others_and_for_all_pods_pass() {
        assert_eq!(titles(&CHECK, &shop("{matchLabels: {app: web}}")), [""; 0]);
        assert_eq!(titles(&CHECK, &shop("{}")), [""; 0]);
    }
}
