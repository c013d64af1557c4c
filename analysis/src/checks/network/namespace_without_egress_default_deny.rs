//! Namespaces whose pods may connect to everywhere unless somebody thinks of them.

use serde_json::{Value, json};
use shared::verdict::{Area, Severity};

use super::{create, holds_subjects, names, undefined};
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::network_policy::NetworkPolicy;
use crate::network::default_deny::{ByDefault, CLUSTER_WIDE, Opening, of_namespace};
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
        the connections that its workloads need. Connections to other pods of the namespace need one too.",
    reads: &workloads_and::<13>(&[
        Need::Read(Kind::Namespace),
        Need::Read(Kind::NetworkPolicy),
        CLUSTER_WIDE[0],
        CLUSTER_WIDE[1],
        CLUSTER_WIDE[2],
    ]),
    judge: Judge::Namespace(judge),
};

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    let meta = namespace.metadata.as_ref().filter(|_| !namespace.is_terminating());
    // The cluster's own parts reach what they must.
    let Some(meta) = meta.filter(|meta| meta.name != "kube-system") else {
        return Outcome::NotApplicable;
    };
    let evaluated = cluster.network();
    let namespace = evaluated.namespace(&meta.name);
    let Some(namespace) = namespace.filter(|_| holds_subjects(cluster, &meta.name)) else {
        return Outcome::NotApplicable;
    };
    let policies = cluster.policies_in(&meta.name);
    match of_namespace(&evaluated.network, namespace, Direction::Egress) {
        ByDefault::Denied => Outcome::Pass,
        ByDefault::Undefined(one, other) => Outcome::NotEvaluated(undefined(&one, &other)),
        ByDefault::LetThrough(opening) => Outcome::Fail(vec![finding(meta, policies, Some(opening))]),
        ByDefault::Open => Outcome::Fail(vec![finding(meta, policies, None)]),
    }
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

/// Without names nothing works, and the cluster's DNS is in `kube-system`.
fn only_dns() -> Value {
    json!({
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [{
            "to": [{ "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "kube-system" } } }],
            "ports": [{ "protocol": "UDP", "port": 53 }, { "protocol": "TCP", "port": 53 }],
        }],
    })
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
        let manifests = shop(&[]).replace("shop", "kube-system");
        assert_eq!(titles(&CHECK, &manifests), [""; 0]);
    }
}
