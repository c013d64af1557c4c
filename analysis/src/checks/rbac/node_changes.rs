//! Bindings that let someone change nodes.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object};
use crate::power::{self, Held, Names, Permission, Power, of_cluster, permission};
use crate::rbac::Binding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "node-changes",
    title: "Nodes can be changed",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "Labels, taints and the state of nodes decide which pods come to which node. Whoever changes them, and drives pods \
        away besides, brings the pods of others with their tokens to a node that is theirs.",
    remediation: "Leave nodes to their kubelets and to the cloud's controller. Whoever drains nodes needs patch, and should not \
        be a workload.",
    reads: power::CLUSTER_READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "change nodes",
    so: "Labels, taints and the state of nodes decide which pods come to which.",
    permissions: &[
        of_cluster(&["update", "patch"], "", "nodes"),
        of_cluster(&["update", "patch"], "", "nodes/status"),
    ],
    names: Names::Narrow,
    in_namespace: Severity::Medium,
};

/// What drives pods away.
const DRIVING: &[Permission] = &[
    permission(&["create"], "", "pods/eviction"),
    permission(&["delete", "deletecollection"], "", "pods"),
];

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() => Outcome::Pass,
        Some(held) => Outcome::Fail(vec![finding(cluster, &held)]),
    }
}

fn finding<'a>(cluster: &Cluster<'a>, held: &Held<'a>) -> crate::finding::Finding {
    let mut finding = power::finding(&POWER, held);
    let drives =
        |_: &PolicyRule, other: &Binding<'_>, rule: &PolicyRule| power::allows_any(other, rule, DRIVING, Names::Narrow);
    if power::with_other_half(cluster, held, drives).is_some() {
        finding.severity = finding.severity.max(Severity::High);
        finding.message += " Pods may be driven away too, and so be brought to a node of choice.";
    }
    finding
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    #[test]
    fn changing_nodes_is_worse_with_driving_pods_away() {
        let nodes = "{verbs: [get, patch], apiGroups: [''], resources: [nodes]}";
        let eviction = "{verbs: [create], apiGroups: [''], resources: [pods/eviction]}";
        let manifests = granted("ClusterRoleBinding", nodes);
        assert_eq!(severities(&CHECK, &manifests), [Severity::Medium]);
        assert!(is_closed_by_patches(&CHECK, &manifests));
        let both = granted("ClusterRoleBinding", &format!("{nodes}, {eviction}"));
        assert_eq!(severities(&CHECK, &both), [Severity::High]);
        assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", eviction)), []);
    }

    #[test]
    fn reading_nodes_and_other_subresources_pass() {
        let rule = "{verbs: [get, list, watch], apiGroups: [''], resources: [nodes]}, {verbs: [patch], apiGroups: [''], resources: [nodes/proxy]}";
        assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), []);
        let patch = "{verbs: [patch], apiGroups: [''], resources: [nodes/status]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", patch)), []);
    }
}
