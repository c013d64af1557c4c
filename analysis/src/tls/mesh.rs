//! Whether pods of a mesh may be spoken to in the clear. Of Istio its PeerAuthentications say so: that of the workload, else that
//! of the namespace, else that of the root namespace, else it is permissive. Of Linkerd see [`super::linkerd`].

use std::collections::BTreeMap;

use shared::certificates::{MeshMode, MeshNamespace};
use shared::object::ObjectRef;

use super::linkerd;
use crate::admission::mesh::{ISTIO_PROXY, is_sidecar};
use crate::cluster::{Cluster, Workload};
use crate::model::mesh::{PeerAuthentication, PeerAuthenticationSpec};
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::{Kind, Snapshot};
use crate::selector;

/// Where what holds for the whole mesh stands, unless Istio was told otherwise, which can't be seen.
pub const ROOT: &str = "istio-system";

/// A PeerAuthentication in its parts.
#[derive(Debug, Clone, Copy)]
pub struct Peer<'a> {
    /// Its metadata.
    pub meta: &'a ObjectMeta,
    /// What it says.
    pub spec: &'a PeerAuthenticationSpec,
}

impl<'a> Peer<'a> {
    /// Takes it apart; none where it is half filled.
    pub fn of(peer: &'a PeerAuthentication) -> Option<Self> {
        Some(Self {
            meta: peer.metadata.as_ref()?,
            spec: peer.spec.as_ref()?,
        })
    }

    /// What it says for all ports; none where it leaves it to what holds above it.
    pub fn mode(&self) -> Option<MeshMode> {
        mode(&self.spec.mtls.as_ref()?.mode)
    }

    /// Whether it is for some workloads of its namespace alone.
    pub fn is_for_some(&self) -> bool {
        self.spec
            .selector
            .as_ref()
            .is_some_and(|selector| !selector::is_empty(selector))
    }

    /// Whether it holds for a workload, unless one that is nearer does.
    pub fn holds_for(&self, workload: &Workload<'_>) -> bool {
        let is_near = self.meta.namespace == ROOT || self.meta.namespace == workload.reference.namespace;
        let labels = &workload.pod_meta.labels;
        is_near
            && self
                .spec
                .selector
                .as_ref()
                .is_none_or(|selector| selector::matches(selector, labels))
    }

    /// The ports for which it lets in what is not encrypted.
    pub fn open_ports(&self) -> Vec<&'a str> {
        let ports = self.spec.port_level_mtls.iter();
        let open = ports.filter(|(_, port)| mode(&port.mode).is_some_and(|mode| mode != MeshMode::Strict));
        open.map(|(port, _)| port.as_str()).collect()
    }
}

/// The mode of that word; none where it inherits, or says what is not known.
fn mode(word: &str) -> Option<MeshMode> {
    match word {
        "STRICT" => Some(MeshMode::Strict),
        "PERMISSIVE" => Some(MeshMode::Permissive),
        "DISABLE" => Some(MeshMode::Disabled),
        _ => None,
    }
}

/// Whether pods of the workload take part in Istio's mesh. Gateways, which are nothing but the proxy, serve what is outside.
pub fn is_in_istio(cluster: &Cluster<'_>, workload: &Workload<'_>) -> bool {
    let has_own = || workload.containers().any(|at| !is_sidecar(&at.container.name));
    !workload.spec.host_network && (has(workload, ISTIO_PROXY) && has_own() || is_ambient(cluster, workload))
}

fn has(workload: &Workload<'_>, container: &str) -> bool {
    workload.containers().any(|at| at.container.name == container)
}

fn is_ambient(cluster: &Cluster<'_>, workload: &Workload<'_>) -> bool {
    const KEY: &str = "istio.io/dataplane-mode";
    let of_pod = workload.pod_meta.labels.get(KEY);
    let namespace = || cluster.snapshot.find::<Namespace>("", &workload.reference.namespace);
    let of_namespace = || namespace()?.metadata.as_ref()?.labels.get(KEY);
    of_pod.or_else(of_namespace).is_some_and(|mode| mode == "ambient")
}

/// The namespaces that take part in a mesh, each with what holds for its workloads as a whole.
pub fn namespaces(cluster: &Cluster<'_>) -> Vec<MeshNamespace> {
    let mut found: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for workload in &cluster.workloads {
        let mesh = match is_in_istio(cluster, workload) {
            true => "Istio",
            false if linkerd::takes_part(cluster, workload) => "Linkerd",
            false => continue,
        };
        *found.entry((workload.reference.namespace.as_str(), mesh)).or_default() += 1;
    }
    let row = |((namespace, mesh), workloads): ((&str, &str), u32)| {
        let (mode, by) = match mesh {
            "Istio" => of_istio(cluster, namespace),
            _ => of_linkerd(cluster, namespace),
        };
        MeshNamespace {
            namespace: namespace.to_owned(),
            mesh: mesh.to_owned(),
            workloads,
            mode,
            by,
        }
    };
    found.into_iter().map(row).collect()
}

fn of_istio(cluster: &Cluster<'_>, namespace: &str) -> (MeshMode, Option<ObjectRef>) {
    let governing = governing(cluster, namespace);
    let mode = governing.and_then(|peer| peer.mode()).unwrap_or(MeshMode::Permissive);
    (
        mode,
        governing.map(|peer| Kind::PeerAuthentication.reference(peer.meta)),
    )
}

fn of_linkerd(cluster: &Cluster<'_>, namespace: &str) -> (MeshMode, Option<ObjectRef>) {
    let meta = linkerd::namespace(cluster, namespace);
    let said = meta.and_then(|meta| Some((linkerd::default_of(meta)?, meta)));
    match said {
        Some(((_, mode), meta)) => (mode, Some(Kind::Namespace.reference(meta))),
        None => (MeshMode::Unknown, None),
    }
}

/// What holds for a namespace as a whole: its own, else that of the root namespace; none where neither says anything.
pub fn governing<'a>(cluster: &Cluster<'a>, namespace: &str) -> Option<Peer<'a>> {
    cluster.peer_of(namespace).or_else(|| cluster.peer_of(ROOT))
}

/// The PeerAuthentications that say what holds for all of a namespace, by namespace. Of several the oldest counts; where it says
/// nothing there is none.
pub(crate) fn of_namespaces(snapshot: &Snapshot) -> BTreeMap<&str, Peer<'_>> {
    let age = |peer: &Peer<'_>| peer.meta.creation_timestamp.map(|time| time.seconds);
    let peers = snapshot.all::<PeerAuthentication>().filter_map(Peer::of);
    let mut oldest: BTreeMap<&str, Peer<'_>> = BTreeMap::new();
    for peer in peers.filter(|peer| !peer.is_for_some()) {
        let kept = oldest.entry(&peer.meta.namespace).or_insert(peer);
        if age(&peer) < age(kept) {
            *kept = peer;
        }
    }
    oldest.retain(|_, peer| peer.mode().is_some());
    oldest
}
