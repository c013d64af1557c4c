//! Bindings that let someone have tokens written into Secrets, and read them.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Permission, Power, permission};
use crate::rbac::Binding;

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
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "make lasting tokens of service accounts",
    so: "Who creates Secrets and reads them has a token written into one that asks for it.",
    permissions: &[permission(&["create"], "", "secrets")],
    names: Names::Narrow,
    in_namespace: Severity::Medium,
};

/// The other half.
const READING: &[Permission] = &[permission(&["get", "list", "watch"], "", "secrets")];

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(held) = power::held(cluster, object, &POWER) else {
        return Outcome::NotApplicable;
    };
    let reads =
        |_: &PolicyRule, other: &Binding<'_>, rule: &PolicyRule| power::allows_any(other, rule, READING, Names::Narrow);
    match power::with_other_half(cluster, &held, reads) {
        None => Outcome::Pass,
        Some(both) => Outcome::Fail(vec![power::finding(&POWER, &both)]),
    }
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

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
    fn it_holds_where_secrets_are_both_created_and_read() {
        let create = "{verbs: [create], apiGroups: [''], resources: [secrets]}";
        let read = granted("RoleBinding", "{verbs: [get], apiGroups: [''], resources: [secrets]}")
            .replace("tested", "reader")
            .replace("name: b,", "name: c,");
        let manifests = format!("{}\n---\n{read}", granted("ClusterRoleBinding", create));
        let found = findings(&CHECK, &manifests).remove(0);
        assert_eq!(found.severity, Severity::Medium);
        assert!(found.title.ends_with("in namespace shop"), "{}", found.title);
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
