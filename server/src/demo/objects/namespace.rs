//! A namespace and what it is born with: its default account, quota, limit range and policies.

use serde_json::{Value, json};

use super::Name;
use crate::demo::catalog::policies::{CROWDED, STALE};
use crate::demo::catalog::{Closed, Namespace};
use crate::demo::clock::Clock;
use crate::demo::rng::Rng;
use crate::demo::story::{self, Fact};

/// What the pods of a namespace ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(in crate::demo) struct Usage {
    /// Requested CPU in thousandths of a core.
    pub(in crate::demo) cpu: u32,
    /// Memory limits in MiB.
    pub(in crate::demo) memory: u32,
    /// Pods.
    pub(in crate::demo) pods: u32,
}

/// When something in a namespace was made: with it, or long ago.
pub(super) fn created(clock: Clock, namespace: &str, name: &str) -> String {
    let born = story::changes(|fact| matches!(fact, Fact::Namespace(told) if told == namespace)).next();
    let day = match born {
        Some((day, ..)) => i32::try_from(day).unwrap_or_default(),
        None => -60 - i32::try_from(Rng::of(&["old", namespace]).below(500)).unwrap_or_default(),
    };
    clock.made(day, &["in", namespace, name])
}

/// The namespace and its furniture on a day; `last` is what its pods will ask for on the last day.
pub(in crate::demo) fn manifests(clock: Clock, namespace: &Namespace, day: u32, now: Usage, last: Usage) -> Vec<Value> {
    if !story::holds(Fact::Namespace(namespace.name), day, true) {
        return Vec::new();
    }
    let name = namespace.name;
    let created = created(clock, name, "");
    let mut objects = vec![
        Name::new("v1", "Namespace", "", name)
            .with(&created, json!({ "metadata": { "labels": labels(namespace, day) } })),
        Name::new("v1", "ServiceAccount", name, "default").with(&created, json!({})),
        Name::new("v1", "ConfigMap", name, "kube-root-ca.crt").with(&created, json!({})),
    ];
    if last.pods > 0 {
        let secret = json!({ "type": "kubernetes.io/dockerconfigjson", "data": { ".dockerconfigjson": "" } });
        objects.push(Name::new("v1", "Secret", name, "registry-pull").with(&created, secret));
    }
    if namespace.quota > 0 && story::holds(Fact::Quota(name), day, true) {
        objects.push(quota(namespace, &created, now, last));
    }
    if namespace.defaults && story::holds(Fact::LimitRange(name), day, true) {
        objects.push(limit_range(name, &created));
    }
    objects.extend(policies(namespace, day, &created));
    objects
}

fn labels(namespace: &Namespace, day: u32) -> Value {
    let mut labels = json!({ "kubernetes.io/metadata.name": namespace.name });
    if !namespace.team.is_empty() {
        labels["team"] = namespace.team.into();
    }
    if !namespace.level.is_empty() {
        labels["pod-security.kubernetes.io/warn"] = "restricted".into();
    }
    if !namespace.level.is_empty() && story::holds(Fact::PodSecurity(namespace.name), day, true) {
        labels["pod-security.kubernetes.io/enforce"] = namespace.level.into();
    }
    labels
}

/// The whole number of steps of which `used` is about that share, and never less than `used`.
fn hard(used: u32, per_cent: u32, step: u32) -> u32 {
    let wanted = used * 100 / per_cent.max(1);
    ((wanted + step / 2) / step).max(used.div_ceil(step)).max(1)
}

fn quota(namespace: &Namespace, created: &str, now: Usage, last: Usage) -> Value {
    let mut rng = Rng::of(&["quota", namespace.name]);
    let crowded = CROWDED
        .iter()
        .find(|(name, _)| *name == namespace.name)
        .map(|(_, per_cent)| *per_cent);
    let memory = crowded.unwrap_or(45 + rng.below(38));
    let limits = json!({
        "requests.cpu": hard(last.cpu, namespace.quota, 1000).to_string(),
        "limits.memory": format!("{}Gi", hard(last.memory, memory, 1024)),
        "pods": hard(last.pods, 50 + rng.below(30), 1).to_string(),
    });
    let used = json!({
        "requests.cpu": format!("{}m", now.cpu),
        "limits.memory": format!("{}Mi", now.memory),
        "pods": now.pods.to_string(),
    });
    let body = json!({ "spec": { "hard": limits }, "status": { "hard": limits, "used": used } });
    Name::new("v1", "ResourceQuota", namespace.name, "compute").with(created, body)
}

fn limit_range(namespace: &str, created: &str) -> Value {
    let body = json!({ "spec": { "limits": [{
        "type": "Container",
        "default": { "cpu": "1", "memory": "1Gi" },
        "defaultRequest": { "cpu": "100m", "memory": "128Mi" },
    }] } });
    Name::new("v1", "LimitRange", namespace, "defaults").with(created, body)
}

fn policies(namespace: &Namespace, day: u32, created: &str) -> Vec<Value> {
    let name = namespace.name;
    let stale = STALE
        .iter()
        .filter(|stale| stale.namespace == name && stale.stands(day))
        .map(|stale| {
            let selector = json!({ "matchLabels": { "app.kubernetes.io/name": stale.selects } });
            (
                stale.name,
                spec(
                    selector,
                    &["Ingress"],
                    json!([{ "from": [{ "podSelector": {} }] }]),
                    Value::Null,
                ),
            )
        });
    let mut found: Vec<(&str, Value)> = stale.collect();
    match namespace.closed {
        Closed::Ingress | Closed::Both if story::holds(Fact::DefaultDeny(name), day, true) => {
            found.extend(closed(namespace.closed == Closed::Both));
        }
        Closed::Partly if name == "payments" => found.push(("payments-egress", egress())),
        _ => {}
    }
    if name == "partners" {
        found.push(("allow-partners", partners(day)));
    }
    let policy = |(policy, spec): (&str, Value)| {
        Name::new("networking.k8s.io/v1", "NetworkPolicy", name, policy).with(created, json!({ "spec": spec }))
    };
    found.into_iter().map(policy).collect()
}

fn spec(selector: Value, types: &[&str], ingress: Value, egress: Value) -> Value {
    json!({ "podSelector": selector, "policyTypes": types, "ingress": ingress, "egress": egress })
}

fn from_namespace(name: &str) -> Value {
    json!([{ "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": name } } }])
}

fn closed(egress_too: bool) -> Vec<(&'static str, Value)> {
    let allow = |from: Value| spec(json!({}), &["Ingress"], json!([{ "from": from }]), Value::Null);
    let types: &[&str] = if egress_too {
        &["Ingress", "Egress"]
    } else {
        &["Ingress"]
    };
    let mut found = vec![
        ("default-deny", spec(json!({}), types, Value::Null, Value::Null)),
        ("allow-same-namespace", allow(json!([{ "podSelector": {} }]))),
        ("allow-monitoring", allow(from_namespace("monitoring"))),
        ("allow-ingress", allow(from_namespace("ingress-nginx"))),
    ];
    if egress_too {
        found.push(("egress", egress()));
    }
    found
}

/// Names are looked up, pods are reached, and so is the world's HTTPS.
fn egress() -> Value {
    let dns = json!({ "to": from_namespace("kube-system"), "ports": [{ "protocol": "UDP", "port": 53 }] });
    let pods = json!({ "to": [{ "namespaceSelector": {} }] });
    let world = json!({
        "to": [{ "ipBlock": { "cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "169.254.169.254/32"] } }],
        "ports": [{ "protocol": "TCP", "port": 443 }],
    });
    spec(json!({}), &["Egress"], Value::Null, json!([dns, pods, world]))
}

fn partners(day: u32) -> Value {
    let selector = json!({ "matchLabels": { "app.kubernetes.io/part-of": "sftp" } });
    let rule = if story::holds(Fact::PartnersOpen, day, false) {
        json!([{ "from": [{ "ipBlock": { "cidr": "0.0.0.0/0" } }] }])
    } else {
        let from = json!([{ "ipBlock": { "cidr": "198.51.100.0/24" } }, { "ipBlock": { "cidr": "203.0.113.64/26" } }]);
        json!([{ "from": from, "ports": [{ "protocol": "TCP", "port": 8080 }] }])
    };
    spec(selector, &["Ingress"], rule, Value::Null)
}
