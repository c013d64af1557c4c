//! Static pods of the control plane, for tests.

use crate::check::{Check, Outcome};
use crate::cluster::Cluster;
use crate::fixture::snapshot;

/// The programs.
pub(crate) const ALL: [&str; 4] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"];

/// The manifest of an API server's static pod with these flags.
pub(crate) fn api_server(node: &str, flags: &[&str]) -> String {
    static_pod("kube-apiserver", node, flags)
}

/// The manifest of the static pod of a component with these flags.
pub(crate) fn static_pod(program: &str, node: &str, flags: &[&str]) -> String {
    let flags: Vec<String> = flags.iter().map(|flag| format!(", '{flag}'")).collect();
    format!(
        "
apiVersion: v1
kind: Pod
metadata:
  name: {program}-{node}
  namespace: kube-system
  annotations: {{kubernetes.io/config.mirror: 0f3a}}
  ownerReferences: [{{apiVersion: v1, kind: Node, name: {node}, controller: true}}]
spec: {{containers: [{{name: {program}, command: [{program}{}]}}]}}
",
        flags.concat()
    )
}

/// A control plane with nothing wrong.
pub(crate) fn hardened() -> String {
    let api_server = [
        "--anonymous-auth=false",
        "--audit-log-maxage=30",
        "--audit-log-maxbackup=10",
        "--audit-log-maxsize=100",
        "--audit-log-path=/var/log/audit.log",
        "--audit-policy-file=/etc/kubernetes/audit.yaml",
        "--authorization-mode=Node,RBAC",
        "--client-ca-file=/pki/ca.crt",
        "--enable-admission-plugins=NodeRestriction,AlwaysPullImages,EventRateLimit,DenyServiceExternalIPs",
        "--encryption-provider-config=/etc/kubernetes/encryption.yaml",
        "--etcd-cafile=/pki/etcd/ca.crt",
        "--etcd-certfile=/pki/apiserver-etcd-client.crt",
        "--etcd-keyfile=/pki/apiserver-etcd-client.key",
        "--kubelet-certificate-authority=/pki/ca.crt",
        "--kubelet-client-certificate=/pki/apiserver-kubelet-client.crt",
        "--kubelet-client-key=/pki/apiserver-kubelet-client.key",
        "--profiling=false",
        "--service-account-extend-token-expiration=false",
        "--service-account-key-file=/pki/sa.pub",
        "--tls-cert-file=/pki/apiserver.crt",
        "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "--tls-private-key-file=/pki/apiserver.key",
    ];
    let controller_manager = [
        "--bind-address=127.0.0.1",
        "--profiling=false",
        "--root-ca-file=/pki/ca.crt",
        "--service-account-private-key-file=/pki/sa.key",
        "--terminated-pod-gc-threshold=1000",
        "--use-service-account-credentials=true",
    ];
    let etcd = [
        "--cert-file=/pki/etcd/server.crt",
        "--client-cert-auth=true",
        "--key-file=/pki/etcd/server.key",
        "--peer-cert-file=/pki/etcd/peer.crt",
        "--peer-client-cert-auth=true",
        "--peer-key-file=/pki/etcd/peer.key",
        "--peer-trusted-ca-file=/pki/etcd/ca.crt",
        "--trusted-ca-file=/pki/etcd/ca.crt",
    ];
    [
        static_pod("kube-apiserver", "cp1", &api_server),
        static_pod("kube-controller-manager", "cp1", &controller_manager),
        static_pod("kube-scheduler", "cp1", &["--bind-address=::1", "--profiling=false"]),
        static_pod("etcd", "cp1", &etcd),
    ]
    .join("---")
}

/// What a check says of a cluster that holds these manifests.
pub(crate) fn outcome(check: &'static Check, manifests: &str) -> Outcome {
    let snapshot = snapshot(manifests);
    let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
    crate::run::outcomes(check, &cluster).remove(0).1
}

/// Whether a check fails on a component with these flags, once.
pub(crate) fn fails(check: &'static Check, program: &str, flags: &[&str]) -> bool {
    matches!(outcome(check, &static_pod(program, "cp1", flags)), Outcome::Fail(findings) if findings.len() == 1)
}

/// Whether a check passes on a component with these flags.
pub(crate) fn passes(check: &'static Check, program: &str, flags: &[&str]) -> bool {
    outcome(check, &static_pod(program, "cp1", flags)) == Outcome::Pass
}
