//! Bindings that let someone have tokens written into Secrets, and read them.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Permission, Power, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "token-secret-creation",
    title: "Lasting tokens can be made",
    area: Area::Rbac,
    severity: Severity::High,
    rationale: "The controller manager writes a token that never ends into every Secret that asks for one by its type and its \
        annotation. Whoever creates Secrets and reads them is therefore every service account of the place, for good.",
    remediation: "Take create off where Secrets are only read, and reading off where they are only written. Forbid Secrets of \
        type kubernetes.io/service-account-token by an admission policy.",
    reads: power::READS,
    controls: &[
        ("CIS 1.12", "5.1.13"),
        ("NSA", "RBAC"),
        ("OWASP K8s 2025", "K03"),
        ("MITRE ATT&CK", "T1528"),
    ],
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "make lasting tokens of service accounts",
    so: "It creates Secrets and reads them, and one that asks for a token is given one.",
    permissions: &[permission(&["create"], "", "secrets")],
    names: Names::Narrow,
    in_namespace: Severity::Medium,
};

/// The other half.
const READING: &[Permission] = &[permission(&["get", "list", "watch"], "", "secrets")];

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(mut held) = power::held(cluster, object, &POWER) else {
        return Outcome::NotApplicable;
    };
    held.holders = power::holders_also(cluster, &held, READING, Names::Narrow);
    match held.holders.is_empty() {
        true => Outcome::Pass,
        false => Outcome::Fail(vec![power::finding(&POWER, &held)]),
    }
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    #[test]
    fn creating_and_reading_secrets_make_tokens() {
        for rules in [
            "{verbs: [create, get], apiGroups: [''], resources: [secrets]}",
            "{verbs: [create], apiGroups: [''], resources: [secrets, pods]}, {verbs: [watch], apiGroups: [''], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rules);
            assert_eq!(severities(&CHECK, &manifests), [Severity::High], "{rules}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rules}");
            assert_eq!(severities(&CHECK, &granted("RoleBinding", rules)), [Severity::Medium]);
        }
    }

    #[test]
    fn either_alone_passes_and_so_does_reading_by_name() {
        for rules in [
            "{verbs: [create, update], apiGroups: [''], resources: [secrets]}",
            "{verbs: [get, list], apiGroups: [''], resources: [secrets]}",
            "{verbs: [create], apiGroups: [''], resources: [secrets]}, {verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [a]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rules)), [], "{rules}");
        }
    }
}
