use chrono::DateTime;

use super::*;
use crate::cluster::Cluster;
use crate::fixture::snapshot;

fn decided(manifests: &str, direction: Direction, labels: Option<&str>) -> ByDefault {
    let snapshot = snapshot(manifests);
    let cluster = Cluster::new(&snapshot, DateTime::UNIX_EPOCH);
    let network = &cluster.network().network;
    let name = ("kubernetes.io/metadata.name".to_owned(), "shop".to_owned());
    let namespace = Named {
        name: "shop".into(),
        labels: Labels::from_iter([name]),
    };
    match labels {
        None => of_namespace(network, &namespace, direction),
        Some(app) => {
            let labels = Labels::from_iter([("app".to_owned(), app.to_owned())]);
            of_labels(network, &namespace, &labels, direction)
        }
    }
}

fn policies(all: &[(&str, i32, &str)], subject: &str) -> String {
    let manifest = |(number, (tier, priority, rules)): (usize, &(&str, i32, &str))| {
        format!(
            "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: p{priority}-{number}}}
spec: {{tier: {tier}, priority: {priority}, subject: {subject}, {rules}}}
"
        )
    };
    let all: Vec<String> = all.iter().enumerate().map(manifest).collect();
    all.join("\n---\n")
}

fn ingress(all: &[(&str, i32, &str)]) -> ByDefault {
    let rules: Vec<String> = all.iter().map(|(.., rules)| format!("ingress: [{rules}]")).collect();
    let each = all.iter().zip(&rules);
    let all: Vec<_> = each
        .map(|((tier, priority, _), rules)| (*tier, *priority, rules.as_str()))
        .collect();
    decided(&policies(&all, "{namespaces: {}}"), Direction::Ingress, None)
}

const ACCEPT: &str = "{action: Accept, from: [{namespaces: {}}]}";
const DENY: &str = "{action: Deny, from: [{namespaces: {}}]}";
const PASS: &str = "{action: Pass, from: [{namespaces: {}}]}";

#[test]
fn the_first_rule_about_everyone_decides() {
    let is_denied = |all: &[(&str, i32, &str)]| ingress(all) == ByDefault::Denied;
    assert!(is_denied(&[("Baseline", 1, DENY)]));
    assert!(is_denied(&[("Admin", 1, &format!("{DENY}, {ACCEPT}"))]));
    assert!(!is_denied(&[("Admin", 1, &format!("{ACCEPT}, {DENY}"))]));
    assert!(!is_denied(&[("Admin", 9, DENY), ("Admin", 1, ACCEPT)]));
    assert!(!is_denied(&[("Baseline", 1, DENY), ("Admin", 9, ACCEPT)]));
}

#[test]
fn a_pass_leaves_its_tier() {
    let passed = [("Admin", 1, PASS), ("Admin", 2, DENY), ("Baseline", 3, DENY)];
    assert_eq!(ingress(&passed), ByDefault::Denied);
    assert_eq!(ingress(&passed[..2]), ByDefault::Open);
}

#[test]
fn rules_about_some_peers_or_ports_are_exceptions() {
    for rule in [
        "{action: Deny, from: [{namespaces: {matchLabels: {a: b}}}]}",
        "{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}]}",
    ] {
        assert_eq!(ingress(&[("Admin", 1, rule)]), ByDefault::Open, "{rule}");
    }
}

#[test]
fn what_lets_everyone_through_is_said_with_its_rule() {
    let some = "{action: Deny, from: [{namespaces: {matchLabels: {a: b}}}]}";
    let ByDefault::LetThrough(opening) = ingress(&[("Admin", 1, &format!("{some}, {ACCEPT}"))]) else {
        panic!("not let through")
    };
    assert_eq!(
        (opening.policy.name.as_str(), opening.path.as_str()),
        ("p1-0", "spec.ingress[1].action")
    );
}

#[test]
fn policies_of_one_priority_that_contradict_each_other_decide_nothing() {
    let equal = ingress(&[("Admin", 1, ACCEPT), ("Admin", 1, DENY)]);
    assert!(matches!(equal, ByDefault::Undefined(..)), "{equal:?}");
    let agreed = ingress(&[("Admin", 1, DENY), ("Admin", 1, DENY), ("Admin", 2, ACCEPT)]);
    assert_eq!(agreed, ByDefault::Denied);
}

#[test]
fn a_rule_with_a_peer_that_is_not_known_denies_unless_it_accepts() {
    let rule = |action: &str| format!("{{action: {action}, from: [{{somebody: {{}}}}]}}");
    assert_eq!(ingress(&[("Admin", 1, &rule("Deny"))]), ByDefault::Denied);
    assert_eq!(ingress(&[("Admin", 1, &rule("Pass"))]), ByDefault::Denied);
    assert_eq!(ingress(&[("Admin", 1, &rule("Accept"))]), ByDefault::Open);
}

#[test]
fn a_subject_of_some_pods_is_not_the_namespace() {
    let subject = "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}";
    let manifests = policies(&[("Baseline", 1, &format!("ingress: [{DENY}]"))], subject);
    assert_eq!(decided(&manifests, Direction::Ingress, None), ByDefault::Open);
    assert_eq!(decided(&manifests, Direction::Ingress, Some("web")), ByDefault::Denied);
    assert_eq!(decided(&manifests, Direction::Ingress, Some("db")), ByDefault::Open);
}

#[test]
fn who_may_not_connect_to_pods_may_still_connect_outside() {
    let egress = |to: &str| {
        let rules = format!("egress: [{{action: Deny, to: [{to}]}}]");
        decided(
            &policies(&[("Admin", 1, &rules)], "{namespaces: {}}"),
            Direction::Egress,
            None,
        )
    };
    assert_eq!(egress("{namespaces: {}}"), ByDefault::Open);
    assert_eq!(egress("{networks: [0.0.0.0/0, '::/0']}"), ByDefault::Denied);
}
