//! Random roles and bindings. All vocabularies are small, so that things meet.

use analysis::rbac::access::{Access, Origin};
use anyhow::Result;
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use serde_json::{Value, json};
use server::collect::files;

pub(super) const NAMESPACES: &[&str] = &["proof-a", "proof-b", "proof-c"];
/// A namespace in which no binding ever stands.
pub const BARE: &str = "proof-bare";
pub(super) const USERS: &[&str] = &[
    "proof-ann",
    "proof-bob",
    "system:serviceaccount:proof-a:web",
    "system:serviceaccount:proof-b:web",
    "system:serviceaccount:proof-a:ci",
    "system:anonymous",
];
pub(super) const GROUPS: &[&str] = &[
    "proof-dev",
    "proof-ops",
    "system:authenticated",
    "system:unauthenticated",
    "system:serviceaccounts",
    "system:serviceaccounts:proof-a",
];
pub(super) const VERBS: &[&str] = &["get", "list", "create", "delete", "impersonate", "bind", "*"];
pub(super) const API_GROUPS: &[&str] = &["", "apps", "proof.example.com", "*"];
pub(super) const RESOURCES: &[&str] = &["pods", "secrets", "deployments", "widgets"];
pub(super) const SUBRESOURCES: &[&str] = &["exec", "log", "scale"];
pub(super) const NAMES: &[&str] = &["web", "api", "*", ""];
pub(super) const URLS: &[&str] = &[
    "/proof",
    "/proof/*",
    "/proof/a",
    "/proof/a*",
    "/proof**",
    "/proof/*/b",
    "*",
    "/other",
    "/",
];
const PATTERNS: &[&str] = &["*", "*/exec", "*/scale", "pods/*", "*/*", "*/", "pods/"];
const LABELS: &[&str] = &["x", "y", "z"];
const ROLES: &[&str] = &["r0", "r1", "r2", "r3"];
const CLUSTER_ROLES: &[&str] = &[
    "proof-0", "proof-1", "proof-2", "proof-3", "proof-4", "proof-5", "proof-6", "proof-7",
];
const API: &str = "rbac.authorization.k8s.io/v1";

/// Roles and bindings as people write them: what aggregates has no rules.
#[derive(Debug, Clone, PartialEq)]
pub struct World(pub Vec<Value>);

impl World {
    /// Another world for each state of `random`.
    pub fn random(random: &mut StdRng) -> Self {
        let mut objects = Vec::new();
        for namespace in NAMESPACES {
            for name in some(random, ROLES, 0, 3) {
                objects.push(json!({
                    "apiVersion": API, "kind": "Role", "metadata": {"name": name, "namespace": namespace},
                    "rules": rules(random, false),
                }));
            }
        }
        for name in some(random, CLUSTER_ROLES, 3, CLUSTER_ROLES.len()) {
            objects.push(cluster_role(random, name));
        }
        for number in 0..random.random_range(3..12) {
            let namespace = NAMESPACES.choose(random).copied();
            objects.push(binding(random, number, namespace));
        }
        for number in 0..random.random_range(1..6) {
            objects.push(binding(random, number, None));
        }
        Self(objects)
    }

    /// The same as a cluster holds it: what aggregates has the rules that its controller fills in.
    pub fn filled(&self) -> Vec<Value> {
        let mut objects = self.0.clone();
        // Roles that aggregate roles that aggregate take a round each.
        for _ in 0..CLUSTER_ROLES.len() {
            let before = objects.clone();
            for object in objects
                .iter_mut()
                .filter(|object| object.get("aggregationRule").is_some())
            {
                object["rules"] = aggregated(object, &before);
            }
        }
        objects
    }

    /// The index of this world, as manifests.
    ///
    /// # Errors
    /// It can't be read.
    pub fn access(&self) -> Result<Access> {
        index(&self.text(), Origin::Files { defaults: true })
    }

    /// It as a stream of documents: JSON, which is YAML too, one a line.
    pub fn text(&self) -> String {
        self.0.iter().map(|object| format!("---\n{object}\n")).collect()
    }
}

/// The index of manifests.
///
/// # Errors
/// They can't be read.
pub fn index(text: &str, origin: Origin) -> Result<Access> {
    let empty = "---\n{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": []}\n";
    let collection = files::collect(&["-".into()], "proof", (text.to_owned() + empty).as_bytes())?;
    anyhow::ensure!(collection.warnings.is_empty(), "{:?}", collection.warnings);
    Ok(Access::new(&collection.snapshot, origin))
}

/// By name, each rule once; itself left out.
fn aggregated(aggregator: &Value, objects: &[Value]) -> Value {
    let selects = |role: &Value| {
        let selectors = aggregator["aggregationRule"]["clusterRoleSelectors"]
            .as_array()
            .into_iter()
            .flatten();
        let has = |(key, value): (&String, &Value)| role["metadata"]["labels"].get(key) == Some(value);
        selectors
            .filter_map(|selector| selector["matchLabels"].as_object())
            .any(|labels| labels.iter().all(has))
    };
    let mut rules: Vec<Value> = Vec::new();
    for role in objects
        .iter()
        .filter(|object| object["kind"] == "ClusterRole" && selects(object))
    {
        if role["metadata"]["name"] != aggregator["metadata"]["name"] {
            for rule in role["rules"].as_array().into_iter().flatten() {
                if !rules.contains(rule) {
                    rules.push(rule.clone());
                }
            }
        }
    }
    rules.into()
}

fn cluster_role(random: &mut StdRng, name: &str) -> Value {
    let mut role = json!({"apiVersion": API, "kind": "ClusterRole", "metadata": {"name": name}});
    if random.random_bool(0.5) {
        role["metadata"]["labels"] = labels(random);
    }
    if random.random_bool(0.25) {
        let selectors: Vec<Value> = (0..random.random_range(1..3))
            .map(|_| json!({"matchLabels": labels(random)}))
            .collect();
        role["aggregationRule"] = json!({"clusterRoleSelectors": selectors});
    } else {
        role["rules"] = rules(random, true);
    }
    role
}

fn labels(random: &mut StdRng) -> Value {
    let labels = some(random, LABELS, 1, 2);
    labels
        .into_iter()
        .map(|label| (format!("proof/{label}"), json!("true")))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn rules(random: &mut StdRng, has_urls: bool) -> Value {
    let count = random.random_range(0..4);
    (0..count).map(|_| rule(random, has_urls)).collect::<Vec<_>>().into()
}

fn rule(random: &mut StdRng, has_urls: bool) -> Value {
    let verbs = some(random, VERBS, 1, 3);
    if has_urls && random.random_bool(0.25) {
        return json!({"verbs": verbs, "nonResourceURLs": some(random, URLS, 1, 3)});
    }
    let resources: Vec<String> = (0..random.random_range(1..4)).map(|_| resource(random)).collect();
    let mut rule = json!({"verbs": verbs, "apiGroups": some(random, API_GROUPS, 1, 2), "resources": resources});
    if random.random_bool(0.3) {
        rule["resourceNames"] = json!(some(random, NAMES, 1, 2));
    }
    rule
}

fn resource(random: &mut StdRng) -> String {
    let resource = pick(random, RESOURCES);
    match random.random_range(0..10) {
        0..5 => resource.to_owned(),
        5..8 => format!("{resource}/{}", pick(random, SUBRESOURCES)),
        _ => pick(random, PATTERNS).to_owned(),
    }
}

/// Some dangle: not all roles that may be named exist.
fn binding(random: &mut StdRng, number: usize, namespace: Option<&str>) -> Value {
    let is_role = namespace.is_some() && random.random_bool(0.5);
    let role = if is_role {
        json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": pick(random, ROLES)})
    } else {
        let defaults = ["view", "edit", "system:discovery", "system:basic-user"];
        let name = if random.random_bool(0.1) {
            pick(random, &defaults)
        } else {
            pick(random, CLUSTER_ROLES)
        };
        json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name})
    };
    let subjects: Vec<Value> = (0..random.random_range(0..4))
        .map(|_| subject(random, namespace.is_some()))
        .collect();
    let mut binding = json!({
        "apiVersion": API, "kind": "ClusterRoleBinding", "metadata": {"name": format!("proof-{number}")},
        "roleRef": role, "subjects": subjects,
    });
    if let Some(namespace) = namespace {
        binding["kind"] = "RoleBinding".into();
        binding["metadata"]["namespace"] = namespace.into();
    }
    binding
}

fn subject(random: &mut StdRng, is_namespaced: bool) -> Value {
    let group = "rbac.authorization.k8s.io";
    match random.random_range(0..3) {
        0 => json!({"kind": "User", "apiGroup": group, "name": pick(random, USERS)}),
        1 => json!({"kind": "Group", "apiGroup": group, "name": pick(random, GROUPS)}),
        _ if is_namespaced && random.random_bool(0.4) => {
            json!({"kind": "ServiceAccount", "name": pick(random, &["web", "ci"])})
        }
        _ => json!({
            "kind": "ServiceAccount", "name": pick(random, &["web", "ci"]), "namespace": pick(random, NAMESPACES),
        }),
    }
}

pub(super) fn pick<'a>(random: &mut StdRng, all: &[&'a str]) -> &'a str {
    all.choose(random).copied().unwrap_or_default()
}

/// From `least` to `most` of them, each once.
pub(super) fn some<'a>(random: &mut StdRng, all: &[&'a str], least: usize, most: usize) -> Vec<&'a str> {
    let mut all = all.to_vec();
    all.shuffle(random);
    all.truncate(random.random_range(least..=most));
    all
}
