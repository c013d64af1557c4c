//! From `ClusterNetworkPolicy` of `policy.networking.k8s.io/v1alpha2`, and from the older `AdminNetworkPolicy` and
//! `BaselineAdminNetworkPolicy`, to the one form, as `network-policy-api/apis` specifies them.

use ipnet::IpNet;
use shared::object::ObjectRef;

use super::address::Addresses;
use super::connections::{Connections, Ports, Protocol};
use super::namespaced::selector;
use super::rule::{Action, Flaw, NamedPort, Namespaces, Peer, Peers, Pods, Policy, Rule, RulePorts, Tier};
use crate::model::cluster_network_policy::{
    ClusterNetworkPolicySpec, DestinationPort, NamespacedPods, PolicyPeer, PolicyPort, PolicyProtocol, PolicySubject,
    ProtocolMatch,
};
use crate::model::meta::LabelSelector;
use crate::model::{Kind, Object};

/// The policy in the one form; none of what is no cluster-wide policy.
///
/// # Errors
/// What the API server would refuse it for: the first there is.
pub fn read(object: &Object) -> Option<Result<Policy, Box<Flaw>>> {
    let (spec, tier) = match object {
        Object::ClusterNetworkPolicy(policy) => (&policy.spec, None),
        Object::AdminNetworkPolicy(policy) => (&policy.spec, Some(Tier::Admin)),
        Object::BaselineAdminNetworkPolicy(policy) => (&policy.spec, Some(Tier::Baseline)),
        _ => return None,
    };
    let spec = spec.clone().unwrap_or_default();
    let reference = object.reference();
    let read = policy(&reference, &spec, tier);
    Some(read.map_err(|(path, reason)| {
        Box::new(Flaw {
            object: reference,
            path: format!("spec.{path}"),
            reason,
        })
    }))
}

fn policy(object: &ObjectRef, spec: &ClusterNetworkPolicySpec, tier: Option<Tier>) -> Result<Policy, (String, String)> {
    let tier = match (tier, spec.tier.as_str()) {
        (Some(tier), _) => tier,
        (None, "Admin") => Tier::Admin,
        (None, "Baseline") => Tier::Baseline,
        (None, other) => return Err(("tier".into(), unsupported(other, r#""Admin", "Baseline""#))),
    };
    if !(0..=1000).contains(&spec.priority) {
        let reason = format!("Invalid value: {}: should be in the range 0 to 1000", spec.priority);
        return Err(("priority".into(), reason));
    }
    let subject = subject(spec.subject.as_ref()).ok_or_else(|| {
        let reason = "exactly one of namespaces and pods must be set";
        ("subject".to_owned(), reason.to_owned())
    })?;
    let of = |direction: &str, rules: Vec<(&str, &[PolicyPeer], RulePorts, bool)>| {
        let each = rules.into_iter().enumerate();
        let read = each.map(|(place, (written, peers, ports, is_whole))| {
            let action = action(written, object.kind.as_str())
                .map_err(|reason| (format!("{direction}[{place}].action"), reason))?;
            Ok(rule(place, action, peers, ports, is_whole))
        });
        read.collect::<Result<Vec<Rule>, (String, String)>>()
    };
    let ingress = spec.ingress.iter().map(|rule| {
        let (ports, is_whole) = ports(&rule.ports, &rule.protocols);
        (rule.action.as_str(), rule.from.as_slice(), ports, is_whole)
    });
    let egress = spec.egress.iter().map(|rule| {
        let (ports, is_whole) = ports(&rule.ports, &rule.protocols);
        (rule.action.as_str(), rule.to.as_slice(), ports, is_whole)
    });
    let (ingress, egress) = (of("ingress", ingress.collect())?, of("egress", egress.collect())?);
    Ok(Policy {
        object: object.clone(),
        tier,
        priority: spec.priority,
        subject,
        ingress: (!ingress.is_empty()).then_some(ingress),
        egress: (!egress.is_empty()).then_some(egress),
    })
}

fn unsupported(value: &str, supported: &str) -> String {
    format!("Unsupported value: {value:?}: supported values: {supported}")
}

/// The older kinds say `Allow` where the newer says `Accept`.
fn action(written: &str, kind: &str) -> Result<Action, String> {
    let accept = if kind == Kind::ClusterNetworkPolicy.info().kind {
        "Accept"
    } else {
        "Allow"
    };
    match written {
        "Deny" => Ok(Action::Deny),
        "Pass" => Ok(Action::Pass),
        written if written == accept => Ok(Action::Accept),
        other => Err(unsupported(other, &format!(r#""{accept}", "Deny", "Pass""#))),
    }
}

/// A rule with a peer or a protocol that is not known fails closed: "For 'Accept' rules, 'fail closed' means: 'treat the rule as
/// matching no traffic'. For 'Deny' and 'Pass' rules, 'fail closed' means: 'treat the rule as a Deny all rule'."
fn rule(place: usize, action: Action, peers: &[PolicyPeer], ports: RulePorts, is_whole: bool) -> Rule {
    let known: Option<Vec<Peer>> = peers
        .iter()
        .map(peer)
        .collect::<Option<Vec<_>>>()
        .map(|each| each.concat());
    match (known.filter(|_| is_whole), action) {
        (Some(peers), _) => Rule {
            place,
            action,
            peers: Peers::Any(peers),
            ports,
        },
        (None, Action::Accept) => Rule {
            place,
            action,
            peers: Peers::Any(Vec::new()),
            ports,
        },
        (None, Action::Deny | Action::Pass) => Rule {
            place,
            action: Action::Deny,
            peers: Peers::Everyone,
            ports: RulePorts::all(),
        },
    }
}

fn subject(subject: Option<&PolicySubject>) -> Option<Pods> {
    match subject {
        Some(PolicySubject {
            namespaces: Some(namespaces),
            pods: None,
        }) => in_namespaces(namespaces),
        Some(PolicySubject {
            namespaces: None,
            pods: Some(pods),
        }) => in_both(pods),
        _ => None,
    }
}

fn in_namespaces(namespaces: &LabelSelector) -> Option<Pods> {
    selector(namespaces).ok()?;
    Some(Pods {
        namespaces: Namespaces::Selected(namespaces.clone()),
        pods: LabelSelector::default(),
    })
}

fn in_both(pods: &NamespacedPods) -> Option<Pods> {
    let (namespaces, pods) = (pods.namespace_selector.as_ref()?, pods.pod_selector.as_ref()?);
    (selector(namespaces).is_ok() && selector(pods).is_ok()).then(|| Pods {
        namespaces: Namespaces::Selected(namespaces.clone()),
        pods: pods.clone(),
    })
}

/// Those whom a peer names; none where it is of a sort that is not known. Domain names lead to addresses that nobody knows
/// here, so they name nobody.
fn peer(peer: &PolicyPeer) -> Option<Vec<Peer>> {
    match peer {
        PolicyPeer {
            namespaces: Some(namespaces),
            pods: None,
            nodes: None,
            ..
        } => in_namespaces(namespaces).map(|pods| vec![Peer::Pods(pods)]),
        PolicyPeer {
            namespaces: None,
            pods: Some(pods),
            nodes: None,
            ..
        } => in_both(pods).map(|pods| vec![Peer::Pods(pods)]),
        PolicyPeer {
            namespaces: None,
            pods: None,
            nodes: Some(nodes),
            ..
        } => selector(nodes).ok().map(|()| vec![Peer::Nodes(nodes.clone())]),
        PolicyPeer {
            namespaces: None,
            pods: None,
            nodes: None,
            networks,
            ..
        } if !networks.is_empty() => {
            let blocks = networks.iter().map(|network| network.parse::<IpNet>().ok());
            let blocks: Option<Vec<IpNet>> = blocks.collect();
            blocks.map(|blocks| vec![Peer::Addresses(Addresses::blocks_of(blocks))])
        }
        PolicyPeer {
            namespaces: None,
            pods: None,
            nodes: None,
            domain_names,
            ..
        } if !domain_names.is_empty() => Some(Vec::new()),
        _ => None,
    }
}

/// The ports of a rule, and whether all that it says of them is known. The older kinds have `ports`, the newer `protocols`.
fn ports(ports: &[PolicyPort], protocols: &[PolicyProtocol]) -> (RulePorts, bool) {
    if ports.is_empty() && protocols.is_empty() {
        return (RulePorts::all(), true);
    }
    let mut all = RulePorts {
        fixed: Connections::NONE,
        named: Vec::new(),
    };
    let mut is_whole = true;
    for port in ports {
        is_whole &= add_port(&mut all, port);
    }
    for protocol in protocols {
        is_whole &= add_protocol(&mut all, protocol);
    }
    (all, is_whole)
}

fn add_port(all: &mut RulePorts, port: &PolicyPort) -> bool {
    match port {
        PolicyPort {
            port_number: Some(one),
            port_range: None,
            named_port: None,
        } => add(all, &one.protocol, one.port, one.port),
        PolicyPort {
            port_number: None,
            port_range: Some(range),
            named_port: None,
        } => add(all, &range.protocol, range.start, range.end),
        PolicyPort {
            port_number: None,
            port_range: None,
            named_port: Some(name),
        } => {
            add_named(all, name);
            true
        }
        _ => false,
    }
}

fn add_protocol(all: &mut RulePorts, protocol: &PolicyProtocol) -> bool {
    let numbered = [
        (Protocol::Tcp, &protocol.tcp),
        (Protocol::Udp, &protocol.udp),
        (Protocol::Sctp, &protocol.sctp),
    ];
    let mut given = numbered
        .into_iter()
        .filter_map(|(protocol, one)| Some((protocol, one.as_ref()?)));
    match (given.next(), &protocol.destination_named_port, given.next()) {
        (Some((protocol, ProtocolMatch { destination_port })), None, None) => match destination_port {
            None => {
                all.fixed = all.fixed.union(&Connections::of(protocol, Ports::all()));
                true
            }
            Some(DestinationPort {
                number: Some(port),
                range: None,
            }) => add(all, protocol.name(), *port, *port),
            Some(DestinationPort {
                number: None,
                range: Some(range),
            }) => add(all, protocol.name(), range.start, range.end),
            Some(_) => false,
        },
        (None, Some(name), _) => {
            add_named(all, name);
            true
        }
        _ => false,
    }
}

fn add_named(all: &mut RulePorts, name: &str) {
    all.named.push(NamedPort {
        protocol: None,
        name: name.to_owned(),
    });
}

fn add(all: &mut RulePorts, protocol: &str, first: i32, last: i32) -> bool {
    // TCP is the older kinds' default.
    let protocol = Protocol::named(if protocol.is_empty() { "TCP" } else { protocol });
    let (Some(protocol), Ok(first), Ok(last)) = (protocol, u16::try_from(first), u16::try_from(last)) else {
        return false;
    };
    all.fixed = all.fixed.union(&Connections::of(protocol, Ports::range(first, last)));
    first > 0 && first <= last
}
