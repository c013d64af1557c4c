//! Which Services lead to a workload.

use shared::object::ObjectRef;

use crate::cluster::{Cluster, Workload};
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::service::{Service, ServiceSpec};

/// The Services that select the pods of a workload by its template, by name.
pub fn services_of<'a>(cluster: &Cluster<'a>, workload: &Workload<'_>) -> Vec<&'a Service> {
    let namespace = workload.reference.namespace.as_str();
    let labels = workload.pod_meta.labels.pairs();
    let candidates = labels.flat_map(|(key, value)| cluster.services_selecting(namespace, key, value));
    let is_of = |service: &&Service| service.spec.as_ref().is_some_and(|spec| selects(spec, workload));
    let mut services: Vec<&'a Service> = candidates.copied().filter(is_of).collect();
    services.sort_by_key(|service| service.metadata.as_ref().map(|meta| meta.name.as_str()));
    services
}

/// What a person would type to find it.
pub fn reference(service: &Service) -> ObjectRef {
    let named = service.metadata.as_ref().map(|meta| Kind::Service.reference(meta));
    named.unwrap_or_else(|| Kind::Service.reference(&ObjectMeta::default()))
}

/// A Service without a selector selects nothing: its endpoints are somebody's own affair.
fn selects(spec: &ServiceSpec, workload: &Workload<'_>) -> bool {
    let labels = &workload.pod_meta.labels;
    spec.r#type != "ExternalName"
        && !spec.selector.is_empty()
        && spec.selector.pairs().all(|(key, value)| labels.get(key) == Some(value))
}
