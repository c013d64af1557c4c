//! Quotas with little left.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::quantity::Quantity;
use crate::model::quota::{ResourceQuota, ResourceQuotaStatus};
use crate::model::{Kind, Object, Typed};
use crate::resources::amount::{number, shown};

/// See its fields.
pub static CHECK: Check = Check {
    id: "quota-nearly-used",
    title: "Resource quota is nearly used up",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "When a quota is used up the API server refuses new pods: a roll-out stops half way, and a node that fails takes \
        pods with it that can't come back. From 90 per cent on it is reported, at 100 per cent with medium severity.",
    remediation: "Find out what grew; then raise the quota, or lower what the namespace's workloads ask for.",
    reads: &[Need::Read(Kind::ResourceQuota)],
    judge: Judge::Object(&[Kind::ResourceQuota], judge),
};

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(quota) = ResourceQuota::of(object) else {
        return Outcome::NotApplicable;
    };
    let is_bounding = quota.spec.as_ref().is_some_and(|spec| !spec.hard.is_empty());
    match quota.status.as_ref().filter(|status| !status.hard.is_empty()) {
        Some(status) => Outcome::of_seen(findings(object, status), unreadable(object, status)),
        None if is_bounding => Outcome::NotEvaluated(format!("The use of {} is not known.", object.reference())),
        None => Outcome::NotApplicable,
    }
}

fn findings(object: &Object, status: &ResourceQuotaStatus) -> Vec<Finding> {
    let pairs = status
        .hard
        .pairs()
        .filter_map(|(resource, hard)| Some((resource, hard, status.used.get(resource)?)));
    pairs
        .filter_map(|(resource, hard, used)| finding(object, resource, hard, used))
        .collect()
}

/// That an amount can't be reckoned with, so that nobody knows how much of it is left.
fn unreadable(object: &Object, status: &ResourceQuotaStatus) -> Option<String> {
    let mut amounts = status.hard.pairs().chain(status.used.pairs());
    let (resource, quantity) = amounts.find(|(resource, quantity)| number(resource, quantity).is_err())?;
    Some(format!(
        "{} has {:?} of {resource}, which can't be reckoned with.",
        object.reference(),
        shown(quantity)
    ))
}

/// Whole per cent used; none of a bound of zero, which forbids the resource, and of what is no quantity.
fn per_cent(hard: &Quantity, used: &Quantity) -> Option<i128> {
    used.milli()?.checked_mul(100)?.checked_div(hard.milli()?)
}

fn finding(object: &Object, resource: &str, hard: &Quantity, used: &Quantity) -> Option<Finding> {
    let per_cent = per_cent(hard, used).filter(|per_cent| *per_cent >= 90)?;
    let name = &object.meta().name;
    let mut finding = CHECK
        .finding(
            object.reference(),
            resource,
            format!("{per_cent} % of the quota for {resource} is used"),
            format!(
                "Quota {name} allows {} of {resource}, and {} is used.",
                hard.text, used.text
            ),
        )
        .witness(format!("status.hard[{resource}]"), hard.text.as_str())
        .witness(format!("status.used[{resource}]"), used.text.as_str());
    if per_cent >= 100 {
        finding.severity = Severity::Medium;
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{findings, snapshot};

    fn quota(status: &str) -> String {
        format!(
            "apiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: q, namespace: shop}}\nspec: {{hard: {{pods: '10'}}}}\n{status}"
        )
    }

    fn found(hard: &str, used: &str) -> Vec<(String, Severity)> {
        let status = format!("status: {{hard: {{{hard}}}, used: {{{used}}}}}");
        findings(&CHECK, &quota(&status))
            .into_iter()
            .map(|finding| (finding.title, finding.severity))
            .collect()
    }

    #[test]
    fn ninety_per_cent_is_low_and_all_is_medium() {
        assert_eq!(
            found("pods: '10'", "pods: '9'"),
            [("90 % of the quota for pods is used".to_owned(), Severity::Low)]
        );
        assert_eq!(
            found("pods: '10'", "pods: '12'"),
            [("120 % of the quota for pods is used".to_owned(), Severity::Medium)]
        );
    }

    #[test]
    fn quantities_are_compared_and_not_their_text() {
        assert!(found("requests.memory: 10Gi", "requests.memory: 8999Mi").is_empty());
        assert_eq!(found("requests.cpu: '2'", "requests.cpu: 1900m").len(), 1);
    }

    #[test]
    fn a_bound_of_zero_forbids_and_is_not_used_up() {
        assert!(found("services.nodeports: '0'", "services.nodeports: '0'").is_empty());
    }

    #[test]
    fn each_resource_is_a_finding_of_its_own() {
        assert_eq!(found("pods: '10', secrets: '10'", "pods: '10', secrets: '10'").len(), 2);
    }

    #[test]
    fn a_quota_whose_use_is_not_known_is_not_evaluated() {
        let snapshot = snapshot(&quota(""));
        let outcomes = crate::run::outcomes(&CHECK, &Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH));
        assert!(matches!(outcomes[0].1, Outcome::NotEvaluated(_)));
    }

    #[test]
    fn an_amount_that_makes_no_sense_is_not_passed() {
        let status = "status: {hard: {pods: '1e99'}, used: {pods: '1'}}";
        let snapshot = snapshot(&quota(status));
        let outcomes = crate::run::outcomes(&CHECK, &Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH));
        assert!(matches!(outcomes[0].1, Outcome::NotEvaluated(_)));
    }
}
