//! Bindings that let someone approve certificates.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object};
use crate::power::{self, Held, Names, Permission, Power, of_cluster};
use crate::rbac::Binding;

const CERTIFICATES: &str = "certificates.k8s.io";

/// See its fields.
pub static CHECK: Check = Check {
    id: "csr-approval",
    title: "Certificates can be approved",
    area: Area::Rbac,
    severity: Severity::Critical,
    rationale: "The API server takes a client certificate for whatever user and groups it names, and it can't be revoked. \
        Whoever approves requests for the signer of such certificates becomes anyone but a member of system:masters. \
        It takes the approval subresource, and approve on the signer. Signing is another matter: what is put into a request \
        without the key of the authority is worth nothing.",
    remediation: "Let the controller manager approve the certificates of kubelets, and people the others, by name. Grant \
        approve on the signers that are needed, and never on kubernetes.io/kube-apiserver-client to a workload.",
    reads: power::CLUSTER_READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "approve certificates",
    so: "A certificate stands for whatever user and groups it names.",
    permissions: &[of_cluster(
        &["update", "patch"],
        CERTIFICATES,
        "certificatesigningrequests/approval",
    )],
    names: Names::Any,
    in_namespace: Severity::Medium,
};

/// The other half.
const APPROVING: &[Permission] = &[of_cluster(&["approve"], CERTIFICATES, "signers")];

/// The signers whose certificates the API server takes for a sign-in, and the pattern that has them all.
const CLIENTS: &[&str] = &[
    "kubernetes.io/*",
    "kubernetes.io/kube-apiserver-client",
    "kubernetes.io/kube-apiserver-client-kubelet",
    "kubernetes.io/legacy-unknown",
];

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() => Outcome::Pass,
        Some(held) => Outcome::Fail(vec![finding(cluster, &held)]),
    }
}

fn finding<'a>(cluster: &Cluster<'a>, held: &Held<'a>) -> crate::finding::Finding {
    let approves = |names| {
        let approves = move |_: &PolicyRule, other: &Binding<'_>, rule: &PolicyRule| {
            power::allows_any(other, rule, APPROVING, names)
        };
        power::with_other_half(cluster, held, approves)
    };
    let both = approves(Names::Any);
    let mut finding = power::finding_of_half(&POWER, held, both.as_ref(), "approve for a signer");
    let is_of_others = approves(Names::Of(CLIENTS)).is_none();
    if is_of_others && finding.severity > Severity::Medium {
        finding.severity = Severity::Medium;
        finding.message +=
            " Of the signers that it may approve for, none makes certificates with which one signs in here.";
    }
    finding
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    const APPROVAL: &str =
        "{verbs: [update], apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval]}";

    fn signers(names: &str) -> String {
        format!("{APPROVAL}, {{verbs: [approve], apiGroups: [certificates.k8s.io], resources: [signers]{names}}}")
    }

    #[test]
    fn approving_client_certificates_is_becoming_anyone() {
        for names in [
            "",
            ", resourceNames: [kubernetes.io/kube-apiserver-client]",
            ", resourceNames: ['kubernetes.io/*']",
        ] {
            let manifests = granted("ClusterRoleBinding", &signers(names));
            assert_eq!(severities(&CHECK, &manifests), [Severity::Critical], "{names}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{names}");
        }
    }

    #[test]
    fn other_signers_are_less_bad_and_half_of_it_is_hygiene() {
        let other = signers(", resourceNames: [kubernetes.io/kubelet-serving]");
        assert_eq!(
            severities(&CHECK, &granted("ClusterRoleBinding", &other)),
            [Severity::Medium]
        );
        assert_eq!(
            severities(&CHECK, &granted("ClusterRoleBinding", APPROVAL)),
            [Severity::Low]
        );
    }

    #[test]
    fn asking_for_certificates_and_approving_in_a_namespace_pass() {
        let asking =
            "{verbs: [create, get, update], apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests]}";
        assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", asking)), []);
        assert_eq!(severities(&CHECK, &granted("RoleBinding", &signers(""))), []);
    }
}
