//! Bindings that let someone act as others.

use std::cell::RefCell;

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object};
use crate::power::{self, Held, Names, Permission, Power, of_cluster, permission, takeover};
use crate::rbac::Binding;

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
        Who is named lends all that they hold, so name no administrator. Grant service accounts in a Role of their namespace.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports. Groups, uids and extras are taken on together with a user only, so that they alone give nothing.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "impersonate others",
    so: "Who does holds what the other holds.",
    permissions: &[USERS, ACCOUNTS],
    names: Names::Any,
    in_namespace: Severity::Medium,
};

const ACCOUNTS: Permission = permission(&["impersonate"], "", "serviceaccounts");
const USERS: Permission = of_cluster(&["impersonate"], "", "users");
const GROUPS: Permission = of_cluster(&["impersonate"], "", "groups");

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() => Outcome::Pass,
        Some(held) => Outcome::Fail(vec![finding(cluster, &held)]),
    }
}

/// However few there are to impersonate: one who may do everything is enough.
fn finding<'a>(cluster: &Cluster<'a>, held: &Held<'a>) -> crate::finding::Finding {
    let mut finding = power::finding(&POWER, held);
    if let Some(group) = group_reached(cluster, held) {
        finding.severity = Severity::Critical;
        finding.message += &format!(" The group {group}, to which everything is allowed, may be taken on as well.");
    } else if let Some(other) = administrator_reached(cluster, held) {
        finding.severity = Severity::Critical;
        finding.message += &format!(" Among them is {other}, with which the whole cluster can be taken over.");
    }
    finding
}

/// A group that a holder may take on too and that may do everything; any may be meant where none is named.
fn group_reached<'a>(cluster: &Cluster<'a>, held: &Held<'a>) -> Option<String> {
    const MASTERS: &str = "system:masters";
    let is_strong = |name: &&String| cluster.rbac().is_administrator(&format!("Group {name}"));
    let reached = RefCell::new(None);
    let is_met = |_: &PolicyRule, other: &Binding<'_>, rule: &PolicyRule| {
        if !power::allows_any(other, rule, &[GROUPS], Names::Any) {
            return false;
        }
        let name = match rule.resource_names.as_slice() {
            [] => Some(MASTERS),
            names => names.iter().find(is_strong).map(String::as_str),
        };
        *reached.borrow_mut() = name.map(str::to_owned);
        name.is_some()
    };
    power::with_other_half(cluster, held, is_met).and_then(|_| reached.into_inner())
}

/// A user or a service account among those whom the rules name that could take the whole cluster over.
fn administrator_reached(cluster: &Cluster<'_>, held: &Held<'_>) -> Option<String> {
    let is_of_users = |rule: &&&PolicyRule| power::allows_any(&held.binding, rule, &[USERS], Names::Any);
    let users = held
        .rules
        .iter()
        .filter(is_of_users)
        .flat_map(|rule| &rule.resource_names);
    let identity = |name: &String| {
        let account = name
            .strip_prefix("system:serviceaccount:")
            .and_then(|account| account.split_once(':'));
        match account {
            Some((namespace, name)) => format!("ServiceAccount {namespace}/{name}"),
            None => format!("User {name}"),
        }
    };
    let mut users = users.map(identity);
    users
        .find(|identity| cluster.rbac().is_administrator(identity))
        .or_else(|| takeover::administrator_reached(cluster, held, &ACCOUNTS))
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    const ADMINS: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admins}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: Group, name: admins}
- {kind: User, name: root}
- {kind: ServiceAccount, name: root, namespace: shop}
";

    #[test]
    fn one_who_may_do_everything_is_enough() {
        let of = |kind: &str, resource: &str, name: &str| {
            let rule = format!(
                "{{verbs: [impersonate], apiGroups: [''], resources: [{resource}], resourceNames: ['{name}']}}"
            );
            severities(&CHECK, &format!("{}\n---\n{ADMINS}", granted(kind, &rule)))
        };
        assert_eq!(of("ClusterRoleBinding", "users", "root"), [Severity::Critical]);
        let account = "system:serviceaccount:shop:root";
        assert_eq!(of("ClusterRoleBinding", "users", account), [Severity::Critical]);
        assert_eq!(of("RoleBinding", "serviceaccounts", "root"), [Severity::Critical]);
        assert_eq!(of("RoleBinding", "serviceaccounts", "web"), [Severity::Low]);
    }

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
    fn named_users_are_less_bad_unless_a_group_of_administrators_is_there_too() {
        let rule = |groups: &str| {
            let named = "{verbs: [impersonate], apiGroups: [''], resources: [users], resourceNames: [jane]}";
            let groups =
                format!("{{verbs: [impersonate], apiGroups: [''], resources: [groups], resourceNames: ['{groups}']}}");
            let manifests = granted("ClusterRoleBinding", &format!("{named}, {groups}"));
            severities(&CHECK, &format!("{manifests}\n---\n{ADMINS}"))
        };
        assert_eq!(rule("team"), [Severity::Medium]);
        assert_eq!(rule("admins"), [Severity::Critical]);
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
