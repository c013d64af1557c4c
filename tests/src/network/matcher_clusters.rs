//! Random clusters, less what kube-network-policies 0.8.0 does not have or reads otherwise than the specification has it.
//!
//! It decides about packets, and knows a pod by its address. So:
//!
//! - Each pod has one address: of a pod with two, a packet shows only one, and of a pod with none no packet is seen.
//! - Nobody asks about a pod and itself ("a pod cannot block access to itself") nor about a pod and its own node ("traffic to and
//!   from the node where a Pod is running is always allowed"): no such packet reaches it.
//!
//! It reads the older cluster-wide kinds only. A `ClusterNetworkPolicy` says the same in other words, so the matcher is given it
//! as an `AdminNetworkPolicy` or, of the Baseline tier, a `BaselineAdminNetworkPolicy`, of which a cluster has one.
//!
//! Where it differs from the specification, which is quoted here, the clusters keep clear:
//!
//! - "`DestinationNamedPort` selects a destination port on a pod based on the `ContainerPort` name." In cluster-wide policies it
//!   takes any port of a pod that has a port of this name, and for ingress looks for the name at the source.
//! - "It selects the nodeIPs as the peer type by matching on the IPs present in the node.Status.Addresses field of the node." It
//!   takes all pods that run on a node for the node, and no others.
//! - "If an implementation sees no fields are set then it can infer that the deployed CRD is of an incompatible version with an
//!   unknown field. In that case it should fail closed." It passes over such a peer.
//! - "v1.NetworkPolicy always makes a final decision for selected pods. Further evaluation only happens for Pods not selected by a
//!   v1.NetworkPolicy." It leaves out the Baseline tier for both directions where a policy of one selects the pod. But a policy
//!   selects for a direction, in the documentation's words: "A pod is isolated for egress if there is any NetworkPolicy that both
//!   selects the pod and has "Egress" in its `policyTypes`; we say that such a policy applies to the pod for egress", and "the two
//!   sorts of isolation (or not) are declared independently". A change of KEP 2091 that was not merged
//!   (kubernetes/enhancements#4688) reads it so too: "selected (meaning the combination of podSelector and presence of ingress or
//!   egress rules as appropriate)".

use std::net::IpAddr;

use serde_json::{Value, json};

use super::world::World;

/// The cluster, less what can't be asked of the matcher.
pub fn narrowed(mut world: World) -> World {
    for (number, pod) in world.pods.iter_mut().enumerate() {
        let first = pod["status"]["podIPs"][0]["ip"]
            .as_str()
            .unwrap_or_default()
            .parse::<IpAddr>();
        // As the kubelet writes it: the matcher looks for the text.
        let address = first.map_or_else(|_| format!("10.0.2.{number}"), |address| address.to_string());
        pod["status"] = json!({"podIPs": [{"ip": address}]});
    }
    let mut has_baseline = false;
    world.policies.retain(|policy| {
        let is_another = is_baseline(policy) && has_baseline;
        has_baseline |= is_baseline(policy);
        !is_another
    });
    for policy in &mut world.policies {
        match policy["kind"] == "NetworkPolicy" {
            true if has_baseline => policy["spec"]["policyTypes"] = json!(["Ingress", "Egress"]),
            true => {}
            false => narrow_rules(&mut policy["spec"]),
        }
    }
    world
}

fn is_baseline(policy: &Value) -> bool {
    policy["kind"] == "BaselineAdminNetworkPolicy" || policy["spec"]["tier"] == "Baseline"
}

fn narrow_rules(spec: &mut Value) {
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        let Some(rules) = spec[rules].as_array_mut() else {
            continue;
        };
        rules.retain_mut(|rule| {
            let keeps = ["namespaces", "pods", "networks"];
            keep(rule, peers, |peer| keeps.iter().any(|field| peer.get(field).is_some()))
                && keep(rule, "ports", |port| port.get("namedPort").is_none())
                && keep(rule, "protocols", |protocol| {
                    protocol.get("destinationNamedPort").is_none()
                })
        });
    }
}

/// Whether a list of a rule has something left: an empty one would mean something else.
fn keep(rule: &mut Value, list: &str, is_kept: impl Fn(&Value) -> bool) -> bool {
    rule.get_mut(list).and_then(Value::as_array_mut).is_none_or(|list| {
        list.retain(is_kept);
        !list.is_empty()
    })
}

/// The objects of a cluster, in the kinds that the matcher reads.
pub fn objects(world: &World) -> Vec<Value> {
    world.objects().map(in_older_words).collect()
}

fn in_older_words(object: &Value) -> Value {
    if object["kind"] != "ClusterNetworkPolicy" {
        return object.clone();
    }
    let kind = match is_baseline(object) {
        true => "BaselineAdminNetworkPolicy",
        false => "AdminNetworkPolicy",
    };
    let mut older = object.clone();
    older["apiVersion"] = json!("policy.networking.k8s.io/v1alpha1");
    older["kind"] = json!(kind);
    for rules in ["ingress", "egress"] {
        let each = older["spec"][rules].as_array_mut().into_iter().flatten();
        each.for_each(|rule| rule_in_older_words(rule, kind));
    }
    older
}

fn rule_in_older_words(rule: &mut Value, kind: &str) {
    // What passes the last tier is let through.
    if rule["action"] == "Accept" || rule["action"] == "Pass" && kind == "BaselineAdminNetworkPolicy" {
        rule["action"] = json!("Allow");
    }
    let protocols = rule.as_object_mut().and_then(|rule| rule.remove("protocols"));
    if let Some(Value::Array(protocols)) = protocols {
        let ports = protocols.iter().filter_map(Value::as_object).flatten();
        rule["ports"] = ports
            .map(|(protocol, said)| port_in_older_words(protocol, said))
            .collect();
    }
}

fn port_in_older_words(protocol: &str, said: &Value) -> Value {
    let protocol = protocol.to_uppercase();
    let port = &said["destinationPort"];
    match (&port["number"], &port["range"]) {
        (Value::Null, Value::Null) => json!({"portRange": {"protocol": protocol, "start": 1, "end": 65535}}),
        (Value::Null, range) => {
            json!({"portRange": {"protocol": protocol, "start": range["start"], "end": range["end"]}})
        }
        (number, _) => json!({"portNumber": {"protocol": protocol, "port": number}}),
    }
}
