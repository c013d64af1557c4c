//! Workloads.

use shared::page::{At, Page, Stamped};
use shared::workloads::{PATH, WorkloadDetail, WorkloadQuery, WorkloadRow};

use super::client::{self, Request};
use crate::here::encode;

/// A page of workloads.
pub(crate) fn list(query: &WorkloadQuery) -> Request<Stamped<Page<WorkloadRow>>> {
    client::get_stamped(PATH, query)
}

/// One workload.
pub(crate) fn get(kind: &str, namespace: &str, name: &str, at: At) -> Request<Stamped<WorkloadDetail>> {
    let path = format!("{PATH}/{}/{}/{}", encode(kind), encode(namespace), encode(name));
    client::get_stamped(&path, &at)
}
