//! Bindings that let someone issue tokens of service accounts.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::power::{self, Held, Names, Permission, Power, permission, takeover};

/// See its fields.
pub static CHECK: Check = Check {
    id: "token-creation",
    title: "Tokens of service accounts can be issued",
    area: Area::Rbac,
    severity: Severity::Critical,
    rationale: "Whoever creates serviceaccounts/token is every service account of that place: in the whole \
        cluster those of kube-system too, some of which may grant themselves anything.",
    remediation: "Name the service accounts whose tokens are needed in resourceNames, in a Role of their \
        namespace, and none that may do more than whoever gets its token should. The kubelet needs no grant: nodes are \
        authorised apart.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "issue tokens of service accounts",
    so: "Whoever has the token of a service account acts as that account.",
    permissions: &[TOKENS],
    names: Names::Any,
    in_namespace: Severity::Medium,
};

const TOKENS: Permission = permission(&["create"], "", "serviceaccounts/token");

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() => Outcome::Pass,
        Some(held) => Outcome::Fail(vec![finding(cluster, &held)]),
    }
}

/// However few the accounts are: a token of one that may do everything is enough.
fn finding(cluster: &Cluster<'_>, held: &Held<'_>) -> Finding {
    let mut finding = power::finding(&POWER, held);
    if let Some(account) = takeover::administrator_reached(cluster, held, &TOKENS) {
        finding.severity = CHECK.severity;
        finding.message += &format!(" Among them is {account}, with which the whole cluster can be taken over.");
    }
    finding
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    #[test]
    fn the_subresource_counts() {
        for rule in [
            "{verbs: [create], apiGroups: [''], resources: [serviceaccounts/token]}",
            "{verbs: [create], apiGroups: [''], resources: ['*/token']}",
            "{verbs: ['*'], apiGroups: [''], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Critical], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn service_accounts_themselves_and_reading_pass() {
        for rule in [
            "{verbs: [create], apiGroups: [''], resources: [serviceaccounts]}",
            "{verbs: [create], apiGroups: [''], resources: ['serviceaccounts/*']}",
            "{verbs: [get], apiGroups: [''], resources: [serviceaccounts/token]}",
            "{verbs: [create], apiGroups: ['authentication.k8s.io'], resources: [serviceaccounts/token]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn in_one_namespace_it_is_less_bad() {
        let rule = "{verbs: [create], apiGroups: [''], resources: [serviceaccounts/token]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [Severity::Medium]);
    }

    #[test]
    fn one_account_that_could_take_the_cluster_over_is_enough() {
        let rule = "{verbs: [create], apiGroups: [''], resources: [serviceaccounts/token], \
            resourceNames: [clusterrole-aggregation-controller]}";
        let manifests = granted("RoleBinding", rule);
        assert_eq!(severities(&CHECK, &manifests), [Severity::Low]);
        let system = manifests.replace("namespace: shop}\nroleRef", "namespace: kube-system}\nroleRef");
        assert_eq!(severities(&CHECK, &system), [Severity::Critical]);
        let other = system.replace("clusterrole-aggregation-controller", "other");
        assert_eq!(severities(&CHECK, &other), [Severity::Medium]);
    }

    #[test]
    fn tokens_of_named_accounts_are_less_bad() {
        let rule = "{verbs: [create], apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [cni]}";
        assert_eq!(
            severities(&CHECK, &granted("ClusterRoleBinding", rule)),
            [Severity::Medium]
        );
    }
}
