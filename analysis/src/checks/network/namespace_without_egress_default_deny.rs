//! Namespaces whose pods may connect to everywhere unless somebody thinks of them.

use serde_json::json;
use shared::verdict::{Area, Severity};

use super::{by_default, create, living, names, only_dns};
use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::network_policy::NetworkPolicy;
use crate::network::coverage::READS;
use crate::network::default_deny::Opening;
use crate::network::rule::{Direction, Tier};

/// See its fields.
pub static CHECK: Check = Check {
    id: "namespace-without-egress-default-deny",
    title: "Namespace lets its pods connect to everywhere by default",
    area: Area::Network,
    severity: Severity::Low,
    rationale: "Whoever takes over a pod that no policy isolates for egress can connect from it to every pod, to the cluster's own \
        endpoints and to the Internet: to bring in tools, to send data out, and to look for the next pod.",
    remediation: "Add a policy that selects all pods of the namespace for egress and lets only DNS out, together with policies for \
        the connections that its workloads need. Connections to other pods of the namespace need one too. The patch is the first \
        of them alone, and cuts off all else that goes out of the pods that no policy selects: the page What if, under Network, \
        tells what that is.",
    reads: &READS,
    judge: Judge::Namespace(judge),
};

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    let is_clusters_own = living(namespace).is_some_and(|meta| meta.name == "kube-system");
    // The cluster's own parts reach what they must.
    if is_clusters_own {
        return Outcome::NotApplicable;
    }
    by_default(cluster, namespace, Direction::Egress, finding)
}

fn finding(namespace: &ObjectMeta, policies: &[&NetworkPolicy], open: Option<Opening>) -> Finding {
    let name = namespace.name.as_str();
    let is_closed_by_one = open.as_ref().is_none_or(|open| open.tier == Tier::Baseline);
    let why = match &open {
        Some(open) => format!("{} lets everything out.", open.policy),
        None => "No policy selects all its pods for egress.".to_owned(),
    };
    let of = if is_closed_by_one {
        " of pods that no policy selects for egress"
    } else {
        ""
    };
    let message = format!("Namespace {name} lets every connection{of} out. {why}");
    let title = format!("Namespace {name} lets its pods connect to everywhere by default");
    let finding = CHECK.finding(Kind::Namespace.reference(namespace), "", title, message);
    let finding = match open {
        Some(open) => finding.witness_in(open.policy, open.path, open.value),
        None => finding.witness("networkpolicies", json!(names(policies).collect::<Vec<_>>())),
    };
    let patch = is_closed_by_one.then(|| create(name, "default-deny-egress", policies, &only_dns()));
    finding.patch(format!("Let only DNS out of {name} by default"), patch)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{deployment, namespace, policy};
    use super::CHECK;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn shop(policies: &[&str]) -> String {
        let policies = policies.iter().enumerate();
        let policies = policies.map(|(number, spec)| policy("shop", &format!("p{number}"), spec));
        namespace("shop") + &deployment("shop", "web", "containers: [{name: c}]") + &policies.collect::<String>()
    }

    #[test]
    fn a_namespace_that_isolates_nothing_for_egress_fails_and_the_patch_closes_it() {
        let manifests = shop(&["{podSelector: {}}"]);
        assert_eq!(
            titles(&CHECK, &manifests),
            ["Namespace shop lets its pods connect to everywhere by default"]
        );
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn a_policy_that_selects_all_pods_for_egress_denies_by_default() {
        assert_eq!(
            titles(&CHECK, &shop(&["{podSelector: {}, policyTypes: [Egress]}"])),
            [""; 0]
        );
        assert_eq!(
            titles(&CHECK, &shop(&["{podSelector: {}, egress: [{ports: [{port: 53}]}]}"])),
            [""; 0]
        );
        assert_eq!(
            titles(
                &CHECK,
                &shop(&["{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}"])
            )
            .len(),
            1
        );
    }

    #[test]
    fn a_rule_that_lets_everything_out_undoes_the_denial_and_is_shown() {
        let open = "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}";
        let found = findings(&CHECK, &shop(&["{podSelector: {}, policyTypes: [Egress]}", open])).remove(0);
        assert_eq!(
            (found.witness[0].object.name.as_str(), found.witness[0].path.as_str()),
            ("p1", "spec.egress[0].to[0]")
        );
        assert!(found.patch.is_none());
    }

    #[test]
    fn the_clusters_own_namespace_is_not_judged() {
        let manifests = shop(&["{podSelector: {}}"]).replace("shop", "kube-system");
        assert_eq!(titles(&CHECK, &manifests), [""; 0]);
    }
}
