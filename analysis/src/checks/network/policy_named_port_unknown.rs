//! Policies that name ports which no pod has.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::network::classes::ClassId;
use crate::network::evaluated::Evaluated;
use crate::network::rule::{Direction, NamedPort, Peers, Policy, Rule};
use crate::network::written::{Written, rules, shown};

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-named-port-unknown",
    title: "Network policy names a port that no pod has",
    area: Area::Network,
    severity: Severity::Low,
    rationale: "The name of a port is looked up among the ports that the containers of the destination declare. Where none has the \
        name, or has it for another protocol, the rule lets nothing through, and nobody is told.",
    remediation: "Declare the port under that name in the container, or correct the name. A number needs no declaration.",
    reads: &workloads_and::<10>(&[Need::Read(Kind::Namespace), Need::Read(Kind::NetworkPolicy)]),
    judge: Judge::Object(&[Kind::NetworkPolicy], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::NetworkPolicy(written) = object else {
        return Outcome::NotApplicable;
    };
    let evaluated = cluster.network();
    let policy = evaluated.policy(&object.reference());
    let Some(policy) = policy.filter(|policy| !evaluated.network.classes.subject(policy).is_empty()) else {
        return Outcome::NotApplicable;
    };
    let rules = rules(written);
    let unknown: Vec<(String, &str)> = rules.iter().flat_map(|rule| unknown(evaluated, policy, rule)).collect();
    if unknown.is_empty() {
        return Outcome::Pass;
    }
    Outcome::Fail(vec![finding(object, &unknown)])
}

/// The names of a rule that no destination has, with where they stand.
fn unknown<'a>(evaluated: &Evaluated, policy: &Policy, written: &Written<'a>) -> Vec<(String, &'a str)> {
    let Some(rule) = policy
        .rules(written.direction)
        .and_then(|rules| rules.get(written.place))
    else {
        return Vec::new();
    };
    let names = written.ports.iter().enumerate().filter_map(|(place, port)| {
        let name = port.port.as_ref().map_or("", |port| port.string.as_str());
        (!name.is_empty()).then_some((format!("{}.ports[{place}].port", written.path), name))
    });
    // They stand in the order in which they were read.
    let named = names.zip(&rule.ports.named);
    named
        .filter(|(_, named)| !is_known(evaluated, policy, written.direction, rule, named))
        .map(|(name, _)| name)
        .collect()
}

/// Whether a destination has the port, or there is no pod among the destinations, of which another check tells.
fn is_known(evaluated: &Evaluated, policy: &Policy, direction: Direction, rule: &Rule, named: &NamedPort) -> bool {
    let classes = &evaluated.network.classes;
    let has = |class: &ClassId| {
        let mut ports = classes.all[*class as usize].ports.iter();
        ports.any(|port| port.name == named.name && named.protocol.is_none_or(|protocol| protocol == port.protocol))
    };
    match (direction, &rule.peers) {
        (Direction::Ingress, _) => classes.subject(policy).iter().any(has),
        (Direction::Egress, Peers::Everyone) => {
            let all = ClassId::try_from(classes.all.len()).unwrap_or(ClassId::MAX);
            (0..all).any(|class| has(&class))
        }
        (Direction::Egress, Peers::Any(peers)) => {
            let destinations = || peers.iter().flat_map(|peer| classes.peer(peer, policy.tier));
            destinations().next().is_none() || destinations().any(has)
        }
    }
}

fn finding(object: &Object, unknown: &[(String, &str)]) -> Finding {
    let reference = object.reference();
    let mut names: Vec<&str> = unknown.iter().map(|(_, name)| *name).collect();
    names.sort_unstable();
    names.dedup();
    let title = format!("{reference} names a port that no pod has");
    let message = format!(
        "{reference} means ports by names that no pod declares which the rule leads to: {}. It lets nothing through there.",
        names.join(", ")
    );
    let paths: Vec<String> = unknown.iter().map(|(path, _)| path.clone()).collect();
    shown(CHECK.finding(reference, "", title, message), object, &paths)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{deployment, policy};
    use super::CHECK;
    use crate::fixture::findings;

    fn paths(rules: &str) -> Vec<String> {
        let ports = "containers: [{name: c, ports: [{name: http, containerPort: 80}, {name: dns, containerPort: 53, protocol: UDP}]}]";
        let manifests = deployment("shop", "web", ports)
            + &deployment("shop", "db", "")
            + &policy(
                "shop",
                "p",
                &format!("{{podSelector: {{matchLabels: {{app: web}}}}, {rules}}}"),
            );
        let found = findings(&CHECK, &manifests);
        found
            .into_iter()
            .flat_map(|finding| finding.witness)
            .map(|witness| witness.path)
            .collect()
    }

    #[test]
    fn a_name_that_no_selected_pod_declares_fails_and_is_shown() {
        assert_eq!(
            paths("ingress: [{ports: [{port: http}, {port: 81}, {port: htpp}]}]"),
            ["spec.ingress[0].ports[2].port"]
        );
    }

    #[test]
    fn the_protocol_counts() {
        assert_eq!(paths("ingress: [{ports: [{port: dns}]}]").len(), 1);
        assert_eq!(paths("ingress: [{ports: [{port: dns, protocol: UDP}]}]"), [""; 0]);
    }

    #[test]
    fn for_egress_the_ports_of_the_peers_count() {
        let to = |app: &str| {
            paths(&format!(
                "egress: [{{to: [{{podSelector: {{matchLabels: {{app: {app}}}}}}}], ports: [{{port: http}}]}}]"
            ))
        };
        assert_eq!(to("web"), [""; 0]);
        assert_eq!(to("db"), ["spec.egress[0].ports[0].port"]);
        assert_eq!(to("nobody"), [""; 0]);
        assert_eq!(paths("egress: [{ports: [{port: http}]}]"), [""; 0]);
        assert_eq!(paths("egress: [{ports: [{port: nope}]}]").len(), 1);
    }
}
