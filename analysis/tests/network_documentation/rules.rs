//! Whom and which ports rules name.

use crate::cluster::{passes, policy};

#[test]
fn a_database_takes_a_block_less_its_exception_a_project_and_frontends_and_connects_to_a_network() {
    let policy = policy(
        "database",
        "
  podSelector: {matchLabels: {role: db}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - ipBlock: {cidr: 192.168.0.0/16, except: [192.168.7.0/24]}
    - namespaceSelector: {matchLabels: {project: partner}}
    - podSelector: {matchLabels: {role: frontend}}
    ports: [{protocol: TCP, port: 5432}]
  egress:
  - to: [{ipBlock: {cidr: 10.20.30.0/24}}]
    ports: [{protocol: TCP, port: 8443}]
",
    );
    let database = [policy.as_str()];
    // "any pod in the default namespace with the label role=frontend"
    assert_eq!(passes(&database, "shop/web", "shop/db"), "TCP [(5432, 5432)]");
    assert_eq!(passes(&database, "shop/batch", "shop/db"), "nothing");
    // "any pod in a namespace with the label project=myproject"
    assert_eq!(passes(&database, "partner/web", "shop/db"), "TCP [(5432, 5432)]");
    assert_eq!(passes(&database, "partner/batch", "shop/db"), "TCP [(5432, 5432)]");
    assert_eq!(passes(&database, "staging/web", "shop/db"), "nothing");
    // "all of 172.17.0.0/16 except 172.17.1.0/24"
    assert_eq!(passes(&database, "192.168.6.255", "shop/db"), "TCP [(5432, 5432)]");
    assert_eq!(passes(&database, "192.168.7.0", "shop/db"), "nothing");
    assert_eq!(passes(&database, "192.168.7.255", "shop/db"), "nothing");
    assert_eq!(passes(&database, "192.168.8.0", "shop/db"), "TCP [(5432, 5432)]");
    assert_eq!(passes(&database, "192.169.0.0", "shop/db"), "nothing");
    // "connections from any pod in the default namespace with the label role=db to CIDR 10.0.0.0/24 on TCP port 5978"
    assert_eq!(passes(&database, "shop/db", "10.20.30.255"), "TCP [(8443, 8443)]");
    assert_eq!(passes(&database, "shop/db", "10.20.31.0"), "nothing");
    assert_eq!(passes(&database, "shop/db", "shop/web"), "nothing");
    // "isolates role=db pods", and no others.
    assert_eq!(passes(&database, "shop/web", "shop/batch"), "all");
}

#[test]
fn selectors_in_one_entry_are_both_asked_for_and_of_two_entries_either_is_enough() {
    let both = policy(
        "both",
        "
  podSelector: {matchLabels: {role: db}}
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {project: partner}}
      podSelector: {matchLabels: {role: frontend}}
",
    );
    let either = policy(
        "either",
        "
  podSelector: {matchLabels: {role: db}}
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {project: partner}}
    - podSelector: {matchLabels: {role: frontend}}
",
    );
    for (from, with_both, with_either) in [
        ("partner/web", "all", "all"),
        ("partner/batch", "nothing", "all"),
        ("shop/web", "nothing", "all"),
        ("shop/batch", "nothing", "nothing"),
        ("staging/web", "nothing", "nothing"),
    ] {
        assert_eq!(passes(&[&both], from, "shop/db"), with_both, "{from}");
        assert_eq!(passes(&[&either], from, "shop/db"), with_either, "{from}");
    }
}

#[test]
fn what_the_destination_lets_in_the_source_must_let_out() {
    let web_in = policy(
        "web-in",
        "{podSelector: {matchLabels: {role: db}}, ingress: [{from: [{podSelector: {matchLabels: {role: frontend}}}]}]}",
    );
    let web_out = policy(
        "web-out",
        "{podSelector: {matchLabels: {role: frontend}}, policyTypes: [Egress], egress: [{ports: [{port: 5432}, {port: 53, protocol: UDP}]}]}",
    );
    assert_eq!(passes(&[&web_in], "shop/web", "shop/db"), "all");
    assert_eq!(
        passes(&[&web_in, &web_out], "shop/web", "shop/db"),
        "TCP [(5432, 5432)], UDP [(53, 53)]"
    );
    let deny = policy("deny", "{podSelector: {}, policyTypes: [Egress]}");
    assert_eq!(passes(&[&web_in, &deny], "shop/web", "shop/db"), "nothing");
}

#[test]
fn a_range_of_ports_includes_both_of_its_ends() {
    let range = policy(
        "range",
        "
  podSelector: {matchLabels: {role: db}}
  policyTypes: [Egress]
  egress:
  - to: [{ipBlock: {cidr: 10.20.30.0/24}}]
    ports: [{protocol: TCP, port: 30000, endPort: 30099}]
",
    );
    assert_eq!(passes(&[&range], "shop/db", "10.20.30.1"), "TCP [(30000, 30099)]");
    assert_eq!(passes(&[&range], "shop/db", "10.20.29.255"), "nothing");
}

#[test]
fn several_namespaces_are_named_by_a_label_that_they_have() {
    let stages = policy(
        "stages",
        "
  podSelector: {matchLabels: {role: db}}
  policyTypes: [Egress]
  egress:
  - to: [{namespaceSelector: {matchExpressions: [{key: stage, operator: In, values: [frontend, backend]}]}}]
",
    );
    assert_eq!(passes(&[&stages], "shop/db", "partner/batch"), "all");
    assert_eq!(passes(&[&stages], "shop/db", "staging/web"), "all");
    assert_eq!(passes(&[&stages], "shop/db", "shop/web"), "nothing");
}

#[test]
fn a_namespace_is_named_by_the_label_that_the_control_plane_gives_it() {
    let named = policy(
        "named",
        "
  podSelector: {}
  ingress:
  - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: staging}}}]
",
    );
    assert_eq!(passes(&[&named], "staging/web", "shop/db"), "all");
    assert_eq!(passes(&[&named], "partner/web", "shop/db"), "nothing");
}
