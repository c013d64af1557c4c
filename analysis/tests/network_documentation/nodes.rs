//! Pods on the network of their node, and what no policy can block.

use crate::cluster::{passes, policy};

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
