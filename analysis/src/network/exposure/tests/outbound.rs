use shared::network::exposure::{Access, Reach};
use shared::snapshots::Collected;

use super::{of, shop};
use crate::model::{Kind, Snapshot};

fn words(access: &Access) -> String {
    match access {
        Access::Known { connections } => serde_json::to_string(connections).unwrap(),
        Access::NotKnown { reason } => reason.clone(),
    }
}

fn reach_of_web(snapshot: &Snapshot) -> Reach {
    let reaches = of(snapshot).unwrap().reaches;
    reaches.into_iter().find(|reach| reach.workload.name == "web").unwrap()
}

#[test]
fn a_pod_that_no_policy_isolates_may_reach_everything_outside() {
    let reach = reach_of_web(&shop(OUTSIDE));
    assert_eq!(words(&reach.metadata), r#"[{"protocol":"TCP","ports":[[80,80]]}]"#);
    assert_eq!(
        words(&reach.api_server),
        r#"[{"protocol":"TCP","ports":[[6443,6443]]}]"#
    );
    assert_eq!(
        (words(&reach.nodes), words(&reach.internet)),
        (r#""all""#.into(), r#""all""#.into())
    );
    assert_eq!(words(&reach.dns), r#"[{"protocol":"UDP","ports":[[5353,5353]]}]"#);
}

const OUTSIDE: &str = "
apiVersion: v1
kind: Node
metadata: {name: a}
status: {addresses: [{type: InternalIP, address: 10.0.0.5}, {type: Hostname, address: a}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
addressType: IPv4
ports: [{name: https, port: 6443, protocol: TCP}]
endpoints: [{addresses: [10.0.0.5]}]
---
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec: {selector: {k8s-app: kube-dns}, ports: [{name: dns, port: 53, targetPort: 5353, protocol: UDP}, {name: metrics, port: 9153}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: coredns, namespace: kube-system}
spec: {template: {metadata: {labels: {k8s-app: kube-dns}}, spec: {containers: [{name: c, image: i}]}}}
";

#[test]
fn what_policies_cut_off_is_not_reached() {
    let egress = "---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/24}}], ports: [{port: 443}, {port: 6443}]}, {to: [{ipBlock: {cidr: 9.9.9.9/32}}]}]
";
    let reach = reach_of_web(&shop(&format!("{OUTSIDE}{egress}")));
    assert_eq!(words(&reach.metadata), "[]");
    assert_eq!(
        words(&reach.api_server),
        r#"[{"protocol":"TCP","ports":[[6443,6443]]}]"#
    );
    assert_eq!(
        words(&reach.nodes),
        r#"[{"protocol":"TCP","ports":[[443,443],[6443,6443]]}]"#
    );
    assert_eq!(
        (words(&reach.internet), words(&reach.dns)),
        (r#""all""#.into(), "[]".into())
    );
}

#[test]
fn what_lies_outside_and_was_not_seen_is_not_known() {
    let mut bare = shop("");
    let reach = reach_of_web(&bare);
    assert_eq!(
        words(&reach.api_server),
        "The endpoints of Service default/kubernetes were not seen."
    );
    assert_eq!(words(&reach.nodes), "No address of a node was seen.");
    assert_eq!(words(&reach.dns), "There is no Service kube-system/kube-dns.");
    bare.set(
        Kind::Node,
        Collected::Denied {
            reason: "forbidden".into(),
        },
        Vec::new(),
    );
    assert_eq!(words(&reach_of_web(&bare).nodes), "Reading nodes was denied.");
}
