//! How a workload is reached: Service, EndpointSlice, Ingress, and the certificate of its host.

use serde_json::{Value, json};

use super::{Name, pod, template};
use crate::demo::catalog::policies::HOOKS;
use crate::demo::clock::Clock;
use crate::demo::flaw::Flaw;
use crate::demo::rng;
use crate::demo::workload::{RENEWAL, State, Workload};

/// Days that a certificate is good for.
const LIFE: i32 = 90;

/// All of them, as far as the workload has them.
pub(super) fn manifests(clock: Clock, workload: &Workload, state: &State) -> Vec<Value> {
    let mut objects = Vec::new();
    if workload.port == 0 {
        return objects;
    }
    let created = clock.made(workload.age(), &["service", workload.namespace.name, &workload.name]);
    objects.push(service(workload, &created));
    objects.push(endpoints(workload, state, &created));
    if workload.exposed {
        objects.push(ingress(workload, state, &created));
    }
    if workload.exposed && !state.flaws.has(Flaw::PlainHttp) {
        objects.extend(certificate(clock, workload, state));
    }
    objects
}

/// The name and number of the Service's port: 443 where the API server calls it.
fn port(workload: &Workload) -> (&'static str, u16) {
    let own = format!("{}/{}", workload.namespace.name, workload.name);
    let is_hook = HOOKS.iter().any(|hook| hook.service == own);
    let is_api = super::cluster::APIS.iter().any(|(.., service)| *service == own);
    if is_hook || is_api {
        ("https", 443)
    } else {
        ("main", workload.port)
    }
}

fn service(workload: &Workload, created: &str) -> Value {
    let (port, number) = port(workload);
    let is_edge = workload.namespace.name == "ingress-nginx" && workload.name == "controller";
    let body = json!({
        "metadata": { "labels": template::labels(workload) },
        "spec": {
            "type": if is_edge { "LoadBalancer" } else { "ClusterIP" },
            "clusterIP": format!("10.96.{}.{}", 1 + workload.index / 250, 1 + workload.index % 250),
            "selector": { "app.kubernetes.io/name": workload.name },
            "ports": [{ "name": port, "port": number, "protocol": "TCP", "targetPort": "main" }],
        },
    });
    Name::new("v1", "Service", workload.namespace.name, &workload.name).with(created, body)
}

fn endpoints(workload: &Workload, state: &State, created: &str) -> Value {
    let namespace = workload.namespace.name;
    let endpoints: Vec<Value> = pod::places(workload, state)
        .iter()
        .map(|place| {
            json!({
                "addresses": [pod::address(workload, state, place)],
                "conditions": { "ready": true, "serving": true, "terminating": false },
                "nodeName": place.node,
                "targetRef": { "kind": "Pod", "namespace": namespace, "name": place.name },
            })
        })
        .collect();
    let body = json!({
        "metadata": {
            "labels": { "kubernetes.io/service-name": workload.name },
            "ownerReferences": Name::new("v1", "Service", namespace, &workload.name).owner(),
        },
        "addressType": "IPv4",
        "endpoints": endpoints,
        "ports": [{ "name": port(workload).0, "port": workload.port, "protocol": "TCP" }],
    });
    let name = format!(
        "{}-{}",
        workload.name,
        rng::suffix(&["slice", namespace, &workload.name], 5)
    );
    Name::new("discovery.k8s.io/v1", "EndpointSlice", namespace, &name).with(created, body)
}

fn ingress(workload: &Workload, state: &State, created: &str) -> Value {
    let host = host(workload);
    let mut body = json!({
        "metadata": { "labels": template::labels(workload) },
        "spec": {
            "ingressClassName": "nginx",
            "rules": [{ "host": host, "http": { "paths": [{
                "path": "/", "pathType": "Prefix",
                "backend": { "service": { "name": workload.name, "port": { "name": port(workload).0 } } },
            }] } }],
        },
    });
    if !state.flaws.has(Flaw::PlainHttp) {
        body["metadata"]["annotations"] = json!({ "cert-manager.io/cluster-issuer": "letsencrypt" });
        body["spec"]["tls"] = json!([{ "hosts": [host], "secretName": format!("{}-tls", workload.name) }]);
    }
    Name::new(
        "networking.k8s.io/v1",
        "Ingress",
        workload.namespace.name,
        &workload.name,
    )
    .with(created, body)
}

fn host(workload: &Workload) -> String {
    format!("{}.{}.example.com", workload.name, workload.namespace.name)
}

/// The certificate that cert-manager renews, and the Secret that holds it.
fn certificate(clock: Clock, workload: &Workload, state: &State) -> [Value; 2] {
    let namespace = workload.namespace.name;
    let name = format!("{}-tls", workload.name);
    let at = |day| clock.made(day, &["certificate", namespace, &name]);
    let body = json!({
        "spec": {
            "secretName": name,
            "dnsNames": [host(workload)],
            "issuerRef": { "name": "letsencrypt", "kind": "ClusterIssuer", "group": "cert-manager.io" },
        },
        "status": {
            "notBefore": at(state.issued),
            "notAfter": at(state.issued + LIFE),
            "renewalTime": at(state.issued + RENEWAL),
            "conditions": [{ "type": "Ready", "status": "True", "reason": "Ready" }],
        },
    });
    let secret = json!({ "type": "kubernetes.io/tls", "data": { "tls.crt": "", "tls.key": "" } });
    let created = at(workload.age());
    [
        Name::new("cert-manager.io/v1", "Certificate", namespace, &name).with(&created, body),
        Name::new("v1", "Secret", namespace, &name).with(&created, secret),
    ]
}
