//! Quotas and limits.

pub mod container_without_ephemeral_storage_limit;
pub mod container_without_limits;
pub mod container_without_requests;
pub mod controller_manager_finished_pods_kept;
pub mod liveness_probe_missing;
pub mod memory_near_limit;
pub mod memory_request_far_above_use;
pub mod memory_use_far_above_request;
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

use chrono::SecondsFormat;
use shared::object::ObjectRef;

use crate::admission::is_of_the_system;
use crate::check::{Check, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::usage::ContainerUsage;
use crate::resources::amount::{shown, text};
use crate::resources::given::{self, Given};
use crate::usage::{lasting, runs};

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

/// What a check of measured memory reads.
const MEMORY: &[Need] = &workloads_and::<10>(&[Need::Read(Kind::PodMetrics), Need::Read(Kind::LimitRange)]);

/// What a container is held against.
#[derive(Clone, Copy)]
enum Bound {
    Request,
    Limit,
}

impl Bound {
    /// Its field in the resources of a container.
    fn field(self) -> &'static str {
        match self {
            Self::Request => "requests",
            Self::Limit => "limits",
        }
    }

    fn given<'a>(self, cluster: &Cluster<'a>, workload: &Workload<'a>, at: ContainerAt<'a>) -> Given<'a> {
        match self {
            Self::Request => given::request(cluster, workload, at, "memory"),
            Self::Limit => given::limit(cluster, workload, at, "memory"),
        }
    }
}

/// Holds the memory that each container of a workload was measured to use against its bound in bytes: `is_found` says whether that is
/// wrong, and `tell` the title and the message, which must not hold what was measured.
///
/// Only memory: what a container uses of CPU comes and goes, and of one sample nothing follows.
fn judge_memory<'a>(
    check: &Check,
    cluster: &Cluster<'a>,
    workload: &Workload<'a>,
    bound: Bound,
    is_found: fn(&ContainerUsage, i64) -> bool,
    tell: fn(&str, &str) -> (String, String),
) -> Outcome {
    let usage = cluster.snapshot.usage.as_deref();
    let Some(usage) = usage.and_then(|usage| usage.of(&workload.reference)) else {
        // Pods of a job may end before they are measured.
        return match runs(workload) && !runs_to_its_end(workload) {
            true => Outcome::NotEvaluated(format!("No running pod of {} was measured.", workload.reference)),
            false => Outcome::NotApplicable,
        };
    };
    let (mut findings, mut unseen) = (Vec::new(), None);
    for at in lasting(workload) {
        let name = &at.container.name;
        let Some(used) = usage.container(name) else { continue };
        match bound.given(cluster, workload, at) {
            Given::Amount(amount) if is_found(used, amount) => {
                let told = tell(name, &text("memory", amount));
                findings.push(memory_finding(check, workload, at, bound, used, told));
            }
            Given::Amount(_) | Given::Nothing => {}
            Given::Flawed(quantity) => {
                let field = bound.field();
                let amount = shown(quantity);
                unseen = unseen.or(Some(format!(
                    "{field}.memory of container {name} is {amount:?}, which can't be reckoned with."
                )));
            }
        }
    }
    Outcome::of_seen(findings, unseen)
}

fn memory_finding(
    check: &Check,
    workload: &Workload<'_>,
    container: ContainerAt<'_>,
    bound: Bound,
    used: &ContainerUsage,
    (title, message): (String, String),
) -> Finding {
    let field = bound.field();
    let resources = container.container.resources.as_ref();
    let written = resources.and_then(|resources| match bound {
        Bound::Request => resources.requests.get("memory"),
        Bound::Limit => resources.limits.get("memory"),
    });
    let place = workload.container_field(container, &format!("resources.{field}.memory"));
    let sample = ObjectRef {
        name: used.pod.clone(),
        namespace: workload.reference.namespace.clone(),
        ..Kind::PodMetrics.reference(&ObjectMeta::default())
    };
    let at = used.measured_at.and_then(|time| time.utc());
    check
        .container_finding(workload, container, title, message)
        .witness_at(place, written.map(shown))
        .measured_in(
            sample.clone(),
            format!("containers[{}].usage.memory", used.name),
            text("memory", used.memory.most),
        )
        .measured_in(
            sample,
            "timestamp",
            at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        )
}
