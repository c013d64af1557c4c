//! Quotas and limits.

pub mod container_without_ephemeral_storage_limit;
pub mod container_without_limits;
pub mod container_without_requests;
pub mod controller_manager_finished_pods_kept;
pub mod liveness_probe_missing;
pub mod naked_pod;
pub mod namespace_can_exhaust_node;
pub mod namespace_without_limit_range;
pub mod namespace_without_quota;
pub mod node_overcommitted;
pub mod priority_class_evicts_others;
pub mod quantity_absurd;
pub mod quota_nearly_used;
pub mod readiness_probe_missing;
pub mod single_replica;

use crate::admission::is_of_the_system;
use crate::cluster::{Cluster, Workload};
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;

/// Whether the pods of a workload are meant to end: those of jobs, and of whatever else does not restart them always.
fn runs_to_its_end(workload: &Workload<'_>) -> bool {
    let kind = Kind::of_group_kind(&workload.reference.group, &workload.reference.kind);
    matches!(kind, Some(Kind::Job | Kind::CronJob))
        || matches!(workload.spec.restart_policy.as_str(), "Never" | "OnFailure")
}

/// A namespace of which the bounds are judged: one that holds workloads, is not about to go, and is not of the system, where
/// a bound could keep out what the cluster needs.
fn judged_namespace<'a>(cluster: &Cluster<'_>, namespace: &'a Namespace) -> Option<&'a ObjectMeta> {
    let meta = namespace.metadata.as_ref().filter(|_| !namespace.is_terminating())?;
    let is_empty = cluster.workloads_in(&meta.name).next().is_none();
    (!is_empty && !is_of_the_system(&meta.name)).then_some(meta)
}
