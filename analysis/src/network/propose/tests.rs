use chrono::DateTime;
use serde_json::{Value, json};
use shared::network::Endpoint;
use shared::network::propose::{Callers, Clients, Directions, Made};
use shared::snapshots::Collected;

use super::{namespace, workload};
use crate::cluster::Cluster;
use crate::fixture::snapshot;
use crate::model::{Kind, Snapshot};
use crate::network::change::State;
use crate::network::engine::Network;
use crate::network::model::Model;
use crate::network::read;

fn deployment(namespace: &str, name: &str, spec: &str) -> String {
    format!(
        "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}, version: v1}}}}
    spec: {{automountServiceAccountToken: false, containers: [{{name: c, image: i{spec}}}]}}
---"
    )
}

fn service(name: &str, spec: &str) -> String {
    format!(
        "
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec: {{selector: {{app: {name}}}, {spec}}}
---"
    )
}

/// Web behind a load balancer, db behind a Service, job behind nothing, and other in another namespace.
fn shop(more: &str) -> Snapshot {
    let workloads = [
        deployment("shop", "web", ""),
        deployment("shop", "db", ""),
        deployment("shop", "job", ""),
        deployment("other", "other", ""),
    ];
    let services = [
        service("web", "type: LoadBalancer, ports: [{port: 80, targetPort: 8080}]"),
        service("db", "ports: [{port: 5432}]"),
    ];
    snapshot(&format!("{}{}{more}\n", workloads.concat(), services.concat()))
}

fn with<T>(snapshot: &Snapshot, ask: impl FnOnce(&Cluster<'_>, State<'_>) -> T) -> T {
    let cluster = Cluster::new(snapshot, DateTime::UNIX_EPOCH);
    let model = Model::of(&cluster);
    let network = Network::new(&model, read::policies(snapshot).0);
    let state = State {
        model: &model,
        network: &network,
    };
    ask(&cluster, state)
}

fn of_shop(snapshot: &Snapshot, how: (Directions, Callers)) -> Result<Made, String> {
    with(snapshot, |cluster, state| namespace(cluster, state, "shop", how))
}

const IN: (Directions, Callers) = (Directions::Ingress, Callers::Cluster);

fn named<'a>(made: &'a Made, name: &str) -> &'a Value {
    made.manifests
        .iter()
        .find(|one| one["metadata"]["name"] == name)
        .unwrap()
}

#[test]
fn a_namespace_is_closed_but_for_what_its_services_declare() {
    let made = of_shop(&shop(""), IN).unwrap();
    let names: Vec<&Value> = made.manifests.iter().map(|one| &one["metadata"]["name"]).collect();
    assert_eq!(names, ["default-deny-ingress", "allow-to-db", "allow-to-web"]);
    assert_eq!(
        made.manifests[0]["spec"],
        json!({"podSelector": {}, "policyTypes": ["Ingress"]})
    );
    assert_eq!(
        named(&made, "allow-to-db")["spec"],
        json!({
            "podSelector": {"matchLabels": {"app": "db"}},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [{"namespaceSelector": {}}], "ports": [{"port": 5432, "protocol": "TCP"}]}],
        })
    );
    let web = &named(&made, "allow-to-web")["spec"]["ingress"];
    assert_eq!(*web, json!([{"ports": [{"port": 8080, "protocol": "TCP"}]}]));
}

#[test]
fn what_is_cut_off_and_what_is_kept_is_told() {
    let made = of_shop(&shop(""), IN).unwrap();
    let kept: Vec<(&str, u16, &Clients)> = made
        .kept
        .iter()
        .map(|one| (one.workload.name.as_str(), one.port, &one.from))
        .collect();
    assert_eq!(
        kept,
        [("db", 5432, &Clients::Cluster), ("web", 8080, &Clients::Everyone)]
    );
    assert_eq!(made.kept[1].because[0].to_string(), "Service shop/web");
    assert_eq!(made.summary.opened, 0);
    // Of other to each of three, of each of three to two others, and of all addresses of two families to each.
    assert_eq!(made.summary.cut, 3 + 6 + 6);
    let is_job = |end: &Endpoint| matches!(end, Endpoint::Workload(one) if one.name == "job");
    assert!(made.cut.iter().any(|pair| is_job(&pair.destination)) && !made.cut.is_empty());
}

#[test]
fn callers_may_be_taken_to_be_of_the_namespace_alone() {
    let made = of_shop(&shop(""), (Directions::Ingress, Callers::Namespace)).unwrap();
    let rule = &named(&made, "allow-to-db")["spec"]["ingress"][0];
    assert_eq!(rule["from"], json!([{"podSelector": {}}]));
    assert!(
        made.notes
            .iter()
            .any(|note| note.contains("callers from other namespaces are cut off"))
    );
}

#[test]
fn what_the_api_server_calls_stays_open_to_everyone() {
    let webhook = "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: hook}
webhooks: [{name: a.example.com, clientConfig: {service: {namespace: shop, name: db, port: 5432}}}]
";
    let made = of_shop(&shop(webhook), IN).unwrap();
    assert_eq!(made.kept[0].from, Clients::Everyone);
    assert!(made.kept[0].because.iter().any(|one| one.name == "hook"));
}

#[test]
fn the_pods_of_a_controller_are_let_in_from_their_namespace() {
    let ingress = format!(
        "
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {{name: nginx}}
spec: {{controller: k8s.io/ingress-nginx}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: site, namespace: shop}}
spec: {{ingressClassName: nginx, defaultBackend: {{service: {{name: db, port: {{number: 5432}}}}}}}}
---{}",
        deployment("edge", "nginx", "").replace("image: i", "image: registry.k8s.io/ingress-nginx/controller:v1")
    );
    let made = of_shop(&shop(&ingress), (Directions::Ingress, Callers::Namespace)).unwrap();
    let rules = &named(&made, "allow-to-db")["spec"]["ingress"];
    assert_eq!(
        rules[1]["from"],
        json!([{
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "edge"}},
            "podSelector": {"matchLabels": {"app": "nginx"}},
        }])
    );
}

#[test]
fn what_policies_isolate_already_is_left_to_them_and_no_policy_is_replaced() {
    let policy = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow-to-web, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}}
";
    let made = of_shop(&shop(policy), IN).unwrap();
    let names: Vec<&Value> = made.manifests.iter().map(|one| &one["metadata"]["name"]).collect();
    assert_eq!(names, ["default-deny-ingress", "allow-to-web-2"]);
    assert_eq!((made.summary.opened, made.kept.len()), (0, 1));
}

#[test]
fn egress_keeps_the_cluster_and_the_api_server_and_cuts_off_the_internet() {
    let server = "
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
addressType: IPv4
ports: [{name: https, port: 6443, protocol: TCP}]
endpoints: [{addresses: [10.0.0.5]}]
---";
    let with_token = deployment("shop", "agent", "").replace("automountServiceAccountToken: false, ", "");
    let made = of_shop(
        &shop(&format!("{server}{with_token}")),
        (Directions::Both, Callers::Cluster),
    )
    .unwrap();
    let spec = &named(&made, "default-egress")["spec"];
    assert_eq!(
        spec["egress"],
        json!([
            {"to": [{"namespaceSelector": {}}]},
            {"to": [{"ipBlock": {"cidr": "10.0.0.5/32"}}], "ports": [{"port": 6443, "protocol": "TCP"}]},
        ])
    );
    assert_eq!(made.summary.opened, 0);
    let error = of_shop(&shop(&with_token), (Directions::Both, Callers::Cluster)).unwrap_err();
    assert!(error.contains("whose addresses were not seen"), "{error}");
}

#[test]
fn nothing_is_proposed_where_it_would_cut_off_what_no_policy_can_name() {
    let external = "
apiVersion: v1
kind: Service
metadata: {name: bank, namespace: shop}
spec: {type: ExternalName, externalName: bank.example.com}
";
    let error = of_shop(&shop(external), (Directions::Both, Callers::Cluster)).unwrap_err();
    assert!(
        error.starts_with("Service shop/bank stands for a name outside"),
        "{error}"
    );
    assert!(of_shop(&shop(external), IN).is_ok());
}

#[test]
fn nothing_is_proposed_that_would_open_what_is_cut_off() {
    let baseline = "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: closed}
spec:
  tier: Baseline
  priority: 1
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{namespaces: {}}]}]
";
    let error = of_shop(&shop(baseline), IN).unwrap_err();
    assert!(
        error.starts_with("Policies for the whole cluster deny by default"),
        "{error}"
    );
}

#[test]
fn what_could_not_be_read_may_declare_more_so_that_nothing_is_proposed() {
    let mut denied = shop("");
    denied.set(
        Kind::Service,
        Collected::Denied {
            reason: "forbidden".into(),
        },
        Vec::new(),
    );
    assert_eq!(of_shop(&denied, IN).unwrap_err(), "Reading services was denied.");
    let error = with(&shop(""), |cluster, state| namespace(cluster, state, "kube-system", IN)).unwrap_err();
    assert!(error.starts_with("In kube-system"));
}

#[test]
fn a_policy_for_one_workload_lets_in_what_is_needed_of_it() {
    let ask = |name: &str, snapshot: &Snapshot| {
        with(snapshot, |cluster, state| {
            let found = cluster.workloads.iter().find(|one| one.reference.name == name).unwrap();
            workload(cluster, state, &found.reference, Callers::Cluster)
        })
    };
    let made = ask("db", &shop("")).unwrap();
    assert_eq!(made.manifests.len(), 1);
    // From web, job, other and the addresses of both families.
    assert_eq!((made.kept.len(), made.summary.cut), (1, 5));
    let made = ask("job", &shop("")).unwrap();
    assert_eq!(made.manifests[0]["spec"]["ingress"], json!([]));
    assert!(made.kept.is_empty());
}
