//! Namespaces that give containers no limits.

use shared::verdict::{Area, Severity};

use super::judged_namespace;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::model::namespace::Namespace;
use crate::model::quota::{LimitRange, LimitRangeItem};

/// See its fields.
pub static CHECK: Check = Check {
    id: "namespace-without-limit-range",
    title: "Namespace has no limit range for containers",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "A LimitRange gives requests and limits to containers that state none, and refuses those that want \
        more than their share. Without one, each author must think of it, and the first who does not may use up a \
        node. kube-system is left out, and so are namespaces of OpenShift: a default there could keep the cluster from working.",
    // No patch: what containers need can't be guessed, and a default that is too small kills them.
    remediation: "Give the namespace a LimitRange of type Container with a defaultRequest, a default and a max, by \
        what its containers were measured to use.",
    reads: &workloads_and::<10>(&[Need::Read(Kind::Namespace), Need::Read(Kind::LimitRange)]),
    judge: Judge::Namespace(judge),
};

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    let Some(meta) = judged_namespace(cluster, namespace) else {
        return Outcome::NotApplicable;
    };
    let ranges = cluster.limit_ranges_in(&meta.name);
    if ranges.iter().any(|range| is_for_containers(range)) {
        return Outcome::Pass;
    }
    let (title, message) = match ranges {
        [] => (
            CHECK.title,
            format!(
                "Containers of namespace {} that state no requests and limits have none.",
                meta.name
            ),
        ),
        _ => (
            "No limit range of the namespace is for containers",
            format!(
                "The limit ranges of namespace {} say nothing of the CPU and memory of containers and pods.",
                meta.name
            ),
        ),
    };
    let names: Vec<String> = ranges
        .iter()
        .filter_map(|range| range.metadata.as_ref())
        .map(|meta| meta.name.clone())
        .collect();
    let finding = CHECK
        .finding(Kind::Namespace.reference(meta), "", title, message)
        .witness("limitranges", names);
    Outcome::Fail(vec![finding])
}

/// Whether it says how much CPU or memory a container or a pod gets, or may have at most.
fn is_for_containers(range: &LimitRange) -> bool {
    let bounds = |item: &LimitRangeItem| {
        let speaks = |resource: &str| {
            [&item.default, &item.default_request, &item.max]
                .iter()
                .any(|amounts| amounts.get(resource).is_some())
        };
        matches!(item.r#type.as_str(), "Container" | "Pod") && (speaks("cpu") || speaks("memory"))
    };
    range.spec.iter().flat_map(|spec| &spec.limits).any(bounds)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::titles;

    fn namespace(name: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: {name}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: {name}}}
spec: {{containers: [{{name: c}}]}}
---
"
        )
    }

    fn limit_range(item: &str) -> String {
        format!(
            "\napiVersion: v1\nkind: LimitRange\nmetadata: {{name: l, namespace: shop}}\nspec: {{limits: [{item}]}}\n"
        )
    }

    #[test]
    fn a_limit_range_for_containers_or_pods_passes() {
        assert_eq!(titles(&CHECK, &namespace("shop")).len(), 1);
        for item in [
            "{type: Container, default: {memory: 1Gi}}",
            "{type: Container, max: {cpu: 1}}",
            "{type: Pod, max: {cpu: 4}}",
        ] {
            assert!(
                titles(&CHECK, &(namespace("shop") + &limit_range(item))).is_empty(),
                "{item}"
            );
        }
    }

    #[test]
    fn one_for_other_things_does_not() {
        for item in [
            "{type: PersistentVolumeClaim, max: {storage: 1Gi}}",
            "{type: Container, max: {ephemeral-storage: 1Gi}}",
        ] {
            assert_eq!(
                titles(&CHECK, &(namespace("shop") + &limit_range(item))),
                ["No limit range of the namespace is for containers"],
                "{item}"
            );
        }
    }

    #[test]
    fn kube_system_and_empty_namespaces_are_not_judged() {
        assert!(titles(&CHECK, &namespace("kube-system")).is_empty());
        assert!(titles(&CHECK, "apiVersion: v1\nkind: Namespace\nmetadata: {name: empty}").is_empty());
    }
}
