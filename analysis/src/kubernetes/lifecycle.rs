//! Versions of APIs that are served no longer, or will be no longer, as `zz_generated.prerelease-lifecycle.go` of `k8s.io/api`
//! 0.37 has them; what left that before stands in the guide <https://kubernetes.io/docs/reference/using-api/deprecation-guide>. Of
//! some kinds nothing else is read.

use shared::object::ObjectRef;

use super::version::Release;

/// The newest release of which it is known what it serves.
pub const NEWEST: Release = Release { major: 1, minor: 37 };

/// The release from which on entering a pod by a GET asks for `create` as well: until it, `get` on `pods/exec` is enough.
const EXEC_ASKS_FOR_CREATE: Release = Release { major: 1, minor: 35 };

/// Whether an API server of that version lets a pod be entered by `get` alone; one that is not known may.
pub fn enters_by_get(version: &str) -> bool {
    Release::of(version).is_none_or(|release| release < EXEC_ASKS_FOR_CREATE)
}

/// A version of a group that goes, with kinds that it holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Retired {
    /// As in a manifest: `apps/v1beta1`.
    pub api_version: &'static str,
    /// The kinds.
    pub kinds: &'static [&'static str],
    /// The minor of Kubernetes 1 from which on it is deprecated.
    pub deprecated: u32,
    /// The minor of Kubernetes 1 from which on it is not served.
    pub removed: u32,
    /// The version that takes its place; empty where the kinds go with it.
    pub instead: &'static str,
}

impl Retired {
    /// The object of that kind and name, in the group in which it is served now.
    pub fn reference(&self, kind: &str, namespace: &str, name: &str) -> ObjectRef {
        let served = match self.instead {
            "" => self.api_version,
            instead => instead,
        };
        ObjectRef {
            group: served.split_once('/').map_or("", |(group, _)| group).to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        }
    }
}

const fn retired(
    api_version: &'static str,
    kinds: &'static [&'static str],
    deprecated: u32,
    removed: u32,
    instead: &'static str,
) -> Retired {
    Retired {
        api_version,
        kinds,
        deprecated,
        removed,
        instead,
    }
}

const WEBHOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const POLICIES: &[&str] = &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];
const MUTATING_POLICIES: &[&str] = &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"];
const ROLES: &[&str] = &["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];
const FLOWS: &[&str] = &["FlowSchema", "PriorityLevelConfiguration"];
const DEVICES: &[&str] = &["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"];

/// All of them.
pub const RETIRED: &[Retired] = &[
    retired(
        "admissionregistration.k8s.io/v1beta1",
        WEBHOOKS,
        16,
        22,
        "admissionregistration.k8s.io/v1",
    ),
    retired(
        "admissionregistration.k8s.io/v1alpha1",
        POLICIES,
        29,
        32,
        "admissionregistration.k8s.io/v1",
    ),
    retired(
        "admissionregistration.k8s.io/v1beta1",
        POLICIES,
        31,
        34,
        "admissionregistration.k8s.io/v1",
    ),
    retired(
        "admissionregistration.k8s.io/v1alpha1",
        MUTATING_POLICIES,
        35,
        38,
        "admissionregistration.k8s.io/v1",
    ),
    retired(
        "admissionregistration.k8s.io/v1beta1",
        MUTATING_POLICIES,
        37,
        40,
        "admissionregistration.k8s.io/v1",
    ),
    retired(
        "apiextensions.k8s.io/v1beta1",
        &["CustomResourceDefinition"],
        16,
        22,
        "apiextensions.k8s.io/v1",
    ),
    retired(
        "apiregistration.k8s.io/v1beta1",
        &["APIService"],
        19,
        22,
        "apiregistration.k8s.io/v1",
    ),
    retired(
        "apps/v1beta1",
        &["ControllerRevision", "Deployment", "StatefulSet"],
        8,
        16,
        "apps/v1",
    ),
    retired(
        "apps/v1beta2",
        &[
            "ControllerRevision",
            "DaemonSet",
            "Deployment",
            "ReplicaSet",
            "StatefulSet",
        ],
        9,
        16,
        "apps/v1",
    ),
    retired(
        "autoscaling/v2beta1",
        &["HorizontalPodAutoscaler"],
        22,
        25,
        "autoscaling/v2",
    ),
    retired(
        "autoscaling/v2beta2",
        &["HorizontalPodAutoscaler"],
        23,
        26,
        "autoscaling/v2",
    ),
    retired("batch/v1beta1", &["CronJob"], 21, 25, "batch/v1"),
    retired(
        "certificates.k8s.io/v1beta1",
        &["CertificateSigningRequest"],
        19,
        22,
        "certificates.k8s.io/v1",
    ),
    retired(
        "certificates.k8s.io/v1alpha1",
        &["ClusterTrustBundle"],
        34,
        37,
        "certificates.k8s.io/v1",
    ),
    retired(
        "certificates.k8s.io/v1beta1",
        &["ClusterTrustBundle", "PodCertificateRequest"],
        37,
        40,
        "certificates.k8s.io/v1",
    ),
    retired(
        "coordination.k8s.io/v1beta1",
        &["Lease"],
        19,
        22,
        "coordination.k8s.io/v1",
    ),
    retired(
        "discovery.k8s.io/v1beta1",
        &["EndpointSlice"],
        21,
        25,
        "discovery.k8s.io/v1",
    ),
    retired("events.k8s.io/v1beta1", &["Event"], 22, 25, "events.k8s.io/v1"),
    retired(
        "extensions/v1beta1",
        &["DaemonSet", "Deployment", "ReplicaSet"],
        8,
        16,
        "apps/v1",
    ),
    retired("extensions/v1beta1", &["NetworkPolicy"], 9, 16, "networking.k8s.io/v1"),
    retired("extensions/v1beta1", &["PodSecurityPolicy"], 11, 16, ""),
    retired("extensions/v1beta1", &["Ingress"], 14, 22, "networking.k8s.io/v1"),
    retired(
        "flowcontrol.apiserver.k8s.io/v1beta1",
        FLOWS,
        23,
        26,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    retired(
        "flowcontrol.apiserver.k8s.io/v1beta2",
        FLOWS,
        26,
        29,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    retired(
        "flowcontrol.apiserver.k8s.io/v1beta3",
        FLOWS,
        29,
        32,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    retired(
        "networking.k8s.io/v1beta1",
        &["Ingress", "IngressClass"],
        19,
        22,
        "networking.k8s.io/v1",
    ),
    retired(
        "networking.k8s.io/v1beta1",
        &["IPAddress", "ServiceCIDR"],
        34,
        37,
        "networking.k8s.io/v1",
    ),
    retired("node.k8s.io/v1beta1", &["RuntimeClass"], 22, 25, "node.k8s.io/v1"),
    retired("policy/v1beta1", &["PodDisruptionBudget"], 21, 25, "policy/v1"),
    retired("policy/v1beta1", &["PodSecurityPolicy"], 21, 25, ""),
    retired(
        "rbac.authorization.k8s.io/v1beta1",
        ROLES,
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    retired(
        "resource.k8s.io/v1alpha3",
        &["DeviceTaintRule"],
        36,
        39,
        "resource.k8s.io/v1",
    ),
    retired("resource.k8s.io/v1beta1", DEVICES, 35, 38, "resource.k8s.io/v1"),
    retired("resource.k8s.io/v1beta2", DEVICES, 36, 39, "resource.k8s.io/v1"),
    retired(
        "scheduling.k8s.io/v1beta1",
        &["PriorityClass"],
        14,
        22,
        "scheduling.k8s.io/v1",
    ),
    retired(
        "storage.k8s.io/v1alpha1",
        &["CSIStorageCapacity", "VolumeAttachment"],
        21,
        24,
        "storage.k8s.io/v1",
    ),
    retired(
        "storage.k8s.io/v1alpha1",
        &["VolumeAttributesClass"],
        32,
        35,
        "storage.k8s.io/v1",
    ),
    retired("storage.k8s.io/v1beta1", &["CSINode"], 17, 22, "storage.k8s.io/v1"),
    retired(
        "storage.k8s.io/v1beta1",
        &["CSIDriver", "StorageClass", "VolumeAttachment"],
        19,
        22,
        "storage.k8s.io/v1",
    ),
    retired(
        "storage.k8s.io/v1beta1",
        &["CSIStorageCapacity"],
        24,
        27,
        "storage.k8s.io/v1",
    ),
    retired(
        "storage.k8s.io/v1beta1",
        &["VolumeAttributesClass"],
        34,
        37,
        "storage.k8s.io/v1",
    ),
    retired(
        "storagemigration.k8s.io/v1beta1",
        &["StorageVersionMigration"],
        37,
        40,
        "storagemigration.k8s.io/v1",
    ),
];

/// What becomes of a version of a kind; none where it stays, as far as is known.
pub fn retirement(api_version: &str, kind: &str) -> Option<&'static Retired> {
    RETIRED
        .iter()
        .find(|retired| retired.api_version == api_version && retired.kinds.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn what_goes_is_found_by_version_and_kind() {
        let of = |api_version, kind| retirement(api_version, kind).map(|retired| retired.removed);
        assert_eq!(of("extensions/v1beta1", "Deployment"), Some(16));
        assert_eq!(of("extensions/v1beta1", "Ingress"), Some(22));
        assert_eq!(of("autoscaling/v2beta2", "HorizontalPodAutoscaler"), Some(26));
        assert_eq!(of("policy/v1beta1", "PodDisruptionBudget"), Some(25));
        assert_eq!(of("apps/v1", "Deployment"), None);
    }

    #[test]
    fn get_is_enough_to_enter_until_1_35_and_where_the_version_is_not_known() {
        let answers = ["v1.34.2-eks-1", "v1.34+", "", "v1.35.0", "v2.0.0"].map(enters_by_get);
        assert_eq!(answers, [true, true, true, false, false]);
    }

    #[test]
    fn a_version_that_goes_has_a_place_once_and_another_takes_it() {
        let mut seen = std::collections::BTreeSet::new();
        for retired in RETIRED {
            assert!(retired.deprecated < retired.removed, "{retired:?}");
            for kind in retired.kinds {
                assert!(seen.insert((retired.api_version, *kind)), "{kind} stands twice");
                assert_eq!(retirement(retired.instead, kind), None, "{kind}");
            }
        }
    }

    #[test]
    fn what_takes_the_place_of_a_version_is_what_is_asked_for() {
        for retired in RETIRED {
            for kind in retired.kinds {
                if let Some(read) = Kind::of_manifest(retired.api_version, kind) {
                    assert_eq!(read.info().api_version(), retired.instead, "{kind}");
                    let reference = retired.reference(kind, "", "a");
                    assert_eq!(reference.group, read.info().group, "{kind}");
                }
            }
        }
    }
}
