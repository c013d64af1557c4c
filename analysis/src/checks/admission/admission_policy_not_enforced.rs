//! Policies that hold nobody back.

use serde_json::{Value, json};
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::admission::policy::{self, Bound, Policy};
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
        alone it refuses nothing. A MutatingAdmissionPolicy, which gives objects what they lack, needs a binding as well. Where \
        failurePolicy is Ignore, what the expressions can't be evaluated for passes, unjudged or unchanged. Each looks like a \
        guard to whoever lists the policies.",
    remediation: "Bind the policy, one that validates with validationActions: [Deny] once its warnings are dealt with, and leave \
        failurePolicy at Fail. Delete a policy that nobody means to bind.",
    reads: &[
        Need::Read(Kind::ValidatingAdmissionPolicy),
        Need::Read(Kind::ValidatingAdmissionPolicyBinding),
        Need::IfServed(Kind::MutatingAdmissionPolicy),
        Need::IfServed(Kind::MutatingAdmissionPolicyBinding),
    ],
    judge: Judge::Object(&[Kind::ValidatingAdmissionPolicy, Kind::MutatingAdmissionPolicy], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    // One without validations was made to write to the audit log.
    let Some(policy) = policy::of(object).filter(|policy| policy.expressions > 0) else {
        return Outcome::NotApplicable;
    };
    let reference = object.reference();
    let bindings = policy::bindings(cluster.snapshot, &policy);
    let is_to_deny = policy.kind == Kind::ValidatingAdmissionPolicy;
    let found = if bindings.is_empty() {
        Some(unbound(reference, &policy))
    } else if is_to_deny && !bindings.iter().any(Bound::denies) {
        Some(only_told(reference, &policy, &bindings))
    } else {
        policy.fails_open.then(|| fails_open(reference, &policy))
    };
    Outcome::of(found.into_iter().collect())
}

fn unbound(object: ObjectRef, policy: &Policy<'_>) -> Finding {
    let message = format!("No {} names {object}: it is never evaluated.", policy.binding_kind());
    let title = format!("Policy {} is bound by nothing", object.name);
    CHECK.finding(object, "", title, message).witness("bindings", json!([]))
}

fn only_told(object: ObjectRef, policy: &Policy<'_>, bindings: &[Bound<'_>]) -> Finding {
    let message = format!("{object} refuses nothing: its bindings warn or write to the audit log alone.");
    let title = format!("Policy {} refuses nothing", object.name);
    let finding = CHECK.finding(object, "", title, message);
    bindings.iter().fold(finding, |finding, bound| {
        let binding = policy.binding_kind().reference(bound.meta);
        let actions: Value = json!(bound.actions);
        finding.witness_in(binding, "spec.validationActions", actions)
    })
}

fn fails_open(object: ObjectRef, policy: &Policy<'_>) -> Finding {
    let as_it_is = match policy.kind {
        Kind::MutatingAdmissionPolicy => " as it is",
        _ => "",
    };
    let message = format!("What the expressions of {object} can't be evaluated for is admitted{as_it_is}.");
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

    fn mutating(fields: &str, policy: &str) -> Vec<String> {
        titles(
            &CHECK,
            &format!(
                "
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {{name: team-label}}
spec: {{mutations: [{{patchType: JSONPatch, jsonPatch: {{expression: '[]'}}}}]{fields}}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {{name: b}}
spec: {{policyName: {policy}}}"
            ),
        )
    }

    #[test]
    fn a_policy_that_changes_objects_needs_a_binding_and_no_action() {
        assert_eq!(mutating("", "other"), ["Policy team-label is bound by nothing"]);
        assert_eq!(mutating("", "team-label"), [""; 0]);
        assert_eq!(
            mutating(", failurePolicy: Ignore", "team-label"),
            ["Policy team-label fails open"]
        );
    }
}
