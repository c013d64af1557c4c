//! Policies that open many ports at once.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::network_policy::NetworkPolicyPort;
use crate::model::{Kind, Object};
use crate::network::namespaced;
use crate::network::written::{rules, shown};

/// As many ports as no single service needs.
const WIDE: i32 = 1000;

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-port-range-wide",
    title: "Network policy opens a wide range of ports",
    area: Area::Network,
    severity: Severity::Low,
    rationale: "A range of a thousand ports and more opens what the workload listens on today and what it will: debuggers, figures, \
        ports of administration.",
    remediation: "List the ports that are connected to. They may be given by the names under which containers declare them.",
    reads: &[Need::Read(Kind::NetworkPolicy)],
    judge: Judge::Object(&[Kind::NetworkPolicy], judge),
};

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::NetworkPolicy(policy) = object else {
        return Outcome::NotApplicable;
    };
    if namespaced::read(policy).is_err() {
        return Outcome::NotApplicable;
    }
    let rules = rules(policy);
    let ports = rules.iter().flat_map(|rule| {
        let ports = rule.ports.iter().enumerate();
        ports.filter_map(|(place, port)| Some((format!("{}.ports[{place}]", rule.path), wide(port)?)))
    });
    let found: Vec<(String, (i32, i32))> = ports.collect();
    match found.first() {
        None => Outcome::Pass,
        Some((_, range)) => {
            let paths: Vec<String> = found.iter().map(|(path, _)| path.clone()).collect();
            Outcome::Fail(vec![finding(object, *range, &paths)])
        }
    }
}

fn wide(port: &NetworkPolicyPort) -> Option<(i32, i32)> {
    let (first, last) = (port.port.as_ref()?.int, port.end_port?);
    (last - first >= WIDE - 1).then_some((first, last))
}

fn finding(object: &Object, (first, last): (i32, i32), paths: &[String]) -> Finding {
    let reference = object.reference();
    let title = format!("{reference} opens a wide range of ports");
    let message = format!(
        "{reference} opens {} ports at once, {first} to {last}.",
        last - first + 1
    );
    shown(CHECK.finding(reference, "", title, message), object, paths)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::policy;
    use super::CHECK;
    use crate::fixture::findings;

    fn messages(ports: &str) -> Vec<String> {
        let spec = format!("{{podSelector: {{}}, ingress: [{{ports: [{ports}]}}]}}");
        let found = findings(&CHECK, &policy("shop", "p", &spec));
        found.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_thousand_ports_fail_and_fewer_pass() {
        assert_eq!(
            messages("{port: 80}, {port: 30000, endPort: 32767}"),
            ["NetworkPolicy shop/p opens 2768 ports at once, 30000 to 32767."]
        );
        assert_eq!(messages("{port: 1, endPort: 1000}").len(), 1);
        assert_eq!(messages("{port: 1, endPort: 999}"), [""; 0]);
        assert_eq!(messages("{port: http}, {protocol: UDP}"), [""; 0]);
    }
}
