//! Calls to kubelets and to other servers, where they were asked for: no call goes out that was not configured.
//!
//! None of them carries a credential, none follows a redirect, and of an answer nothing is kept but the certificate, the version and
//! the status. How many there are and how long they take is bounded. What can't be reached is data in the snapshot, not an error.

mod address;
mod http;
mod kubelet;
mod target;

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::time::Duration;

use analysis::model::Snapshot;
use analysis::model::node::Node;
use futures::StreamExt;
use shared::certificates::ServingCertificate;
use shared::probes::{Handshake, KubeletProbe};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::handshake::{self, Endpoint, HandshakeError};
pub use address::{Address, AddressError};

/// How many kubelets are called; nodes beyond, by name, are not.
const MOST_KUBELETS: usize = 5_000;
/// How many servers are called at a time.
const AT_A_TIME: usize = 32;
/// How long calling all kubelets may take.
const DEADLINE: Duration = Duration::from_secs(120);
/// The kubelet's read-only port, by custom.
const READ_ONLY_PORT: u16 = 10255;

/// What is to be called beside the API server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probing {
    /// The kubelets of all nodes that are read.
    pub kubelets: bool,
    /// Servers of TLS, such as members of etcd.
    pub endpoints: Vec<Address>,
}

/// How the servers answer that were configured.
pub(super) async fn endpoints(addresses: &[Address], deadline: Instant) -> BTreeMap<String, Handshake> {
    let calls = addresses.iter().cloned().map(|address| async move {
        let handshake = greet(&address, deadline).await;
        (address.to_string(), handshake)
    });
    futures::stream::iter(calls).buffer_unordered(AT_A_TIME).collect().await
}

async fn greet(address: &Address, deadline: Instant) -> Handshake {
    let seen = match Endpoint::looked_at(&address.host, address.port) {
        Ok(endpoint) => timeout_at(deadline, handshake::look(&endpoint)).await,
        Err(error) => Ok(Err(error)),
    };
    match seen.unwrap_or(Err(HandshakeError::Late)) {
        // etcd without TLS hangs up on a handshake without a word.
        Err(HandshakeError::Other(_)) if speaks_http(address, deadline).await => Handshake::WithoutTls,
        seen => handshake_of(seen),
    }
}

/// What a server of TLS says in plain HTTP to who does not use TLS.
const BAD_REQUEST: u16 = 400;

/// Whether it answers requests without TLS.
async fn speaks_http(address: &Address, deadline: Instant) -> bool {
    let asking = async {
        let stream = TcpStream::connect((address.host.as_str(), address.port)).await?;
        http::status(stream, address, "/health").await
    };
    let patience = deadline.min(Instant::now() + handshake::DEADLINE);
    matches!(timeout_at(patience, asking).await, Ok(Ok(status)) if status != BAD_REQUEST)
}

fn handshake_of(seen: Result<ServingCertificate, HandshakeError>) -> Handshake {
    match seen {
        Ok(serving) => Handshake::Answered { serving },
        Err(HandshakeError::WithoutTls) => Handshake::WithoutTls,
        Err(error) => Handshake::Failed {
            reason: error.to_string(),
        },
    }
}

/// How the kubelets of the nodes that were read answer.
pub(super) async fn kubelets(snapshot: &Snapshot, deadline: Instant) -> BTreeMap<String, KubeletProbe> {
    let deadline = deadline.min(Instant::now() + DEADLINE);
    let targets = targets(snapshot.all::<Node>());
    let calls = targets.into_iter().map(|(node, target)| async move {
        let probe = match target {
            Ok(address) => call(address, deadline).await,
            Err(reason) => KubeletProbe::unseen("", reason),
        };
        (node, probe)
    });
    futures::stream::iter(calls).buffer_unordered(AT_A_TIME).collect().await
}

async fn call(address: SocketAddr, deadline: Instant) -> KubeletProbe {
    let read_only = SocketAddr::new(address.ip(), READ_ONLY_PORT);
    let called = timeout_at(deadline, kubelet::call(address, read_only)).await;
    called.unwrap_or_else(|_| KubeletProbe::unseen(address.to_string(), "the time for calling kubelets was over"))
}

/// Where the kubelet of each node is called, or why it is not. No address is called twice, whatever nodes say.
fn targets<'a>(nodes: impl Iterator<Item = &'a Node>) -> BTreeMap<String, Result<SocketAddr, String>> {
    let mut taken: HashMap<SocketAddr, String> = HashMap::new();
    let mut targets = BTreeMap::new();
    for (count, node) in nodes.enumerate() {
        let name = node.metadata.as_ref().map_or("", |meta| &meta.name).to_owned();
        let target = match target::of(node) {
            _ if count >= MOST_KUBELETS => Err(format!("no more than {MOST_KUBELETS} kubelets are called")),
            Ok(address) => match taken.get(&address) {
                Some(other) => Err(format!("node {other} says that it has the same address, {address}")),
                None => {
                    taken.insert(address, name.clone());
                    Ok(address)
                }
            },
            Err(reason) => Err(reason),
        };
        targets.insert(name, target);
    }
    targets
}

#[cfg(test)]
mod tests {
    use analysis::model::meta::ObjectMeta;
    use analysis::model::node::{DaemonEndpoint, NodeAddress, NodeDaemonEndpoints, NodeStatus};
    use analysis::model::{Kind, Object};
    use rustls::version::TLS13;
    use shared::probes::ReadOnlyPort;
    use shared::snapshots::Collected;
    use tokio::net::TcpListener;

    use super::super::handshake::tests::{Asks, server};
    use super::*;

    fn node(name: &str, address: &str) -> Node {
        Node {
            metadata: Some(ObjectMeta {
                name: name.into(),
                ..ObjectMeta::default()
            }),
            status: Some(NodeStatus {
                addresses: vec![NodeAddress {
                    r#type: "InternalIP".into(),
                    address: address.into(),
                }],
                ..NodeStatus::default()
            }),
            ..Node::default()
        }
    }

    #[test]
    fn an_address_is_called_once_however_many_nodes_name_it() {
        let nodes = [node("a", "192.0.2.1"), node("b", "192.0.2.1"), node("c", "192.0.2.2")];
        let targets = targets(nodes.iter());
        assert!(targets["a"].is_ok() && targets["c"].is_ok());
        assert_eq!(
            targets["b"].clone().unwrap_err(),
            "node a says that it has the same address, 192.0.2.1:10250"
        );
    }

    #[test]
    fn nodes_beyond_the_most_are_not_called() {
        let name = |number: usize| format!("n{number:05}");
        let address = |number: usize| format!("10.0.{}.{}", number / 250, number % 250 + 1);
        let nodes: Vec<Node> = (0..=MOST_KUBELETS)
            .map(|number| node(&name(number), &address(number)))
            .collect();
        let targets = targets(nodes.iter());
        assert_eq!(targets.values().filter(|target| target.is_ok()).count(), MOST_KUBELETS);
        assert!(targets[&name(MOST_KUBELETS)].is_err());
    }

    /// A hostile node would have us call whatever listens on our own machine.
    #[tokio::test]
    async fn a_node_that_names_our_own_machine_makes_no_call() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut snapshot = Snapshot::new("");
        let mut hostile = node("a", "127.0.0.1");
        let port = listener.local_addr().unwrap().port();
        let endpoint = DaemonEndpoint { port: port.into() };
        hostile.status.as_mut().unwrap().daemon_endpoints = Some(NodeDaemonEndpoints {
            kubelet_endpoint: Some(endpoint),
        });
        snapshot.set(
            Kind::Node,
            Collected::Collected { count: 1 },
            vec![Object::from(hostile)],
        );
        let deadline = Instant::now() + Duration::from_secs(60);
        let probes = tokio::select! {
            probes = kubelets(&snapshot, deadline) => probes,
            called = listener.accept() => panic!("{called:?}"),
        };
        assert_eq!(
            probes["a"].handshake.seen().unwrap_err(),
            "its InternalIP 127.0.0.1 is no address of a node"
        );
        assert_eq!(probes["a"].address, "");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_done_in_time_is_left() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let probe = call(address, Instant::now() + Duration::from_secs(1)).await;
        let reason = "the time for calling kubelets was over".to_owned();
        assert_eq!(probe.address, address.to_string());
        assert_eq!(probe.read_only_port, ReadOnlyPort::Unknown { reason });
    }

    #[tokio::test]
    async fn servers_are_called_as_they_were_configured() {
        let (open, _) = server(&[&TLS13], Asks::Nobody, "").await;
        let (asking, _) = server(&[&TLS13], Asks::Everybody, "").await;
        let address = |port: u16| format!("localhost:{port}").parse::<Address>().unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let answers = endpoints(&[address(open), address(asking)], deadline).await;
        let asks = |port| {
            answers[&format!("localhost:{port}")]
                .seen()
                .unwrap()
                .client_certificate_requested
        };
        assert_eq!((asks(open), asks(asking)), (false, true));
    }
}
