//! Calling real servers that were configured.

use analysis::model::Kind;
use analysis::model::node::Node;
use serde_json::json;
use server::collect::live::{self, Limits};
use server::collect::probes::Probing;
use shared::probes::{Handshake, Probes};
use tests::etcd::Etcd;
use tests::testbed;

/// What came of calling these, and the kubelets where that was asked for; nodes are all that is read.
async fn probed(kubelets: bool, endpoints: &[&str]) -> Probes {
    let bed = testbed::shared().await;
    let limits = Limits {
        kinds: &[Kind::Node],
        probing: Probing {
            kubelets,
            endpoints: endpoints.iter().map(|address| address.parse().unwrap()).collect(),
        },
        ..Limits::default()
    };
    let connection = bed.connection("admin").await.unwrap();
    live::collect(&connection, &limits, &|_| {})
        .await
        .unwrap()
        .snapshot
        .probes
}

#[tokio::test]
async fn nothing_is_called_that_was_not_configured() {
    assert_eq!(probed(false, &[]).await, Probes::default());
}

#[tokio::test]
async fn an_etcd_tells_whether_it_asks_for_certificates() {
    let (open, asking) = (Etcd::start(false).await.unwrap(), Etcd::start(true).await.unwrap());
    let plain = testbed::shared().await.etcd();
    let probes = probed(false, &[&open.address, &asking.address, &plain]).await;
    let seen = |etcd: &Etcd| probes.endpoints[&etcd.address].seen().unwrap().clone();
    assert!(!seen(&open).client_certificate_requested);
    assert!(seen(&asking).client_certificate_requested);
    for etcd in [&open, &asking] {
        assert_eq!(seen(etcd).protocols, ["1.2", "1.3"]);
        assert_eq!(seen(etcd).certificate.names, ["localhost"]);
    }
    assert_eq!(probes.endpoints[&plain], Handshake::WithoutTls);
    assert_eq!(probes.kubelets, None);
}

#[tokio::test]
async fn a_node_can_not_have_our_own_machine_called() {
    let bed = testbed::Testbed::start().await.unwrap();
    let node = json!({
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": "hostile"},
        "status": {
            "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10350}},
        },
    });
    bed.apply(&[node]).await.unwrap();
    let limits = Limits {
        kinds: &[Kind::Node],
        probing: Probing {
            kubelets: true,
            ..Probing::default()
        },
        ..Limits::default()
    };
    let connection = bed.connection("admin").await.unwrap();
    let snapshot = live::collect(&connection, &limits, &|_| {}).await.unwrap().snapshot;
    let status = snapshot.find::<Node>("", "hostile").unwrap().status.clone().unwrap();
    let endpoint = status.daemon_endpoints.unwrap().kubelet_endpoint.unwrap();
    assert_eq!(endpoint.port, 10350);
    let kubelets = snapshot.probes.kubelets.unwrap();
    assert_eq!(
        kubelets["hostile"].handshake.seen().unwrap_err(),
        "its InternalIP 127.0.0.1 is no address of a node"
    );
}
