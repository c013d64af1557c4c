//! What custom checks say of a cluster.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cel::Value;
use shared::object::ObjectRef;

use super::expression::{Budget, Expression, Fault, Interpreter};
use super::scope::Subject;
use super::told::{MESSAGE, cut};
use super::{CustomCheck, Message, Subjects};
use crate::check::Outcome;
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Kind;

/// What one check says, subject by subject.
type Outcomes = Vec<(ObjectRef, Outcome)>;

/// What one check has said so far, and what it may still take.
#[derive(Default)]
struct Said {
    outcomes: Outcomes,
    budget: Budget,
}

/// What each of the checks says, subject by subject. Whether what they need was read is not asked here.
///
/// Objects are gone through once, and each is made a value of CEL once, however many checks judge it.
pub(crate) fn outcomes(checks: &[CustomCheck], cluster: &Cluster<'_>) -> Vec<Outcomes> {
    let mut said: Vec<Said> = checks.iter().map(|_| Said::default()).collect();
    if checks.is_empty() {
        return Vec::new();
    }
    let interpreter = Interpreter::new();
    let kinds: BTreeSet<Kind> = checks.iter().flat_map(kinds).collect();
    for object in kinds.iter().flat_map(|kind| cluster.snapshot.of(*kind)) {
        let kind = object.kind();
        let judges = |check: &CustomCheck| kinds_of(check).contains(&kind);
        judge(checks, &Subject::of_object(object), judges, &interpreter, &mut said);
    }
    if checks.iter().any(is_of_workloads) {
        for workload in &cluster.workloads {
            if let Some(subject) = Subject::of_workload(cluster, workload) {
                judge(checks, &subject, is_of_workloads, &interpreter, &mut said);
            }
        }
    }
    said.into_iter().map(|said| said.outcomes).collect()
}

fn kinds_of(check: &CustomCheck) -> &[Kind] {
    match &check.subjects {
        Subjects::Workloads => &[],
        Subjects::Kinds(kinds) => kinds,
    }
}

fn kinds(check: &CustomCheck) -> impl Iterator<Item = Kind> {
    kinds_of(check).iter().copied()
}

fn is_of_workloads(check: &CustomCheck) -> bool {
    check.subjects == Subjects::Workloads
}

/// Adds what those of the checks that judge a subject say of it.
fn judge(
    checks: &[CustomCheck],
    subject: &Subject,
    judges: impl Fn(&CustomCheck) -> bool,
    interpreter: &Interpreter,
    said: &mut [Said],
) {
    let mut scope = interpreter.scope();
    subject.bind(&mut scope);
    for (check, said) in checks.iter().zip(said).filter(|(check, _)| judges(check)) {
        let run = |expression: &Expression| interpreter.run(expression, &scope, &mut said.budget);
        let outcome = outcome(check, subject, run);
        said.outcomes.push((subject.reference.clone(), outcome));
    }
}

fn outcome(
    check: &CustomCheck,
    subject: &Subject,
    mut run: impl FnMut(&Expression) -> Result<Value, Fault>,
) -> Outcome {
    let unknown = |why: String| Outcome::NotEvaluated(format!("{}: {why}.", subject.reference));
    match run(&check.expression) {
        Ok(Value::Bool(true)) => Outcome::Pass,
        Ok(Value::Bool(false)) => Outcome::Fail(vec![Finding {
            check: Cow::Owned(check.id.clone()),
            severity: check.severity,
            object: subject.reference.clone(),
            subkey: String::new(),
            title: check.title.clone(),
            message: message(check, run),
            witness: subject.witness(check),
            patch: None,
            change: String::new(),
            expected: None,
        }]),
        Ok(other) => unknown(format!("the expression gives {}, not true or false", other.type_of())),
        Err(fault) => unknown(fault.to_string()),
    }
}

/// What a finding says; where its expression gives no text, why.
fn message(check: &CustomCheck, run: impl FnOnce(&Expression) -> Result<Value, Fault>) -> String {
    match &check.message {
        Message::Text(text) => text.clone(),
        Message::Expression(expression) => match run(expression) {
            Ok(Value::String(text)) => cut(&text, MESSAGE),
            Ok(other) => format!("{}. (Its message gives {}, not a text.)", check.title, other.type_of()),
            Err(fault) => format!("{}. (Its message could not be made: {fault}.)", check.title),
        },
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::parse;
    use super::super::told::VALUE;
    use super::*;
    use crate::fixture::snapshot;

    const CLUSTER: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: red}}
---
apiVersion: v1
kind: Namespace
metadata: {name: bare}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 3, template: {metadata: {labels: {app: web}}, spec: {hostPID: true, containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: canary-a, namespace: shop, ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: canary, controller: true}]}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: shop}
type: Opaque
data: {password: aHVudGVyMg==}
";

    /// A check that nothing passes.
    const OWN: &str = "
id: own
title: It is wrong
area: rbac
severity: high
rationale: r
remediation: r
kinds: [Namespace]
expression: has(object.metadata.labels) && size(object.metadata.labels) > 9
";

    /// What a check of that expression says of the cluster, subject by subject.
    fn said(subjects: &str, expression: &str) -> Vec<(String, Outcome)> {
        let text = format!(
            "
id: own
title: It is wrong
area: rbac
severity: high
rationale: r
remediation: r
{subjects}
expression: |
  {expression}
messageExpression: object.metadata.name + ' is wrong'
"
        );
        let checks = parse([("own.yaml", text.as_str())]).unwrap();
        let snapshot = snapshot(CLUSTER);
        let mut outcomes = outcomes(&checks, &Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
        let named = |(object, outcome): (ObjectRef, Outcome)| (object.to_string(), outcome);
        outcomes.remove(0).into_iter().map(named).collect()
    }

    #[test]
    fn an_object_of_which_it_is_not_true_fails_with_the_field_that_was_read() {
        let said = said(
            "kinds: [Namespace]",
            "has(object.metadata.labels) && 'team' in object.metadata.labels",
        );
        assert_eq!(said.len(), 2);
        let (name, Outcome::Fail(findings)) = &said[0] else {
            panic!("{said:?}")
        };
        assert_eq!(
            (name.as_str(), findings[0].message.as_str()),
            ("Namespace bare", "bare is wrong")
        );
        assert_eq!(findings[0].witness[0].path, "metadata.labels");
        assert_eq!(findings[0].witness[0].value, serde_json::Value::Null);
        assert_eq!(said[1], ("Namespace shop".to_owned(), Outcome::Pass));
    }

    #[test]
    fn a_workload_is_judged_once_by_its_template_even_where_only_its_pods_were_read() {
        let said = said("workloads: true", "!has(pod.hostPID) || !pod.hostPID");
        let names: Vec<&str> = said.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Deployment shop/web", "Rollout shop/canary"]);
        let Outcome::Fail(findings) = &said[0].1 else {
            panic!("{said:?}")
        };
        assert_eq!(findings[0].witness[0].path, "spec.template.spec.hostPID");
        assert_eq!(findings[0].witness[0].value, true);
        assert_eq!(said[1].1, Outcome::Pass);
    }

    #[test]
    fn what_fails_to_run_is_neither_right_nor_wrong() {
        let said = said("workloads: true", "metadata.labels.app == 'web'");
        assert_eq!(said[0].1, Outcome::Pass);
        let Outcome::NotEvaluated(reason) = &said[1].1 else {
            panic!("{said:?}")
        };
        assert_eq!(reason, "Rollout shop/canary: No such key: labels.");
    }

    #[test]
    fn only_true_and_false_are_answers() {
        let said = said("kinds: [Deployment]", "object.spec.replicas");
        let reason = "Deployment shop/web: the expression gives int, not true or false.";
        assert_eq!(said[0].1, Outcome::NotEvaluated(reason.to_owned()));
    }

    #[test]
    fn a_message_has_an_end() {
        let long = format!("'{}'", "ä".repeat(MESSAGE));
        let text = |message: &str| {
            let file = format!("{OWN}messageExpression: \"{message}\"\n");
            let checks = parse([("own.yaml", file.as_str())]).unwrap();
            let snapshot = snapshot(CLUSTER);
            let outcomes = outcomes(&checks, &Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
            match &outcomes[0][0].1 {
                Outcome::Fail(findings) => findings[0].message.clone(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(text(&long), "ä".repeat(MESSAGE));
        assert_eq!(text(&format!("{long} + 'b'")), format!("{}…", "ä".repeat(MESSAGE)));
    }

    #[test]
    fn evidence_that_is_long_is_cut() {
        let long = CLUSTER.replace("team: red", &format!("team: red, long: {}", "x".repeat(VALUE)));
        let checks = parse([("own.yaml", OWN)]).unwrap();
        let snapshot = snapshot(&long);
        let mut outcomes = outcomes(&checks, &Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
        let values: Vec<_> = outcomes[0]
            .iter_mut()
            .flat_map(|(_, said)| said.findings_mut())
            .collect();
        assert_eq!(values[0].witness[0].value, serde_json::Value::Null);
        let cut = values[1].witness[0].value.as_str().unwrap();
        assert!(cut.starts_with("{\"long\":\"xx") && cut.ends_with("x…"), "{cut}");
        assert_eq!(cut.chars().count(), VALUE + 1);
    }

    #[test]
    fn no_expression_sees_the_value_of_a_secret() {
        let said = said(
            "kinds: [Secret]",
            "has(object.data) && string(object.data).contains('aHVudGVyMg==')",
        );
        assert!(!matches!(said[0].1, Outcome::Pass), "{said:?}");
    }
}
