//! Amounts that make no sense.

use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, added_note, workloads_and};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::finding::Finding;
use crate::model::container::ResourceRequirements;
use crate::model::pairs::Amounts;
use crate::model::quantity::Quantity;
use crate::model::quota::{LimitRange, LimitRangeItem, ResourceQuota};
use crate::model::{Kind, Object};
use crate::resources::amount::{Flaw, flaw, shown};

/// See its fields.
pub static CHECK: Check = Check {
    id: "quantity-absurd",
    title: "Amount of a resource makes no sense",
    area: Area::Resources,
    severity: Severity::Medium,
    rationale: "An amount that is no quantity or below zero is refused by the API server, and the roll-out fails. One \
        that no node has is taken: a pod that asks for it is never placed, and a bound of that size bounds nothing. A \
        few bytes of memory come of a suffix that was left out, or of 512m, which is half a byte, where 512Mi was \
        meant. Other checks don't guess what was meant: what rests on such an amount is not evaluated.",
    remediation: "Write a number with a suffix that Kubernetes knows: 500m for half a core, 512Mi or 2Gi for memory \
        and storage.",
    reads: &workloads_and::<10>(&[Need::Read(Kind::ResourceQuota), Need::Read(Kind::LimitRange)]),
    judge: Judge::Each(&[
        Judge::Workload(judge_workload),
        Judge::Object(&[Kind::ResourceQuota, Kind::LimitRange], judge_bound),
    ]),
};

/// What an amount is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Request,
    Limit,
    /// The bound of a namespace, or a default in it.
    Bound,
}

fn judge_workload(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    // An ephemeral container can't have requests and limits.
    let containers = workload.containers().filter(|at| at.list != ContainerList::Ephemeral);
    let of_containers = containers.flat_map(|at| of_container(workload, at));
    let of_pod = amounts(workload.spec.resources.as_ref()).filter_map(|(list, usage, resource, quantity)| {
        let field = format!("{list}.{resource}");
        let path = workload.spec_path(&format!("resources.{field}"));
        let place = (workload.reference.clone(), path);
        finding(&workload.reference, field, place, usage, resource, quantity)
    });
    Outcome::of(of_containers.chain(of_pod).collect())
}

fn of_container(workload: &Workload<'_>, at: ContainerAt<'_>) -> Vec<Finding> {
    let found = amounts(at.container.resources.as_ref()).filter_map(|(list, usage, resource, quantity)| {
        let place = workload.container_field(at, &format!("resources.{list}.{resource}"));
        let subkey = format!("{}/{list}.{resource}", at.container.name);
        let mut finding = finding(&workload.reference, subkey, place, usage, resource, quantity)?;
        finding.message += added_note(at);
        Some(finding)
    });
    found.collect()
}

/// All amounts with the list in which they stand.
fn amounts(resources: Option<&ResourceRequirements>) -> impl Iterator<Item = (&'static str, Use, &String, &Quantity)> {
    resources.into_iter().flat_map(|resources| {
        let requests = pairs("requests", Use::Request, &resources.requests);
        requests.chain(pairs("limits", Use::Limit, &resources.limits))
    })
}

fn pairs<'a>(
    list: &'static str,
    usage: Use,
    amounts: &'a Amounts,
) -> impl Iterator<Item = (&'static str, Use, &'a String, &'a Quantity)> {
    amounts
        .pairs()
        .map(move |(resource, quantity)| (list, usage, resource, quantity))
}

fn judge_bound(_: &Cluster<'_>, object: &Object) -> Outcome {
    match object {
        Object::ResourceQuota(quota) => Outcome::of(of_quota(&object.reference(), quota)),
        Object::LimitRange(range) => Outcome::of(of_limit_range(&object.reference(), range)),
        _ => Outcome::NotApplicable,
    }
}

fn of_quota(reference: &ObjectRef, quota: &ResourceQuota) -> Vec<Finding> {
    let hard = quota.spec.iter().flat_map(|spec| spec.hard.pairs());
    let found = hard.filter_map(|(resource, quantity)| {
        let place = (reference.clone(), format!("spec.hard[{resource}]"));
        let subkey = format!("hard.{resource}");
        finding(reference, subkey, place, Use::Bound, resource, quantity)
    });
    found.collect()
}

fn of_limit_range(reference: &ObjectRef, range: &LimitRange) -> Vec<Finding> {
    let items = range.spec.iter().flat_map(|spec| &spec.limits);
    let lists = items.flat_map(|item| fields(item).map(move |(field, amounts)| (&item.r#type, field, amounts)));
    let amounts = lists.flat_map(|(of, field, amounts)| amounts.pairs().map(move |pair| (of, field, pair)));
    let found = amounts.filter_map(|(of, field, (resource, quantity))| {
        let place = (reference.clone(), format!("spec.limits[{of}].{field}.{resource}"));
        let subkey = format!("{of}/{field}.{resource}");
        finding(reference, subkey, place, Use::Bound, resource, quantity)
    });
    found.collect()
}

/// The minimum is left out: next to nothing is a sensible one.
fn fields(item: &LimitRangeItem) -> impl Iterator<Item = (&'static str, &Amounts)> {
    [
        ("default", &item.default),
        ("defaultRequest", &item.default_request),
        ("max", &item.max),
    ]
    .into_iter()
}

fn finding(
    object: &ObjectRef,
    subkey: String,
    place: (ObjectRef, String),
    usage: Use,
    resource: &str,
    quantity: &Quantity,
) -> Option<Finding> {
    let consequence = consequence(flaw(resource, quantity)?, usage);
    let written = shown(quantity);
    let finding = CHECK
        .finding(
            object.clone(),
            subkey,
            format!("{written:?} is no sensible amount of {resource}"),
            format!("{object} says {written:?} of {resource}. {consequence}"),
        )
        .witness_at(place, written);
    Some(finding)
}

fn consequence(flaw: Flaw, usage: Use) -> &'static str {
    match (flaw, usage) {
        (Flaw::Malformed, _) => "The API server refuses it: it is no number with a suffix that Kubernetes knows.",
        (Flaw::Negative, _) => "The API server refuses it: an amount must be zero or more.",
        (Flaw::Beyond, Use::Request) => "The API server takes it, but no node has as much: the pod is never placed.",
        (Flaw::Beyond, Use::Limit) => {
            "The API server takes it, but it bounds nothing; and where no request stands, it is asked for, and no node has it."
        }
        (Flaw::Beyond, Use::Bound) => "The API server takes it, but it bounds nothing.",
        (Flaw::Tiny, Use::Request) => "These are bytes, so next to nothing is kept; Mi was meant, it seems.",
        (Flaw::Tiny, Use::Limit | Use::Bound) => "These are bytes, in which no program runs; Mi was meant, it seems.",
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn pod(resources: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop}}\nspec: {{containers: [{{name: c, resources: {resources}}}]}}"
        )
    }

    #[test]
    fn each_field_is_a_finding_that_says_what_comes_of_it() {
        let found = findings(
            &CHECK,
            &pod("{requests: {cpu: two, memory: '1e99'}, limits: {memory: '-5Gi', cpu: 1}}"),
        );
        let facts: Vec<_> = found
            .iter()
            .map(|finding| (finding.witness[0].path.as_str(), finding.subkey.as_str()))
            .collect();
        assert_eq!(
            facts,
            [
                ("spec.containers[c].resources.requests.cpu", "c/requests.cpu"),
                ("spec.containers[c].resources.requests.memory", "c/requests.memory"),
                ("spec.containers[c].resources.limits.memory", "c/limits.memory"),
            ]
        );
        assert!(found[0].message.contains("no number"), "{}", found[0].message);
        assert!(found[1].message.contains("never placed"), "{}", found[1].message);
        assert!(found[2].message.contains("zero or more"), "{}", found[2].message);
    }

    #[test]
    fn half_a_byte_was_meant_to_be_more() {
        assert_eq!(
            titles(&CHECK, &pod("{limits: {memory: 512m, cpu: 512m}}")),
            [r#""512m" is no sensible amount of memory"#]
        );
    }

    #[test]
    fn amounts_of_the_pod_of_quotas_and_of_limit_ranges_count() {
        let whole = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {resources: {limits: {cpu: x}}, containers: [{name: c}]}";
        assert_eq!(findings(&CHECK, whole)[0].witness[0].path, "spec.resources.limits.cpu");
        let quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: shop}\nspec: {hard: {limits.memory: '1e99', pods: 10}}";
        assert_eq!(findings(&CHECK, quota)[0].subkey, "hard.limits.memory");
        let range = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: shop}\nspec: {limits: [{type: Container, default: {memory: 256}, min: {memory: 1}}]}";
        let found = findings(&CHECK, range);
        assert_eq!((found.len(), found[0].subkey.as_str()), (1, "Container/default.memory"));
    }

    #[test]
    fn what_is_usual_passes_and_what_is_long_is_shortened() {
        let usual = pod("{requests: {cpu: 100m, memory: 1.5Gi}, limits: {memory: 2e9, ephemeral-storage: 10Gi}}");
        assert!(titles(&CHECK, &usual).is_empty());
        let long = format!("'{}'", "9".repeat(500));
        let title = titles(&CHECK, &pod(&format!("{{limits: {{cpu: {long}}}}}"))).remove(0);
        assert!(title.len() < 100, "{title}");
    }
}
