//! Namespaces from which the metadata of the machine can be read.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use serde_json::json;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use super::{create, living, showing};
use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::node::Node;
use crate::network::connections::Protocol;
use crate::network::coverage::READS;
use crate::network::default_deny::is_isolated;
use crate::network::evaluated::Evaluated;
use crate::network::rule::Direction;

/// Where clouds serve the metadata of a machine, to whoever asks from it.
const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
/// Its port.
const HTTP: u16 = 80;

/// See its fields.
pub static CHECK: Check = Check {
    id: "metadata-endpoint-reachable",
    title: "Pods may reach the metadata of their machine",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "Clouds serve the metadata of a machine on 169.254.169.254 to whoever asks from it, with the credentials of its role \
        and what it was started with. A pod that is led to send a request there has what the node may do.",
    remediation: "Cut the address off by a policy for egress, and have the cloud demand what pods can't send: session tokens with a \
        hop limit of 1, or the metadata service of its Kubernetes. What a cloud does by itself is not seen here.",
    reads: &READS,
    judge: Judge::Namespace(judge),
};

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    let Some(meta) = living(namespace) else {
        return Outcome::NotApplicable;
    };
    let evaluated = cluster.network();
    let network = &evaluated.network;
    let endpoint = network.classes.of_address(IpAddr::V4(METADATA));
    let (mut open, mut all, mut is_any_isolated) = (BTreeSet::new(), BTreeSet::new(), false);
    for (pods, class) in evaluated.pods_in(&meta.name) {
        all.insert(pods.workload);
        is_any_isolated = is_any_isolated || is_isolated(network, class, Direction::Egress);
        let let_through = network.consent(Direction::Egress, class, endpoint);
        if let_through.ports(Protocol::Tcp).contains(HTTP) {
            open.insert(pods.workload);
        }
    }
    match (all.is_empty(), open.is_empty()) {
        (true, _) => Outcome::NotApplicable,
        (_, true) => Outcome::Pass,
        (_, false) => {
            let mut finding = finding(evaluated, meta, &open, all.len());
            // A policy adds to those that are there: beside one for egress it would open everything else.
            let patch = (!is_any_isolated).then(|| all_but_metadata(cluster, &meta.name));
            finding = finding.patch(format!("Cut {METADATA} off from the pods of {}", meta.name), patch);
            if !is_in_cloud(cluster) {
                finding.severity = Severity::Low;
            }
            Outcome::Fail(vec![finding])
        }
    }
}

/// The labels by which the nodes of a cloud are known. The first of them every cloud's controller sets.
const OF_CLOUDS: &[&str] = &[
    "topology.kubernetes.io/region",
    "eks.amazonaws.com/",
    "cloud.google.com/",
    "kubernetes.azure.com/",
];

fn is_in_cloud(cluster: &Cluster<'_>) -> bool {
    let labels = |node: &Node| {
        let labels = node.metadata.as_ref().map(|meta| &meta.labels);
        let mut keys = labels.into_iter().flat_map(|labels| labels.pairs().map(|(key, _)| key));
        keys.any(|key| OF_CLOUDS.iter().any(|of_cloud| key.starts_with(of_cloud)))
    };
    cluster.snapshot.all::<Node>().any(labels)
}

fn finding(evaluated: &Evaluated, namespace: &ObjectMeta, open: &BTreeSet<usize>, all: usize) -> Finding {
    let name = namespace.name.as_str();
    let title = format!("Pods of namespace {name} may reach the metadata of their machine");
    let message = format!(
        "The pods of {} of {all} workloads of namespace {name} may connect to {METADATA}: no policy cuts it off.",
        open.len()
    );
    let finding = CHECK.finding(Kind::Namespace.reference(namespace), "", title, message);
    showing(finding, evaluated, open)
}

/// Lets out everything but what is to be cut off: where nothing is isolated, nothing else changes.
fn all_but_metadata(cluster: &Cluster<'_>, namespace: &str) -> Patch {
    let spec = json!({
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [{
            "to": [
                { "namespaceSelector": {} },
                { "ipBlock": { "cidr": "0.0.0.0/0", "except": [format!("{METADATA}/32")] } },
                { "ipBlock": { "cidr": "::/0", "except": ["fd00:ec2::254/128"] } },
            ],
        }],
    });
    create(namespace, "deny-metadata", cluster.policies_in(namespace), &spec)
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::super::fixtures::{deployment, namespace, policy};
    use super::CHECK;
    use crate::fixture::{findings, is_closed_by_patches, severities, titles};

    const NODE: &str = "
apiVersion: v1
kind: Node
metadata: {name: node-1, labels: {topology.kubernetes.io/region: eu-west-1}}
---
";

    fn shop(policies: &[&str]) -> String {
        let policies = policies.iter().enumerate();
        let policies = policies.map(|(number, spec)| policy("shop", &format!("p{number}"), spec));
        namespace("shop")
            + &deployment("shop", "web", "")
            + &deployment("shop", "db", "")
            + &policies.collect::<String>()
    }

    #[test]
    fn a_namespace_that_isolates_nothing_fails_once_and_the_patch_closes_it() {
        let found = findings(&CHECK, &shop(&[]));
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("2 of 2 workloads"), "{}", found[0].message);
        assert!(is_closed_by_patches(&CHECK, &shop(&[])));
    }

    #[test]
    fn it_is_worse_where_nodes_are_a_clouds() {
        assert_eq!(severities(&CHECK, &shop(&[])), [Severity::Low]);
        assert_eq!(severities(&CHECK, &(shop(&[]) + NODE)), [Severity::Medium]);
    }

    #[test]
    fn what_egress_lets_through_counts() {
        let count = |rule: &str| {
            let spec = format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{rule}]}}");
            titles(&CHECK, &shop(&[&spec])).len()
        };
        assert_eq!(count(""), 0);
        assert_eq!(count("{to: [{namespaceSelector: {}}]}"), 0);
        assert_eq!(
            count("{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}"),
            0
        );
        assert_eq!(count("{ports: [{port: 443}]}"), 0);
        assert_eq!(count("{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}"), 1);
        assert_eq!(count("{ports: [{port: 80}]}"), 1);
    }

    #[test]
    fn beside_a_policy_for_egress_there_is_no_patch_that_would_open_it() {
        let open = "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}";
        let found = findings(&CHECK, &shop(&[open])).remove(0);
        assert!(found.message.contains("1 of 2 workloads"), "{}", found.message);
        assert_eq!(found.patch, None);
    }

    #[test]
    fn pods_on_the_network_of_their_node_do_not_count() {
        let host = namespace("shop") + &deployment("shop", "agent", "hostNetwork: true");
        assert_eq!(titles(&CHECK, &host), [""; 0]);
    }
}
