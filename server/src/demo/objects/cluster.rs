//! What stands in the cluster once: classes, extensions of the API, the edge, and certificates that nothing renews.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Name, node};
use crate::demo::catalog::policies::{BROKEN, MANUAL};
use crate::demo::clock::Clock;
use crate::demo::story::{self, Fact};

/// All of it on a day.
pub(in crate::demo) fn manifests(clock: Clock, day: u32) -> Vec<Value> {
    let created = clock.at(-700);
    let mut objects = classes(&created);
    objects.extend(
        APIS.iter()
            .map(|(group, version, service)| api_service(&created, day, group, version, service)),
    );
    objects.extend(
        RESOURCES
            .iter()
            .map(|(group, plural, kind)| definition(&created, group, plural, kind)),
    );
    objects.extend(edge(&created));
    objects.extend(tiers(&created));
    objects.extend(
        MANUAL
            .iter()
            .flat_map(|manual| certificate(clock, manual.namespace, manual.name, manual.until)),
    );
    objects.extend(system(&created));
    objects
}

fn classes(created: &str) -> Vec<Value> {
    let priority = |name: &str, value: i64, default: bool| {
        let body = json!({ "value": value, "globalDefault": default, "preemptionPolicy": "PreemptLowerPriority" });
        Name::new("scheduling.k8s.io/v1", "PriorityClass", "", name).with(created, body)
    };
    let storage = |name: &str, default: bool| {
        let annotations = json!({ "storageclass.kubernetes.io/is-default-class": default.to_string() });
        let body = json!({
            "metadata": { "annotations": annotations }, "provisioner": "block.csi.example.com", "reclaimPolicy": "Delete",
        });
        Name::new("storage.k8s.io/v1", "StorageClass", "", name).with(created, body)
    };
    let ingress = |name: &str| {
        Name::new("networking.k8s.io/v1", "IngressClass", "", name)
            .with(created, json!({ "spec": { "controller": "k8s.io/ingress-nginx" } }))
    };
    vec![
        priority("system-cluster-critical", 2_000_000_000, false),
        priority("system-node-critical", 2_000_001_000, false),
        priority("business-critical", 1_000_000, false),
        priority("standard", 1000, true),
        priority("preemptible", -10, false),
        storage("block", true),
        storage("block-fast", false),
        storage("archive", false),
        ingress("nginx"),
        ingress("nginx-internal"),
        Name::new("node.k8s.io/v1", "RuntimeClass", "", "gvisor").with(created, json!({ "handler": "runsc" })),
        Name::new("node.k8s.io/v1", "RuntimeClass", "", "nvidia").with(created, json!({ "handler": "nvidia" })),
    ]
}

/// APIs: group, version, and for those that another server answers its Service in `namespace/name`.
pub(super) const APIS: &[(&str, &str, &str)] = &[
    ("", "v1", ""),
    ("admissionregistration.k8s.io", "v1", ""),
    ("apiextensions.k8s.io", "v1", ""),
    ("apps", "v1", ""),
    ("authentication.k8s.io", "v1", ""),
    ("authorization.k8s.io", "v1", ""),
    ("autoscaling", "v2", ""),
    ("batch", "v1", ""),
    ("certificates.k8s.io", "v1", ""),
    ("coordination.k8s.io", "v1", ""),
    ("discovery.k8s.io", "v1", ""),
    ("events.k8s.io", "v1", ""),
    ("flowcontrol.apiserver.k8s.io", "v1", ""),
    ("networking.k8s.io", "v1", ""),
    ("node.k8s.io", "v1", ""),
    ("policy", "v1", ""),
    ("rbac.authorization.k8s.io", "v1", ""),
    ("scheduling.k8s.io", "v1", ""),
    ("storage.k8s.io", "v1", ""),
    ("argoproj.io", "v1alpha1", ""),
    ("cert-manager.io", "v1", ""),
    ("external-secrets.io", "v1", ""),
    ("gateway.networking.k8s.io", "v1", ""),
    ("kafka.strimzi.io", "v1beta2", ""),
    ("kyverno.io", "v1", ""),
    ("monitoring.coreos.com", "v1", ""),
    ("postgresql.cnpg.io", "v1", ""),
    ("custom.metrics.k8s.io", "v1beta1", "monitoring/prometheus-adapter"),
    ("metrics.k8s.io", "v1beta1", "kube-system/metrics-server"),
];

fn api_service(created: &str, day: u32, group: &str, version: &str, service: &str) -> Value {
    let name = format!("{version}.{group}");
    let mut spec = json!({ "group": group, "version": version, "groupPriorityMinimum": 1000, "versionPriority": 15 });
    if let Some((namespace, service)) = service.split_once('/') {
        spec["service"] = json!({ "namespace": namespace, "name": service, "port": 443 });
        if story::changes(|fact| matches!(fact, Fact::Verified(told) if told == name)).any(|(since, ..)| since > day) {
            spec["insecureSkipTLSVerify"] = true.into();
        }
    }
    let body = json!({ "spec": spec, "status": { "conditions": [{ "type": "Available", "status": "True" }] } });
    Name::new("apiregistration.k8s.io/v1", "APIService", "", &name).with(created, body)
}

/// Custom resources: group, plural, kind.
const RESOURCES: &[(&str, &str, &str)] = &[
    ("acid.zalan.do", "postgresqls", "postgresql"),
    ("aquasecurity.github.io", "vulnerabilityreports", "VulnerabilityReport"),
    ("argoproj.io", "applications", "Application"),
    ("argoproj.io", "applicationsets", "ApplicationSet"),
    ("argoproj.io", "appprojects", "AppProject"),
    ("cert-manager.io", "certificaterequests", "CertificateRequest"),
    ("cert-manager.io", "certificates", "Certificate"),
    ("cert-manager.io", "clusterissuers", "ClusterIssuer"),
    ("cert-manager.io", "issuers", "Issuer"),
    ("cilium.io", "ciliumnodes", "CiliumNode"),
    ("external-secrets.io", "externalsecrets", "ExternalSecret"),
    ("external-secrets.io", "secretstores", "SecretStore"),
    ("gateway.networking.k8s.io", "gatewayclasses", "GatewayClass"),
    ("gateway.networking.k8s.io", "gateways", "Gateway"),
    ("gateway.networking.k8s.io", "grpcroutes", "GRPCRoute"),
    ("gateway.networking.k8s.io", "httproutes", "HTTPRoute"),
    ("kafka.strimzi.io", "kafkas", "Kafka"),
    ("kafka.strimzi.io", "kafkatopics", "KafkaTopic"),
    ("kyverno.io", "clusterpolicies", "ClusterPolicy"),
    ("monitoring.coreos.com", "prometheusrules", "PrometheusRule"),
    ("monitoring.coreos.com", "servicemonitors", "ServiceMonitor"),
    (
        "policy.networking.k8s.io",
        "clusternetworkpolicies",
        "ClusterNetworkPolicy",
    ),
    ("postgresql.cnpg.io", "clusters", "Cluster"),
    ("sparkoperator.k8s.io", "sparkapplications", "SparkApplication"),
    ("wgpolicyk8s.io", "clusterpolicyreports", "ClusterPolicyReport"),
    ("wgpolicyk8s.io", "policyreports", "PolicyReport"),
];

fn definition(created: &str, group: &str, plural: &str, kind: &str) -> Value {
    let mut body = json!({ "spec": {
        "group": group,
        "names": { "plural": plural, "kind": kind },
        "scope": if kind.starts_with("Cluster") { "Cluster" } else { "Namespaced" },
        "versions": [{ "name": "v1", "served": true, "storage": true }],
    } });
    if kind == "SparkApplication" {
        body["spec"]["conversion"] = json!({ "strategy": "Webhook", "webhook": {
            "conversionReviewVersions": ["v1"],
            "clientConfig": {
                "service": { "namespace": "data-eng", "name": "spark-operator", "path": "/convert", "port": 443 },
                "caBundle": STANDARD.encode(BROKEN),
            },
        } });
    }
    let name = format!("{plural}.{group}");
    Name::new("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", &name).with(created, body)
}

/// The partners' gateway, which ends TLS with a certificate that a person renews.
fn edge(created: &str) -> [Value; 3] {
    let group = "gateway.networking.k8s.io/v1";
    let listener = json!({
        "name": "https", "port": 443, "protocol": "HTTPS", "hostname": "partners.example.com",
        "tls": { "mode": "Terminate", "certificateRefs": [{ "kind": "Secret", "name": "partners-gw-tls" }] },
    });
    let route = json!({
        "parentRefs": [{ "name": "partners-gw" }],
        "hostnames": ["partners.example.com"],
        "rules": [{ "backendRefs": [{ "name": "partner-portal", "port": 8080 }] }],
    });
    let class = json!({ "spec": { "controllerName": "io.cilium/gateway-controller" } });
    let gateway = json!({ "spec": { "gatewayClassName": "cilium", "listeners": [listener] } });
    [
        Name::new(group, "GatewayClass", "", "cilium").with(created, class),
        Name::new(group, "Gateway", "partners", "partners-gw").with(created, gateway),
        Name::new(group, "HTTPRoute", "partners", "partner-portal").with(created, json!({ "spec": route })),
    ]
}

/// What holds for the whole cluster, before and after what namespaces say.
fn tiers(created: &str) -> [Value; 2] {
    let everywhere = json!({ "namespaces": {} });
    let metadata = json!({
        "tier": "Admin", "priority": 10, "subject": everywhere,
        "egress": [{ "name": "cloud-metadata", "action": "Deny", "to": [{ "networks": ["169.254.169.254/32"] }] }],
    });
    let backup = json!({
        "tier": "Admin", "priority": 20, "subject": everywhere,
        "ingress": [{ "name": "from-monitoring", "action": "Pass", "from": [
            { "namespaces": { "matchLabels": { "kubernetes.io/metadata.name": "monitoring" } } },
        ] }],
    });
    let policy = |name, spec: Value| {
        Name::new("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", "", name)
            .with(created, json!({ "spec": spec }))
    };
    [
        policy("deny-cloud-metadata", metadata),
        policy("monitoring-passes", backup),
    ]
}

/// A certificate that a person must renew, and its Secret.
fn certificate(clock: Clock, namespace: &str, name: &str, until: i32) -> [Value; 2] {
    let from = (until - 365).min(-30);
    let secret_name = format!("{name}-tls");
    let body = json!({
        "spec": {
            "secretName": secret_name,
            "dnsNames": [format!("{name}.example.com")],
            "issuerRef": { "name": "company-ca", "kind": "ClusterIssuer", "group": "cert-manager.io" },
        },
        "status": {
            "notBefore": clock.at(from),
            "notAfter": clock.at(until),
            "conditions": [
                { "type": "Ready", "status": "True", "reason": "Ready" },
                { "type": "Issuing", "status": "False", "reason": "Failed" },
            ],
        },
    });
    let created = clock.at(from);
    let secret = json!({ "type": "kubernetes.io/tls", "data": { "tls.crt": "", "tls.key": "" } });
    [
        Name::new("cert-manager.io/v1", "Certificate", namespace, name).with(&created, body),
        Name::new("v1", "Secret", namespace, &secret_name).with(&created, secret),
    ]
}

/// What kubeadm and the API server keep, and the API server's own Service.
fn system(created: &str) -> Vec<Value> {
    let config = |namespace, name| Name::new("v1", "ConfigMap", namespace, name).with(created, json!({}));
    let endpoint = |node: &&str| json!({ "addresses": [node::address(node)], "conditions": { "ready": true } });
    let endpoints: Vec<Value> = node::CONTROL_PLANE.iter().map(endpoint).collect();
    let service = json!({ "spec": {
        "type": "ClusterIP", "clusterIP": "10.96.0.1",
        "ports": [{ "name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443 }],
    } });
    let slice = json!({
        "metadata": { "labels": { "kubernetes.io/service-name": "kubernetes" } },
        "addressType": "IPv4", "endpoints": endpoints, "ports": [{ "name": "https", "port": 6443, "protocol": "TCP" }],
    });
    let dead = json!({ "spec": {
        "type": "ClusterIP", "clusterIP": "10.96.0.77", "selector": { "app.kubernetes.io/name": "crm-defaults" },
        "ports": [{ "port": 443, "protocol": "TCP" }],
    } });
    let key = json!({ "type": "Opaque", "data": { "stripe-key": "" } });
    vec![
        config("kube-system", "extension-apiserver-authentication"),
        config("kube-system", "kubeadm-config"),
        config("kube-system", "cilium-agent"),
        config("kube-public", "cluster-info"),
        Name::new("v1", "Service", "default", "kubernetes").with(created, service),
        Name::new("discovery.k8s.io/v1", "EndpointSlice", "default", "kubernetes").with(created, slice),
        // The webhook that this answered for was never removed.
        Name::new("v1", "Service", "legacy-crm", "crm-defaults").with(created, dead),
        Name::new("v1", "Secret", "payments", "stripe-key").with(created, key),
    ]
}
