//! Roles and bindings: Kubernetes' own, the catalogue's, and what each operator brings.

use std::collections::BTreeSet;

use analysis::rbac::defaults::DEFAULTS;
use serde_json::{Value, json};

use super::Name;
use crate::demo::catalog::access::{BINDINGS, Binding, ROLES, Role, Rule};
use crate::demo::catalog::platform::COMPONENTS;
use crate::demo::clock::Clock;
use crate::demo::flaw::Flaw;
use crate::demo::story::{self, Fact};

const GROUP: &str = "rbac.authorization.k8s.io";
const VERSION: &str = "rbac.authorization.k8s.io/v1";

/// All of them on a day.
pub(in crate::demo) fn manifests(clock: Clock, day: u32) -> Vec<Value> {
    let mut objects = defaults(clock);
    let roles = ROLES.iter().filter(|role| story::exists(&role_key(role), day));
    objects.extend(roles.map(|role| of_role(clock, day, role)));
    objects.extend(BINDINGS.iter().flat_map(|binding| of_binding(clock, day, binding)));
    objects.extend(operators(clock));
    objects
}

fn defaults(clock: Clock) -> Vec<Value> {
    let mut objects: Vec<Value> = serde_json::from_str(DEFAULTS).unwrap_or_default();
    for object in &mut objects {
        object["metadata"]["creationTimestamp"] = clock.at(-700).into();
        object["metadata"]["annotations"] = json!({ "rbac.authorization.kubernetes.io/autoupdate": "true" });
    }
    let accounts = controllers(clock, &objects);
    objects.extend(accounts);
    objects
}

/// The service accounts that the controller manager makes for its controllers: those that Kubernetes' own bindings name.
fn controllers(clock: Clock, defaults: &[Value]) -> Vec<Value> {
    let subjects = defaults
        .iter()
        .filter_map(|object| object["subjects"].as_array())
        .flatten();
    let names: BTreeSet<(&str, &str)> = subjects
        .filter(|subject| subject["kind"] == "ServiceAccount")
        .filter_map(|subject| Some((subject["namespace"].as_str()?, subject["name"].as_str()?)))
        .collect();
    let account = |(namespace, name): (&str, &str)| {
        Name::new("v1", "ServiceAccount", namespace, name).with(&clock.at(-700), json!({}))
    };
    names.into_iter().map(account).collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace()
        .map(|word| if word == "core" { "" } else { word })
        .collect()
}

fn of_rule(rule: &Rule) -> Value {
    let mut value = json!({
        "verbs": words(rule.verbs), "apiGroups": words(rule.groups), "resources": words(rule.resources),
    });
    if !rule.names.is_empty() {
        value["resourceNames"] = words(rule.names).into();
    }
    value
}

fn role_key(role: &Role) -> String {
    match role.namespace {
        "" => format!("ClusterRole/{}", role.name),
        namespace => format!("Role/{namespace}/{}", role.name),
    }
}

fn of_role(clock: Clock, day: u32, role: &Role) -> Value {
    let kind = if role.namespace.is_empty() {
        "ClusterRole"
    } else {
        "Role"
    };
    let key = role_key(role);
    let rules = if story::is_narrowed(&key, day) {
        role.narrow
    } else {
        role.rules
    };
    let rules: Vec<Value> = rules.iter().map(of_rule).collect();
    let created = created(clock, &key);
    Name::new(VERSION, kind, role.namespace, role.name).with(&created, json!({ "rules": rules }))
}

/// When an object of the catalogue was made: as the story tells, or long ago.
fn created(clock: Clock, key: &str) -> String {
    let told = story::changes(|fact| matches!(fact, Fact::Object(told) if told == key)).find(|(.., begins)| *begins);
    let day = told.map_or(-180, |(day, ..)| i32::try_from(day).unwrap_or_default());
    clock.made(day, &["access", key])
}

fn of_binding(clock: Clock, day: u32, binding: &Binding) -> Vec<Value> {
    let Binding { namespaces, name, .. } = binding;
    let key = match namespaces {
        [] => format!("ClusterRoleBinding/{name}"),
        [namespace] => format!("RoleBinding/{namespace}/{name}"),
        _ => format!("RoleBinding/{name}"),
    };
    if !story::exists(&key, day) {
        return Vec::new();
    }
    let created = created(clock, &key);
    let (kind, role) = binding.role.split_once('/').unwrap_or_default();
    let body = json!({
        "subjects": binding.subjects.iter().map(|subject| of_subject(subject)).collect::<Vec<_>>(),
        "roleRef": { "apiGroup": GROUP, "kind": kind, "name": role },
    });
    if namespaces.is_empty() {
        return vec![Name::new(VERSION, "ClusterRoleBinding", "", name).with(&created, body)];
    }
    let born = namespaces
        .iter()
        .filter(|namespace| story::namespace_exists(namespace, day));
    born.map(|namespace| Name::new(VERSION, "RoleBinding", namespace, name).with(&created, body.clone()))
        .collect()
}

fn of_subject(subject: &str) -> Value {
    match subject.split_once(':').unwrap_or_default() {
        ("sa", account) => {
            let (namespace, name) = account.split_once('/').unwrap_or_default();
            json!({ "kind": "ServiceAccount", "namespace": namespace, "name": name })
        }
        ("group", name) => json!({ "apiGroup": GROUP, "kind": "Group", "name": name }),
        (_, name) => json!({ "apiGroup": GROUP, "kind": "User", "name": name }),
    }
}

/// What a component that talks to the API server and is not in the catalogue may do: see what it works on, and lock.
fn operators(clock: Clock) -> impl Iterator<Item = Value> {
    let known = |account: &str| BINDINGS.iter().any(|binding| binding.subjects.contains(&account));
    COMPONENTS
        .iter()
        .filter(|component| component.flaws.contains(&Flaw::Automounts))
        .filter(move |component| !known(&format!("sa:{}/{}", component.namespace, component.name)))
        .flat_map(move |component| {
            let (namespace, name) = (component.namespace, component.name);
            let created = created(clock, name);
            let rules = json!({ "rules": [
                { "apiGroups": ["", "apps"], "resources": ["pods", "services", "nodes", "deployments"], "verbs": ["get", "list", "watch"] },
                { "apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get", "create", "update"] },
            ] });
            let binding = json!({
                "subjects": [{ "kind": "ServiceAccount", "namespace": namespace, "name": name }],
                "roleRef": { "apiGroup": GROUP, "kind": "ClusterRole", "name": format!("{namespace}:{name}") },
            });
            let full = format!("{namespace}:{name}");
            [
                Name::new(VERSION, "ClusterRole", "", &full).with(&created, rules),
                Name::new(VERSION, "ClusterRoleBinding", "", &full).with(&created, binding),
            ]
        })
}
