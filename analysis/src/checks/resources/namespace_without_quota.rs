//! Namespaces that may use all of the cluster.

use serde_json::json;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use super::judged_namespace;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::model::namespace::Namespace;
use crate::model::quota::{ResourceQuota, ResourceQuotaSpec};

/// See its fields.
pub static CHECK: Check = Check {
    id: "namespace-without-quota",
    title: "Namespace has no resource quota",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "Without a quota one namespace can take all of the cluster's capacity and crowd the others out, by a runaway \
        autoscaler as well as by someone who mines coins. kube-system is left out, and so are namespaces of \
        OpenShift: a quota there could keep out pods that the cluster needs.",
    remediation: "Give the namespace a ResourceQuota. The patch bounds the number of pods with ample room; add requests.cpu, \
        requests.memory and limits.memory once every pod sets them.",
    reads: &workloads_and::<10>(&[Need::Read(Kind::Namespace), Need::Read(Kind::ResourceQuota)]),
    judge: Judge::Namespace(judge),
};

fn judge(cluster: &Cluster<'_>, namespace: &Namespace) -> Outcome {
    let Some(meta) = judged_namespace(cluster, namespace) else {
        return Outcome::NotApplicable;
    };
    let quotas = cluster.quotas_in(&meta.name);
    if quotas
        .iter()
        .filter_map(|quota| quota.spec.as_ref())
        .any(bounds_all_pods)
    {
        return Outcome::Pass;
    }
    let (title, message) = match quotas {
        [] => (
            CHECK.title,
            format!("Nothing bounds what namespace {} may ask for.", meta.name),
        ),
        _ => (
            "No quota of the namespace bounds its pods",
            format!(
                "No resource quota of namespace {} bounds the number, the CPU or the memory of all its pods.",
                meta.name
            ),
        ),
    };
    let finding = CHECK
        .finding(Kind::Namespace.reference(meta), "", title, message)
        .witness("resourcequotas", names(quotas))
        .patch(
            format!("Bound what {} may ask for", meta.name),
            quotas.is_empty().then(|| quota(cluster, &meta.name)),
        );
    Outcome::Fail(vec![finding])
}

/// Resources of pods. A quota for others, such as Services, leaves the capacity of the nodes to whoever asks for it.
const OF_PODS: &[&str] = &[
    "pods",
    "count/pods",
    "cpu",
    "memory",
    "requests.cpu",
    "requests.memory",
    "limits.cpu",
    "limits.memory",
];

/// Whether a quota bounds pods of every sort.
fn bounds_all_pods(spec: &ResourceQuotaSpec) -> bool {
    spec.is_for_all_pods() && OF_PODS.iter().any(|resource| spec.hard.get(resource).is_some())
}

fn names(quotas: &[&ResourceQuota]) -> Vec<String> {
    let metas = quotas.iter().filter_map(|quota| quota.metadata.as_ref());
    metas.map(|meta| meta.name.clone()).collect()
}

/// Bounds from which the patch takes one, so that it does not change with every pod.
const BOUNDS: &[usize] = &[20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/// A quota of twice as many pods as there are, or more.
fn quota(cluster: &Cluster<'_>, namespace: &str) -> Patch {
    let wanted = |replicas: Option<i32>| {
        replicas
            .and_then(|replicas| usize::try_from(replicas).ok())
            .unwrap_or(0)
    };
    let workloads = cluster.workloads_in(namespace);
    let pods: usize = workloads
        .map(|workload| workload.pods.len().max(wanted(workload.replicas)))
        .sum();
    let bound = BOUNDS
        .iter()
        .copied()
        .find(|bound| *bound >= 2 * pods)
        .unwrap_or(2 * pods);
    let manifest = json!({
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "default", "namespace": namespace},
        "spec": {"hard": {"pods": bound.to_string()}},
    });
    Patch::Create { manifest }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn namespace(name: &str, replicas: u32) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: {name}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {name}}}
spec: {{replicas: {replicas}, template: {{spec: {{containers: [{{name: c}}]}}}}}}
---
"
        )
    }

    fn quota(hard: &str) -> String {
        format!(
            "\napiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: q, namespace: shop}}\nspec: {{hard: {{{hard}}}}}\n"
        )
    }

    #[test]
    fn a_namespace_with_workloads_and_no_quota_fails() {
        let finding = findings(&CHECK, &namespace("shop", 30)).remove(0);
        let patch = serde_json::to_value(finding.patch).unwrap();
        assert_eq!(patch["manifest"]["spec"]["hard"]["pods"], "100");
    }

    #[test]
    fn a_quota_passes_unless_it_bounds_nothing() {
        assert!(titles(&CHECK, &(namespace("shop", 1) + &quota("pods: '10'"))).is_empty());
        assert_eq!(
            findings(&CHECK, &(namespace("shop", 1) + &quota(""))).remove(0).patch,
            None
        );
    }

    #[test]
    fn a_quota_of_other_things_or_of_some_pods_leaves_the_rest_unbounded() {
        let scoped = |scopes: &str| quota("pods: '5'").replace("spec: {", &format!("spec: {{{scopes}, "));
        for quota in [
            quota("services.loadbalancers: '0'"),
            scoped("scopes: [BestEffort]"),
            scoped("scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [low]}]}"),
        ] {
            let found = findings(&CHECK, &(namespace("shop", 1) + &quota));
            assert_eq!(found.len(), 1, "{quota}");
            assert_eq!(found[0].witness[0].value, serde_json::json!(["q"]));
        }
    }

    #[test]
    fn kube_system_and_empty_and_terminating_namespaces_are_not_judged() {
        let terminating = namespace("shop", 1).replacen("shop}", "shop}\nstatus: {phase: Terminating}", 1);
        assert!(titles(&CHECK, &terminating).is_empty());
        assert!(titles(&CHECK, &namespace("kube-system", 1)).is_empty());
        assert!(titles(&CHECK, &namespace("openshift-monitoring", 1)).is_empty());
        assert!(titles(&CHECK, "apiVersion: v1\nkind: Namespace\nmetadata: {name: empty}").is_empty());
    }
}
