//! What <https://kubernetes.io/docs/concepts/services-networking/network-policies/> says of its examples, one test for each. The
//! manifests and their names are others; what stands in quotation marks is the page's.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use analysis::cluster::Cluster;
use analysis::model::normalise::normalise;
use analysis::model::{Kind, Object, Snapshot};
use analysis::network::ends::{self, End};
use analysis::network::engine::Network;
use analysis::network::model::Model;
use analysis::network::read;
use chrono::DateTime;
use serde_json::Value;
use shared::snapshots::Collected;

/// The shop and whoever may want something of it.
const CLUSTER: &str = "
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: partner, labels: {project: partner, stage: backend}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: staging, labels: {stage: frontend}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {role: db}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {role: frontend}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Pod, metadata: {name: batch, namespace: shop, labels: {role: batch}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: partner, labels: {role: frontend}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Pod, metadata: {name: batch, namespace: partner, labels: {role: batch}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: staging, labels: {role: frontend}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Node, metadata: {name: one}}
---
{apiVersion: v1, kind: Node, metadata: {name: two}}
---
apiVersion: v1
kind: Pod
metadata: {name: agent-one, namespace: shop, labels: {role: frontend}}
spec: {nodeName: one, hostNetwork: true}
status: {podIPs: [{ip: 203.0.113.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent-two, namespace: shop, labels: {role: frontend}}
spec:
  nodeName: two
  hostNetwork: true
  containers: [{name: agent, image: agent, ports: [{name: metrics, containerPort: 9100}]}]
status: {podIPs: [{ip: 203.0.113.2}]}
";

fn snapshot(policies: &[&str]) -> Snapshot {
    let mut snapshot = Snapshot::new("v1.37.2");
    for kind in Kind::ALL {
        snapshot.set(*kind, Collected::Collected { count: 0 }, Vec::new());
    }
    let documents = CLUSTER.split("\n---\n").chain(policies.iter().copied());
    for document in documents {
        let value: Value = serde_saphyr::from_str(document).unwrap();
        let kind = Kind::of_manifest(value["apiVersion"].as_str().unwrap(), value["kind"].as_str().unwrap()).unwrap();
        snapshot.put(normalise(Object::deserialize(kind, value).unwrap()).unwrap());
    }
    snapshot
}

/// A pod of the cluster by namespace and name, or an address.
fn end(model: &Model, text: &str) -> End {
    let Some((namespace, name)) = text.split_once('/') else {
        return End::Address(text.parse().unwrap());
    };
    let is_it = |entry: &usize| {
        let pods = &model.pods[*entry];
        model.namespaces[pods.namespace].name == namespace && pods.each[0].pod == name
    };
    End::Pod((0..model.pods.len()).find(is_it).unwrap(), 0)
}

/// What may pass from one end to another under policies: `all`, `nothing`, or the ports of each protocol.
fn passes(policies: &[&str], from: &str, to: &str) -> String {
    let snapshot = snapshot(policies);
    let model = Model::of(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
    let (policies, flaws) = read::policies(&snapshot);
    assert_eq!(flaws, []);
    let network = Network::new(&model, policies);
    let connections = ends::connections(&model, &network, end(&model, from), end(&model, to));
    if connections.is_all() {
        return "all".into();
    }
    let each = connections.each().filter(|(_, ports)| !ports.is_empty());
    let told = each.map(|(protocol, ports)| format!("{} {:?}", protocol.name(), ports.intervals()));
    let told: Vec<String> = told.collect();
    match told.as_slice() {
        [] => "nothing".into(),
        told => told.join(", "),
    }
}

/// A policy of the shop, of which the specification is given.
fn policy(name: &str, spec: &str) -> String {
    format!(
        "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec: {spec}"
    )
}

#[test]
fn without_policies_pods_are_isolated_in_neither_direction() {
    for (from, to) in [
        ("shop/web", "shop/db"),
        ("198.51.100.7", "shop/db"),
        ("shop/db", "198.51.100.7"),
    ] {
        assert_eq!(passes(&[], from, to), "all", "{from} {to}");
    }
}

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

const DENY_INGRESS: &str = "{podSelector: {}, policyTypes: [Ingress]}";
const DENY_EGRESS: &str = "{podSelector: {}, policyTypes: [Egress]}";

#[test]
fn a_default_deny_of_ingress_isolates_all_pods_of_the_namespace_and_changes_nothing_for_egress() {
    let deny = policy("deny", DENY_INGRESS);
    assert_eq!(passes(&[&deny], "shop/web", "shop/db"), "nothing");
    assert_eq!(passes(&[&deny], "partner/web", "shop/db"), "nothing");
    assert_eq!(passes(&[&deny], "198.51.100.7", "shop/db"), "nothing");
    assert_eq!(passes(&[&deny], "shop/db", "partner/web"), "all");
    assert_eq!(passes(&[&deny], "shop/db", "198.51.100.7"), "all");
}

#[test]
fn no_other_policy_denies_what_one_allows_all_of() {
    let (deny, allow) = (
        policy("deny", DENY_INGRESS),
        policy("allow", "{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}"),
    );
    assert_eq!(passes(&[&deny, &allow], "198.51.100.7", "shop/db"), "all");
    assert_eq!(passes(&[&deny, &allow], "partner/web", "shop/db"), "all");
    let (deny, allow) = (
        policy("deny", DENY_EGRESS),
        policy("allow", "{podSelector: {}, policyTypes: [Egress], egress: [{}]}"),
    );
    assert_eq!(passes(&[&deny, &allow], "shop/db", "198.51.100.7"), "all");
    assert_eq!(passes(&[&deny, &allow], "shop/db", "partner/web"), "all");
}

#[test]
fn a_default_deny_of_egress_isolates_all_pods_of_the_namespace_and_changes_nothing_for_ingress() {
    let deny = policy("deny", DENY_EGRESS);
    assert_eq!(passes(&[&deny], "shop/db", "shop/web"), "nothing");
    assert_eq!(passes(&[&deny], "shop/db", "198.51.100.7"), "nothing");
    assert_eq!(passes(&[&deny], "partner/web", "shop/db"), "all");
}

#[test]
fn a_default_deny_of_both_lets_nothing_in_nor_out() {
    let deny = policy("deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}");
    for (from, to) in [
        ("shop/web", "shop/db"),
        ("partner/web", "shop/db"),
        ("shop/db", "partner/web"),
    ] {
        assert_eq!(passes(&[&deny], from, to), "nothing", "{from} {to}");
    }
    assert_eq!(passes(&[&deny], "partner/web", "staging/web"), "all");
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
    let deny = policy("deny", DENY_EGRESS);
    assert_eq!(passes(&[&web_in, &deny], "shop/web", "shop/db"), "nothing");
}

#[test]
fn without_policy_types_a_policy_is_about_ingress_and_with_egress_rules_about_egress_too() {
    let neither = policy("neither", "{podSelector: {matchLabels: {role: db}}}");
    assert_eq!(passes(&[&neither], "shop/web", "shop/db"), "nothing");
    assert_eq!(passes(&[&neither], "shop/db", "shop/web"), "all");
    let egress = policy(
        "egress",
        "{podSelector: {matchLabels: {role: db}}, egress: [{ports: [{port: 443}]}]}",
    );
    assert_eq!(passes(&[&egress], "shop/web", "shop/db"), "nothing");
    assert_eq!(passes(&[&egress], "shop/db", "shop/web"), "TCP [(443, 443)]");
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

#[test]
fn pods_on_the_network_of_their_node_are_not_told_from_the_node() {
    // "NetworkPolicy behaviour for hostNetwork pods is undefined, but it should be limited to 2 possibilities": this is the one
    // that the page calls the most common.
    let frontends = policy(
        "frontends",
        "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {role: frontend}}}]}]}",
    );
    assert_eq!(passes(&[&frontends], "shop/agent-two", "shop/db"), "nothing");
    assert_eq!(passes(&[&frontends], "198.51.100.7", "shop/agent-two"), "all");
    let by_address = policy(
        "by-address",
        "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.2/32}}]}]}",
    );
    assert_eq!(passes(&[&by_address], "shop/agent-two", "shop/db"), "all");
    // "Traffic to/from hostNetwork pods is treated the same as all other traffic to/from the node IP": what containers call their
    // ports is not known of it.
    let by_name = policy(
        "by-name",
        "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: metrics}, {port: 53}]}]}",
    );
    assert_eq!(passes(&[&by_name], "shop/db", "shop/agent-two"), "TCP [(53, 53)]");
}

#[test]
fn a_pod_can_block_neither_itself_nor_its_node() {
    let deny = policy("deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}");
    assert_eq!(passes(&[&deny], "shop/db", "shop/db"), "all");
    assert_eq!(passes(&[&deny], "shop/agent-one", "shop/db"), "all");
    assert_eq!(passes(&[&deny], "shop/agent-two", "shop/db"), "nothing");
}
