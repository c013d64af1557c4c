//! Which Services lead to a workload.

use shared::object::ObjectRef;

use crate::cluster::{Cluster, Workload};
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::service::{Service, ServiceSpec};

/// The Services that select the pods of a workload by its template.
pub fn services_of<'a>(cluster: &Cluster<'a>, workload: &Workload<'_>) -> Vec<&'a Service> {
    let services = cluster.services_in(&workload.reference.namespace).iter().copied();
    services
        .filter(|service| service.spec.as_ref().is_some_and(|spec| selects(spec, workload)))
        .collect()
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
