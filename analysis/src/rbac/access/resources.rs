//! Which resources and verbs a cluster is known to have: what it asks for by other names is answered, and marked.

use std::collections::{BTreeMap, BTreeSet};

use shared::rbac::Unknown;

use super::{Origin, Request, Target};
use crate::model::api::{ApiService, CustomResourceDefinition};
use crate::model::{Kind, Snapshot};

/// What kube-apiserver 1.37 serves, all of its groups and versions enabled by default: group, resource, singular, scope, short
/// names, subresources.
pub const BUILT_IN: &str = include_str!("resources.txt");

/// Resources that stand in rules only, and that no request for an object is for: what is impersonated or signed for.
const VIRTUAL: &[(&str, &str)] = &[
    ("", "groups"),
    ("", "users"),
    ("authentication.k8s.io", "groups"),
    ("authentication.k8s.io", "nodes"),
    ("authentication.k8s.io", "uids"),
    ("authentication.k8s.io", "userextras"),
    ("authentication.k8s.io", "users"),
    ("certificates.k8s.io", "signers"),
];

/// Subresources that stand in rules only: kubelets ask for them, and the API server for those of claims.
const VIRTUAL_SUBRESOURCES: &[(&str, &[&str])] = &[
    (
        "nodes",
        &[
            "checkpoint",
            "configz",
            "healthz",
            "log",
            "metrics",
            "pods",
            "spec",
            "stats",
        ],
    ),
    ("resourceclaims", &["binding", "driver"]),
];

const VERBS: &[&str] = &[
    "*",
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "impersonate",
    "bind",
    "escalate",
    "use",
    "approve",
    "sign",
    "attest",
    "request-serviceaccounts-token-audience",
];

/// The methods of HTTP, in which paths are asked for.
const METHODS: &[&str] = &[
    "*", "get", "head", "post", "put", "patch", "delete", "options", "connect", "trace",
];

/// A resource of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownResource {
    /// API group; empty for the core group.
    pub group: String,
    /// `deployments`.
    pub resource: String,
    /// `deployment`.
    pub singular: String,
    /// `deploy`.
    pub short_names: Vec<String>,
    /// Whether its objects stand in namespaces.
    pub is_namespaced: bool,
    /// `scale`, `status`. Those of custom resources are taken for known.
    pub subresources: Vec<String>,
    /// Whether it is defined by an object of the cluster.
    pub is_custom: bool,
}

/// The resources of a cluster: what the API server has by itself, and what the cluster defines.
#[derive(Debug, Default)]
pub struct Resources {
    known: BTreeMap<(String, String), KnownResource>,
    built_in_groups: BTreeSet<String>,
    /// Groups that other servers answer for: what they serve is not known.
    foreign_groups: BTreeSet<String>,
    /// None where they are not known.
    namespaces: Option<BTreeSet<String>>,
    /// Whether there are no groups but these.
    is_complete: bool,
}

impl Resources {
    /// The resources of the cluster of a snapshot.
    pub fn new(snapshot: &Snapshot, origin: Origin) -> Self {
        let mut resources = Self::default();
        for resource in BUILT_IN.lines().filter_map(built_in) {
            resources.built_in_groups.insert(resource.group.clone());
            resources.add(resource);
        }
        snapshot
            .all::<CustomResourceDefinition>()
            .filter_map(custom)
            .for_each(|resource| resources.add(resource));
        let foreign = snapshot.all::<ApiService>().filter_map(|service| service.spec.as_ref());
        let foreign = foreign.filter(|spec| spec.service.is_some());
        resources.foreign_groups = foreign.map(|spec| spec.group.clone()).collect();
        resources.namespaces = namespaces(snapshot, origin);
        let kinds = [Kind::CustomResourceDefinition, Kind::ApiService];
        resources.is_complete = origin != Origin::Live || kinds.iter().all(|kind| snapshot.outcome(*kind).is_known());
        resources
    }

    fn add(&mut self, resource: KnownResource) {
        let key = (resource.group.clone(), resource.resource.clone());
        self.known.insert(key, resource);
    }

    fn get(&self, group: &str, resource: &str) -> Option<&KnownResource> {
        self.known.get(&(group.to_owned(), resource.to_owned()))
    }

    /// All of them, by group and name.
    pub fn all(&self) -> impl Iterator<Item = &KnownResource> {
        self.known.values()
    }

    /// The resource that a person means by a plural, a singular or a short name, with or without its group, as kubectl
    /// understands them: `deploy`, `deployments.apps`.
    pub fn find(&self, text: &str) -> Option<&KnownResource> {
        let named = |name: &str, resource: &KnownResource| {
            resource.resource == name
                || resource.singular == name
                || resource.short_names.iter().any(|short| short == name)
        };
        // Custom resources may bear the names of Kubernetes' own, which come first, as kubectl has it.
        let is_custom =
            |resource: &&KnownResource| resource.group.contains('.') && !resource.group.ends_with(".k8s.io");
        let all = self.known.values().filter(|resource| named(text, resource));
        let whole = all.min_by_key(is_custom);
        whole.or_else(|| {
            let (name, group) = text.split_once('.')?;
            self.known
                .values()
                .find(|resource| resource.group == group && named(name, resource))
        })
    }

    /// The group and the plural of what a person typed; as it is typed, where nothing is known by that name.
    pub fn meant<'a>(&'a self, text: &'a str) -> (&'a str, &'a str) {
        if text == "*" {
            return ("*", "*");
        }
        match self.find(text) {
            Some(known) => (&known.group, &known.resource),
            None => {
                let (resource, group) = text.split_once('.').unwrap_or((text, ""));
                (group, resource)
            }
        }
    }

    /// What a request names and the cluster does not know; nothing of what can't be known.
    pub fn unknown(&self, request: &Request<'_>) -> Vec<Unknown> {
        let verbs = match request.target {
            Target::Url { .. } => METHODS,
            Target::Resource { .. } => VERBS,
        };
        let is_known = verbs.contains(&request.verb) || request.verb.starts_with("impersonate");
        let verb = (!is_known).then_some(Unknown::Verb);
        let namespace = request.target.namespace().zip(self.namespaces.as_ref());
        let is_unknown = namespace.is_some_and(|(namespace, known)| !known.contains(namespace));
        verb.into_iter()
            .chain(self.unknown_target(&request.target))
            .chain(is_unknown.then_some(Unknown::Namespace))
            .collect()
    }

    fn unknown_target(&self, target: &Target<'_>) -> Option<Unknown> {
        let Target::Resource {
            group,
            resource,
            subresource,
            ..
        } = *target
        else {
            return None;
        };
        if group == "*" || resource == "*" || VIRTUAL.contains(&(group, resource)) {
            return None;
        }
        let Some(known) = self.get(group, resource) else {
            let can_tell = self.is_complete && !self.foreign_groups.contains(group);
            return (can_tell || self.built_in_groups.contains(group)).then_some(Unknown::Resource);
        };
        let is_known = subresource.is_empty() || known.is_custom || has_subresource(known, subresource);
        (!is_known).then_some(Unknown::Subresource)
    }

    /// Whether no request that a binding of a namespace could allow is like this: what stands in no namespace is asked for
    /// without one. Two are not: an object of `namespaces` is in itself, and who binds a ClusterRole in a namespace is asked
    /// there whether they may.
    pub(super) fn is_inert(&self, verb: &str, group: &str, resource: &str) -> bool {
        let plain = resource.split_once('/').map_or(resource, |(plain, _)| plain);
        let is_of_cluster = match self.get(group, plain) {
            Some(known) => !known.is_namespaced,
            None => plain != "serviceaccounts" && VIRTUAL.contains(&(group, plain)),
        };
        let is_named = !matches!(verb, "create" | "list" | "watch" | "deletecollection");
        is_of_cluster
            && !(group.is_empty() && plain == "namespaces" && is_named)
            && !(group == "rbac.authorization.k8s.io" && plain == "clusterroles" && matches!(verb, "bind" | "*"))
    }

    /// Whether a request is of that kind.
    pub fn is_inert_request(&self, request: &Request<'_>) -> bool {
        match request.target {
            Target::Url { .. } => false,
            Target::Resource {
                group,
                resource,
                namespace,
                ..
            } => !namespace.is_empty() && self.is_inert(request.verb, group, resource),
        }
    }
}

/// Manifests seldom hold the namespaces of what they hold.
fn namespaces(snapshot: &Snapshot, origin: Origin) -> Option<BTreeSet<String>> {
    let is_known = origin == Origin::Live && snapshot.outcome(Kind::Namespace).is_known();
    let names = snapshot
        .of(Kind::Namespace)
        .iter()
        .map(|namespace| namespace.meta().name.clone());
    is_known.then(|| names.collect())
}

fn has_subresource(known: &KnownResource, subresource: &str) -> bool {
    let is_virtual =
        |(resource, subresources): &(&str, &[&str])| *resource == known.resource && subresources.contains(&subresource);
    known.subresources.iter().any(|other| other == subresource) || VIRTUAL_SUBRESOURCES.iter().any(is_virtual)
}

fn built_in(line: &str) -> Option<KnownResource> {
    let words: Vec<&str> = line.split(' ').collect();
    let [group, resource, singular, scope, short_names, subresources] = words.as_slice() else {
        return None;
    };
    let text = |word: &str| word.trim_matches('-').to_owned();
    let list = |words: &str| {
        let words = words.split(',').filter(|word| *word != "-");
        words.map(str::to_owned).collect()
    };
    Some(KnownResource {
        group: text(group),
        resource: text(resource),
        singular: text(singular),
        short_names: list(short_names),
        is_namespaced: *scope == "namespaced",
        subresources: list(subresources),
        is_custom: false,
    })
}

fn custom(definition: &CustomResourceDefinition) -> Option<KnownResource> {
    let spec = definition.spec.as_ref()?;
    let names = spec.names.as_ref()?;
    Some(KnownResource {
        group: spec.group.clone(),
        resource: names.plural.clone(),
        singular: names.kind.to_lowercase(),
        short_names: Vec::new(),
        is_namespaced: spec.scope != "Cluster",
        subresources: Vec::new(),
        is_custom: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    const WIDGETS: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec: {group: example.com, names: {plural: widgets, kind: Widget}, scope: Namespaced}
";

    fn unknown(text: &str) -> Vec<Unknown> {
        let words: Vec<&str> = text.split(' ').collect();
        let (group, resource, subresource) = (words[1], words[2], words[3]);
        let target = Target::Resource {
            group: group.trim_matches('-'),
            resource,
            subresource: subresource.trim_matches('-'),
            namespace: "",
            name: "",
        };
        let request = Request { verb: words[0], target };
        Resources::new(&snapshot(WIDGETS), Origin::Live).unknown(&request)
    }

    #[test]
    fn what_the_cluster_does_not_serve_is_unknown() {
        for known in [
            "get - pods exec",
            "impersonate - users -",
            "impersonate authentication.k8s.io userextras scopes",
            "get - nodes metrics",
            "* * * -",
            "list example.com widgets -",
            "update example.com widgets status",
        ] {
            assert_eq!(unknown(known), [], "{known}");
        }
        assert_eq!(unknown("fetch - pods -"), [Unknown::Verb]);
        assert_eq!(unknown("get - pod -"), [Unknown::Resource]);
        assert_eq!(unknown("get example.com pods -"), [Unknown::Resource]);
        assert_eq!(unknown("fetch - pods shell"), [Unknown::Verb, Unknown::Subresource]);
    }

    #[test]
    fn what_could_not_be_read_is_not_called_unknown() {
        let resources = Resources::new(&Snapshot::new(""), Origin::Live);
        let target = |group| Target::Resource {
            group,
            resource: "widgets",
            subresource: "",
            namespace: "",
            name: "",
        };
        let unknown = |group| {
            resources.unknown(&Request {
                verb: "get",
                target: target(group),
            })
        };
        assert_eq!(unknown("example.com"), []);
        assert_eq!(unknown("apps"), [Unknown::Resource]);
    }

    #[test]
    fn resources_are_found_as_people_type_them() {
        let resources = Resources::new(&snapshot(WIDGETS), Origin::Live);
        let found = |text| {
            resources
                .find(text)
                .map(|known| format!("{}/{}", known.group, known.resource))
        };
        for text in ["deploy", "deployment", "deployments", "deployments.apps", "deploy.apps"] {
            assert_eq!(found(text).as_deref(), Some("apps/deployments"), "{text}");
        }
        assert_eq!(found("ev").as_deref(), Some("/events"));
        assert_eq!(found("events.events.k8s.io").as_deref(), Some("events.k8s.io/events"));
        assert_eq!(found("widget.example.com").as_deref(), Some("example.com/widgets"));
        assert_eq!(found("gadgets"), None);
    }
}
