//! Whether pods of Linkerd's mesh may be spoken to in the clear, as <https://linkerd.io/2/reference/authorization-policy> has it:
//! a port that a Server names lets in what the authorizations for it do, and else what its accessPolicy does; every other port
//! what the default does, which is that of the pod, else that of the namespace, else that with which Linkerd was installed.
//! That last one can't be seen.

use serde_json::{Value, json};
use shared::certificates::MeshMode;

use crate::admission::mesh::{LINKERD_PROXY, asks_for_linkerd};
use crate::cluster::{Cluster, Workload};
use crate::model::linkerd::{LinkerdAuthorizationPolicy, LinkerdServer, ServerAuthorization};
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::{Kind, Object};
use crate::selector;

/// The annotation of pods and namespaces that says what holds for the ports that no Server names.
pub const DEFAULT: &str = "config.linkerd.io/default-inbound-policy";

/// What a policy lets in, and by which field.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Whether that is what is encrypted alone.
    pub mode: MeshMode,
    /// The field.
    pub field: &'static str,
    /// What stands in it.
    pub value: Value,
}

/// Whether pods of the workload take part in Linkerd's mesh. Of one without pods what it asks for counts.
pub fn takes_part(cluster: &Cluster<'_>, workload: &Workload<'_>) -> bool {
    let has_proxy = || workload.containers().any(|at| at.container.name == LINKERD_PROXY);
    let is_to_have = || {
        let namespace = namespace(cluster, &workload.reference.namespace);
        workload.pods.is_empty() && namespace.is_some_and(|namespace| asks_for_linkerd(namespace, workload))
    };
    !workload.spec.host_network && (has_proxy() || is_to_have())
}

/// The metadata of a namespace, where it was read.
pub fn namespace<'a>(cluster: &Cluster<'a>, name: &str) -> Option<&'a ObjectMeta> {
    cluster.snapshot.find::<Namespace>("", name)?.metadata.as_ref()
}

/// The default that metadata asks for, as a word and what it means; none where it says nothing that Linkerd knows.
pub fn default_of(meta: &ObjectMeta) -> Option<(&str, MeshMode)> {
    let word = meta.annotation(DEFAULT)?;
    Some((word, mode(word)?))
}

fn mode(word: &str) -> Option<MeshMode> {
    match word {
        "all-authenticated" | "cluster-authenticated" | "deny" => Some(MeshMode::Strict),
        "all-unauthenticated" | "cluster-unauthenticated" | "audit" => Some(MeshMode::Permissive),
        _ => None,
    }
}

/// What a Server, or an authorization for Servers, lets in; none where it concerns no pod of the mesh, and for other kinds.
pub fn said(cluster: &Cluster<'_>, object: &Object) -> Option<Said> {
    match object {
        Object::LinkerdServer(server) => by_server(cluster, server),
        Object::ServerAuthorization(authorization) => by_authorization(cluster, authorization),
        Object::LinkerdAuthorizationPolicy(policy) => by_policy(cluster, policy),
        _ => None,
    }
}

fn by_server(cluster: &Cluster<'_>, server: &LinkerdServer) -> Option<Said> {
    let word = server.spec.as_ref()?.access_policy.as_str();
    is_of_mesh(cluster, server).then(|| Said {
        // Without a word, and with one that is not known, it denies.
        mode: mode(word).unwrap_or(MeshMode::Strict),
        field: "spec.accessPolicy",
        value: json!(word),
    })
}

fn by_authorization(cluster: &Cluster<'_>, authorization: &ServerAuthorization) -> Option<Said> {
    let (meta, spec) = (authorization.metadata.as_ref()?, authorization.spec.as_ref()?);
    let (target, client) = (spec.server.as_ref()?, spec.client.as_ref()?);
    let is_target = |server: &ObjectMeta| match &target.selector {
        Some(selector) => selector::matches(selector, &server.labels),
        None => server.name == target.name,
    };
    has_target(cluster, &meta.namespace, is_target).then(|| Said {
        mode: match client.unauthenticated {
            true => MeshMode::Permissive,
            false => MeshMode::Strict,
        },
        field: "spec.client.unauthenticated",
        value: json!(client.unauthenticated),
    })
}

/// It asks for an identity where one of what it requires is one; networks alone are none, nor is nothing at all.
fn by_policy(cluster: &Cluster<'_>, policy: &LinkerdAuthorizationPolicy) -> Option<Said> {
    let (meta, spec) = (policy.metadata.as_ref()?, policy.spec.as_ref()?);
    let target = spec.target_ref.as_ref()?;
    // A route belongs to some Server of the namespace; which, is not read.
    let is_target = |server: &ObjectMeta| target.kind != "Server" || server.name == target.name;
    let asked: Vec<&str> = spec
        .required_authentication_refs
        .iter()
        .map(|asked| asked.kind.as_str())
        .collect();
    let has_identity = asked
        .iter()
        .any(|kind| matches!(*kind, "MeshTLSAuthentication" | "ServiceAccount"));
    has_target(cluster, &meta.namespace, is_target).then(|| Said {
        mode: match has_identity {
            true => MeshMode::Strict,
            false => MeshMode::Permissive,
        },
        field: "spec.requiredAuthenticationRefs",
        value: json!(asked),
    })
}

/// Whether there is such a Server in the namespace, for pods of the mesh.
fn has_target(cluster: &Cluster<'_>, namespace: &str, is_target: impl Fn(&ObjectMeta) -> bool) -> bool {
    let is_that = |server: &&LinkerdServer| {
        let meta = server.metadata.as_ref();
        meta.is_some_and(|meta| meta.namespace == namespace && is_target(meta))
    };
    let mut servers = cluster.snapshot.all::<LinkerdServer>().filter(is_that);
    servers.any(|server| is_of_mesh(cluster, server))
}

/// Whether a Server selects pods that take part in the mesh. One without a selector for pods is for machines outside.
fn is_of_mesh(cluster: &Cluster<'_>, server: &LinkerdServer) -> bool {
    let selector = server.spec.as_ref().and_then(|spec| spec.pod_selector.as_ref());
    let (Some(meta), Some(selector)) = (server.metadata.as_ref(), selector) else {
        return false;
    };
    let mut selected = cluster
        .workloads_in(&meta.namespace)
        .filter(|workload| selector::matches(selector, &workload.pod_meta.labels));
    selected.any(|workload| takes_part(cluster, workload))
}

/// The kinds of which [`said`] tells.
pub const KINDS: &[Kind] = &[
    Kind::LinkerdServer,
    Kind::ServerAuthorization,
    Kind::LinkerdAuthorizationPolicy,
];
