//! Bindings that let someone reach the ports of pods and services through the API server.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "port-forwarding",
    title: "Ports of pods can be reached through the API server",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "Port forwarding and the proxy subresources reach every port of a pod from wherever the API \
        server is reached: past network policies, ingresses and whatever signs people in at the front.",
    remediation: "Grant pods/portforward in the namespace of whoever debugs there, and for the time it takes. \
        Take the proxy subresources off: kubectl port-forward does not need them.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "reach the ports of pods",
    so: "The API server carries the connection, past network policies and what signs people in at the \
        front.",
    permissions: &[
        permission(&["create", "get"], "", "pods/portforward"),
        permission(&["create", "get", "update", "patch", "delete"], "", "pods/proxy"),
        permission(&["create", "get", "update", "patch", "delete"], "", "services/proxy"),
    ],
    names: Names::Narrow,
    in_namespace: Severity::Low,
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
    fn each_way_to_a_port_counts() {
        for rule in [
            "{verbs: [create], apiGroups: [''], resources: [pods/portforward]}",
            "{verbs: [get], apiGroups: [''], resources: [pods/proxy]}",
            "{verbs: ['*'], apiGroups: [''], resources: [services/proxy]}",
            "{verbs: [create], apiGroups: [''], resources: ['*/portforward']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Medium], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn pods_themselves_and_other_subresources_pass() {
        for rule in [
            "{verbs: [get, create], apiGroups: [''], resources: [pods, services, pods/log]}",
            "{verbs: [create], apiGroups: [''], resources: ['pods/*']}",
            "{verbs: [list], apiGroups: [''], resources: [pods/proxy]}",
            "{verbs: [get], apiGroups: [''], resources: [services/proxy], resourceNames: [grafana]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn in_one_namespace_it_is_less_bad() {
        let rule = "{verbs: [create], apiGroups: [''], resources: [pods/portforward]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [Severity::Low]);
    }
}
