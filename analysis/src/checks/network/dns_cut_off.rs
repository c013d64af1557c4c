//! Namespaces whose policies forgot DNS.

use std::collections::BTreeSet;

use shared::verdict::{Area, Severity};

use super::{create, living, only_dns, showing};
use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::network::classes::{ClassId, Of};
use crate::network::connections::Protocol;
use crate::network::coverage::READS;
use crate::network::default_deny::is_isolated;
use crate::network::engine::Network;
use crate::network::evaluated::Evaluated;
use crate::network::rule::Direction;

/// The port of DNS.
const DNS: u16 = 53;
/// The port on which the pods of OpenShift's DNS listen. Policies see the port of the pod.
const DNS_OF_OPENSHIFT: u16 = 5353;

/// See its fields.
pub static CHECK: Check = Check {
    id: "dns-cut-off",
    title: "Policies for egress forgot DNS",
    area: Area::Network,
    severity: Severity::Low,
    rationale: "Pods that policies isolate for egress and that may reach port 53 nowhere find no Service by its name. What then \
        fails does so in a way that tells nothing of policies, and is often mended by opening everything.",
    remediation: "Let the pods reach port 53 of the cluster's DNS, by UDP and TCP. Where they need no names, nothing is to be done.",
    reads: &READS,
    judge: Judge::Namespace(judge),
};

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    let Some(meta) = living(namespace) else {
        return Outcome::NotApplicable;
    };
    let evaluated = cluster.network();
    let network = &evaluated.network;
    let (mut cut, mut isolated, mut all) = (BTreeSet::new(), 0, 0);
    let mut known: Vec<(ClassId, bool)> = Vec::new();
    for (pods, class) in evaluated.pods_in(&meta.name) {
        all += 1;
        if !is_isolated(network, class, Direction::Egress) {
            continue;
        }
        isolated += 1;
        let place = known.iter().position(|(other, _)| *other == class);
        let place = place.unwrap_or_else(|| {
            known.push((class, reaches_dns(network, class)));
            known.len() - 1
        });
        if !known[place].1 {
            cut.insert(pods.workload);
        }
    }
    match (isolated, cut.is_empty()) {
        (0, _) => Outcome::NotApplicable,
        (_, true) => Outcome::Pass,
        (_, false) => Outcome::Fail(vec![finding(cluster, evaluated, meta, &cut, isolated == all)]),
    }
}

/// Whether pods of a class may reach the port of DNS anywhere, in the cluster or outside: caches on nodes and resolvers of
/// companies serve as well as the cluster's own.
fn reaches_dns(network: &Network, class: ClassId) -> bool {
    let all = ClassId::try_from(network.classes.all.len()).unwrap_or(ClassId::MAX);
    (0..all).any(|peer| {
        let ports = network.consent(Direction::Egress, class, peer).ports(Protocol::Udp);
        let is_pod = network.classes.all[peer as usize].of == Of::Pods;
        ports.contains(DNS) || is_pod && ports.contains(DNS_OF_OPENSHIFT)
    })
}

fn finding(
    cluster: &Cluster<'_>,
    evaluated: &Evaluated,
    namespace: &ObjectMeta,
    cut: &BTreeSet<usize>,
    are_all_isolated: bool,
) -> Finding {
    let name = namespace.name.as_str();
    let title = format!("Policies for egress of namespace {name} forgot DNS");
    let workloads: Vec<_> = cut.iter().map(|place| &evaluated.model.workloads[*place]).collect();
    let who = match workloads.as_slice() {
        [one] => format!("Pods of {one} are"),
        many => format!("Pods of {} workloads of namespace {name} are", many.len()),
    };
    let message = format!("{who} isolated for egress, and may reach port 53 nowhere, so that names are not resolved.");
    let finding = CHECK.finding(Kind::Namespace.reference(namespace), "", title, message);
    let finding = showing(finding, evaluated, cut);
    // A policy for all pods would isolate those that none isolates yet.
    let patch = are_all_isolated.then(|| create(name, "allow-dns", cluster.policies_in(name), &only_dns()));
    finding.patch(format!("Let the pods of {name} reach DNS"), patch)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{deployment, namespace, policy};
    use super::CHECK;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn shop(policies: &[&str]) -> String {
        let policies = policies.iter().enumerate();
        let policies = policies.map(|(number, spec)| policy("shop", &format!("p{number}"), spec));
        namespace("shop")
            + &namespace("kube-system")
            + &deployment("kube-system", "coredns", "")
            + &deployment("shop", "web", "")
            + &deployment("shop", "db", "")
            + &policies.collect::<String>()
    }

    const DENY: &str = "{podSelector: {}, policyTypes: [Egress]}";

    #[test]
    fn a_denial_of_egress_without_dns_fails_once_and_the_patch_closes_it() {
        let found = findings(&CHECK, &shop(&[DENY]));
        assert_eq!(found.len(), 1);
        assert!(
            found[0].message.starts_with("Pods of 2 workloads of namespace shop"),
            "{}",
            found[0].message
        );
        assert!(is_closed_by_patches(&CHECK, &shop(&[DENY])));
    }

    #[test]
    fn port_53_anywhere_is_enough_and_other_ports_are_not() {
        for rule in [
            "{ports: [{port: 53, protocol: UDP}]}",
            "{to: [{namespaceSelector: {}}]}",
            "{to: [{ipBlock: {cidr: 169.254.20.10/32}}]}",
        ] {
            let open = format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{rule}]}}");
            assert_eq!(titles(&CHECK, &shop(&[DENY, &open])), [""; 0], "{rule}");
        }
        let https = "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 443}, {port: 53}]}]}";
        assert_eq!(titles(&CHECK, &shop(&[DENY, https])).len(), 1);
    }

    #[test]
    fn where_some_pods_are_isolated_the_others_are_not_isolated_by_a_patch() {
        let some = "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}";
        let found = findings(&CHECK, &shop(&[some])).remove(0);
        assert!(
            found.message.starts_with("Pods of Deployment shop/web are isolated"),
            "{}",
            found.message
        );
        assert_eq!(found.patch, None);
    }

    #[test]
    fn a_namespace_that_isolates_nothing_for_egress_is_not_judged() {
        assert_eq!(titles(&CHECK, &shop(&["{podSelector: {}}"])), [""; 0]);
    }
}
