//! Roles that grant the same as another.

use std::collections::BTreeMap;

use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::rbac::{Role, rules};

/// See its fields.
pub static CHECK: Check = Check {
    id: "duplicate-role",
    title: "Two roles grant the same",
    area: Area::Rbac,
    severity: Severity::Low,
    rationale: "Of two roles with the same rules one is forgotten when the other is narrowed, and whoever reviews them reads \
        everything twice.",
    remediation: "Bind one of them in both places, and delete the other. Roles of different namespaces are not compared.",
    reads: &[Need::Read(Kind::ClusterRole), Need::Read(Kind::Role)],
    judge: Judge::Cluster(judge),
};

fn judge(cluster: &Cluster<'_>) -> Outcome {
    let mut alike: BTreeMap<(String, Vec<String>), Vec<ObjectRef>> = BTreeMap::new();
    for kind in [Kind::ClusterRole, Kind::Role] {
        for (role, content) in cluster
            .snapshot
            .of(kind)
            .iter()
            .filter_map(|role| content(cluster, role))
        {
            alike.entry((role.namespace.clone(), content)).or_default().push(role);
        }
    }
    let findings = alike.values().filter_map(|roles| match roles.as_slice() {
        [first, others @ ..] if !others.is_empty() => Some(finding(first, others)),
        _ => None,
    });
    Outcome::of(findings.collect())
}

/// What a role grants, however its rules are ordered; none for what Kubernetes or a controller writes, and for what is empty.
fn content(cluster: &Cluster<'_>, object: &Object) -> Option<(ObjectRef, Vec<String>)> {
    if matches!(object, Object::ClusterRole(role) if role.aggregation_rule.is_some()) {
        return None;
    }
    let role = Role::of(cluster.snapshot, object).filter(|role| role.default().is_none() && !role.rules.is_empty())?;
    let mut content: Vec<String> = role.rules.iter().map(|rule| rules::describe(rule)).collect();
    content.sort_unstable();
    content.dedup();
    Some((role.reference, content))
}

/// Roles that a finding shows; it counts them all.
const MAX_WITNESSES: usize = 5;

/// One for all of a kind, on the first by name.
fn finding(first: &ObjectRef, others: &[ObjectRef]) -> Finding {
    let whom = match others {
        [only] => only.to_string(),
        more => format!("{} others", more.len()),
    };
    let title = format!("{first} and {whom} grant the same");
    let message = format!("{title}: their rules are the same, if perhaps in another order.");
    others
        .iter()
        .take(MAX_WITNESSES)
        .fold(CHECK.finding(first.clone(), "", title, message), |finding, other| {
            finding.witness_in(other.clone(), "metadata.name", other.name.as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::titles;

    fn role(head: &str, rules: &str) -> String {
        format!("\napiVersion: rbac.authorization.k8s.io/v1\n{head}\nrules: [{rules}]\n")
    }

    const PODS: &str = "{verbs: [get, list], apiGroups: [''], resources: [pods]}";
    const NODES: &str = "{verbs: [get], apiGroups: [''], resources: [nodes]}";

    #[test]
    fn the_order_of_rules_and_verbs_makes_no_difference() {
        let one = role("kind: ClusterRole\nmetadata: {name: a}", &format!("{PODS}, {NODES}"));
        let two = role(
            "kind: ClusterRole\nmetadata: {name: b}",
            &format!("{NODES}, {PODS}").replace("get, list", "list, get"),
        );
        assert_eq!(
            titles(&CHECK, &format!("{one}\n---\n{two}")),
            ["ClusterRole a and ClusterRole b grant the same"]
        );
    }

    #[test]
    fn many_that_are_alike_are_reported_once() {
        let roles: Vec<String> = ["a", "b", "c", "d"]
            .map(|name| role(&format!("kind: ClusterRole\nmetadata: {{name: {name}}}"), PODS))
            .into();
        assert_eq!(
            titles(&CHECK, &roles.join("\n---\n")),
            ["ClusterRole a and 3 others grant the same"]
        );
    }

    #[test]
    fn roles_that_differ_are_empty_or_stand_elsewhere_pass() {
        let pair = |one: String, two: String| titles(&CHECK, &format!("{one}\n---\n{two}"));
        let cluster =
            |name: &str, rules: &str| role(&format!("kind: ClusterRole\nmetadata: {{name: '{name}'}}"), rules);
        let within = |namespace: &str| {
            role(
                &format!("kind: Role\nmetadata: {{name: r, namespace: {namespace}}}"),
                PODS,
            )
        };
        assert_eq!(pair(cluster("a", PODS), cluster("b", NODES)), [""; 0]);
        assert_eq!(pair(cluster("a", ""), cluster("b", "")), [""; 0]);
        assert_eq!(pair(within("shop"), within("tools")), [""; 0]);
        assert_eq!(pair(cluster("a", PODS), within("shop")), [""; 0]);
        assert_eq!(pair(cluster("a", PODS), cluster("system:coredns", PODS)), [""; 0]);
    }
}
