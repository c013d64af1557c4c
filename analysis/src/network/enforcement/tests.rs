use chrono::DateTime;

use super::*;
use crate::fixture::snapshot;

fn daemon(name: &str, containers: &str) -> String {
    format!(
        "
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: {name}, namespace: kube-system}}
spec: {{template: {{spec: {{hostNetwork: true, containers: [{containers}]}}}}}}
---
"
    )
}

fn state(manifests: &str) -> (Enforced, String) {
    let snapshot = snapshot(manifests);
    let found = enforcement(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
    (found.state, found.reason)
}

fn of(image: &str) -> Enforced {
    state(&daemon("d", &format!("{{name: c, image: '{image}'}}"))).0
}

#[test]
fn plugins_are_known_by_their_images_wherever_these_come_from() {
    for image in [
        "quay.io/calico/node:v3.30.0",
        "registry.corp/mirror/calico/node:v3.30.0",
        "rancher/mirrored-calico-node:v3.29.1",
        "quay.io/cilium/cilium:v1.17.0@sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "antrea/antrea-agent-ubuntu:v2.3.0",
        "weaveworks/weave-npc:2.8.1",
        "docker.io/cloudnativelabs/kube-router:v2.5.0",
        "mcr.microsoft.com/containernetworking/azure-npm:v1.5.5",
        "ghcr.io/ovn-kubernetes/ovn-kubernetes/ovn-kube-ubuntu:master",
    ] {
        assert_eq!(of(image), Enforced::Yes, "{image}");
    }
    for image in [
        "ghcr.io/flannel-io/flannel:v0.27.0",
        "docker.io/flannel/flannel:v0.27.0",
    ] {
        assert_eq!(of(image), Enforced::No, "{image}");
    }
    for image in ["evil/notcalico/nodes:v1", "shop/web:1"] {
        assert_eq!(of(image), Enforced::Unknown, "{image}");
    }
}

#[test]
fn flannel_alone_enforces_nothing_and_with_calico_calico_does() {
    let flannel = daemon("flannel", "{name: c, image: docker.io/flannel/flannel:v0.27.0}");
    assert_eq!(
        state(&flannel),
        (Enforced::No, "Flannel does not enforce them.".to_owned())
    );
    let canal = daemon(
        "canal",
        "{name: a, image: quay.io/calico/node:v3.30.0}, {name: b, image: docker.io/flannel/flannel:v0.27.0}",
    );
    assert_eq!(state(&canal), (Enforced::Yes, "Calico enforces them.".to_owned()));
}

#[test]
fn whether_the_agent_of_aws_is_switched_on_is_not_known() {
    let containers = "{name: a, image: 602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.20.0}";
    let agent = "{name: b, image: 602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon/aws-network-policy-agent:v1.2.0}";
    assert_eq!(state(&daemon("aws-node", containers)).0, Enforced::No);
    let both = daemon("aws-node", &format!("{containers}, {agent}"));
    assert_eq!(state(&both).0, Enforced::Unknown);
    let calico = daemon("calico-node", "{name: c, image: quay.io/calico/node:v3.30.0}");
    assert_eq!(state(&(both + &calico)).0, Enforced::Yes);
}

#[test]
fn kindnet_enforces_since_a_day_that_its_tag_tells() {
    assert_eq!(of("docker.io/kindest/kindnetd:v20250512-df8de77b"), Enforced::Yes);
    assert_eq!(of("docker.io/kindest/kindnetd:v20240202-8f1494ea"), Enforced::No);
    assert_eq!(of("docker.io/kindest/kindnetd:mine"), Enforced::Unknown);
}

#[test]
fn a_pod_beside_the_nodes_network_is_no_plugin() {
    let pod = daemon("d", "{name: c, image: quay.io/calico/node:v3.30.0}").replace("hostNetwork: true, ", "");
    assert_eq!(state(&pod).0, Enforced::Unknown);
}

#[test]
fn what_was_not_read_is_not_known() {
    let mut snapshot = snapshot("");
    for kind in [Kind::DaemonSet, Kind::CustomResourceDefinition] {
        snapshot.set(kind, Collected::Denied { reason: "no".into() }, Vec::new());
    }
    let found = enforcement(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
    assert_eq!(
        (found.state, found.reason.as_str(), found.other_policies),
        (Enforced::Unknown, "Reading daemonsets.apps was denied.", None)
    );
}

#[test]
fn policies_of_a_plugins_own_kind_are_named_with_what_they_could_change() {
    let definition = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: globalnetworkpolicies.crd.projectcalico.org}
spec: {group: crd.projectcalico.org, scope: Cluster}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: certificates.cert-manager.io}
spec: {group: cert-manager.io, scope: Namespaced}
";
    let snapshot = snapshot(definition);
    let found = enforcement(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
    let others = found.other_policies.unwrap();
    assert_eq!(others.len(), 1);
    assert!(others[0].effect.starts_with("Policies of Calico"));
}
