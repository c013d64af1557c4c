//! The steps that Kubernetes itself takes.

use shared::admission::{Sight, Stage, Step};
use shared::snapshots::Collected;

use super::filter::Newcomer;
use super::image_verification::has_plugin;
use super::way_in::step;
use crate::cluster::Cluster;
use crate::control_plane::{Component, instances};
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;

/// What Kubernetes fills in first.
pub(super) fn defaulting(cluster: &Cluster<'_>, newcomer: Option<Newcomer<'_>>) -> Step {
    let ranges = newcomer
        .map(|newcomer| cluster.limit_ranges_in(newcomer.namespace))
        .unwrap_or_default();
    let ranges = names(ranges.iter().map(|range| range.metadata.as_ref()));
    let limits = match ranges.as_str() {
        "" => String::new(),
        ranges => format!(" LimitRange {ranges} gives requests and limits to containers without."),
    };
    let summary = "Kubernetes fills in the service account and the mount of its token, the priority, tolerations and what \
        the runtime class adds.";
    step(Stage::Defaulting, "Built-in defaults", summary.to_owned() + &limits)
}

/// The second round; none where no policy and no webhook changes pods.
pub(super) fn reinvocation(mutating: &[Step]) -> Option<Step> {
    let again: Vec<&str> = mutating
        .iter()
        .filter(|step| step.is_reinvoked)
        .map(|step| step.name.as_str())
        .collect();
    let called = match again.as_slice() {
        [] => " No policy or webhook asks to be called again (reinvocationPolicy IfNeeded).".to_owned(),
        again => format!(" Called again, if a later one changed the pod: {}.", again.join(", ")),
    };
    let summary =
        "Where a policy or a webhook has changed the pod, Kubernetes fills in once more what the change left open.";
    (!mutating.is_empty()).then(|| step(Stage::Reinvocation, "Second round", summary.to_owned() + &called))
}

/// What Kubernetes itself refuses, and the webhook about images of the API server, where one is seen to have it.
pub(super) fn refusals(cluster: &Cluster<'_>) -> Vec<Step> {
    let summary = "The pod is held against the limits that LimitRanges allow; its service account, priority class and \
        runtime class must exist.";
    let mut steps = vec![step(Stage::BuiltIn, "Built-in checks", summary.into())];
    if instances(cluster, Component::ApiServer)
        .instances
        .iter()
        .any(has_plugin)
    {
        let summary = "The API server asks the backend of its own configuration whether the images may run.";
        steps.push(step(Stage::BuiltIn, "ImagePolicyWebhook", summary.into()));
    }
    steps
}

const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

fn level(meta: &ObjectMeta) -> Option<&str> {
    let level = meta.labels.get(ENFORCE).map(String::as_str);
    level.filter(|level| *level != "privileged")
}

/// The Pod Security Standards.
pub(super) fn pod_security(cluster: &Cluster<'_>, newcomer: Option<Newcomer<'_>>) -> Step {
    let namespaces = cluster
        .snapshot
        .all::<Namespace>()
        .filter_map(|namespace| namespace.metadata.as_ref());
    let (enforcing, exempt): (Vec<&ObjectMeta>, Vec<&ObjectMeta>) = namespaces.partition(|meta| level(meta).is_some());
    let all = enforcing.len() + exempt.len();
    let summary = format!(
        "The labels of the namespace say which of the Pod Security Standards is enforced; {} of {all} namespaces have one. \
         Defaults and exemptions in the API server's configuration can't be seen.",
        enforcing.len()
    );
    Step {
        exempt: exempt.into_iter().map(|meta| meta.name.clone()).collect(),
        sees: newcomer.map(|newcomer| seen_by_pod_security(cluster, newcomer.namespace)),
        ..step(Stage::PodSecurity, "Pod Security", summary)
    }
}

fn seen_by_pod_security(cluster: &Cluster<'_>, namespace: &str) -> Sight {
    let found = cluster.snapshot.find::<Namespace>("", namespace);
    match found.and_then(|namespace| namespace.metadata.as_ref()) {
        None => Sight::Perhaps {
            reason: format!("The labels of namespace {namespace} are not known."),
        },
        Some(meta) if level(meta).is_some() => Sight::Yes,
        Some(meta) if meta.labels.get(ENFORCE).is_some() => Sight::No {
            reason: "The namespace is labelled privileged: every pod passes.".into(),
        },
        Some(_) => Sight::No {
            reason: "The namespace has no label that enforces a level.".into(),
        },
    }
}

/// Resource quotas.
pub(super) fn quota(cluster: &Cluster<'_>, newcomer: Option<Newcomer<'_>>) -> Step {
    let summary = "What the pod asks for is counted against the quotas of the namespace, last of all.";
    Step {
        sees: newcomer.map(|newcomer| seen_by_quota(cluster, newcomer.namespace)),
        ..step(Stage::Quota, "Quotas", summary.into())
    }
}

fn seen_by_quota(cluster: &Cluster<'_>, namespace: &str) -> Sight {
    let is_read = matches!(
        cluster.snapshot.outcome(Kind::ResourceQuota),
        Collected::Collected { .. }
    );
    match (is_read, cluster.quotas_in(namespace).is_empty()) {
        (_, false) => Sight::Yes,
        (true, true) => Sight::No {
            reason: "The namespace has no ResourceQuota.".into(),
        },
        (false, true) => Sight::Perhaps {
            reason: "ResourceQuotas were not read.".into(),
        },
    }
}

fn names<'a>(metas: impl Iterator<Item = Option<&'a ObjectMeta>>) -> String {
    let names: Vec<&str> = metas.flatten().map(|meta| meta.name.as_str()).collect();
    names.join(", ")
}
