//! Bindings that let someone act as others.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Held, Names, Permission, Power, of_cluster, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "impersonation",
    title: "Others can be impersonated",
    area: Area::Rbac,
    severity: Severity::Critical,
    rationale: "Whoever impersonates holds what the other holds, with one more header. Any user is any service account too, by \
        its user name, and with groups besides it is system:masters, whom no role binds. The audit log shows both names, but \
        what is reported afterwards is often the wrong one.",
    remediation: "Name the users and groups in resourceNames: those whose permissions are meant to be borrowed, and no other. \
        Grant service accounts in a Role of their namespace.",
    reads: power::READS,
    controls: &[
        ("CIS 1.12", "5.1.8"),
        ("NSA", "RBAC"),
        ("OWASP K8s 2025", "K02"),
        ("MITRE ATT&CK", "T1134"),
    ],
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports. Groups, uids and extras are taken on together with a user only, so that they alone give nothing.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "impersonate others",
    so: "Who does holds what the other holds.",
    permissions: &[
        of_cluster(&["impersonate"], "", "users"),
        permission(&["impersonate"], "", "serviceaccounts"),
    ],
    names: Names::Any,
    in_namespace: Severity::Medium,
};

const GROUPS: &[Permission] = &[of_cluster(&["impersonate"], "", "groups")];

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() => Outcome::Pass,
        Some(held) => Outcome::Fail(vec![finding(cluster, &held)]),
    }
}

fn finding<'a>(cluster: &Cluster<'a>, held: &Held<'a>) -> crate::finding::Finding {
    let mut finding = power::finding(&POWER, held);
    let becomes_master = power::holders_also(cluster, held, GROUPS, Names::Of(&["system:masters"]));
    if held.binding.is_cluster_wide() && !becomes_master.is_empty() {
        finding.severity = Severity::Critical;
        finding.message += " It may take on the group system:masters, to which everything is allowed.";
    }
    finding
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    #[test]
    fn users_and_service_accounts_can_be_become() {
        for rule in [
            "{verbs: [impersonate], apiGroups: [''], resources: [users]}",
            "{verbs: [impersonate], apiGroups: [''], resources: [serviceaccounts, configmaps]}",
            "{verbs: ['*'], apiGroups: [''], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Critical], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn groups_without_a_user_and_other_resources_pass() {
        for rule in [
            "{verbs: [impersonate], apiGroups: [''], resources: [groups]}",
            "{verbs: [impersonate], apiGroups: [authentication.k8s.io], resources: [users, uids]}",
            "{verbs: [get, create], apiGroups: [''], resources: [serviceaccounts]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn named_users_are_less_bad_unless_system_masters_is_among_the_groups() {
        let rule = |groups: &str| {
            let named = "{verbs: [impersonate], apiGroups: [''], resources: [users], resourceNames: [jane]}";
            let groups =
                format!("{{verbs: [impersonate], apiGroups: [''], resources: [groups], resourceNames: ['{groups}']}}");
            severities(&CHECK, &granted("ClusterRoleBinding", &format!("{named}, {groups}")))
        };
        assert_eq!(rule("team"), [Severity::Medium]);
        assert_eq!(rule("system:masters"), [Severity::Critical]);
    }

    #[test]
    fn a_namespace_has_service_accounts_and_no_users() {
        let of = |resource: &str| {
            let rule = format!("{{verbs: [impersonate], apiGroups: [''], resources: [{resource}]}}");
            severities(&CHECK, &granted("RoleBinding", &rule))
        };
        assert_eq!((of("users"), of("serviceaccounts")), (vec![], vec![Severity::Medium]));
    }
}
