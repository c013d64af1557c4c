//! What the workloads of a service or component share: service account, configuration, secrets, a role of its own.

use serde_json::{Value, json};

use super::Name;
use crate::demo::catalog::platform::COMPONENTS;
use crate::demo::catalog::policies::UNCOVERED;
use crate::demo::catalog::services::{Part, SERVICES};
use crate::demo::catalog::{Closed, NAMESPACES, Namespace};
use crate::demo::clock::Clock;
use crate::demo::rng::Rng;
use crate::demo::story::{self, Fact};
use crate::demo::workload::elects;

/// A service or a component.
#[derive(Debug)]
pub(in crate::demo) struct Family {
    namespace: &'static Namespace,
    name: &'static str,
    elects: bool,
}

/// All of them.
pub(in crate::demo) fn all() -> Vec<Family> {
    let services = SERVICES.iter().flat_map(|(namespace, services)| {
        services
            .iter()
            .filter_map(|(name, parts)| family(namespace, name, parts.contains(&Part::Worker)))
    });
    let components = COMPONENTS
        .iter()
        .filter_map(|component| family(component.namespace, component.name, false));
    services.chain(components).collect()
}

fn family(namespace: &'static str, name: &'static str, works: bool) -> Option<Family> {
    let elects = works && elects(namespace, name);
    let namespace = NAMESPACES.iter().find(|known| known.name == namespace)?;
    Some(Family {
        namespace,
        name,
        elects,
    })
}

impl Family {
    /// Its objects on a day.
    pub(in crate::demo) fn manifests(&self, clock: Clock, day: u32) -> Vec<Value> {
        let namespace = self.namespace.name;
        if !story::holds(Fact::Namespace(namespace), day, true) {
            return Vec::new();
        }
        let created = super::namespace::created(clock, namespace, self.name);
        let config = format!("{}-config", self.name);
        let mut objects = vec![
            Name::new("v1", "ServiceAccount", namespace, self.name).with(&created, json!({})),
            Name::new("v1", "ConfigMap", namespace, &config).with(&created, json!({})),
        ];
        objects.extend(self.secret(&created));
        if self.elects {
            objects.extend(self.election(&created));
        }
        if self.has_policy() {
            objects.push(self.policy(&created));
        }
        objects
    }

    /// Its Secret; two in three have one. No value stands in it.
    fn secret(&self, created: &str) -> Option<Value> {
        let mut rng = Rng::of(&["secret", self.namespace.name, self.name]);
        let optional = ["api-key", "webhook-token", "signing-key"];
        let keys = ["password"]
            .into_iter()
            .chain(optional.into_iter().filter(|_| rng.below(2) == 0));
        let data: Value = keys
            .map(|key| (key.to_owned(), Value::from("")))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let name = format!("{}-env", self.name);
        let secret = Name::new("v1", "Secret", self.namespace.name, &name);
        (rng.below(3) > 0).then(|| secret.with(created, json!({ "type": "Opaque", "data": data })))
    }

    /// What electing a leader takes.
    fn election(&self, created: &str) -> [Value; 2] {
        let (namespace, name) = (self.namespace.name, self.name);
        let rules = json!({ "rules": [
            { "apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get", "create", "update", "patch"] },
            { "apiGroups": [""], "resources": ["configmaps"], "resourceNames": [format!("{name}-config")], "verbs": ["get", "watch"] },
        ] });
        let binding = json!({
            "subjects": [{ "kind": "ServiceAccount", "namespace": namespace, "name": name }],
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name },
        });
        [
            Name::new("rbac.authorization.k8s.io/v1", "Role", namespace, name).with(created, rules),
            Name::new("rbac.authorization.k8s.io/v1", "RoleBinding", namespace, name).with(created, binding),
        ]
    }

    /// In a namespace that is closed in part, each service has a policy of its own, but for those that were forgotten.
    fn has_policy(&self) -> bool {
        let Namespace { name, closed, .. } = self.namespace;
        *closed == Closed::Partly && *name != "payments" && !UNCOVERED.contains(&(*name, self.name))
    }

    fn policy(&self, created: &str) -> Value {
        let body = json!({ "spec": {
            "podSelector": { "matchLabels": { "app.kubernetes.io/part-of": self.name } },
            "policyTypes": ["Ingress"],
            "ingress": [{ "from": [
                { "podSelector": {} },
                { "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "ingress-nginx" } } },
            ] }],
        } });
        let name = format!("{}-ingress", self.name);
        Name::new("networking.k8s.io/v1", "NetworkPolicy", self.namespace.name, &name).with(created, body)
    }
}
