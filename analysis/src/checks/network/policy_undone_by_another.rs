//! Policies that have no effect because of another.

use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::network::coverage::READS;
use crate::network::default_deny::{ByDefault, of_namespace};
use crate::network::policy::selects_all;
use crate::network::rule::Direction;
use crate::network::undone::Undone;

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-undone-by-another",
    title: "Another policy makes the network policy ineffective",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "Network policies add to each other: what one of them lets through no other cuts off. Where another policy lets \
        everyone through to all pods that this one selects, this one restricts nothing, though it reads as if it did. Policies of \
        the Admin tier decide before any network policy is asked.",
    remediation: "Narrow the policy that lets everyone through, or delete the one that has no effect.",
    reads: &READS,
    judge: Judge::Object(&[Kind::NetworkPolicy], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let (Object::NetworkPolicy(written), reference) = (object, object.reference()) else {
        return Outcome::NotApplicable;
    };
    let evaluated = cluster.network();
    let Some(policy) = evaluated.policy(&reference) else {
        return Outcome::NotApplicable;
    };
    // Where it is all pods of the namespace, the checks of its default say so once.
    let is_said = |direction| {
        let namespace = evaluated.namespace(&reference.namespace);
        let by_default = namespace.map(|namespace| of_namespace(&evaluated.network, namespace, direction));
        selects_all(written) && matches!(by_default, Some(ByDefault::LetThrough(_)))
    };
    let found = [Direction::Ingress, Direction::Egress]
        .into_iter()
        .filter_map(|direction| {
            let undone = evaluated.undoing().why(&evaluated.network, policy, direction)?;
            (!is_said(direction)).then(|| finding(&reference, direction, undone))
        });
    Outcome::of(found.collect())
}

fn finding(policy: &ObjectRef, direction: Direction, undone: Undone) -> Finding {
    let (subkey, way) = match direction {
        Direction::Ingress => ("ingress", "to"),
        Direction::Egress => ("egress", "from"),
    };
    let (opening, severity, what) = match undone {
        Undone::Opened(opening) => (
            opening,
            Severity::Medium,
            format!("lets through every connection {way} the pods that it selects, so that it restricts nothing"),
        ),
        Undone::Shadowed(opening) => (
            opening,
            Severity::Low,
            format!(
                "cuts off every connection {way} the pods that it selects before it is asked, so that it lets nothing through"
            ),
        ),
    };
    let title = format!("{} makes {policy} ineffective for {subkey}", opening.policy);
    let message = format!("{policy} has no effect for {subkey}: {} {what}.", opening.policy);
    let mut finding =
        CHECK
            .finding(policy.clone(), subkey, title, message)
            .witness_in(opening.policy, opening.path, opening.value);
    finding.severity = severity;
    finding
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{deployment, policy};
    use super::CHECK;
    use crate::fixture::{findings, titles};

    const RESTRICTS: &str = "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]}";

    fn shop(policies: &[&str]) -> String {
        let policies = policies.iter().enumerate();
        let policies = policies.map(|(number, spec)| policy("shop", &format!("p{number}"), spec));
        deployment("shop", "web", "") + &deployment("shop", "db", "") + &policies.collect::<String>()
    }

    #[test]
    fn a_policy_that_another_opens_again_fails_and_the_rule_is_shown() {
        let open = "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {}}]}]}";
        let found = findings(&CHECK, &shop(&[RESTRICTS, open])).remove(0);
        assert_eq!(
            found.title,
            "NetworkPolicy shop/p1 makes NetworkPolicy shop/p0 ineffective for ingress"
        );
        assert_eq!(
            (found.witness[0].object.name.as_str(), found.witness[0].path.as_str()),
            ("p1", "spec.ingress[0].from[0]")
        );
    }

    #[test]
    fn a_policy_that_still_isolates_one_of_its_pods_passes() {
        let open = "{podSelector: {matchLabels: {app: web}}, ingress: [{}]}";
        assert_eq!(titles(&CHECK, &shop(&["{podSelector: {}}", open])), [""; 0]);
        let ports = "{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 80}]}]}";
        assert_eq!(titles(&CHECK, &shop(&[RESTRICTS, ports])), [""; 0]);
    }

    #[test]
    fn where_all_pods_are_opened_by_default_the_namespace_is_told() {
        let open = "{podSelector: {}, ingress: [{}]}";
        assert_eq!(titles(&CHECK, &shop(&["{podSelector: {}}", open])), [""; 0]);
        assert_eq!(titles(&CHECK, &shop(&[RESTRICTS, open])).len(), 1);
    }

    #[test]
    fn the_admin_tier_opens_and_shadows() {
        let admin = |action: &str| {
            let policy = format!(
                "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: all}}
spec: {{tier: Admin, priority: 1, subject: {{namespaces: {{}}}}, ingress: [{{action: {action}, from: [{{namespaces: {{}}}}]}}]}}
"
            );
            titles(&CHECK, &(shop(&[RESTRICTS]) + &policy)).len()
        };
        assert_eq!((admin("Accept"), admin("Deny"), admin("Pass")), (1, 1, 0));
    }

    #[test]
    fn a_policy_with_no_rules_is_not_shadowed_by_a_denial() {
        let admin = "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
";
        assert_eq!(titles(&CHECK, &(shop(&["{podSelector: {}}"]) + admin)), [""; 0]);
    }
}
