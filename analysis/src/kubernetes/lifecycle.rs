//! Versions of APIs that are served no longer, or will be no longer: of the kinds that Plimsoll reads, as
//! `zz_generated.prerelease-lifecycle.go` of `k8s.io/api` 0.37 has them.

use super::version::Release;
use crate::model::Kind;

/// The newest release of which it is known what it serves.
pub const NEWEST: Release = Release { major: 1, minor: 37 };

/// A version of a group that goes, with kinds that it holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Retired {
    /// As in a manifest: `apps/v1beta1`.
    pub api_version: &'static str,
    /// The kinds.
    pub kinds: &'static [Kind],
    /// The minor of Kubernetes 1 from which on it is deprecated.
    pub deprecated: u32,
    /// The minor of Kubernetes 1 from which on it is not served.
    pub removed: u32,
}

const fn retired(api_version: &'static str, kinds: &'static [Kind], deprecated: u32, removed: u32) -> Retired {
    Retired {
        api_version,
        kinds,
        deprecated,
        removed,
    }
}

const WEBHOOKS: &[Kind] = &[Kind::MutatingWebhookConfiguration, Kind::ValidatingWebhookConfiguration];
const POLICIES: &[Kind] = &[Kind::ValidatingAdmissionPolicy, Kind::ValidatingAdmissionPolicyBinding];
const ROLES: &[Kind] = &[
    Kind::Role,
    Kind::ClusterRole,
    Kind::RoleBinding,
    Kind::ClusterRoleBinding,
];

/// All of them.
pub const RETIRED: &[Retired] = &[
    retired("admissionregistration.k8s.io/v1beta1", WEBHOOKS, 16, 22),
    retired("admissionregistration.k8s.io/v1alpha1", POLICIES, 29, 32),
    retired("admissionregistration.k8s.io/v1beta1", POLICIES, 31, 34),
    retired(
        "apiextensions.k8s.io/v1beta1",
        &[Kind::CustomResourceDefinition],
        16,
        22,
    ),
    retired("apiregistration.k8s.io/v1beta1", &[Kind::ApiService], 19, 22),
    retired("apps/v1beta1", &[Kind::Deployment, Kind::StatefulSet], 8, 16),
    retired(
        "apps/v1beta2",
        &[Kind::DaemonSet, Kind::Deployment, Kind::ReplicaSet, Kind::StatefulSet],
        9,
        16,
    ),
    retired("batch/v1beta1", &[Kind::CronJob], 21, 25),
    retired(
        "certificates.k8s.io/v1beta1",
        &[Kind::CertificateSigningRequest],
        19,
        22,
    ),
    retired("discovery.k8s.io/v1beta1", &[Kind::EndpointSlice], 21, 25),
    retired(
        "extensions/v1beta1",
        &[Kind::DaemonSet, Kind::Deployment, Kind::ReplicaSet],
        8,
        16,
    ),
    retired("extensions/v1beta1", &[Kind::NetworkPolicy], 9, 16),
    retired("extensions/v1beta1", &[Kind::Ingress], 14, 22),
    retired(
        "networking.k8s.io/v1beta1",
        &[Kind::Ingress, Kind::IngressClass],
        19,
        22,
    ),
    retired("node.k8s.io/v1beta1", &[Kind::RuntimeClass], 22, 25),
    retired("rbac.authorization.k8s.io/v1beta1", ROLES, 17, 22),
    retired("scheduling.k8s.io/v1beta1", &[Kind::PriorityClass], 14, 22),
    retired("storage.k8s.io/v1beta1", &[Kind::StorageClass], 19, 22),
];

/// What becomes of a version of a kind; none where it stays, as far as is known.
pub fn retirement(api_version: &str, kind: Kind) -> Option<&'static Retired> {
    RETIRED
        .iter()
        .find(|retired| retired.api_version == api_version && retired.kinds.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_is_found_by_version_and_kind() {
        let of = |api_version, kind| retirement(api_version, kind).map(|retired| retired.removed);
        assert_eq!(of("extensions/v1beta1", Kind::Deployment), Some(16));
        assert_eq!(of("extensions/v1beta1", Kind::Ingress), Some(22));
        assert_eq!(of("apps/v1", Kind::Deployment), None);
    }

    #[test]
    fn versions_that_go_are_none_that_are_asked_for_and_their_kinds_are_read() {
        for retired in RETIRED {
            assert!(retired.deprecated < retired.removed, "{retired:?}");
            for kind in retired.kinds {
                assert_ne!(kind.info().api_version(), retired.api_version);
                let read = Kind::of_manifest(retired.api_version, kind.info().kind);
                assert_eq!(read, Some(*kind), "{retired:?}");
            }
        }
    }
}
