//! The servers whose certificates were seen: the API server, and those that were to be called.

use shared::certificates::{EndpointRow, KubeletRow, Place, ServingCertificate};
use shared::object::ObjectRef;
use shared::probes::{Handshake, KubeletProbe};
use shared::snapshots::Collected;

use crate::check::Outcome;
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::meta::ObjectMeta;
use crate::model::{Kind, Object, Snapshot};

/// Why nothing is known of kubelets where nobody asked for it, as a sentence.
pub const KUBELETS_NOT_CALLED: &str = "Kubelets were not called: --probe-kubelets asks for it.";

/// A server that answered a handshake.
#[derive(Debug, Clone)]
pub struct Server<'a> {
    /// What sort of server it is.
    pub place: Place,
    /// What a finding about it sits on.
    pub object: ObjectRef,
    /// What tells it from others of the object.
    pub subkey: &'a str,
    /// What it is called, after an article: `kubelet of node-1`.
    pub name: String,
    /// What it serves with.
    pub serving: &'a ServingCertificate,
}

/// All servers that answered.
pub fn answered(snapshot: &Snapshot) -> Vec<Server<'_>> {
    let kubelets = snapshot.probes.kubelets.iter().flatten();
    let kubelets = kubelets.filter_map(|(node, probe)| Some(kubelet(node, probe.handshake.seen().ok()?)));
    let endpoints = snapshot.probes.endpoints.iter();
    let endpoints = endpoints.filter_map(|(address, handshake)| Some(endpoint(address, handshake.seen().ok()?)));
    api_server(snapshot)
        .into_iter()
        .chain(kubelets)
        .chain(endpoints)
        .collect()
}

fn api_server(snapshot: &Snapshot) -> Option<Server<'_>> {
    Some(Server {
        place: Place::ApiServer,
        object: ObjectRef::cluster(),
        subkey: "api-server",
        name: "API server".into(),
        serving: snapshot.serving.as_ref()?.as_ref().ok()?,
    })
}

fn kubelet<'a>(node: &str, serving: &'a ServingCertificate) -> Server<'a> {
    Server {
        place: Place::Kubelet,
        object: reference(node),
        subkey: "",
        name: format!("kubelet of {node}"),
        serving,
    }
}

fn endpoint<'a>(address: &'a str, serving: &'a ServingCertificate) -> Server<'a> {
    Server {
        place: Place::Endpoint,
        object: ObjectRef::cluster(),
        subkey: address,
        name: format!("server at {address}"),
        serving,
    }
}

/// The node of that name.
fn reference(node: &str) -> ObjectRef {
    let meta = ObjectMeta {
        name: node.to_owned(),
        ..ObjectMeta::default()
    };
    Kind::Node.reference(&meta)
}

/// Judges the API server, where it was seen, and the servers that were to be called by their addresses.
pub fn judge_named(cluster: &Cluster<'_>, judged: impl Fn(&Server<'_>) -> Option<Finding>) -> Outcome {
    let (snapshot, mut unseen) = (cluster.snapshot, nodes_unread(cluster.snapshot));
    let mut servers: Vec<Server<'_>> = api_server(snapshot).into_iter().collect();
    for (address, handshake) in &snapshot.probes.endpoints {
        match handshake.seen() {
            Ok(serving) => servers.push(endpoint(address, serving)),
            Err(reason) => _ = unseen.get_or_insert_with(|| not_seen(address, reason)),
        }
    }
    if servers.is_empty() && unseen.is_none() {
        return Outcome::NotApplicable;
    }
    Outcome::of_seen(servers.iter().filter_map(judged).collect(), unseen)
}

/// Judges the kubelet of a node, where kubelets were to be called.
pub fn judge_kubelet(cluster: &Cluster<'_>, node: &Object, judged: impl Fn(&Server<'_>) -> Option<Finding>) -> Outcome {
    let name = &node.meta().name;
    match probe(cluster, name) {
        Err(_) if cluster.snapshot.probes.kubelets.is_none() => Outcome::NotApplicable,
        Err(reason) => Outcome::NotEvaluated(reason),
        Ok(probe) => match probe.handshake.seen() {
            Ok(serving) => Outcome::of(judged(&kubelet(name, serving)).into_iter().collect()),
            Err(reason) => Outcome::NotEvaluated(not_seen(&format!("The kubelet of {name}"), reason)),
        },
    }
}

/// What came of calling the kubelet of a node.
///
/// # Errors
/// It was not called; the reason is a sentence.
pub fn probe<'a>(cluster: &Cluster<'a>, node: &str) -> Result<&'a KubeletProbe, String> {
    match &cluster.snapshot.probes.kubelets {
        None => Err(KUBELETS_NOT_CALLED.into()),
        Some(kubelets) => kubelets
            .get(node)
            .ok_or_else(|| format!("The kubelet of {node} was not called.")),
    }
}

/// That something about a server can't be told, as a sentence.
pub fn not_seen(server: &str, reason: &str) -> String {
    format!("{server} was not seen: {reason}.")
}

/// Kubelets were to be called, and it is not known which there are.
fn nodes_unread(snapshot: &Snapshot) -> Option<String> {
    let known = matches!(snapshot.outcome(Kind::Node), Collected::Collected { .. });
    (snapshot.probes.kubelets.is_some() && !known)
        .then(|| "Kubelets were not called, as nodes could not be read.".to_owned())
}

/// The kubelets, as the calendar shows them.
pub(super) fn kubelets(snapshot: &Snapshot) -> Option<Vec<KubeletRow>> {
    let row = |(node, probe): (&String, &KubeletProbe)| {
        let (protocols, problem) = told(&probe.handshake);
        KubeletRow {
            node: reference(node),
            address: probe.address.clone(),
            protocols,
            anonymous: probe.anonymous.clone(),
            read_only_port: probe.read_only_port.clone(),
            problem,
        }
    };
    let kubelets = snapshot.probes.kubelets.as_ref()?;
    Some(kubelets.iter().map(row).collect())
}

/// The servers that were to be called by their addresses, as the calendar shows them.
pub(super) fn endpoints(snapshot: &Snapshot) -> Vec<EndpointRow> {
    let row = |(address, handshake): (&String, &Handshake)| {
        let (protocols, problem) = told(handshake);
        EndpointRow {
            address: address.clone(),
            protocols,
            client_certificate_requested: handshake
                .seen()
                .is_ok_and(|serving| serving.client_certificate_requested),
            problem,
        }
    };
    snapshot.probes.endpoints.iter().map(row).collect()
}

fn told(handshake: &Handshake) -> (Vec<String>, Option<String>) {
    match handshake.seen() {
        Ok(serving) => (serving.protocols.clone(), None),
        Err(reason) => (Vec::new(), Some(reason.to_owned())),
    }
}
