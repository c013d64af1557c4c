//! Bindings that let someone talk to the kubelet through nodes/proxy.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, of_cluster};

/// See its fields.
pub static CHECK: Check = Check {
    id: "nodes-proxy",
    title: "Kubelets can be commanded",
    area: Area::Rbac,
    severity: Severity::High,
    rationale: "nodes/proxy reaches the whole API of the kubelet, which runs commands in every container of \
        the node. Even get is enough: commands go over a WebSocket, which begins with a GET. Nothing of it is in the \
        audit log, where the kubelet is called directly.",
    remediation: "Grant the subresource that is needed instead: nodes/metrics, nodes/stats, nodes/log, \
        nodes/healthz and nodes/pods each open a part of the kubelet's API.",
    reads: power::CLUSTER_READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "command kubelets",
    so: "The kubelet runs commands in every container of its node for whoever has nodes/proxy.",
    permissions: &[of_cluster(
        &["get", "create", "update", "patch", "delete"],
        "",
        "nodes/proxy",
    )],
    names: Names::Any,
    in_namespace: Severity::Medium,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    power::judge(cluster, object, &POWER)
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    #[test]
    fn each_verb_of_it_counts() {
        for rule in [
            "{verbs: [get], apiGroups: [''], resources: [nodes/proxy]}",
            "{verbs: [create], apiGroups: [''], resources: ['*/proxy']}",
            "{verbs: ['*'], apiGroups: [''], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::High], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn other_subresources_pass() {
        for rule in [
            "{verbs: [get], apiGroups: [''], resources: [nodes, nodes/metrics, nodes/stats, nodes/log]}",
            "{verbs: [get], apiGroups: [''], resources: ['nodes/*']}",
            "{verbs: [list], apiGroups: [''], resources: [nodes/proxy]}",
            "{verbs: [get], apiGroups: [''], resources: [pods/proxy]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn a_role_binding_reaches_no_node() {
        let rule = "{verbs: [get], apiGroups: [''], resources: [nodes/proxy]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), []);
    }
}
