//! Who takes what comes for Ingresses and Gateways, and passes it on.

use std::collections::BTreeMap;

use crate::cluster::{Cluster, Workload};
use crate::images::reference::ImageReference;
use crate::model::gateway::{Gateway, GatewayClass};
use crate::model::ingress::{Ingress, IngressClass};

/// Who stands between the outside and the backends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Front {
    /// A load balancer outside of the cluster.
    Outside,
    /// Workloads, by their places in the cluster.
    Workloads(Vec<usize>),
    /// It can't be told why, as a sentence.
    NotKnown(String),
}

/// Controllers that have load balancers of the cloud do the work, by the beginning of their name.
const OF_CLOUDS: &[&str] = &[
    "ingress.k8s.aws/",
    "gateway.k8s.aws/",
    "networking.gke.io/",
    "k8s.io/ingress-gce",
    "azure/application-gateway",
    "alb.networking.azure.io/",
];

/// Controllers of Ingresses whose own pods do the work, with the ends of their images' repositories.
const OF_PODS: &[(&str, &[&str])] = &[
    (
        "k8s.io/ingress-nginx",
        &["ingress-nginx/controller", "nginx-ingress-controller"],
    ),
    (
        "nginx.org/ingress-controller",
        &["nginx/nginx-ingress", "nginx-ic/nginx-plus-ingress"],
    ),
    (
        "traefik.io/ingress-controller",
        &["traefik", "mirrored-library-traefik"],
    ),
    ("haproxy.org/ingress-controller", &["haproxytech/kubernetes-ingress"]),
    ("haproxy-ingress.github.io/controller", &["haproxy-ingress"]),
    ("ingress-controllers.konghq.com/kong", &["kong", "kong/kong-gateway"]),
    ("istio.io/ingress-controller", &["istio/proxyv2"]),
];

/// The labels by which controllers of the Gateway API tell whose pods they made: the Gateway's name, and where pods are in another
/// namespace, its namespace.
const GATEWAY_NAME: &str = "gateway.networking.k8s.io/gateway-name";
const OWNING_NAME: &str = "gateway.envoyproxy.io/owning-gateway-name";
const OWNING_NAMESPACE: &str = "gateway.envoyproxy.io/owning-gateway-namespace";

/// Fronts that were found once.
#[derive(Default)]
pub(super) struct Fronts {
    of_classes: BTreeMap<String, Front>,
}

impl Fronts {
    pub(super) fn of_ingress(&mut self, cluster: &Cluster<'_>, ingress: &Ingress) -> Front {
        let class = match class_of(cluster, ingress) {
            Ok(class) => class,
            Err(reason) => return Front::NotKnown(reason),
        };
        let found = self.of_classes.entry(class);
        found.or_insert_with_key(|class| of_class(cluster, class)).clone()
    }
}

/// The class of an Ingress: its field, its annotation, or the default class.
fn class_of(cluster: &Cluster<'_>, ingress: &Ingress) -> Result<String, String> {
    let written = ingress.spec.as_ref().and_then(|spec| spec.ingress_class_name.clone());
    let annotated = ingress
        .metadata
        .as_ref()
        .and_then(|meta| meta.annotation("kubernetes.io/ingress.class"));
    let default = cluster.snapshot.all::<IngressClass>().find_map(|class| {
        let meta = class.metadata.as_ref()?;
        let is_default = meta.annotation("ingressclass.kubernetes.io/is-default-class") == Some("true");
        is_default.then(|| meta.name.clone())
    });
    let class = written.or(annotated.map(str::to_owned)).or(default);
    class.ok_or_else(|| "The Ingress names no class, and no class is the default.".into())
}

fn of_class(cluster: &Cluster<'_>, name: &str) -> Front {
    let class = cluster.snapshot.find::<IngressClass>("", name);
    let controller = class
        .and_then(|class| class.spec.as_ref())
        .map(|spec| spec.controller.as_str());
    // An annotation may name a class that is no object.
    let controller = controller.unwrap_or(match name {
        "nginx" => "k8s.io/ingress-nginx",
        "traefik" => "traefik.io/ingress-controller",
        "alb" => "ingress.k8s.aws/alb",
        "gce" => "k8s.io/ingress-gce",
        _ => "",
    });
    if controller.is_empty() {
        return Front::NotKnown(format!("IngressClass {name} was not seen."));
    }
    if is_of_cloud(controller) {
        return Front::Outside;
    }
    let images = OF_PODS
        .iter()
        .find(|(known, _)| *known == controller)
        .map(|(_, images)| *images);
    let found = images
        .map(|images| places(cluster, |workload| runs(workload, images)))
        .unwrap_or_default();
    match found.is_empty() {
        true => Front::NotKnown(format!("The pods of the controller {controller} are not recognised.")),
        false => Front::Workloads(found),
    }
}

/// Who serves a Gateway.
pub(super) fn of_gateway(cluster: &Cluster<'_>, gateway: &Gateway) -> Front {
    let (Some(meta), Some(spec)) = (&gateway.metadata, &gateway.spec) else {
        return Front::NotKnown("The Gateway is empty.".into());
    };
    let class = cluster.snapshot.find::<GatewayClass>("", &spec.gateway_class_name);
    let controller = class
        .and_then(|class| class.spec.as_ref())
        .map(|spec| spec.controller_name.as_str());
    if controller.is_some_and(is_of_cloud) {
        return Front::Outside;
    }
    let is_labelled = |workload: &Workload<'_>| {
        let label = |key: &str| workload.pod_meta.labels.get(key);
        let is_own = label(GATEWAY_NAME) == Some(&meta.name) && workload.reference.namespace == meta.namespace;
        is_own || (label(OWNING_NAME) == Some(&meta.name) && label(OWNING_NAMESPACE) == Some(&meta.namespace))
    };
    let found = places(cluster, is_labelled);
    match found.is_empty() {
        true => Front::NotKnown(format!(
            "The pods that serve Gateway {}/{} are not recognised.",
            meta.namespace, meta.name
        )),
        false => Front::Workloads(found),
    }
}

fn is_of_cloud(controller: &str) -> bool {
    OF_CLOUDS.iter().any(|known| controller.starts_with(known))
}

fn places(cluster: &Cluster<'_>, is_one: impl Fn(&Workload<'_>) -> bool) -> Vec<usize> {
    let all = cluster.workloads.iter().enumerate();
    all.filter(|(_, workload)| is_one(workload))
        .map(|(place, _)| place)
        .collect()
}

/// Whether a container runs an image of a repository that ends so.
fn runs(workload: &Workload<'_>, repositories: &[&str]) -> bool {
    workload.containers().any(|at| {
        let Some(image) = ImageReference::parse(&at.container.image) else {
            return false;
        };
        let ends = |end: &&str| {
            let before = image.name.strip_suffix(*end);
            before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        repositories.iter().any(ends)
    })
}
