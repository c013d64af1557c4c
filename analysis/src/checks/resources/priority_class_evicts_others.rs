//! Priority classes by which one tenant evicts the pods of others.

use std::collections::BTreeSet;

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::quota::{ResourceQuota, ScopedResourceSelectorRequirement};
use crate::model::scheduling::PriorityClass;
use crate::model::{Kind, Object, Typed};

/// See its fields.
pub static CHECK: Check = Check {
    id: "priority-class-evicts-others",
    title: "Any namespace may evict the pods of others",
    area: Area::Resources,
    severity: Severity::Medium,
    rationale: "A pod that finds no room evicts pods of lower priority, whoever they belong to. Nothing in Kubernetes \
        keeps a namespace from naming any class, the two for system components included: only a ResourceQuota with \
        the scope PriorityClass does, or a policy of your own, which is not seen here. Compared is with the class \
        that pods get by default. Classes that never preempt are let be, and so are clusters with a single tenant.",
    remediation: "Bound the class by a ResourceQuota with a scopeSelector on PriorityClass in each namespace, pods: 0 \
        where it must not be used; or have the API server refuse it wherever no such quota stands (limitedResources \
        of the ResourceQuota admission plugin). Set preemptionPolicy to Never where only the order in the queue \
        matters.",
    reads: &workloads_and::<10>(&[Need::Read(Kind::PriorityClass), Need::Read(Kind::ResourceQuota)]),
    judge: Judge::Object(&[Kind::PriorityClass], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(class) = PriorityClass::of(object) else {
        return Outcome::NotApplicable;
    };
    let tenants = tenants(cluster);
    let never = class.preemption_policy.as_deref() == Some("Never");
    if tenants.len() < 2 || never || class.value <= default_priority(cluster) {
        return Outcome::Pass;
    }
    let name = &object.meta().name;
    let is_bounded = |namespace: &str| cluster.quotas_in(namespace).iter().any(|quota| speaks_of(quota, name));
    let open = tenants.iter().filter(|namespace| !is_bounded(namespace)).count();
    let is_bounded_somewhere = cluster
        .snapshot
        .all::<ResourceQuota>()
        .any(|quota| speaks_of(quota, name));
    match (open, is_bounded_somewhere) {
        (0, _) => Outcome::Pass,
        // Quotas in some namespaces are how those are told apart that may use it at all.
        (_, true) => Outcome::NotEvaluated(format!(
            "Quotas of some namespaces speak of priority class {name}; whether the API server refuses it in the others \
             is in the configuration of its admission, which can't be seen."
        )),
        (_, false) => Outcome::Fail(vec![finding(object, class, tenants.len(), default_priority(cluster))]),
    }
}

/// The namespaces that run something, but for that of the cluster itself.
fn tenants<'c>(cluster: &'c Cluster<'_>) -> BTreeSet<&'c str> {
    let namespaces = cluster.workloads.iter().map(|it| it.reference.namespace.as_str());
    namespaces.filter(|name| *name != "kube-system").collect()
}

/// The priority of pods that name no class.
fn default_priority(cluster: &Cluster<'_>) -> i32 {
    let mut classes = cluster.snapshot.all::<PriorityClass>();
    classes
        .find(|class| class.global_default)
        .map_or(0, |class| class.value)
}

/// Whether a quota bounds the pods of a class.
fn speaks_of(quota: &ResourceQuota, class: &str) -> bool {
    let Some(spec) = &quota.spec else { return false };
    let mut scopes = spec
        .scope_selector
        .iter()
        .flat_map(|selector| &selector.match_expressions);
    spec.scopes.iter().any(|scope| scope == "PriorityClass") || scopes.any(|scope| selects(scope, class))
}

fn selects(scope: &ScopedResourceSelectorRequirement, class: &str) -> bool {
    let is_listed = scope.values.iter().any(|value| value == class);
    scope.scope_name == "PriorityClass"
        && match scope.operator.as_str() {
            "In" => is_listed,
            "NotIn" => !is_listed,
            "Exists" => true,
            _ => false,
        }
}

/// Why a class is there by design: the prefix is kept for those that Kubernetes makes itself.
fn by_design(name: &str) -> Option<String> {
    name.starts_with("system-").then(|| {
        "Kubernetes makes this class for the components that a cluster or a node can't do without. Only its use can be \
         bounded."
            .to_owned()
    })
}

fn finding(object: &Object, class: &PriorityClass, tenants: usize, default: i32) -> Finding {
    let (name, value) = (&object.meta().name, class.value);
    let mut finding = CHECK
        .finding(
            object.reference(),
            "",
            format!("Any namespace may use priority class {name} to evict others' pods"),
            format!(
                "Pods of class {name} have priority {value}, those without a class {default}. No quota bounds the class in \
                 any of the {tenants} namespaces with workloads."
            ),
        )
        .witness("value", value)
        .witness(
            "preemptionPolicy",
            class.preemption_policy.as_deref().unwrap_or("PreemptLowerPriority"),
        );
    finding.expected = by_design(name);
    if finding.expected.is_some() {
        finding.severity = Severity::Low;
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{findings, snapshot, titles};

    fn class(name: &str, fields: &str) -> String {
        format!("\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {{name: {name}}}\n{fields}\n---\n")
    }

    fn tenant(namespace: &str) -> String {
        format!(
            "\napiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: {namespace}}}\nspec: {{containers: [{{name: c}}]}}\n---\n"
        )
    }

    fn quota(namespace: &str, operator: &str, values: &str) -> String {
        format!(
            "
apiVersion: v1
kind: ResourceQuota
metadata: {{name: q, namespace: {namespace}}}
spec:
  hard: {{pods: 0}}
  scopeSelector: {{matchExpressions: [{{scopeName: PriorityClass, operator: {operator}, values: [{values}]}}]}}
---
"
        )
    }

    fn two_tenants() -> String {
        tenant("shop") + &tenant("crm")
    }

    #[test]
    fn a_class_above_the_default_evicts_others() {
        let found = findings(&CHECK, &(class("high", "value: 1000") + &two_tenants()));
        assert_eq!((found.len(), found[0].severity), (1, Severity::Medium));
        assert!(titles(&CHECK, &(class("low", "value: -5") + &two_tenants())).is_empty());
    }

    #[test]
    fn what_pods_get_by_default_evicts_no_other_pods_that_get_it() {
        let default = class("usual", "value: 1000\nglobalDefault: true");
        assert!(titles(&CHECK, &(default.clone() + &two_tenants())).is_empty());
        let higher = default + &class("high", "value: 1001") + &class("same", "value: 1000");
        let found = findings(&CHECK, &(higher + &two_tenants()));
        assert_eq!((found.len(), found[0].object.name.as_str()), (1, "high"));
    }

    #[test]
    fn a_class_that_never_preempts_and_a_single_tenant_are_let_be() {
        let never = class("high", "value: 1000\npreemptionPolicy: Never");
        assert!(titles(&CHECK, &(never + &two_tenants())).is_empty());
        let alone = class("high", "value: 1000") + &tenant("shop") + &tenant("kube-system");
        assert!(titles(&CHECK, &alone).is_empty());
    }

    #[test]
    fn quotas_in_every_namespace_bound_it_and_in_some_they_say_nothing_of_the_others() {
        let outcome = |quotas: &str| {
            let snapshot = snapshot(&(class("high", "value: 1000") + &two_tenants() + quotas));
            let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
            crate::run::outcomes(&CHECK, &cluster).remove(0).1
        };
        let all = quota("shop", "In", "high") + &quota("crm", "NotIn", "low");
        assert_eq!(outcome(&all), Outcome::Pass);
        assert!(matches!(
            outcome(&quota("shop", "In", "high")),
            Outcome::NotEvaluated(_)
        ));
        assert!(matches!(outcome(&quota("shop", "In", "low")), Outcome::Fail(_)));
    }

    #[test]
    fn classes_of_kubernetes_itself_are_expected_and_open_all_the_same() {
        let system = class("system-node-critical", "value: 2000001000");
        let finding = findings(&CHECK, &(system + &two_tenants())).remove(0);
        assert_eq!((finding.severity, finding.expected.is_some()), (Severity::Low, true));
    }
}
