//! What is expected of the platform, and what is not.

use crate::check::Check;
use crate::checks::privileged::{
    capability_added, container_privileged, host_namespace_shared, host_path_writable, host_port_used, probe_host_set,
    root_filesystem_writable, seccomp_profile_missing, sensitive_host_path, sysctl_unsafe,
};
use crate::fixture::findings;

const CALICO: &str = "
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: anything, namespace: anywhere}
spec:
  template:
    spec:
      hostNetwork: true
      initContainers:
        - {name: install, image: 'quay.io/calico/cni:v3.30.0', securityContext: {privileged: true}, volumeMounts: [{name: bin, mountPath: /bin}]}
      containers:
        - {name: node, image: 'quay.io/calico/node:v3.30.0', securityContext: {privileged: true}, volumeMounts: [{name: run, mountPath: /run/calico}]}
      volumes: [{name: bin, hostPath: {path: /opt/cni/bin}}, {name: run, hostPath: {path: /var/run/calico}}]
";

/// Of the findings of a check, how many there are and how many are expected.
fn counted(check: &'static Check, manifests: &str) -> (usize, usize) {
    let found = findings(check, manifests);
    (
        found.len(),
        found.iter().filter(|finding| finding.expected.is_some()).count(),
    )
}

#[test]
fn what_a_network_plugin_needs_is_expected_by_every_check_and_no_less_bad() {
    assert_eq!(counted(&container_privileged::CHECK, CALICO), (2, 2));
    assert_eq!(counted(&host_namespace_shared::CHECK, CALICO), (1, 1));
    assert_eq!(counted(&sensitive_host_path::CHECK, CALICO), (1, 1));
    assert_eq!(counted(&host_path_writable::CHECK, CALICO), (1, 1));
    assert_eq!(counted(&seccomp_profile_missing::CHECK, CALICO), (2, 2));
    let finding = findings(&container_privileged::CHECK, CALICO).remove(0);
    assert_eq!(finding.severity, container_privileged::CHECK.severity);
    assert!(finding.expected.unwrap().ends_with("(calico)"));
}

#[test]
fn what_it_does_not_need_is_not_expected() {
    let more = CALICO
        .replace("hostNetwork: true", "hostNetwork: true\n      hostIPC: true")
        .replace("path: /var/run/calico", "path: /etc/shadow");
    assert_eq!(counted(&host_namespace_shared::CHECK, &more), (2, 1));
    assert_eq!(counted(&sensitive_host_path::CHECK, &more), (2, 1));
    assert_eq!(counted(&root_filesystem_writable::CHECK, CALICO), (2, 0));
    let capable = CALICO.replace("privileged: true", "capabilities: {add: [SYS_BOOT, NET_ADMIN]}");
    assert_eq!(counted(&capability_added::CHECK, &capable), (2, 0));
}

#[test]
fn names_prove_nothing_and_neither_does_an_image_beside_another() {
    let privileged = |manifests: &str| counted(&container_privileged::CHECK, manifests);
    let named = CALICO.replace(
        "name: anything, namespace: anywhere",
        "name: calico-node, namespace: kube-system",
    );
    assert_eq!(
        privileged(&named.replace("quay.io/calico/", "evil.example/calico/")),
        (2, 0)
    );
    let beside = "{name: other, image: 'evil.example/miner:1'}\n        - {name: node, ";
    assert_eq!(privileged(&CALICO.replace("{name: node, ", beside)), (2, 0));
}

#[test]
fn a_debugger_is_not_expected_and_takes_nothing_from_what_is() {
    let pod = "
---
apiVersion: v1
kind: Pod
metadata: {name: anything-1, namespace: anywhere, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: anything, controller: true}]}
spec: {ephemeralContainers: [{name: debugger, image: busybox, securityContext: {privileged: true}}]}
";
    assert_eq!(
        counted(&container_privileged::CHECK, &(CALICO.to_owned() + pod)),
        (3, 2)
    );
}

#[test]
fn an_image_without_its_work_or_outside_a_daemon_set_is_no_plugin() {
    let privileged = |manifests: &str| counted(&container_privileged::CHECK, manifests);
    let idle = CALICO
        .replace("/opt/cni/bin", "/opt/x")
        .replace("/var/run/calico", "/opt/y");
    assert_eq!(privileged(&idle), (2, 0));
    assert_eq!(
        privileged(&CALICO.replace("kind: DaemonSet", "kind: Deployment")),
        (2, 0)
    );
}

const EXPORTER: &str = "
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: figures, namespace: monitoring}
spec:
  template:
    spec:
      hostPID: true
      containers: [{name: exporter, image: 'quay.io/prometheus/node-exporter:v1.10.0', volumeMounts: [{name: root, mountPath: /host, readOnly: true}]}]
      volumes: [{name: root, hostPath: {path: /}}]
";

#[test]
fn what_only_reads_may_not_write() {
    assert_eq!(counted(&sensitive_host_path::CHECK, EXPORTER), (1, 1));
    assert_eq!(
        counted(&sensitive_host_path::CHECK, &EXPORTER.replace(", readOnly: true", "")),
        (1, 0)
    );
}

#[test]
fn a_path_below_the_root_is_not_the_root() {
    assert_eq!(
        counted(
            &sensitive_host_path::CHECK,
            &EXPORTER.replace("path: /}", "path: /etc/kubernetes}")
        ),
        (1, 0)
    );
}

const SERVICE_LB: &str = "
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: svclb-web-0f3a, namespace: kube-system}
spec:
  template:
    spec:
      securityContext: {sysctls: [{name: net.ipv4.ip_forward, value: '1'}]}
      containers: [{name: lb-tcp-8443, image: 'rancher/klipper-lb:v0.4.13', ports: [{containerPort: 8443, hostPort: 8443}], securityContext: {capabilities: {add: [NET_ADMIN]}}}]
";

#[test]
fn the_load_balancer_of_k3s_takes_the_ports_that_it_is_asked_to_and_forwards() {
    assert_eq!(counted(&sysctl_unsafe::CHECK, SERVICE_LB), (1, 1));
    assert_eq!(counted(&host_port_used::CHECK, SERVICE_LB), (1, 1));
    assert_eq!(counted(&capability_added::CHECK, SERVICE_LB), (1, 1));
    let other = SERVICE_LB.replace("name: net.ipv4.ip_forward", "name: kernel.msgmax");
    assert_eq!(counted(&sysctl_unsafe::CHECK, &other), (1, 0));
    let idle = SERVICE_LB.replace("add: [NET_ADMIN]", "add: [CHOWN]");
    assert_eq!(counted(&host_port_used::CHECK, &idle), (1, 0));
}

/// A DaemonSet of one container.
fn agent(container: &str, pod: &str) -> String {
    format!(
        "
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: agent, namespace: anywhere}}
spec: {{template: {{spec: {{{pod}, containers: [{{name: c, {container}}}]}}}}}}
"
    )
}

#[test]
fn agents_of_clouds_and_of_rke2_are_known() {
    for image in [
        "877085696533.dkr.ecr.af-south-1.amazonaws.com/eks/eks-pod-identity-agent:v0.1.20",
        "rancher/hardened-calico:v3.30.3-build20250909",
        "gke.gcr.io/netd:v0.6.19-gke-v0.2.5-gke.0",
        "mcr.microsoft.com/azuremonitor/containerinsights/ciprod:3.1.27",
    ] {
        let container = format!(
            "image: '{image}', securityContext: {{privileged: true}}, volumeMounts: [{{name: net, mountPath: /a}}, {{name: log, mountPath: /b}}]"
        );
        let pod = "hostNetwork: true, volumes: [{name: net, hostPath: {path: /etc/cni/net.d}}, {name: log, hostPath: {path: /var/log}}]";
        let bin = pod.replace("/etc/cni/net.d", "/opt/cni/bin");
        let found = [pod, bin.as_str()].map(|pod| counted(&container_privileged::CHECK, &agent(&container, pod)));
        assert!(found.contains(&(1, 1)), "{image}");
    }
    let masquerading = agent(
        "image: 'mcr.microsoft.com/aks/ip-masq-agent-v2:v0.1.15', securityContext: {capabilities: {add: [NET_ADMIN, NET_RAW]}}",
        "hostNetwork: true",
    );
    assert_eq!(counted(&capability_added::CHECK, &masquerading), (1, 1));
    assert_eq!(counted(&host_namespace_shared::CHECK, &masquerading), (1, 1));
}

#[test]
fn static_pods_of_gke_rke2_and_minikube_are_known() {
    use crate::control_plane::fixture::static_pod;
    let with = |program: &str, container: &str, pod: &str| {
        static_pod(program, "n1", &[]).replace(
            &format!("{{containers: [{{name: {program}, "),
            &format!("{{hostNetwork: true, {pod}, containers: [{{name: {program}, {container}, "),
        )
    };
    let proxy = with(
        "kube-proxy",
        "image: 'gke.gcr.io/kube-proxy-amd64:v1.33.4-gke.1', securityContext: {privileged: true}, volumeMounts: [{name: config, mountPath: /a}, {name: lock, mountPath: /b}]",
        "volumes: [{name: config, hostPath: {path: /var/lib/kube-proxy/kubeconfig}}, {name: lock, hostPath: {path: /run/xtables.lock}}]",
    );
    assert_eq!(counted(&container_privileged::CHECK, &proxy), (1, 1));
    assert_eq!(counted(&host_path_writable::CHECK, &proxy), (2, 2));
    let proxy = with(
        "kube-proxy",
        "image: 'docker.io/rancher/hardened-kubernetes:v1.33.4-rke2r1', securityContext: {privileged: true}",
        "volumes: []",
    );
    assert_eq!(counted(&container_privileged::CHECK, &proxy), (1, 1));
    let etcd = with(
        "etcd",
        "image: 'registry.k8s.io/etcd:3.6.5-0', volumeMounts: [{name: data, mountPath: /data}]",
        "volumes: [{name: data, hostPath: {path: /var/lib/minikube/etcd}}]",
    );
    assert_eq!(counted(&host_namespace_shared::CHECK, &etcd), (1, 1));
    assert_eq!(counted(&host_path_writable::CHECK, &etcd), (1, 1));
}

#[test]
fn the_api_server_is_expected_as_a_static_pod_only() {
    let pod = crate::control_plane::fixture::api_server("cp1", &[]).replace(
        "{containers: [{name: kube-apiserver, ",
        "{hostNetwork: true, containers: [{name: kube-apiserver, image: 'registry.k8s.io/kube-apiserver:v1.37.2', ",
    );
    assert_eq!(counted(&host_namespace_shared::CHECK, &pod), (1, 1));
    let ordinary = pod.replace("kubernetes.io/config.mirror", "kubernetes.io/config.other");
    assert_eq!(counted(&host_namespace_shared::CHECK, &ordinary), (1, 0));
}

#[test]
fn a_probe_of_what_must_be_on_the_network_of_its_node_may_name_a_host() {
    let dns = "
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: node-local-dns, namespace: kube-system}
spec:
  template:
    spec:
      hostNetwork: true
      containers: [{name: cache, image: 'registry.k8s.io/dns/k8s-dns-node-cache:1.26.4', livenessProbe: {httpGet: {host: 169.254.20.10, port: 8080}}}]
";
    assert_eq!(counted(&probe_host_set::CHECK, dns), (1, 1));
}
