//! Namespaces that nobody thought of when policies were written.

use serde_json::json;
use shared::verdict::{Area, Severity};

use super::{deny_incoming, is_without_policy, with_pods};
use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::network::coverage::READS;

/// See its fields.
pub static CHECK: Check = Check {
    id: "namespace-without-policy",
    title: "Namespace without any network policy",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "Where no policy of any kind speaks of a namespace's pods, every pod of the cluster may connect to them, and they to \
        everything: whoever takes one over may look for the next, bring in tools and send data out. Policies of Cilium and Calico \
        are not evaluated.",
    remediation: "Add a policy that selects all pods of the namespace and lets nothing in, together with policies for the \
        connections that are needed; then the same for what goes out. The patch is the first of them alone, and cuts off whatever \
        connects to the pods now: the page What if, under Network, makes it together with policies for what Services declare, and \
        tells what would be cut off.",
    reads: &READS,
    judge: Judge::Namespace(judge),
};

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    match with_pods(cluster, namespace) {
        None => Outcome::NotApplicable,
        Some(meta) if is_without_policy(cluster, &meta.name) => Outcome::Fail(vec![finding(meta)]),
        Some(_) => Outcome::Pass,
    }
}

fn finding(namespace: &ObjectMeta) -> Finding {
    let name = namespace.name.as_str();
    let title = format!("Namespace {name} has no network policy");
    let message = format!(
        "Namespace {name} has no network policy, and none for the whole cluster speaks of its pods: every connection to them and \
         from them is let through."
    );
    let finding = CHECK.finding(Kind::Namespace.reference(namespace), "", title, message);
    deny_incoming(finding.witness("networkpolicies", json!([])), name, Some(&[]))
}

#[cfg(test)]
mod tests {
    use shared::patch::Patch;
    use shared::verdict::Severity;

    use super::super::fixtures::{deployment, namespace, policy};
    use super::super::{namespace_without_default_deny, namespace_without_egress_default_deny};
    use super::CHECK;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn shop(policies: &[&str]) -> String {
        let policies = policies.iter().enumerate();
        let policies = policies.map(|(number, spec)| policy("shop", &format!("p{number}"), spec));
        namespace("shop") + &deployment("shop", "web", "containers: [{name: c}]") + &policies.collect::<String>()
    }

    fn cluster_wide(namespaces: &str, rules: &str) -> String {
        format!(
            "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: all}}
spec: {{tier: Admin, priority: 1, subject: {{namespaces: {namespaces}}}, {rules}}}
"
        )
    }

    #[test]
    fn a_namespace_with_pods_and_no_policy_fails_and_the_patch_closes_it() {
        let found = findings(&CHECK, &shop(&[])).remove(0);
        assert_eq!(
            (found.title.as_str(), found.object.kind.as_str()),
            ("Namespace shop has no network policy", "Namespace")
        );
        let Some(Patch::Create { manifest }) = found.patch else {
            panic!("no new policy")
        };
        assert_eq!(
            manifest["spec"],
            serde_json::json!({"podSelector": {}, "policyTypes": ["Ingress"]})
        );
        assert!(is_closed_by_patches(&CHECK, &shop(&[])));
    }

    #[test]
    fn one_cause_is_one_finding() {
        for check in [
            &namespace_without_default_deny::CHECK,
            &namespace_without_egress_default_deny::CHECK,
        ] {
            assert_eq!(titles(check, &shop(&[])), [""; 0], "{}", check.id);
            let some = shop(&["{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress, Egress]}"]);
            assert_eq!(
                (titles(check, &some).len(), titles(&CHECK, &some).len()),
                (1, 0),
                "{}",
                check.id
            );
        }
    }

    #[test]
    fn a_policy_for_the_whole_cluster_counts_where_it_speaks_of_the_pods() {
        let rules = "egress: [{action: Deny, to: [{namespaces: {matchLabels: {a: b}}}]}]";
        let count = |policy: &str| titles(&CHECK, &(shop(&[]) + policy)).len();
        assert_eq!(count(&cluster_wide("{}", rules)), 0);
        assert_eq!(count(&cluster_wide("{matchLabels: {team: other}}", rules)), 1);
    }

    #[test]
    fn policies_of_other_namespaces_do_not_count() {
        assert_eq!(
            titles(&CHECK, &(shop(&[]) + &policy("lab", "all", "{podSelector: {}}"))).len(),
            1
        );
    }

    #[test]
    fn namespaces_without_pods_and_pods_on_the_network_of_their_node_do_not_count() {
        assert_eq!(titles(&CHECK, &namespace("empty")), [""; 0]);
        let agents = namespace("shop") + &deployment("shop", "agent", "hostNetwork: true");
        assert_eq!(titles(&CHECK, &agents), [""; 0]);
        let stopped = shop(&[]).replace("spec: {template", "spec: {replicas: 0, template");
        assert_eq!(titles(&CHECK, &stopped), [""; 0]);
    }

    #[test]
    fn a_namespace_that_is_being_deleted_is_not_judged() {
        let phase = |phase| shop(&[]).replacen("name: shop}", &format!("name: shop}}\nstatus: {{phase: {phase}}}"), 1);
        assert_eq!(titles(&CHECK, &phase("Terminating")), [""; 0]);
        assert_eq!(titles(&CHECK, &phase("Active")).len(), 1);
    }

    #[test]
    fn the_namespace_of_the_cluster_itself_is_told_and_not_patched() {
        let found = findings(&CHECK, &shop(&[]).replace("shop", "kube-system")).remove(0);
        assert_eq!((found.severity, found.patch), (Severity::Low, None));
    }
}
