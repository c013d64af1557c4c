//! Policies that hold nobody back.

use serde_json::{Value, json};
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::admission::policy::{self, Bound};
use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};

/// See its fields.
pub static CHECK: Check = Check {
    id: "admission-policy-not-enforced",
    title: "Admission policy is not enforced",
    area: Area::Admission,
    severity: Severity::Low,
    rationale: "A ValidatingAdmissionPolicy does nothing until a binding puts it into force, and with the actions Warn and Audit \
        alone it refuses nothing. Where failurePolicy is Ignore, what its expressions can't be evaluated for passes. Each \
        looks like a guard to whoever lists the policies.",
    remediation: "Bind the policy with validationActions: [Deny] once its warnings are dealt with, and leave failurePolicy at \
        Fail. Delete a policy that nobody means to bind.",
    reads: &[
        Need::Read(Kind::ValidatingAdmissionPolicy),
        Need::Read(Kind::ValidatingAdmissionPolicyBinding),
    ],
    judge: Judge::Object(&[Kind::ValidatingAdmissionPolicy], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::ValidatingAdmissionPolicy(policy) = object else {
        return Outcome::NotApplicable;
    };
    // One without validations was made to write to the audit log.
    let Some(spec) = policy.spec.as_ref().filter(|spec| !spec.validations.is_empty()) else {
        return Outcome::NotApplicable;
    };
    let reference = object.reference();
    let bindings = policy::bindings(cluster.snapshot, &reference.name);
    let found = if bindings.is_empty() {
        Some(unbound(reference))
    } else if !bindings.iter().any(Bound::denies) {
        Some(only_told(reference, &bindings))
    } else {
        (spec.failure_policy.as_deref() == Some("Ignore")).then(|| fails_open(reference))
    };
    Outcome::of(found.into_iter().collect())
}

fn unbound(object: ObjectRef) -> Finding {
    let message = format!("No ValidatingAdmissionPolicyBinding names {object}: it is never evaluated.");
    let title = format!("Policy {} is bound by nothing", object.name);
    CHECK.finding(object, "", title, message).witness("bindings", json!([]))
}

fn only_told(object: ObjectRef, bindings: &[Bound<'_>]) -> Finding {
    let message = format!("{object} refuses nothing: its bindings warn or write to the audit log alone.");
    let title = format!("Policy {} refuses nothing", object.name);
    let finding = CHECK.finding(object, "", title, message);
    bindings.iter().fold(finding, |finding, bound| {
        let binding = Kind::ValidatingAdmissionPolicyBinding.reference(bound.meta);
        let actions: Value = json!(bound.spec.validation_actions);
        finding.witness_in(binding, "spec.validationActions", actions)
    })
}

fn fails_open(object: ObjectRef) -> Finding {
    let message = format!("What the expressions of {object} can't be evaluated for is admitted.");
    let title = format!("Policy {} fails open", object.name);
    CHECK
        .finding(object, "failurePolicy", title, message)
        .witness("spec.failurePolicy", "Ignore")
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::titles;

    fn policy(spec: &str, bindings: &[&str]) -> Vec<String> {
        let binding = |(place, actions): (usize, &&str)| {
            format!(
                "
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {{name: b{place}}}
spec: {{policyName: no-latest, validationActions: [{actions}]}}"
            )
        };
        let bindings: String = bindings.iter().enumerate().map(binding).collect();
        let policy = format!(
            "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {{name: no-latest}}
spec: {{{spec}}}"
        );
        titles(&CHECK, &(policy + &bindings))
    }

    const VALIDATIONS: &str = "validations: [{expression: 'false'}]";

    #[test]
    fn a_policy_without_a_binding_is_never_evaluated() {
        assert_eq!(policy(VALIDATIONS, &[]), ["Policy no-latest is bound by nothing"]);
    }

    #[test]
    fn warnings_and_the_audit_log_refuse_nothing() {
        assert_eq!(
            policy(VALIDATIONS, &["Warn, Audit", "Audit"]),
            ["Policy no-latest refuses nothing"]
        );
        assert_eq!(policy(VALIDATIONS, &["Audit", "Deny, Audit"]), [""; 0]);
    }

    #[test]
    fn a_policy_that_denies_may_still_fail_open() {
        let open = format!("{VALIDATIONS}, failurePolicy: Ignore");
        assert_eq!(policy(&open, &["Deny"]), ["Policy no-latest fails open"]);
    }

    #[test]
    fn one_that_only_annotates_the_audit_log_is_not_judged() {
        assert_eq!(policy("auditAnnotations: [{key: a}]", &[]), [""; 0]);
    }
}
