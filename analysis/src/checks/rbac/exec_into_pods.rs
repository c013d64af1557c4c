//! Bindings that let someone run commands in containers.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::kubernetes::lifecycle::enters_by_get;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Permission, Power, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "exec-into-pods",
    title: "Commands can be run in containers",
    area: Area::Rbac,
    severity: Severity::High,
    rationale: "Whoever runs commands in a container has all that it has: its service account's token, its Secrets, its \
        connections, and the node where it is privileged. Nobody reviews what was typed. Until Kubernetes 1.35, get on the \
        subresource is enough, so that a role which was meant to read lets commands be run.",
    remediation: "Grant pods/exec and pods/attach in the namespace of whoever debugs there, and for the time it takes. In roles \
        that are meant to read, list the resources and leave these out.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "run commands in containers",
    so: "Who does has the token, the Secrets and the connections of the pod.",
    permissions: &[
        permission(&["create"], "", "pods/exec"),
        permission(&["create"], "", "pods/attach"),
    ],
    names: Names::Any,
    in_namespace: Severity::Medium,
};

/// What is enough where a command over a WebSocket, which begins with a GET, needs no create besides.
const WITH_GET: &[Permission] = &[
    permission(&["create", "get"], "", "pods/exec"),
    permission(&["create", "get"], "", "pods/attach"),
];

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let mut power = POWER;
    if enters_by_get(&cluster.snapshot.version) {
        power.permissions = WITH_GET;
    }
    power::judge(cluster, object, &power)
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings_in, granted, is_closed_by_patches, severities, snapshot};

    #[test]
    fn exec_and_attach_count_by_their_own_names() {
        for rule in [
            "{verbs: [create], apiGroups: [''], resources: [pods/exec]}",
            "{verbs: [create], apiGroups: [''], resources: [pods, pods/attach]}",
            "{verbs: [create], apiGroups: [''], resources: ['*/exec']}",
            "{verbs: ['*'], apiGroups: [''], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::High], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn pods_themselves_and_what_is_no_pattern_pass() {
        for rule in [
            "{verbs: [create, get], apiGroups: [''], resources: [pods, pods/log]}",
            "{verbs: [create], apiGroups: [''], resources: ['pods/*']}",
            "{verbs: [list], apiGroups: [''], resources: [pods/exec]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn a_pod_that_is_named_is_entered_as_well() {
        let rule = "{verbs: [create], apiGroups: [''], resources: [pods/exec], resourceNames: [web-0]}";
        let manifests = granted("RoleBinding", rule);
        assert_eq!(severities(&CHECK, &manifests), [Severity::Low]);
        assert!(is_closed_by_patches(&CHECK, &manifests));
        let system = manifests.replace("namespace: shop}\nroleRef", "namespace: kube-system}\nroleRef");
        assert_eq!(severities(&CHECK, &system), [Severity::Medium]);
    }

    #[test]
    fn get_is_enough_until_1_35_and_where_the_version_is_not_known() {
        let mut snapshot = snapshot(&granted(
            "RoleBinding",
            "{verbs: [get], apiGroups: [''], resources: [pods/exec]}",
        ));
        let mut count = |version: &str| {
            snapshot.version = version.into();
            findings_in(&CHECK, &snapshot).len()
        };
        assert_eq!(["v1.34.2-eks-1", "", "v1.35.0", "v2.0.0"].map(&mut count), [1, 1, 0, 0]);
    }
}
