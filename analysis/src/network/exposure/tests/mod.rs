mod outbound;

use chrono::DateTime;
use shared::network::exposure::{Exposure, Sources, Way};
use shared::snapshots::Collected;

use super::exposure;
use crate::cluster::Cluster;
use crate::fixture::snapshot;
use crate::model::{Kind, Snapshot};
use crate::network::engine::Network;
use crate::network::model::Model;
use crate::network::read;

fn of(snapshot: &Snapshot) -> Result<Exposure, String> {
    let cluster = Cluster::new(snapshot, DateTime::UNIX_EPOCH);
    let model = Model::of(&cluster);
    let network = Network::new(&model, read::policies(snapshot).0);
    exposure(&cluster, &model, &network)
}

/// A cluster with web, and these manifests.
fn shop(more: &str) -> Snapshot {
    let web = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
";
    snapshot(&format!("{web}---{more}\n"))
}

fn told(way: &Way) -> String {
    let sources = match &way.sources {
        Sources::Addresses { cidrs, internet } => format!("{}{}", cidrs.join(" "), if *internet { " !" } else { "" }),
        Sources::Controller { workloads, is_let_in } => format!("{} {is_let_in}", workloads[0].name),
        Sources::NotKnown { reason } => reason.clone(),
    };
    let port = |port: Option<u16>| port.map_or("any".into(), |port| port.to_string());
    format!(
        "{:?} {} {}:{}->{}:{} from {sources}",
        way.via,
        way.object.name,
        way.protocol,
        port(way.port),
        way.workload.name,
        port(way.target)
    )
}

fn ways(snapshot: &Snapshot) -> Vec<String> {
    of(snapshot).unwrap().ways.iter().map(told).collect()
}

const LOAD_BALANCER: &str = "
apiVersion: v1
kind: Service
metadata: {name: front, namespace: shop}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80, targetPort: http, nodePort: 30080}]
";

/// A policy for web.
fn lets_in(rule: &str) -> String {
    format!(
        "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: web, namespace: shop}}
spec: {{podSelector: {{matchLabels: {{app: web}}}}, ingress: [{rule}]}}
"
    )
}

#[test]
fn a_load_balancer_is_a_way_in_and_so_is_its_port_on_each_node() {
    assert_eq!(
        ways(&shop(LOAD_BALANCER)),
        [
            "LoadBalancer front TCP:80->web:8080 from 0.0.0.0/0 ::/0 !",
            "NodePort front TCP:30080->web:8080 from 0.0.0.0/0 ::/0 !"
        ]
    );
}

#[test]
fn a_load_balancer_that_its_cloud_keeps_inside_does_not_lead_to_the_internet() {
    let annotated = |annotation: &str| {
        let annotations = format!("namespace: shop, annotations: {{{annotation}}}");
        ways(&shop(&LOAD_BALANCER.replace("namespace: shop", &annotations)))
    };
    let internal = [
        "InternalLoadBalancer front TCP:80->web:8080 from 0.0.0.0/0 ::/0",
        "NodePort front TCP:30080->web:8080 from 0.0.0.0/0 ::/0 !",
    ];
    let mut found = annotated("networking.gke.io/load-balancer-type: Internal");
    found.sort_unstable();
    assert_eq!(found, internal);
    let scheme = |scheme: &str| {
        annotated(&format!(
            "service.beta.kubernetes.io/aws-load-balancer-scheme: {scheme}"
        ))
    };
    assert!(scheme("internal").contains(&internal[0].to_owned()));
    assert!(!scheme("internet-facing").contains(&internal[0].to_owned()));
}

#[test]
fn source_ranges_narrow_the_load_balancer_and_not_the_port_on_nodes() {
    let ranges = LOAD_BALANCER.replace("type:", "loadBalancerSourceRanges: [10.0.0.0/8]\n  type:");
    assert_eq!(
        ways(&shop(&ranges)),
        [
            "LoadBalancer front TCP:80->web:8080 from 10.0.0.0/8",
            "NodePort front TCP:30080->web:8080 from 0.0.0.0/0 ::/0 !"
        ]
    );
}

#[test]
fn policies_say_from_where_one_may_come_and_are_named() {
    let rule = "{from: [{ipBlock: {cidr: 198.18.0.0/15}}, {ipBlock: {cidr: 8.8.8.0/24}}], ports: [{port: http}]}";
    let snapshot = shop(&format!("{LOAD_BALANCER}---{}", lets_in(rule)));
    let exposure = of(&snapshot).unwrap();
    let way = &exposure.ways[0];
    assert_eq!(
        told(way),
        "LoadBalancer front TCP:80->web:8080 from 8.8.8.0/24 198.18.0.0/15 !"
    );
    assert!(way.is_isolated && way.why[0].name == "web");
    let other_port = shop(&format!("{LOAD_BALANCER}---{}", lets_in("{ports: [{port: 9090}]}")));
    assert_eq!(ways(&other_port)[0], "LoadBalancer front TCP:80->web:8080 from ");
}

#[test]
fn endpoint_slices_say_where_a_service_leads() {
    let pods = "
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop, labels: {app: a}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: front-1, namespace: shop, labels: {kubernetes.io/service-name: front}}
addressType: IPv4
ports: [{port: 9090}]
endpoints: [{addresses: [10.1.0.1], targetRef: {kind: Pod, name: a, namespace: shop}}]
";
    let found = ways(&shop(&format!("{LOAD_BALANCER}---{pods}")));
    assert_eq!(found[0], "LoadBalancer front TCP:80->a:9090 from 0.0.0.0/0 ::/0 !");
}

const INGRESS: &str = "
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: main, port: 80, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: site, namespace: shop}
spec:
  ingressClassName: nginx
  rules: [{host: a.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: main}}}}]}}]
";

const CONTROLLER: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: nginx, namespace: edge}
spec:
  template:
    metadata: {labels: {app: edge}}
    spec: {containers: [{name: c, image: registry.k8s.io/ingress-nginx/controller:v1.12.0}]}
";

#[test]
fn an_ingress_is_a_way_in_through_the_pods_of_its_controller() {
    assert_eq!(
        ways(&shop(INGRESS)),
        ["Ingress site TCP:80->web:8080 from The pods of the controller k8s.io/ingress-nginx are not recognised."]
    );
    let seen = format!("{INGRESS}---{CONTROLLER}");
    assert_eq!(ways(&shop(&seen)), ["Ingress site TCP:80->web:8080 from nginx true"]);
    let from_edge = "{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}}]}";
    let found = ways(&shop(&format!("{seen}---{}", lets_in(from_edge))));
    assert_eq!(found, ["Ingress site TCP:80->web:8080 from nginx true"]);
    let found = ways(&shop(&format!("{seen}---{}", lets_in("{from: [{podSelector: {}}]}"))));
    assert_eq!(found, ["Ingress site TCP:80->web:8080 from nginx false"]);
}

#[test]
fn an_ingress_of_a_cloud_s_load_balancer_comes_from_outside() {
    let alb = INGRESS.replace("k8s.io/ingress-nginx", "ingress.k8s.aws/alb");
    assert_eq!(
        ways(&shop(&alb)),
        ["Ingress site TCP:80->web:8080 from 0.0.0.0/0 ::/0 !"]
    );
}

#[test]
fn a_route_is_a_way_in_through_the_pods_of_its_gateway() {
    let route = |namespace: &str| {
        format!(
            "
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{{port: 80, targetPort: 8080}}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: edge, namespace: {namespace}}}
spec: {{gatewayClassName: c, listeners: [{{name: web, port: 443, protocol: HTTPS}}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: site, namespace: shop}}
spec: {{parentRefs: [{{name: edge, namespace: {namespace}}}], rules: [{{backendRefs: [{{name: web, port: 80}}]}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: edge-pods, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{gateway.networking.k8s.io/gateway-name: edge}}}}
    spec: {{containers: [{{name: c, image: i}}]}}
"
        )
    };
    assert_eq!(
        ways(&shop(&route("shop"))),
        ["Route site TCP:443->web:8080 from edge-pods true"]
    );
    // A listener takes routes of its own namespace alone, unless it says otherwise.
    assert!(ways(&shop(&route("other"))).is_empty());
}

#[test]
fn ports_of_nodes_lead_to_pods_and_policies_have_no_say_on_the_network_of_a_node() {
    let pod = |name: &str, spec: &str| {
        format!(
            "---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop}}
spec: {{{spec}}}
"
        )
    };
    let port = pod(
        "port",
        "containers: [{name: c, image: i, ports: [{containerPort: 80, hostPort: 8000}, {containerPort: 81, hostPort: 8001, hostIP: 127.0.0.1}]}]",
    );
    let host = pod(
        "host",
        "hostNetwork: true, containers: [{name: c, image: i, ports: [{containerPort: 9100}]}]",
    );
    let bare = pod("bare", "hostNetwork: true, containers: [{name: c, image: i}]");
    let deny = "---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}}
";
    assert_eq!(
        ways(&snapshot(&format!("{port}{host}{bare}{deny}"))),
        [
            "HostNetwork bare TCP:any->bare:any from 0.0.0.0/0 ::/0 !",
            "HostNetwork host TCP:9100->host:9100 from 0.0.0.0/0 ::/0 !",
            "HostPort port TCP:8000->port:80 from ",
        ]
    );
}

#[test]
fn a_way_in_that_could_not_be_read_is_told_and_policies_that_were_not_leave_nothing_to_say() {
    let mut denied = shop(LOAD_BALANCER);
    let reason = || Collected::Denied {
        reason: "forbidden".into(),
    };
    denied.set(Kind::Ingress, reason(), Vec::new());
    let exposure = of(&denied).unwrap();
    assert_eq!(exposure.ways.len(), 2);
    assert_eq!(exposure.unread, ["Reading ingresses.networking.k8s.io was denied."]);
    denied.set(Kind::NetworkPolicy, reason(), Vec::new());
    assert_eq!(
        of(&denied).unwrap_err(),
        "Reading networkpolicies.networking.k8s.io was denied."
    );
}
