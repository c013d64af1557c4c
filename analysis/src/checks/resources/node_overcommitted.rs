//! Nodes that promised more than they should.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::node::Node;
use crate::model::pod::{Pod, PodSpec};
use crate::model::quantity::Quantity;
use crate::model::{Kind, Object, Typed};
use crate::resources::amount::{number, shown, text};
use crate::resources::demand::{limited, requested};

/// See its fields.
pub static CHECK: Check = Check {
    id: "node-overcommitted",
    title: "Pods ask for nearly all of a node, or may take more than twice of it",
    area: Area::Resources,
    severity: Severity::Medium,
    rationale: "What its pods ask for is kept for them: a node of which more than 95 per cent is asked for takes no \
        pod of a node that fails, and a DaemonSet that grows no longer fits. Limits may exceed what a node has, as \
        long as not all are used at once; where they are more than twice as much, a peak in a few pods slows or kills \
        others, which is of low severity.",
    remediation: "Add a node, or lower what the pods ask for to what they use. Bring limits closer to requests.",
    reads: &[Need::Read(Kind::Node), Need::Read(Kind::Pod)],
    judge: Judge::Object(&[Kind::Node], judge),
};

/// A sum that a node must bear.
struct Sum {
    /// As in a quota.
    name: &'static str,
    of: for<'a> fn(&'a PodSpec, &str) -> Result<i64, &'a Quantity>,
    /// Per cent of what the node has that are borne.
    borne: i64,
    severity: Severity,
    /// What pods do, after "its pods".
    verb: &'static str,
}

const SUMS: &[Sum] = &[
    Sum {
        name: "requests",
        of: requested,
        borne: 95,
        severity: Severity::Medium,
        verb: "ask for",
    },
    Sum {
        name: "limits",
        of: limited,
        borne: 200,
        severity: Severity::Low,
        verb: "may take",
    },
];

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let pods = cluster.pods_on(&object.meta().name);
    let status = Node::of(object).and_then(|node| node.status.as_ref());
    let (mut findings, mut unseen) = (Vec::new(), None);
    for resource in ["cpu", "memory"] {
        let allocatable = status.and_then(|status| status.allocatable.get(resource));
        match allocatable.map(|quantity| (quantity, number(resource, quantity))) {
            Some((quantity, Ok(1..))) => {
                for sum in SUMS {
                    match total(pods, sum, resource) {
                        Ok(total) => findings.extend(finding(object, sum, resource, total, quantity)),
                        Err(reason) => unseen = unseen.or(Some(reason)),
                    }
                }
            }
            _ => {
                unseen = unseen.or(Some(format!(
                    "{} does not tell how much {resource} it has.",
                    object.reference()
                )))
            }
        }
    }
    Outcome::of_seen(findings, unseen)
}

fn total(pods: &[&Pod], sum: &Sum, resource: &str) -> Result<i64, String> {
    let mut total = 0i64;
    for pod in pods {
        let Some(spec) = &pod.spec else { continue };
        let own = (sum.of)(spec, resource).map_err(|quantity| unreadable(pod, resource, quantity))?;
        total = total.saturating_add(own);
    }
    Ok(total)
}

fn unreadable(pod: &Pod, resource: &str, quantity: &Quantity) -> String {
    let name = pod.metadata.as_ref().map_or("", |meta| meta.name.as_str());
    format!(
        "The {resource} of pod {name} is {:?}, which can't be reckoned with.",
        shown(quantity)
    )
}

fn finding(object: &Object, sum: &Sum, resource: &str, total: i64, allocatable: &Quantity) -> Option<Finding> {
    let has = number(resource, allocatable).ok()?;
    let per_cent = i128::from(total) * 100 / i128::from(has.max(1));
    if per_cent <= i128::from(sum.borne) {
        return None;
    }
    let (name, word) = (&object.meta().name, if resource == "cpu" { "CPU" } else { "memory" });
    let mut finding = CHECK
        .finding(
            object.reference(),
            format!("{}.{resource}", sum.name),
            format!("Pods {} {per_cent} % of the {word} of node {name}", sum.verb),
            format!(
                "Node {name} has {} of {word} for pods, and its pods {} {} of it together.",
                allocatable.text,
                sum.verb,
                text(resource, total)
            ),
        )
        .witness(format!("status.allocatable.{resource}"), allocatable.text.as_str())
        .witness(format!("pods.{}.{resource}", sum.name), text(resource, total));
    finding.severity = sum.severity;
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{findings, snapshot};

    const NODE: &str = "
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {allocatable: {cpu: 4, memory: 8Gi}}
---
";

    fn pod(name: &str, node: &str, resources: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop}}
spec: {{nodeName: {node}, containers: [{{name: c, resources: {resources}}}]}}
---
"
        )
    }

    fn found(pods: &str) -> Vec<(String, Severity)> {
        findings(&CHECK, &(NODE.to_owned() + pods))
            .into_iter()
            .map(|finding| (finding.title, finding.severity))
            .collect()
    }

    #[test]
    fn all_that_is_asked_for_on_a_node_counts_together() {
        let first = pod("a", "n1", "{requests: {cpu: 2}}");
        assert!(found(&(first.clone() + &pod("b", "n1", "{requests: {cpu: 1800m}}"))).is_empty());
        assert_eq!(
            found(&(first.clone() + &pod("b", "n1", "{requests: {cpu: 1900m}}"))),
            [("Pods ask for 97 % of the CPU of node n1".to_owned(), Severity::Medium)]
        );
        assert!(found(&(first + &pod("b", "n2", "{requests: {cpu: 1900m}}"))).is_empty());
    }

    #[test]
    fn limits_may_be_twice_what_a_node_has_and_no_more() {
        let limits = |limit: &str| {
            pod(
                "a",
                "n1",
                &format!("{{requests: {{memory: 1Gi}}, limits: {{memory: {limit}}}}}"),
            )
        };
        assert!(found(&limits("16Gi")).is_empty());
        assert_eq!(
            found(&limits("17Gi")),
            [("Pods may take 212 % of the memory of node n1".to_owned(), Severity::Low)]
        );
    }

    #[test]
    fn what_can_not_be_reckoned_with_is_not_passed() {
        let absurd = pod("a", "n1", "{requests: {memory: '1e99'}}");
        for manifests in [
            NODE.to_owned() + &absurd,
            NODE.replace("cpu: 4, ", ""),
            NODE.replace("cpu: 4", "cpu: 0"),
        ] {
            let snapshot = snapshot(&manifests);
            let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
            let outcome = crate::run::outcomes(&CHECK, &cluster).remove(0).1;
            assert!(matches!(outcome, Outcome::NotEvaluated(_)), "{outcome:?}");
        }
    }
}
