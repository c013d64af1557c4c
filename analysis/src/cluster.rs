//! A snapshot with the indices that checks and engines share: workloads with their pods, what stands in which namespace.

mod added;
mod admitted;
mod workloads;

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use shared::object::ObjectRef;
use shared::patch::{Json, Patch};

use crate::images::{Images, Reports};
use crate::model::container::Container;
use crate::model::ingress::Ingress;
use crate::model::meta::ObjectMeta;
use crate::model::network_policy::NetworkPolicy;
use crate::model::node::Node;
use crate::model::pod::{Pod, PodSpec};
use crate::model::quota::{LimitRange, ResourceQuota};
use crate::model::service::{EndpointSlice, Service};
use crate::model::service_account::ServiceAccount;
use crate::model::{Kind, Object, Snapshot, Typed};
use crate::network::evaluated::Evaluated;
use crate::platform::Platform;
use crate::rbac::Rbac;
use crate::resources::SHARED;
use crate::resources::amount::number;
use crate::settings::{self, Settings};
use crate::tls::mesh::{self, Peer};

use admitted::Admitted;

pub use workloads::workloads;

/// A snapshot, indexed, at an instant.
#[derive(Debug)]
pub struct Cluster<'a> {
    /// What was read.
    pub snapshot: &'a Snapshot,
    /// The instant as of which to judge.
    pub now: DateTime<Utc>,
    /// What its owner decided.
    pub settings: &'a Settings,
    /// What runs, each counted once by its topmost owner, sorted by kind, namespace and name.
    pub workloads: Vec<Workload<'a>>,
    places: BTreeMap<String, Vec<usize>>,
    policies: BTreeMap<&'a str, Vec<&'a NetworkPolicy>>,
    limit_ranges: BTreeMap<&'a str, Vec<&'a LimitRange>>,
    quotas: BTreeMap<&'a str, Vec<&'a ResourceQuota>>,
    services: BTreeMap<&'a str, Vec<&'a Service>>,
    selecting: HashMap<(&'a str, &'a str, &'a str), Vec<&'a Service>>,
    pods_on: BTreeMap<&'a str, Vec<&'a Pod>>,
    slices: BTreeMap<&'a str, BTreeMap<&'a str, Vec<&'a EndpointSlice>>>,
    ingresses: BTreeMap<(&'a str, &'a str), &'a Ingress>,
    largest: BTreeMap<&'static str, i64>,
    peers: BTreeMap<&'a str, Peer<'a>>,
    reports: Reports<'a>,
    rbac: Rbac<'a>,
    platform: Platform,
    network: OnceLock<Evaluated>,
}

/// Something that runs pods.
#[derive(Debug)]
pub struct Workload<'a> {
    /// What a person would edit.
    pub reference: ObjectRef,
    /// The object, where it was read; none where only its pods name it (an owner of a kind that is not read).
    pub object: Option<&'a Object>,
    /// The labels and annotations of its pods.
    pub pod_meta: &'a ObjectMeta,
    /// What its pods are made of.
    pub spec: &'a PodSpec,
    /// Where the pod specification stands in the object: `spec.template.spec`.
    pub path: &'static str,
    /// Pods wanted; none for kinds without a number.
    pub replicas: Option<i32>,
    /// Its pods.
    pub pods: Vec<&'a Pod>,
    /// The images that they run.
    pub images: Images<'a>,
    /// The containers that only pods have, by name.
    added: Vec<ContainerAt<'a>>,
    /// Its containers as admission leaves them in pods, where that is not as the template has them.
    admitted: Vec<Admitted<'a>>,
}

/// Which list of a pod specification a container stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerList {
    /// `initContainers`, sidecars included.
    Init,
    /// `containers`.
    Regular,
    /// `ephemeralContainers`.
    Ephemeral,
}

impl ContainerList {
    /// The field's name.
    pub fn field(self) -> &'static str {
        match self {
            Self::Init => "initContainers",
            Self::Regular => "containers",
            Self::Ephemeral => "ephemeralContainers",
        }
    }
}

/// A container and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct ContainerAt<'a> {
    /// The list.
    pub list: ContainerList,
    /// The container.
    pub container: &'a Container,
    /// A pod that has it, where the template of the workload does not.
    pub pod: Option<&'a Pod>,
}

impl<'a> Workload<'a> {
    /// Init, regular and ephemeral containers, in this order, then those that only pods have.
    pub fn containers(&self) -> impl Iterator<Item = ContainerAt<'a>> {
        containers(self.spec).chain(self.added.iter().copied())
    }

    /// A container of the template as the pods that are made of it have it, once for each way in which their security contexts
    /// differ, and none for a pod that lacks it. Nothing where there are no such pods, or one is just as the template says.
    pub fn as_admitted(&self, at: ContainerAt<'_>) -> impl Iterator<Item = Option<ContainerAt<'a>>> {
        let of_template = self.admitted.iter().filter(move |_| at.pod.is_none());
        of_template.map(move |pod| pod.get(at.container.name.as_str()).copied())
    }

    /// The pods that are made of the template as it is now.
    pub fn pods_of_template(&self, snapshot: &Snapshot) -> Vec<&'a Pod> {
        admitted::of_template(snapshot, self.spec, &self.pods)
    }

    /// Where a container's field stands: the object, and the path as kubectl writes it:
    /// `spec.template.spec.containers[web].image`.
    pub fn container_field(&self, at: ContainerAt<'_>, field: &str) -> (ObjectRef, String) {
        let (object, path) = self.place(at);
        let path = format!("{path}.{}[{}].{field}", at.list.field(), at.container.name);
        (object, path)
    }

    /// The object that has a container, and the path of the pod specification in it.
    pub fn place(&self, at: ContainerAt<'_>) -> (ObjectRef, &'static str) {
        match at.pod.and_then(|pod| pod.metadata.as_ref()) {
            Some(meta) => (Kind::Pod.reference(meta), "spec"),
            None => (self.reference.clone(), self.path),
        }
    }

    /// The pod specification in which a container stands.
    pub fn spec_of(&self, at: ContainerAt<'a>) -> &'a PodSpec {
        at.pod.and_then(|pod| pod.spec.as_ref()).unwrap_or(self.spec)
    }

    /// The path of a field of the pod specification.
    pub fn spec_path(&self, field: &str) -> String {
        format!("{}.{field}", self.path)
    }

    /// A strategic merge patch of the pod specification; none where there is no object to patch, or it is a pod or a job,
    /// whose specification can't be changed.
    pub fn patch_spec(&self, spec: serde_json::Value) -> Option<Patch> {
        self.patch_at(&[], &spec)
    }

    fn patch_at(&self, below: &[&str], value: &serde_json::Value) -> Option<Patch> {
        let object = self
            .object
            .filter(|object| !matches!(object.kind(), Kind::Pod | Kind::Job))?;
        Some(Patch::Strategic {
            target: object.reference(),
            body: Json::under(self.path.split('.').chain(below.iter().copied()), value),
        })
    }

    /// A strategic merge patch of one container.
    pub fn patch_container(&self, at: ContainerAt<'_>, mut fields: serde_json::Value) -> Option<Patch> {
        if at.list == ContainerList::Ephemeral || at.pod.is_some() {
            return None;
        }
        fields["name"] = at.container.name.clone().into();
        self.patch_at(&[at.list.field()], &vec![fields].into())
    }

    /// The service account of its pods.
    pub fn service_account(&self) -> &'a str {
        match self.spec.service_account_name.as_str() {
            "" => "default",
            name => name,
        }
    }

    /// Whether it is a static pod, which the kubelet of its node runs from a file.
    pub fn is_static_pod(&self) -> bool {
        self.object
            .is_some_and(|object| object.kind() == Kind::Pod && object.meta().is_mirror())
    }
}

/// Init, regular and ephemeral containers of a pod specification, in this order.
pub fn containers(spec: &PodSpec) -> impl Iterator<Item = ContainerAt<'_>> {
    let at = |list| {
        move |container| ContainerAt {
            list,
            container,
            pod: None,
        }
    };
    let ephemeral = spec
        .ephemeral_containers
        .iter()
        .filter_map(|c| c.ephemeral_container_common.as_ref());
    spec.init_containers
        .iter()
        .map(at(ContainerList::Init))
        .chain(spec.containers.iter().map(at(ContainerList::Regular)))
        .chain(ephemeral.map(at(ContainerList::Ephemeral)))
}

impl<'a> Cluster<'a> {
    /// Indexes a snapshot, to be judged without settings.
    pub fn new(snapshot: &'a Snapshot, now: DateTime<Utc>) -> Self {
        Self::with(snapshot, now, &settings::NONE)
    }

    /// Indexes a snapshot.
    pub fn with(snapshot: &'a Snapshot, now: DateTime<Utc>, settings: &'a Settings) -> Self {
        let workloads = workloads(snapshot);
        Self {
            snapshot,
            now,
            settings,
            places: places(&workloads),
            platform: Platform::new(&workloads),
            workloads,
            policies: by_namespace(snapshot),
            limit_ranges: by_namespace(snapshot),
            quotas: by_namespace(snapshot),
            services: by_namespace(snapshot),
            selecting: selecting(snapshot),
            pods_on: pods_on(snapshot),
            slices: slices(snapshot),
            ingresses: ingresses(snapshot),
            largest: largest(snapshot),
            peers: mesh::of_namespaces(snapshot),
            reports: Reports::new(snapshot),
            rbac: Rbac::new(snapshot),
            network: OnceLock::new(),
        }
    }

    /// The workloads of a namespace.
    pub fn workloads_in(&self, namespace: &str) -> impl Iterator<Item = &Workload<'a>> {
        self.places
            .get(namespace)
            .into_iter()
            .flatten()
            .map(|place| &self.workloads[*place])
    }

    /// The namespaces that hold workloads.
    pub fn namespaces_in_use(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// The network policies of a namespace.
    pub fn policies_in(&self, namespace: &str) -> &[&'a NetworkPolicy] {
        self.policies.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The limit ranges of a namespace.
    pub fn limit_ranges_in(&self, namespace: &str) -> &[&'a LimitRange] {
        self.limit_ranges.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The resource quotas of a namespace.
    pub fn quotas_in(&self, namespace: &str) -> &[&'a ResourceQuota] {
        self.quotas.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The Services of a namespace.
    pub fn services_in(&self, namespace: &str) -> &[&'a Service] {
        self.services.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The Services of a namespace whose selector asks first for this label.
    pub fn services_selecting<'b>(&'b self, namespace: &'b str, key: &'b str, value: &'b str) -> &'b [&'a Service] {
        self.selecting.get(&(namespace, key, value)).map_or(&[], Vec::as_slice)
    }

    /// An Ingress that leads to a Service.
    pub fn ingress_of(&self, namespace: &str, service: &str) -> Option<&'a Ingress> {
        self.ingresses.get(&(namespace, service)).copied()
    }

    /// The pods that are bound to a node.
    pub fn pods_on(&self, node: &str) -> &[&'a Pod] {
        self.pods_on.get(node).map_or(&[], Vec::as_slice)
    }

    /// The bindings, by what they grant and to whom.
    pub fn rbac(&self) -> &Rbac<'a> {
        &self.rbac
    }

    /// What may connect to what under the policies that were read, evaluated when first asked for.
    pub fn network(&self) -> &Evaluated {
        self.network.get_or_init(|| Evaluated::of(self))
    }

    /// The same, where nothing else of the cluster is needed any more.
    pub fn into_network(mut self) -> Evaluated {
        self.network.take().unwrap_or_else(|| Evaluated::of(&self))
    }

    /// What belongs to the platform of the cluster.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Whether the pods of a workload are given the token of their service account. The pod's own setting wins over that of
    /// the account; where both are silent, they are. The API server gives none to static pods.
    pub fn mounts_token(&self, workload: &Workload<'_>) -> bool {
        let (namespace, name) = (&workload.reference.namespace, workload.service_account());
        let account = self.snapshot.find::<ServiceAccount>(namespace, name);
        let of_account = account.and_then(|account| account.automount_service_account_token);
        let of_pod = workload.spec.automount_service_account_token;
        !workload.is_static_pod() && of_pod.or(of_account).unwrap_or(true)
    }

    /// The endpoint slices of a Service.
    pub fn slices_of(&self, namespace: &str, service: &str) -> &[&'a EndpointSlice] {
        self.slices
            .get(namespace)
            .and_then(|services| services.get(service))
            .map_or(&[], Vec::as_slice)
    }

    /// The most that one node offers to pods of a resource that they share; none where no node tells.
    pub fn largest_node(&self, resource: &str) -> Option<i64> {
        self.largest.get(resource).copied()
    }

    /// The `PeerAuthentication` that says what holds for all of a namespace, where one does.
    pub fn peer_of(&self, namespace: &str) -> Option<Peer<'a>> {
        self.peers.get(namespace).copied()
    }

    /// The vulnerability reports, by what they are about.
    pub fn reports(&self) -> &Reports<'a> {
        &self.reports
    }
}

fn places(workloads: &[Workload<'_>]) -> BTreeMap<String, Vec<usize>> {
    let mut map: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, workload) in workloads.iter().enumerate() {
        match map.get_mut(&workload.reference.namespace) {
            Some(places) => places.push(place),
            None => _ = map.insert(workload.reference.namespace.clone(), vec![place]),
        }
    }
    map
}

fn slices(snapshot: &Snapshot) -> BTreeMap<&str, BTreeMap<&str, Vec<&EndpointSlice>>> {
    let mut map: BTreeMap<&str, BTreeMap<&str, Vec<&EndpointSlice>>> = BTreeMap::new();
    for object in snapshot.of(Kind::EndpointSlice) {
        let meta = object.meta();
        if let Some(service) = meta.labels.get("kubernetes.io/service-name") {
            map.entry(&meta.namespace)
                .or_default()
                .entry(service)
                .or_default()
                .extend(EndpointSlice::of(object));
        }
    }
    map
}

/// The Services, by namespace and the first label of their selector.
fn selecting(snapshot: &Snapshot) -> HashMap<(&str, &str, &str), Vec<&Service>> {
    let mut map: HashMap<_, Vec<&Service>> = HashMap::new();
    for service in snapshot.all::<Service>() {
        let (Some(meta), Some(spec)) = (&service.metadata, &service.spec) else {
            continue;
        };
        if let Some((key, value)) = spec.selector.pairs().next() {
            let label = (meta.namespace.as_str(), key.as_str(), value.as_str());
            map.entry(label).or_default().push(service);
        }
    }
    map
}

/// The Ingresses, by namespace and name of the Services that they lead to.
fn ingresses(snapshot: &Snapshot) -> BTreeMap<(&str, &str), &Ingress> {
    let mut map = BTreeMap::new();
    for ingress in snapshot.all::<Ingress>() {
        let (Some(meta), Some(spec)) = (&ingress.metadata, &ingress.spec) else {
            continue;
        };
        let values = spec.rules.iter().filter_map(|rule| rule.ingress_rule_value.as_ref());
        let paths = values
            .filter_map(|value| value.http.as_ref())
            .flat_map(|http| &http.paths);
        let backends = paths.filter_map(|path| path.backend.as_ref());
        for service in backends
            .chain(&spec.default_backend)
            .filter_map(|backend| backend.service.as_ref())
        {
            map.entry((meta.namespace.as_str(), service.name.as_str()))
                .or_insert(ingress);
        }
    }
    map
}

fn largest(snapshot: &Snapshot) -> BTreeMap<&'static str, i64> {
    let mut largest = BTreeMap::new();
    for allocatable in snapshot
        .all::<Node>()
        .filter_map(|node| Some(&node.status.as_ref()?.allocatable))
    {
        for resource in SHARED {
            let amount = allocatable
                .get(resource)
                .and_then(|quantity| number(resource, quantity).ok());
            if let Some(amount) = amount {
                let most = largest.entry(*resource).or_insert(amount);
                *most = amount.max(*most);
            }
        }
    }
    largest
}

fn pods_on(snapshot: &Snapshot) -> BTreeMap<&str, Vec<&Pod>> {
    let mut map: BTreeMap<&str, Vec<&Pod>> = BTreeMap::new();
    for pod in snapshot.all::<Pod>() {
        if let Some(spec) = pod.spec.as_ref().filter(|spec| !spec.node_name.is_empty()) {
            map.entry(&spec.node_name).or_default().push(pod);
        }
    }
    map
}

fn by_namespace<T: Typed + 'static>(snapshot: &Snapshot) -> BTreeMap<&str, Vec<&T>> {
    let mut map: BTreeMap<&str, Vec<&T>> = BTreeMap::new();
    for object in snapshot.of(T::KIND) {
        map.entry(&object.meta().namespace).or_default().extend(T::of(object));
    }
    map
}
