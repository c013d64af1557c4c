//! A second evaluator of network policies: for two pods, one protocol and one port, it reads the policies as they are written,
//! sentence by sentence of the API's documentation. It is slow, and shares no code with the engine that it is held against.

use std::net::IpAddr;

use serde_json::{Map, Value};

/// One end of a connection.
#[derive(Debug, Clone, Copy)]
pub enum End<'a> {
    /// A pod, as JSON.
    Pod(&'a Value),
    /// Somebody with an address.
    Address(IpAddr),
}

/// Everything there is, as JSON.
#[derive(Debug, Default)]
pub struct Naive {
    /// Namespaces.
    pub namespaces: Vec<Value>,
    /// Nodes.
    pub nodes: Vec<Value>,
    /// Policies of all kinds.
    pub policies: Vec<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Allowed,
    Denied,
    Undecided,
}

/// What is asked: may `from` open a connection to `to` on this port?
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who connects.
    pub from: End<'a>,
    /// To whom.
    pub to: End<'a>,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: &'a str,
    /// The port of the destination.
    pub port: u16,
}

impl Naive {
    /// Whether it may.
    pub fn allows(&self, question: Question<'_>) -> bool {
        if let (End::Pod(from), End::Pod(to)) = (question.from, question.to) {
            // "A pod cannot block access to itself."
            if from == to {
                return true;
            }
            // "Traffic to and from the node where a Pod is running is always allowed."
            let node = |pod: &Value| pod["spec"]["nodeName"].as_str().map(str::to_owned);
            if (is_host(from) || is_host(to)) && node(from).is_some() && node(from) == node(to) {
                return true;
            }
        }
        // "Both the egress policy on the source pod and the ingress policy on the destination pod need to allow it."
        self.consents(question, Way::Out) && self.consents(question, Way::In)
    }

    fn consents(&self, question: Question<'_>, way: Way) -> bool {
        let (subject, peer) = match way {
            Way::Out => (question.from, question.to),
            Way::In => (question.to, question.from),
        };
        // Only pods that are not on the network of their node are subject to policies.
        let End::Pod(pod) = subject else { return true };
        if is_host(pod) {
            return true;
        }
        match self.tier(question, way, pod, peer, "Admin") {
            Verdict::Allowed => return true,
            Verdict::Denied => return false,
            Verdict::Undecided => {}
        }
        match self.namespaced(question, way, pod, peer) {
            Verdict::Allowed => return true,
            Verdict::Denied => return false,
            Verdict::Undecided => {}
        }
        self.tier(question, way, pod, peer, "Baseline") != Verdict::Denied
    }

    fn namespaced(&self, question: Question<'_>, way: Way, pod: &Value, peer: End<'_>) -> Verdict {
        let mut verdict = Verdict::Undecided;
        for policy in self.policies.iter().filter(|policy| policy["kind"] == "NetworkPolicy") {
            let spec = &policy["spec"];
            let namespace = &policy["metadata"]["namespace"];
            let selects = *namespace == pod["metadata"]["namespace"] && matches(&spec["podSelector"], labels(pod));
            if !selects || !speaks(spec, way) {
                continue;
            }
            if verdict == Verdict::Undecided {
                verdict = Verdict::Denied;
            }
            let (rules, peers) = match way {
                Way::In => ("ingress", "from"),
                Way::Out => ("egress", "to"),
            };
            for rule in list(&spec[rules]) {
                let from = list(&rule[peers]);
                let is_peer = from.is_empty() || from.iter().any(|one| self.is_peer(one, namespace, peer));
                let ports = list(&rule["ports"]);
                let is_port = ports.is_empty() || ports.iter().any(|port| is_port(port, question));
                if is_peer && is_port {
                    verdict = Verdict::Allowed;
                }
            }
        }
        verdict
    }

    fn is_peer(&self, written: &Value, namespace: &Value, peer: End<'_>) -> bool {
        if let Some(block) = written.get("ipBlock") {
            let is_in = |address: &IpAddr| {
                let excepted = list(&block["except"]).iter().any(|except| in_block(except, *address));
                in_block(&block["cidr"], *address) && !excepted
            };
            return addresses(peer).iter().any(is_in);
        }
        let End::Pod(pod) = peer else { return false };
        if is_host(pod) {
            return false;
        }
        let there = match written.get("namespaceSelector") {
            Some(selector) => matches(selector, &self.labels_of_namespace(&pod["metadata"]["namespace"])),
            None => *namespace == pod["metadata"]["namespace"],
        };
        there
            && written
                .get("podSelector")
                .is_none_or(|selector| matches(selector, labels(pod)))
    }

    /// Cluster-wide policies of a tier, the lowest priority first, their rules as they stand.
    fn tier(&self, question: Question<'_>, way: Way, pod: &Value, peer: End<'_>, tier: &str) -> Verdict {
        let mut policies: Vec<&Value> = self
            .policies
            .iter()
            .filter(|policy| tier_of(policy) == Some(tier))
            .collect();
        policies.sort_by_key(|policy| policy["spec"]["priority"].as_i64().unwrap_or(0));
        for policy in policies {
            let spec = &policy["spec"];
            if !self.is_subject(&spec["subject"], pod) {
                continue;
            }
            let (rules, peers) = match way {
                Way::In => ("ingress", "from"),
                Way::Out => ("egress", "to"),
            };
            for rule in list(&spec[rules]) {
                let action = rule["action"].as_str().unwrap_or_default();
                let is_known = list(&rule[peers]).iter().all(is_known_peer);
                if !is_known && matches!(action, "Deny" | "Pass") {
                    return Verdict::Denied;
                }
                let is_peer = list(&rule[peers]).iter().any(|one| self.is_wide_peer(one, peer));
                if !is_known || !is_peer || !is_wide_port(rule, question) {
                    continue;
                }
                return match action {
                    "Deny" => Verdict::Denied,
                    "Pass" => Verdict::Undecided,
                    _ => Verdict::Allowed,
                };
            }
        }
        Verdict::Undecided
    }

    fn is_subject(&self, subject: &Value, pod: &Value) -> bool {
        let namespace = self.labels_of_namespace(&pod["metadata"]["namespace"]);
        match (subject.get("namespaces"), subject.get("pods")) {
            (Some(namespaces), _) => matches(namespaces, &namespace),
            (_, Some(pods)) => {
                matches(&pods["namespaceSelector"], &namespace) && matches(&pods["podSelector"], labels(pod))
            }
            _ => false,
        }
    }

    fn is_wide_peer(&self, written: &Value, peer: End<'_>) -> bool {
        if let Some(networks) = written.get("networks") {
            return list(networks).iter().any(|network| {
                // A pod of which no address is known has one all the same.
                let is_all = addresses(peer).is_empty() && network == "0.0.0.0/0";
                is_all || addresses(peer).iter().any(|address| in_block(network, *address))
            });
        }
        let End::Pod(pod) = peer else { return false };
        if let Some(nodes) = written.get("nodes") {
            let node = self
                .nodes
                .iter()
                .find(|node| node["metadata"]["name"] == pod["spec"]["nodeName"]);
            return is_host(pod) && node.is_some_and(|node| matches(nodes, labels(node)));
        }
        !is_host(pod) && self.is_subject(written, pod)
    }

    fn labels_of_namespace(&self, name: &Value) -> Map<String, Value> {
        let found = self
            .namespaces
            .iter()
            .find(|namespace| namespace["metadata"]["name"] == *name);
        let mut labels = found.map(|namespace| labels(namespace).clone()).unwrap_or_default();
        labels.insert("kubernetes.io/metadata.name".into(), name.clone());
        labels
    }
}

fn tier_of(policy: &Value) -> Option<&str> {
    match policy["kind"].as_str()? {
        "AdminNetworkPolicy" => Some("Admin"),
        "BaselineAdminNetworkPolicy" => Some("Baseline"),
        "ClusterNetworkPolicy" => policy["spec"]["tier"].as_str(),
        _ => None,
    }
}

/// "If no policyTypes are specified … then by default Ingress will always be set and Egress will be set if the NetworkPolicy
/// has any egress rules."
fn speaks(spec: &Value, way: Way) -> bool {
    let types = list(&spec["policyTypes"]);
    match way {
        Way::In => types.is_empty() || types.contains(&"Ingress".into()),
        Way::Out if types.is_empty() => !list(&spec["egress"]).is_empty(),
        Way::Out => types.contains(&"Egress".into()),
    }
}

fn is_known_peer(peer: &Value) -> bool {
    ["namespaces", "pods", "nodes", "networks", "domainNames"]
        .iter()
        .any(|field| peer.get(field).is_some())
}

fn is_port(written: &Value, question: Question<'_>) -> bool {
    let protocol = written["protocol"].as_str().unwrap_or("TCP");
    if protocol != question.protocol {
        return false;
    }
    let port = i64::from(question.port);
    match (&written["port"], &written["endPort"]) {
        (Value::Null, _) => true,
        (Value::String(name), _) => has_port(question, name),
        (first, Value::Null) => first.as_i64() == Some(port),
        (first, last) => first.as_i64() <= Some(port) && Some(port) <= last.as_i64(),
    }
}

/// Whether the destination calls this port of this protocol so. "Traffic to/from hostNetwork pods is treated the same as all other
/// traffic to/from the node IP", which has no names for its ports.
fn has_port(question: Question<'_>, name: &str) -> bool {
    let End::Pod(pod) = question.to else { return false };
    if is_host(pod) {
        return false;
    }
    let containers = list(&pod["spec"]["containers"]);
    containers
        .iter()
        .flat_map(|container| list(&container["ports"]))
        .any(|port| {
            port["name"] == name
                && port["protocol"].as_str().unwrap_or("TCP") == question.protocol
                && port["containerPort"] == question.port
        })
}

fn is_wide_port(rule: &Value, question: Question<'_>) -> bool {
    let (ports, protocols) = (list(&rule["ports"]), list(&rule["protocols"]));
    if ports.is_empty() && protocols.is_empty() {
        return true;
    }
    let port = i64::from(question.port);
    let is_protocol = |one: &Value| one["protocol"].as_str().unwrap_or("TCP") == question.protocol;
    let older = ports.iter().any(|written| {
        let (number, range) = (&written["portNumber"], &written["portRange"]);
        is_protocol(number) && number["port"].as_i64() == Some(port)
            || is_protocol(range) && range["start"].as_i64() <= Some(port) && Some(port) <= range["end"].as_i64()
            || written["namedPort"]
                .as_str()
                .is_some_and(|name| has_port(question, name))
    });
    let newer = protocols.iter().any(|written| {
        if let Some(name) = written["destinationNamedPort"].as_str() {
            return has_port(question, name);
        }
        let Some(one) = written.get(question.protocol.to_lowercase()) else {
            return false;
        };
        match (&one["destinationPort"]["number"], &one["destinationPort"]["range"]) {
            (Value::Null, Value::Null) => true,
            (Value::Null, range) => range["start"].as_i64() <= Some(port) && Some(port) <= range["end"].as_i64(),
            (number, _) => number.as_i64() == Some(port),
        }
    });
    older || newer
}

fn is_host(pod: &Value) -> bool {
    pod["spec"]["hostNetwork"] == true
}

fn addresses(end: End<'_>) -> Vec<IpAddr> {
    match end {
        End::Address(address) => vec![address],
        End::Pod(pod) => {
            let listed = list(&pod["status"]["podIPs"]).iter();
            listed.filter_map(|one| one["ip"].as_str()?.parse().ok()).collect()
        }
    }
}

/// Compares bit by bit.
fn in_block(cidr: &Value, address: IpAddr) -> bool {
    let Some((base, prefix)) = cidr.as_str().and_then(|cidr| cidr.split_once('/')) else {
        return false;
    };
    let (Ok(base), Ok(prefix)) = (base.parse::<IpAddr>(), prefix.parse::<usize>()) else {
        return false;
    };
    let bits = |address: IpAddr| -> Vec<bool> {
        let octets = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        octets
            .iter()
            .flat_map(|octet| (0..8).map(move |bit| octet >> (7 - bit) & 1 == 1))
            .collect()
    };
    let (base, address) = (bits(base), bits(address));
    base.len() == address.len() && base[..prefix] == address[..prefix]
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn labels(object: &Value) -> &Map<String, Value> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    object["metadata"]["labels"].as_object().unwrap_or(&NONE)
}

/// "The result of matchLabels and matchExpressions are ANDed. An empty label selector matches all objects."
fn matches(selector: &Value, labels: &Map<String, Value>) -> bool {
    let all = selector["matchLabels"].as_object().into_iter().flatten();
    all.clone().all(|(key, value)| labels.get(key) == Some(value))
        && list(&selector["matchExpressions"]).iter().all(|expression| {
            let value = expression["key"].as_str().and_then(|key| labels.get(key));
            let is_listed = value.is_some_and(|value| list(&expression["values"]).contains(value));
            match expression["operator"].as_str() {
                Some("In") => is_listed,
                Some("NotIn") => !is_listed,
                Some("Exists") => value.is_some(),
                _ => value.is_none(),
            }
        })
}
