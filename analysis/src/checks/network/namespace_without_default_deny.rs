//! Namespaces whose pods take connections from everywhere unless somebody thinks of them.

use serde_json::json;
use shared::verdict::{Area, Severity};

use super::{by_default, deny_incoming, names};
use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::network_policy::NetworkPolicy;
use crate::network::coverage::READS;
use crate::network::default_deny::Opening;
use crate::network::policy::{isolates_egress, selects_all};
use crate::network::rule::{Direction, Tier};

/// See its fields.
pub static CHECK: Check = Check {
    id: "namespace-without-default-deny",
    title: "Namespace denies nothing by default",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "A pod that no policy selects takes connections from every pod of the cluster, and from outside it where the \
        network lets them in. Without a policy that selects all pods, each new workload starts like that. Policies of Cilium \
        and Calico are not evaluated.",
    remediation: "Add a policy that selects all pods of the namespace and lets nothing in, together with policies for the \
        connections that are needed. The patch is the first of them alone, and cuts off whatever connects to the pods that no \
        policy selects: the page What if, under Network, makes it together with policies for what Services declare, and tells what \
        would be cut off.",
    reads: &READS,
    judge: Judge::Namespace(judge),
};

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    by_default(cluster, namespace, Direction::Ingress, finding)
}

/// Rules add up, so what lets everyone in undoes the denial of every other policy.
fn why(open: Option<&Opening>, policies: &[&NetworkPolicy]) -> String {
    match (open, policies) {
        (Some(open), _) => match open.tier {
            Tier::Admin => format!("{} lets everyone in before any network policy is asked.", open.policy),
            Tier::Namespaced => {
                format!(
                    "NetworkPolicy {} selects all its pods and lets everyone in.",
                    open.policy.name
                )
            }
            Tier::Baseline => format!(
                "{} lets everyone in where no network policy selects the pods.",
                open.policy
            ),
        },
        (None, []) => "It has no network policy of its own.".to_owned(),
        (None, _) => "None of its network policies selects all its pods for ingress.".to_owned(),
    }
}

fn finding(namespace: &ObjectMeta, policies: &[&NetworkPolicy], open: Option<Opening>) -> Finding {
    let name = namespace.name.as_str();
    // What comes after network policies, a new one comes before.
    let is_closed_by_one = open.as_ref().is_none_or(|open| open.tier == Tier::Baseline);
    let why = why(open.as_ref(), policies);
    let egress = match policies
        .iter()
        .any(|policy| selects_all(policy) && isolates_egress(policy))
    {
        true => "Outgoing connections are denied by default.",
        false => "Outgoing connections are not denied by default either.",
    };
    let to = if is_closed_by_one {
        " to pods that no policy selects"
    } else {
        ""
    };
    let message = format!("Namespace {name} lets every connection in{to}. {why} {egress}");
    let title = format!("Namespace {name} denies nothing by default");
    let finding = CHECK.finding(Kind::Namespace.reference(namespace), "", title, message);
    let finding = match open {
        Some(open) => finding.witness_in(open.policy, open.path, open.value),
        None => finding.witness("networkpolicies", json!(names(policies).collect::<Vec<_>>())),
    };
    deny_incoming(finding, name, is_closed_by_one.then_some(policies))
}

#[cfg(test)]
mod tests {
    use shared::patch::Patch;
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn namespace(name: &str, pod: &str, policies: &[&str]) -> String {
        let mut manifests = format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: {name}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {name}}}
spec: {{{pod}}}
"
        );
        for (number, spec) in policies.iter().enumerate() {
            manifests += &format!(
                "
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: p{number}, namespace: {name}}}
spec: {spec}
"
            );
        }
        manifests
    }

    const FOR_SOME: &str = "{podSelector: {matchLabels: {app: web}}}";
    const PODS: &str = "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}";

    fn fails(policies: &[&str]) -> bool {
        !titles(&CHECK, &namespace("shop", PODS, policies)).is_empty()
    }

    #[test]
    fn a_namespace_whose_policies_leave_pods_open_fails_and_gets_one() {
        let found = findings(&CHECK, &namespace("shop", PODS, &[FOR_SOME])).remove(0);
        assert_eq!(found.title, "Namespace shop denies nothing by default");
        let why = "None of its network policies selects all its pods for ingress.";
        assert!(found.message.contains(why), "{}", found.message);
        let Some(Patch::Create { manifest }) = found.patch else {
            panic!("no new policy")
        };
        assert_eq!(
            manifest["spec"],
            serde_json::json!({"podSelector": {}, "policyTypes": ["Ingress"]})
        );
    }

    #[test]
    fn a_policy_that_selects_all_pods_for_ingress_denies_by_default() {
        assert!(!fails(&["{podSelector: {}}"]));
        assert!(!fails(&["{podSelector: {}, policyTypes: [Ingress, Egress]}"]));
        assert!(!fails(&["{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"]));
    }

    #[test]
    fn policies_for_some_pods_or_for_egress_do_not() {
        assert!(fails(&[FOR_SOME]));
        assert!(fails(&["{podSelector: {}, policyTypes: [Egress]}"]));
    }

    #[test]
    fn a_rule_that_lets_everyone_in_undoes_the_denial_and_is_shown() {
        let open = "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}, {}]}";
        let found = findings(&CHECK, &namespace("shop", PODS, &["{podSelector: {}}", open])).remove(0);
        assert_eq!(
            (found.witness[0].object.name.as_str(), found.witness[0].path.as_str()),
            ("p1", "spec.ingress[1]")
        );
        assert!(found.patch.is_none());
        assert!(!fails(&[
            "{podSelector: {}}",
            "{podSelector: {matchLabels: {app: web}}, ingress: [{}]}"
        ]));
    }

    #[test]
    fn a_peer_that_stands_for_everyone_undoes_the_denial_too() {
        let open = "{podSelector: {}, ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}]}]}";
        let found = findings(&CHECK, &namespace("shop", PODS, &[open])).remove(0);
        assert_eq!(found.witness[0].path, "spec.ingress[0].from[1]");
        assert_eq!(found.witness[0].value, serde_json::json!({"namespaceSelector": {}}));
    }

    #[test]
    fn namespaces_without_pods_and_pods_on_the_network_of_their_node_do_not_count() {
        assert_eq!(
            titles(
                &CHECK,
                "
apiVersion: v1
kind: Namespace
metadata: {name: empty}
"
            ),
            [""; 0]
        );
        assert_eq!(
            titles(
                &CHECK,
                &namespace("shop", "template: {spec: {hostNetwork: true}}", &[FOR_SOME])
            ),
            [""; 0]
        );
        assert_eq!(
            titles(
                &CHECK,
                &namespace("shop", "replicas: 0, template: {spec: {}}", &[FOR_SOME])
            ),
            [""; 0]
        );
    }

    #[test]
    fn a_namespace_that_is_being_deleted_is_not_judged() {
        let manifests = namespace("shop", PODS, &[FOR_SOME]);
        let phase = |phase| manifests.replacen("name: shop}", &format!("name: shop}}\nstatus: {{phase: {phase}}}"), 1);
        assert_eq!(titles(&CHECK, &phase("Terminating")), [""; 0]);
        assert_eq!(titles(&CHECK, &phase("Active")).len(), 1);
    }

    #[test]
    fn the_denial_of_the_baseline_counts_where_no_policy_selects_the_pods() {
        let baseline = "
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: default}
spec: {subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
";
        let count = |policies: &[&str]| {
            let manifests = format!("{}\n---\n{baseline}", namespace("shop", PODS, policies));
            titles(&CHECK, &manifests).len()
        };
        assert_eq!(count(&[]), 0);
        assert_eq!(count(&["{podSelector: {}, ingress: [{}]}"]), 1);
    }

    fn admin(subject: &str, ingress: &str) -> String {
        format!(
            "
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: open}}
spec: {{tier: Admin, priority: 1, subject: {{{subject}}}, ingress: [{ingress}]}}
"
        )
    }

    const ACCEPT: &str = "{action: Accept, from: [{namespaces: {}}]}";

    #[test]
    fn what_the_admin_tier_lets_in_undoes_the_denial_and_is_shown() {
        for policies in [&["{podSelector: {}}"][..], &[]] {
            let manifests = namespace("shop", PODS, policies) + &admin("namespaces: {}", ACCEPT);
            let found = findings(&CHECK, &manifests).remove(0);
            assert_eq!(
                (found.witness[0].object.to_string(), found.witness[0].path.as_str()),
                ("ClusterNetworkPolicy open".to_owned(), "spec.ingress[0].action")
            );
            assert_eq!(found.patch, None);
        }
    }

    #[test]
    fn what_the_admin_tier_lets_in_to_some_or_on_some_ports_is_an_exception() {
        let ports = ACCEPT.replace("]}", "], ports: [{portNumber: {protocol: TCP, port: 80}}]}");
        for (subject, ingress) in [
            (
                "pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}",
                ACCEPT,
            ),
            ("namespaces: {}", ports.as_str()),
            (
                "namespaces: {}",
                "{action: Accept, from: [{namespaces: {matchLabels: {a: b}}}]}",
            ),
            ("namespaces: {}", "{action: Pass, from: [{namespaces: {}}]}"),
        ] {
            let manifests = namespace("shop", PODS, &["{podSelector: {}}"]) + &admin(subject, ingress);
            assert_eq!(titles(&CHECK, &manifests), [""; 0], "{subject} {ingress}");
        }
    }

    #[test]
    fn the_namespace_of_the_cluster_itself_is_told_and_not_patched() {
        let found = findings(&CHECK, &namespace("kube-system", PODS, &[FOR_SOME])).remove(0);
        assert_eq!((found.severity, found.patch), (Severity::Low, None));
    }
}
