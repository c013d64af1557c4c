//! From `NetworkPolicy` of `networking.k8s.io/v1` to the one form, as `staging/src/k8s.io/api/networking/v1/types.go` specifies
//! it; what `pkg/apis/networking/validation` refuses is refused in its words.

use ipnet::IpNet;

use super::address::Addresses;
use super::connections::{Connections, Ports, Protocol};
use super::policy::{isolates_egress, isolates_ingress};
use super::rule::{Action, Flaw, NamedPort, Namespaces, Peer, Peers, Pods, Policy, Rule, RulePorts, Tier};
use crate::model::Kind;
use crate::model::meta::LabelSelector;
use crate::model::network_policy::{IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec};

/// A part of a policy, or what is wrong with it and where below it.
type Read<T> = Result<T, (String, String)>;

/// The policy in the one form.
///
/// # Errors
/// What the API server would refuse it for: the first there is.
pub fn read(policy: &NetworkPolicy) -> Result<Policy, Box<Flaw>> {
    let meta = policy.metadata.clone().unwrap_or_default();
    let object = Kind::NetworkPolicy.reference(&meta);
    let spec = policy.spec.clone().unwrap_or_default();
    let flaw = |(path, reason): (String, String)| {
        Box::new(Flaw {
            object: object.clone(),
            path: format!("spec.{path}"),
            reason,
        })
    };
    let subject = Pods {
        namespaces: Namespaces::Named(object.namespace.clone()),
        pods: spec.pod_selector.clone().unwrap_or_default(),
    };
    selector(&subject.pods).map_err(|found| flaw(below("podSelector", found)))?;
    types(&spec).map_err(flaw)?;
    let (ingress, egress) = rules(&spec, &object.namespace).map_err(flaw)?;
    Ok(Policy {
        tier: Tier::Namespaced,
        priority: 0,
        subject,
        ingress: isolates_ingress(policy).then_some(ingress),
        egress: isolates_egress(policy).then_some(egress),
        object,
    })
}

fn below(path: &str, (rest, reason): (String, String)) -> (String, String) {
    let dot = if rest.is_empty() || rest.starts_with('[') {
        ""
    } else {
        "."
    };
    (format!("{path}{dot}{rest}"), reason)
}

fn refused<T>(path: &str, reason: impl Into<String>) -> Read<T> {
    Err((path.to_owned(), reason.into()))
}

fn types(spec: &NetworkPolicySpec) -> Read<()> {
    if spec.policy_types.len() > 2 {
        return refused("policyTypes", "may not specify more than two policyTypes");
    }
    let unknown = |listed: &&String| !matches!(listed.as_str(), "Ingress" | "Egress");
    match spec.policy_types.iter().find(unknown) {
        Some(unknown) => refused("policyTypes", unsupported(unknown, r#""Egress", "Ingress""#)),
        None => Ok(()),
    }
}

fn unsupported(value: &str, supported: &str) -> String {
    format!("Unsupported value: {value:?}: supported values: {supported}")
}

fn rules(spec: &NetworkPolicySpec, namespace: &str) -> Read<(Vec<Rule>, Vec<Rule>)> {
    let ingress = spec.ingress.iter().enumerate().map(|(place, one)| {
        let at = format!("ingress[{place}]");
        rule(place, namespace, ("from", &one.from), &one.ports).map_err(|found| below(&at, found))
    });
    let egress = spec.egress.iter().enumerate().map(|(place, one)| {
        let at = format!("egress[{place}]");
        rule(place, namespace, ("to", &one.to), &one.ports).map_err(|found| below(&at, found))
    });
    Ok((ingress.collect::<Read<_>>()?, egress.collect::<Read<_>>()?))
}

/// Empty lists are all there are.
fn rule(
    place: usize,
    namespace: &str,
    (field, peers): (&str, &[NetworkPolicyPeer]),
    ports: &[NetworkPolicyPort],
) -> Read<Rule> {
    let read = |(place, one): (usize, &NetworkPolicyPeer)| {
        peer(one, namespace).map_err(|found| below(&format!("{field}[{place}]"), found))
    };
    Ok(Rule {
        place,
        action: Action::Accept,
        ports: rule_ports(ports)?,
        peers: match peers {
            [] => Peers::Everyone,
            peers => Peers::Any(peers.iter().enumerate().map(read).collect::<Read<_>>()?),
        },
    })
}

/// A pod selector alone is about the policy's own namespace, a namespace selector alone about all pods there.
fn peer(peer: &NetworkPolicyPeer, namespace: &str) -> Read<Peer> {
    let (pods, namespaces) = (&peer.pod_selector, &peer.namespace_selector);
    match &peer.ip_block {
        Some(_) if pods.is_some() || namespaces.is_some() => {
            return refused("", "may not specify both ipBlock and another peer");
        }
        Some(block) => {
            return ip_block(block)
                .map_err(|found| below("ipBlock", found))
                .map(Peer::Addresses);
        }
        None if pods.is_none() && namespaces.is_none() => return refused("", "must specify a peer"),
        None => {}
    }
    for (field, one) in [("podSelector", pods), ("namespaceSelector", namespaces)] {
        let checked = one.as_ref().map_or(Ok(()), selector);
        checked.map_err(|found| below(field, found))?;
    }
    let namespaces = match namespaces {
        Some(selector) => Namespaces::Selected(selector.clone()),
        None => Namespaces::Named(namespace.to_owned()),
    };
    let pods = pods.clone().unwrap_or_default();
    Ok(Peer::Pods(Pods { namespaces, pods }))
}

/// What `ValidateLabelSelector` demands of operators.
pub(super) fn selector(selector: &LabelSelector) -> Read<()> {
    for (place, requirement) in selector.match_expressions.iter().enumerate() {
        let at = |field: &str| format!("matchExpressions[{place}].{field}");
        let is_empty = requirement.values.is_empty();
        match requirement.operator.as_str() {
            "In" | "NotIn" if is_empty => {
                return refused(&at("values"), "must be specified when `operator` is 'In' or 'NotIn'");
            }
            "Exists" | "DoesNotExist" if !is_empty => {
                return refused(
                    &at("values"),
                    "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
                );
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => {
                return refused(
                    &at("operator"),
                    format!("Invalid value: {other:?}: not a valid selector operator"),
                );
            }
        }
    }
    Ok(())
}

fn ip_block(block: &IPBlock) -> Read<Addresses> {
    let parse = |path: &str, text: &str| match text.parse::<IpNet>() {
        Ok(block) => Ok(block),
        Err(_) if text.is_empty() => refused(path, "Required value"),
        Err(_) => refused(
            path,
            format!("Invalid value: {text:?}: must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"),
        ),
    };
    let whole = parse("cidr", &block.cidr)?.trunc();
    let mut addresses = Addresses::block(whole);
    for (place, text) in block.except.iter().enumerate() {
        let path = format!("except[{place}]");
        let except = parse(&path, text)?.trunc();
        if !whole.contains(&except) || whole == except {
            return refused(
                &path,
                format!("Invalid value: {text:?}: must be a strict subset of `cidr`"),
            );
        }
        addresses = addresses.difference(&Addresses::block(except));
    }
    Ok(addresses)
}

fn rule_ports(ports: &[NetworkPolicyPort]) -> Read<RulePorts> {
    if ports.is_empty() {
        return Ok(RulePorts::all());
    }
    let mut all = RulePorts {
        fixed: Connections::NONE,
        named: Vec::new(),
    };
    for (place, one) in ports.iter().enumerate() {
        add_port(&mut all, one).map_err(|found| below(&format!("ports[{place}]"), found))?;
    }
    Ok(all)
}

fn add_port(all: &mut RulePorts, written: &NetworkPolicyPort) -> Read<()> {
    let name = written.protocol.as_deref().unwrap_or("TCP");
    let Some(protocol) = Protocol::named(name) else {
        return refused("protocol", unsupported(name, r#""SCTP", "TCP", "UDP""#));
    };
    let ports = match (&written.port, written.end_port) {
        (None, None) => Ports::all(),
        (None, Some(_)) => return refused("endPort", "may not be specified when `port` is not specified"),
        (Some(port), Some(_)) if port.kind != 0 => {
            return refused("endPort", "may not be specified when `port` is non-numeric");
        }
        (Some(port), None) if port.kind != 0 => {
            named_port(&port.string)?;
            let name = port.string.clone();
            all.named.push(NamedPort {
                protocol: Some(protocol),
                name,
            });
            return Ok(());
        }
        (Some(port), end) => {
            let first = number("port", port.int)?;
            let last = end.map_or(Ok(first), |end| number("endPort", end))?;
            if last < first {
                let reason = format!("Invalid value: {last}: must be greater than or equal to `port`");
                return refused("endPort", reason);
            }
            Ports::range(first, last)
        }
    };
    all.fixed = all.fixed.union(&Connections::of(protocol, ports));
    Ok(())
}

fn number(path: &str, port: i32) -> Read<u16> {
    match u16::try_from(port) {
        Ok(port) if port > 0 => Ok(port),
        _ => refused(
            path,
            format!("Invalid value: {port}: must be between 1 and 65535, inclusive"),
        ),
    }
}

/// What `IsValidPortName` demands.
fn named_port(name: &str) -> Read<()> {
    let invalid = |reason: &str| refused("port", format!("Invalid value: {name:?}: {reason}"));
    let may_stand = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.len() > 15 {
        return invalid("must be no more than 15 characters");
    }
    if !name.bytes().all(may_stand) {
        return invalid("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if !name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return invalid("must contain at least one letter (a-z)");
    }
    if name.contains("--") {
        return invalid("must not contain consecutive hyphens");
    }
    if name.starts_with('-') || name.ends_with('-') {
        return invalid("must not begin or end with a hyphen");
    }
    Ok(())
}
