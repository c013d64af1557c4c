//! Bindings that let someone create pods.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "pod-creation",
    title: "Pods can be created",
    area: Area::Rbac,
    severity: Severity::High,
    rationale: "A new pod runs as any service account of its namespace, mounts any Secret there, and reaches \
        its node where Pod Security does not stop it. So whoever creates pods in every namespace holds what the \
        strongest service account holds, those of kube-system among them.",
    remediation: "Let a controller or a pipeline create the pods, in the namespaces that it deploys to, and take \
        create off the rule for everyone else. Enforce Pod Security at the restricted level where pods must be \
        created.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "create pods",
    so: "A pod runs as any service account of its namespace, with any Secret there.",
    permissions: &[permission(&["create"], "", "pods")],
    names: Names::Narrow,
    in_namespace: Severity::Medium,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    power::judge(cluster, object, &POWER)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::patch::Patch;
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

    #[test]
    fn pods_are_created_by_name_and_by_wildcard() {
        for rule in [
            "{verbs: [create], apiGroups: [''], resources: [pods]}",
            "{verbs: ['*'], apiGroups: [''], resources: [pods]}",
            "{verbs: [create], apiGroups: [''], resources: ['*']}",
            "{verbs: [create], apiGroups: ['*'], resources: [configmaps, pods]}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::High], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn what_only_looks_like_it_passes() {
        for rule in [
            "{verbs: [create], apiGroups: [''], resources: [pods/exec]}",
            "{verbs: [create], apiGroups: [''], resources: ['pods/*']}",
            "{verbs: [create], apiGroups: ['apps'], resources: [pods]}",
            "{verbs: [get, list, delete], apiGroups: [''], resources: [pods]}",
            "{verbs: [create], apiGroups: [''], resources: [pods], resourceNames: [web]}",
            "{verbs: [get], apiGroups: [''], resources: [pods]}, {verbs: [create], apiGroups: [''], resources: [services]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn in_one_namespace_it_is_less_bad() {
        let rule = "{verbs: [create], apiGroups: [''], resources: [pods]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [Severity::Medium]);
    }

    #[test]
    fn a_rule_keeps_the_rest_and_the_binding_stays() {
        let found = findings(
            &CHECK,
            &granted(
                "ClusterRoleBinding",
                "{verbs: [get, create], apiGroups: [''], resources: [pods]}",
            ),
        )
        .remove(0);
        assert_eq!(
            found.title,
            "ServiceAccount shop/app may create pods in the whole cluster"
        );
        let Some(Patch::Merge { target, body }) = found.patch else {
            panic!("not a merge patch")
        };
        assert_eq!(
            (target.kind.as_str(), &body["rules"][0]["verbs"]),
            ("ClusterRole", &json!(["get"]))
        );
    }

    #[test]
    fn edit_is_meant_for_people_in_a_namespace_and_not_for_workloads_nor_in_kube_system() {
        let bound = |namespace: &str, subject: &str| {
            format!(
                "
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: b, namespace: {namespace}}}
roleRef: {{kind: ClusterRole, name: edit}}
subjects: [{subject}]
"
            )
        };
        let (team, app) = ("{kind: Group, name: team}", "{kind: ServiceAccount, name: app}");
        assert_eq!(severities(&CHECK, &bound("shop", team)), []);
        assert_eq!(severities(&CHECK, &bound("shop", app)), [Severity::Medium]);
        assert_eq!(severities(&CHECK, &bound("kube-system", team)), [Severity::High]);
        assert_eq!(
            severities(&CHECK, &bound("shop", "{kind: Group, name: 'system:authenticated'}")),
            [Severity::High]
        );
    }

    #[test]
    fn who_may_do_everything_is_reported_elsewhere() {
        let everything = "{verbs: ['*'], apiGroups: ['*'], resources: ['*']}";
        assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", everything)), []);
    }
}
