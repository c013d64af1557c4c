//! Policies that let in every pod of the cluster.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::network::policy::is_every_pod;
use crate::network::rule::Direction;
use crate::network::written::{Written, rules, shown};

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-lets-in-all-namespaces",
    title: "Network policy lets in the pods of all namespaces",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "An empty selector of namespaces stands for every pod of the cluster, those of other teams and of namespaces to come \
        included. Whoever takes over any of them may connect.",
    remediation: "Name the namespaces from which connections are needed by their labels: \
        kubernetes.io/metadata.name is the name of each.",
    reads: &[Need::Read(Kind::NetworkPolicy)],
    judge: Judge::Object(&[Kind::NetworkPolicy], judge),
};

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::NetworkPolicy(policy) = object else {
        return Outcome::NotApplicable;
    };
    let rules: Vec<Written<'_>> = rules(policy);
    let ingress = rules.iter().filter(|rule| rule.direction == Direction::Ingress);
    let open: Vec<(&Written<'_>, usize)> = ingress
        .filter_map(|rule| Some((rule, rule.peers.iter().position(is_every_pod)?)))
        .collect();
    if open.is_empty() {
        return Outcome::Pass;
    }
    Outcome::Fail(vec![finding(object, &open)])
}

fn finding(object: &Object, open: &[(&Written<'_>, usize)]) -> Finding {
    let reference = object.reference();
    let is_whole = open.iter().any(|(rule, _)| rule.ports.is_empty());
    let on = if is_whole { "every port" } else { "some ports" };
    let title = format!("{reference} lets in the pods of all namespaces");
    let message = format!("{title} on {on}: an empty namespaceSelector stands for every pod of the cluster.");
    let paths: Vec<String> = open.iter().map(|(rule, place)| rule.peer(*place)).collect();
    let mut finding = shown(CHECK.finding(reference, "", title, message), object, &paths);
    if !is_whole {
        finding.severity = Severity::Low;
    }
    finding
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::super::fixtures::policy;
    use super::CHECK;
    use crate::fixture::{findings, severities};

    fn found(rules: &str) -> Vec<Severity> {
        severities(&CHECK, &policy("shop", "p", &format!("{{podSelector: {{}}, {rules}}}")))
    }

    #[test]
    fn an_empty_selector_of_namespaces_fails_and_is_less_bad_on_some_ports() {
        assert_eq!(
            found("ingress: [{from: [{namespaceSelector: {}}]}]"),
            [Severity::Medium]
        );
        assert_eq!(
            found("ingress: [{from: [{namespaceSelector: {}, podSelector: {}}], ports: [{port: 80}]}]"),
            [Severity::Low]
        );
        let rules = "{podSelector: {}, ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}]}]}";
        let finding = findings(&CHECK, &policy("shop", "p", rules)).remove(0);
        assert_eq!(finding.witness[0].path, "spec.ingress[0].from[1]");
        assert_eq!(finding.witness[0].value, serde_json::json!({"namespaceSelector": {}}));
    }

    #[test]
    fn some_namespaces_some_pods_and_egress_pass() {
        for rules in [
            "ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]",
            "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}]",
            "ingress: [{from: [{podSelector: {}}]}]",
            "policyTypes: [Egress], ingress: [{from: [{namespaceSelector: {}}]}]",
            "egress: [{to: [{namespaceSelector: {}}]}]",
        ] {
            assert_eq!(found(rules), [], "{rules}");
        }
    }
}
