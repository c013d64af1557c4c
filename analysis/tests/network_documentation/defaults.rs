//! What holds where policies speak of nothing, or of all pods.

use crate::cluster::{passes, policy};

const DENY_INGRESS: &str = "{podSelector: {}, policyTypes: [Ingress]}";
const DENY_EGRESS: &str = "{podSelector: {}, policyTypes: [Egress]}";

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
