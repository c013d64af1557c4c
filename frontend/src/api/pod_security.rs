//! Pod Security.

use shared::page::{At, Stamped};
use shared::pod_security::{PATH, PodSecurity, PodSecurityQuery, WorkloadLevels};
use shared::workloads;

use super::client::{self, Request};
use crate::here::encode;

/// What namespaces enforce and could enforce.
pub(crate) fn list(query: &PodSecurityQuery) -> Request<Stamped<PodSecurity>> {
    client::get_stamped(PATH, query)
}

/// What a workload breaks of each level.
pub(crate) fn of_workload(kind: &str, namespace: &str, name: &str, at: At) -> Request<Stamped<WorkloadLevels>> {
    let path = format!(
        "{}/{}/{}/{}/pod-security",
        workloads::PATH,
        encode(kind),
        encode(namespace),
        encode(name)
    );
    client::get_stamped(&path, &at)
}
