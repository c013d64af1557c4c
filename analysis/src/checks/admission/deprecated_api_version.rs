//! Manifests in a version of the API that is served no longer, or soon will not be.

use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::kubernetes::lifecycle::{NEWEST, Retired, retirement};
use crate::kubernetes::version::Release;
use crate::model::{Kind, Object};

/// See its fields.
pub static CHECK: Check = Check {
    id: "deprecated-api-version",
    title: "Manifest is written in an API version that goes",
    area: Area::Admission,
    severity: Severity::Low,
    rationale: "The API server refuses a manifest in a version that it serves no longer: the roll-out fails, on the \
        day of the upgrade or of the next disaster. That is of medium severity. A version that is deprecated works \
        until the release in which it is to go. A live cluster shows its objects in the version that it is asked for, \
        so only manifests tell, and they do of kinds as well of which Plimsoll reads nothing else, such as \
        HorizontalPodAutoscaler and PodDisruptionBudget.",
    remediation: "Write the manifest in the version that is served, and compare the fields: some have other names \
        there. kubectl convert does most of it.",
    reads: KINDS_READ,
    judge: Judge::Each(&[Judge::Cluster(judge_others), Judge::Object(KINDS, judge_written)]),
};

/// The kinds that are read and have a version that goes.
const KINDS: &[Kind] = &[
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::ReplicaSet,
    Kind::CronJob,
    Kind::Role,
    Kind::ClusterRole,
    Kind::RoleBinding,
    Kind::ClusterRoleBinding,
    Kind::NetworkPolicy,
    Kind::EndpointSlice,
    Kind::Ingress,
    Kind::IngressClass,
    Kind::StorageClass,
    Kind::PriorityClass,
    Kind::RuntimeClass,
    Kind::ValidatingWebhookConfiguration,
    Kind::MutatingWebhookConfiguration,
    Kind::ValidatingAdmissionPolicy,
    Kind::ValidatingAdmissionPolicyBinding,
    Kind::MutatingAdmissionPolicy,
    Kind::MutatingAdmissionPolicyBinding,
    Kind::ApiService,
    Kind::CustomResourceDefinition,
    Kind::CertificateSigningRequest,
];

/// Those that most manifests are of. Of the others, what was read is judged.
const KINDS_READ: &[Need] = &[
    Need::Read(Kind::Deployment),
    Need::Read(Kind::StatefulSet),
    Need::Read(Kind::DaemonSet),
    Need::Read(Kind::CronJob),
    Need::Read(Kind::Ingress),
];

/// What is written of kinds that are not read. Of a live cluster nothing is known.
fn judge_others(cluster: &Cluster<'_>) -> Outcome {
    let Some(written) = &cluster.snapshot.written else {
        return Outcome::NotEvaluated(
            "In which version objects were written is known of manifests only: a cluster converts them, and the record that it \
             keeps of who wrote what is not read."
                .into(),
        );
    };
    let others = written
        .iter()
        .filter(|(object, _)| Kind::of_group_kind(&object.group, &object.kind).is_none());
    let of = release(cluster);
    let found: Vec<Finding> = others
        .filter_map(|(object, api_version)| Some(finding(object, goes(api_version, &object.kind, of)?, of)))
        .collect();
    match found.is_empty() {
        true => Outcome::NotApplicable,
        false => Outcome::of(found),
    }
}

fn judge_written(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(written) = &cluster.snapshot.written else {
        return Outcome::NotApplicable;
    };
    let reference = object.reference();
    let of = release(cluster);
    let goes = written
        .get(&reference)
        .and_then(|api_version| goes(api_version, &reference.kind, of));
    Outcome::of(
        goes.into_iter()
            .map(|retired| finding(&reference, retired, of))
            .collect(),
    )
}

fn release(cluster: &Cluster<'_>) -> Release {
    Release::of(&cluster.snapshot.version).unwrap_or(NEWEST)
}

/// What becomes of a version of a kind, where that is settled by the release.
fn goes(api_version: &str, kind: &str, of: Release) -> Option<&'static Retired> {
    retirement(api_version, kind).filter(|retired| retired.deprecated <= of.minor)
}

fn finding(reference: &ObjectRef, retired: &Retired, of: Release) -> Finding {
    let api_version = retired.api_version;
    let is_gone = retired.removed <= of.minor;
    let fate = if is_gone {
        format!("is not served from 1.{} on", retired.removed)
    } else {
        format!("is to go in 1.{}", retired.removed)
    };
    let instead = match retired.instead {
        "" => "No other version of the kind takes its place.".to_owned(),
        instead => format!("Write it in {instead}."),
    };
    let mut finding = CHECK
        .finding(
            reference.clone(),
            "",
            format!("{reference} is written in {api_version}, which {fate}"),
            format!(
                "Kubernetes 1.{} deprecated {api_version} for this kind, and it {fate}. {instead}",
                retired.deprecated
            ),
        )
        .witness("apiVersion", api_version);
    if is_gone {
        finding.severity = Severity::Medium;
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;
    use crate::kubernetes::lifecycle::RETIRED;
    use crate::model::Snapshot;

    fn manifests(api_version: &str, version: &str) -> Snapshot {
        let mut snapshot = snapshot("apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: backup, namespace: shop}\n");
        let reference = snapshot.of(Kind::CronJob)[0].reference();
        snapshot.written = Some([(reference, api_version.to_owned())].into());
        snapshot.version = version.into();
        snapshot
    }

    fn outcomes(snapshot: &Snapshot) -> Vec<Outcome> {
        let cluster = Cluster::new(snapshot, chrono::DateTime::UNIX_EPOCH);
        let all = crate::run::outcomes(&CHECK, &cluster).into_iter();
        all.map(|(_, outcome)| outcome)
            .filter(|outcome| *outcome != Outcome::NotApplicable)
            .collect()
    }

    #[test]
    fn what_is_gone_is_worse_than_what_goes_and_what_stays_passes() {
        let severity = |version: &str| match outcomes(&manifests("batch/v1beta1", version)).remove(0) {
            Outcome::Fail(found) => Some(found[0].severity),
            _ => None,
        };
        assert_eq!(severity(""), Some(Severity::Medium));
        assert_eq!(severity("v1.25.0"), Some(Severity::Medium));
        assert_eq!(severity("v1.24.9"), Some(Severity::Low));
        assert_eq!(severity("v1.20.0"), None);
    }

    #[test]
    fn the_title_says_from_when_on() {
        let Outcome::Fail(found) = outcomes(&manifests("batch/v1beta1", "")).remove(0) else {
            panic!("it passes")
        };
        assert_eq!(
            found[0].title,
            "CronJob shop/backup is written in batch/v1beta1, which is not served from 1.25 on"
        );
    }

    #[test]
    fn a_live_cluster_is_not_evaluated() {
        let mut snapshot = manifests("batch/v1beta1", "v1.37.2");
        snapshot.written = None;
        let outcomes = outcomes(&snapshot);
        assert!(
            matches!(outcomes.as_slice(), [Outcome::NotEvaluated(_)]),
            "{outcomes:?}"
        );
    }

    #[test]
    fn kinds_of_which_nothing_else_is_read_are_told_too() {
        let found = |api_version: &str, kind: &str| {
            let mut snapshot = manifests("batch/v1", "v1.25.0");
            let reference = retirement(api_version, kind).unwrap().reference(kind, "shop", "web");
            snapshot.written = Some([(reference, api_version.to_owned())].into());
            let outcomes = outcomes(&snapshot).into_iter();
            let failed = outcomes.filter_map(|outcome| match outcome {
                Outcome::Fail(found) => Some(found),
                _ => None,
            });
            let found: Vec<Finding> = failed.flatten().collect();
            found
                .into_iter()
                .map(|finding| (finding.title, finding.severity))
                .collect::<Vec<_>>()
        };
        let gone = "PodDisruptionBudget shop/web is written in policy/v1beta1, which is not served from 1.25 on";
        assert_eq!(
            found("policy/v1beta1", "PodDisruptionBudget"),
            [(gone.into(), Severity::Medium)]
        );
        let goes = "HorizontalPodAutoscaler shop/web is written in autoscaling/v2beta2, which is to go in 1.26";
        assert_eq!(
            found("autoscaling/v2beta2", "HorizontalPodAutoscaler"),
            [(goes.into(), Severity::Low)]
        );
        assert_eq!(found("resource.k8s.io/v1beta1", "ResourceClaim"), []);
    }

    #[test]
    fn every_kind_that_is_read_with_a_version_that_goes_is_judged() {
        for retired in RETIRED {
            let mut read = retired
                .kinds
                .iter()
                .filter_map(|kind| Kind::of_manifest(retired.api_version, kind));
            assert!(read.all(|kind| KINDS.contains(&kind)), "{retired:?}");
        }
    }
}
