//! How a cluster stands against a framework, from what checks and kube-bench concluded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::checks::CheckResult;
use shared::compliance::{
    BenchEvidence, CheckEvidence, Compliance, ComplianceControl, ComplianceScore, ComplianceSection, ControlCounts,
    ControlVerdict, Coverage,
};
use shared::findings::Witness;
use shared::frameworks::{ControlCheck, Framework, FrameworkControl};
use shared::object::ObjectRef;
use shared::score::SeverityCounts;
use shared::verdict::{Severity, Verdict};

use crate::run::Report;

/// What a framework is held against.
#[derive(Debug, Clone, Default)]
pub struct Evidence<'a> {
    /// What each check concluded.
    pub results: BTreeMap<&'a str, &'a CheckResult>,
    /// What the checks found, by check.
    pub failing: BTreeMap<&'a str, Vec<Failing<'a>>>,
    /// The checks that could say nothing of some object, whatever they concluded of others.
    pub undecided: BTreeSet<&'a str>,
    /// What kube-bench concluded, by control, from reports of the framework's own benchmark.
    pub kube_bench: BTreeMap<String, BenchEvidence>,
}

/// What a finding says of where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Failing<'a> {
    /// The object that fails.
    pub object: &'a ObjectRef,
    /// Its first witness.
    pub witness: Option<&'a Witness>,
    /// How bad it is.
    pub severity: Severity,
    /// Since when it has been open; none where nothing is stored.
    pub since: Option<DateTime<Utc>>,
}

impl<'a> From<&'a Report> for Evidence<'a> {
    fn from(report: &'a Report) -> Self {
        let mut failing: BTreeMap<&str, Vec<Failing<'_>>> = BTreeMap::new();
        for finding in &report.findings {
            failing.entry(finding.check.as_ref()).or_default().push(Failing {
                object: &finding.object,
                witness: finding.witness.first(),
                severity: finding.severity,
                since: None,
            });
        }
        let results = report.results.iter().map(|result| (result.check.as_str(), result));
        Self {
            results: results.collect(),
            failing,
            undecided: report.undecided.keys().map(AsRef::as_ref).collect(),
            kube_bench: BTreeMap::new(),
        }
    }
}

/// How a cluster stands against a framework.
///
/// Checks see the cluster as it is, and a report of kube-bench as it was: so it decides only what the checks leave open.
pub fn evaluate(framework: &Framework, evidence: &Evidence<'_>) -> Compliance {
    let mut whole = ControlCounts::default();
    let sections = framework.sections.iter().map(|section| {
        let controls: Vec<_> = section.controls.iter().map(|one| control(one, evidence)).collect();
        let mut counts = ControlCounts::default();
        for control in &controls {
            *counts.of_mut(control.verdict) += 1;
            *whole.of_mut(control.verdict) += 1;
        }
        ComplianceSection {
            id: section.id.clone(),
            title: section.title.clone(),
            score: counts.into(),
            controls,
        }
    });
    let sections = sections.collect();
    Compliance {
        framework: framework.id.clone(),
        title: framework.title.clone(),
        version: framework.version.clone(),
        note: framework.note.clone(),
        score: ComplianceScore::from(whole),
        sections,
    }
}

fn control(control: &FrameworkControl, evidence: &Evidence<'_>) -> ComplianceControl {
    let checks: Vec<CheckEvidence> = control.checks.iter().map(|named| check(named, evidence)).collect();
    let kube_bench = evidence.kube_bench.get(&control.id).filter(|_| control.kube_bench);
    let parts = parts(control, &checks, kube_bench);
    let (verdict, reason) = concluded(&parts);
    let failing = against(control, evidence);
    let mut open = SeverityCounts::default();
    for failing in &failing {
        *open.of_mut(failing.severity) += 1;
    }
    let objects: BTreeSet<&ObjectRef> = failing.iter().map(|failing| failing.object).collect();
    ComplianceControl {
        id: control.id.clone(),
        title: control.title.clone(),
        verdict,
        reason,
        coverage: covered(&parts),
        evaluated: checks.iter().map(|check| check.evaluated).sum(),
        failed: objects.len() as u32,
        failing: objects.into_iter().cloned().collect(),
        open,
        since: failing.iter().filter_map(|failing| failing.since).min(),
        checks,
        kube_bench: kube_bench.cloned(),
    }
}

/// What counts against a control, each finding once however many of its checks name it.
fn against<'a>(control: &'a FrameworkControl, evidence: &'a Evidence<'a>) -> Vec<&'a Failing<'a>> {
    let checks: BTreeSet<&str> = control.checks.iter().map(|named| named.check.as_str()).collect();
    let of = |check: &&str| {
        let named: Vec<&ControlCheck> = control.checks.iter().filter(|named| named.check == *check).collect();
        let found = evidence.failing.get(*check).into_iter().flatten();
        found.filter(move |failing| named.iter().any(|named| concerns(named, failing.witness)))
    };
    checks.iter().flat_map(of).collect()
}

fn check(named: &ControlCheck, evidence: &Evidence<'_>) -> CheckEvidence {
    let ControlCheck { check, only } = named.clone();
    let Some(result) = evidence.results.get(check.as_str()) else {
        let reason = format!("The check {check} was not run.");
        return CheckEvidence {
            check,
            only,
            verdict: Verdict::NotEvaluated,
            reason,
            evaluated: 0,
            failed: 0,
        };
    };
    let narrowed = (result.verdict == Verdict::Fail && only.is_some()).then(|| narrowed(named, evidence));
    let (verdict, reason, failed) = narrowed.unwrap_or_else(|| (result.verdict, result.reason.clone(), result.failed));
    CheckEvidence {
        check,
        only,
        verdict,
        reason,
        evaluated: result.evaluated,
        failed,
    }
}

/// What a check that fails concludes of the part that the control is about, and how many objects fail it.
fn narrowed(named: &ControlCheck, evidence: &Evidence<'_>) -> (Verdict, String, u32) {
    let objects: BTreeSet<&ObjectRef> = failing(named, evidence).map(|failing| failing.object).collect();
    if !objects.is_empty() {
        (Verdict::Fail, String::new(), objects.len() as u32)
    } else if evidence.undecided.contains(named.check.as_str()) {
        let reason = "Of some objects it can't be told.";
        (Verdict::NotEvaluated, reason.to_owned(), 0)
    } else {
        (Verdict::Pass, String::new(), 0)
    }
}

/// What a check found, as far as the control is about it.
fn failing<'a>(named: &'a ControlCheck, evidence: &'a Evidence<'a>) -> impl Iterator<Item = &'a Failing<'a>> {
    let found = evidence.failing.get(named.check.as_str()).into_iter().flatten();
    found.filter(|failing| concerns(named, failing.witness))
}

/// Whether a finding of the check counts against the control that names it, by the finding's first witness.
pub fn concerns(named: &ControlCheck, witness: Option<&Witness>) -> bool {
    match (&named.only, witness) {
        (None, _) => true,
        (Some(only), Some(witness)) => shows(witness, only),
        (Some(_), None) => false,
    }
}

/// Whether the evidence is that field, is that value, or lists it.
fn shows(witness: &Witness, only: &str) -> bool {
    let is = |value: &Value| value == only || value.as_number().is_some_and(|number| number.to_string() == only);
    let lists = |value: &Value| value.as_array().is_some_and(|list| list.iter().any(is));
    witness.path.rsplit('.').next() == Some(only) || is(&witness.value) || lists(&witness.value)
}

/// What each of those that could answer a control says: its checks, a report of kube-bench for what they leave open, and a
/// person.
fn parts(
    control: &FrameworkControl,
    checks: &[CheckEvidence],
    kube_bench: Option<&BenchEvidence>,
) -> Vec<(Verdict, String)> {
    let said = checks.iter().map(|check| (check.verdict, check.reason.clone()));
    let (mut parts, open): (Vec<_>, Vec<_>) =
        said.partition(|(verdict, _)| ControlVerdict::from(*verdict).is_decided());
    match kube_bench {
        Some(report) if !open.is_empty() || checks.is_empty() => parts.push((report.verdict, report.evidence.clone())),
        None if control.kube_bench && checks.is_empty() => {
            let reason = "A report of kube-bench answers it, and there is none.";
            parts.push((Verdict::NotEvaluated, reason.to_owned()));
        }
        _ => parts.extend(open),
    }
    parts.extend(control.manual.iter().map(|look| (Verdict::Manual, look.clone())));
    parts
}

/// The verdict of all parts together, and why it is no answer.
fn concluded(parts: &[(Verdict, String)]) -> (ControlVerdict, String) {
    const WORST_FIRST: [Verdict; 5] = [
        Verdict::Fail,
        Verdict::NotEvaluated,
        Verdict::Manual,
        Verdict::Excepted,
        Verdict::Pass,
    ];
    let of = |wanted: &Verdict| parts.iter().find(|(verdict, _)| verdict == wanted);
    match WORST_FIRST.iter().find_map(of) {
        None => (ControlVerdict::NotCovered, "No check answers it yet.".to_owned()),
        Some((verdict, reason)) => {
            let verdict = ControlVerdict::from(*verdict);
            let reason = if verdict.is_decided() { "" } else { reason.as_str() };
            (verdict, reason.to_owned())
        }
    }
}

fn covered(parts: &[(Verdict, String)]) -> Coverage {
    let is_decided = |(verdict, _): &&(Verdict, String)| ControlVerdict::from(*verdict).is_decided();
    Coverage {
        decided: parts.iter().filter(is_decided).count() as u32,
        total: parts.len() as u32,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::fixture::snapshot;
    use crate::framework::{by_id, parse_own};

    fn of_checks(list: &str) -> Framework {
        let text = format!(
            "{{id: t, name: T, title: T, version: 1, benchmark: b, sections: [{{id: s, title: S, controls: [{list}]}}]}}"
        );
        parse_own("t.yaml", &text).unwrap()
    }

    fn result(check: &str, verdict: Verdict, evaluated: u32, failed: u32) -> CheckResult {
        let reason = match verdict {
            Verdict::NotEvaluated => format!("{check} saw nothing."),
            _ => String::new(),
        };
        CheckResult {
            check: check.into(),
            verdict,
            reason,
            evaluated,
            failed,
        }
    }

    fn judged(list: &str, results: &[CheckResult], kube_bench: &[(&str, Verdict)]) -> Compliance {
        let bench = |(id, verdict): &(&str, Verdict)| {
            let evidence = "as seen on node n1".to_owned();
            let verdict = *verdict;
            (
                (*id).to_owned(),
                BenchEvidence {
                    verdict,
                    evidence,
                    received: None,
                },
            )
        };
        let evidence = Evidence {
            results: results.iter().map(|result| (result.check.as_str(), result)).collect(),
            kube_bench: kube_bench.iter().map(bench).collect(),
            ..Evidence::default()
        };
        evaluate(&of_checks(list), &evidence)
    }

    fn verdict(list: &str, results: &[CheckResult], kube_bench: &[(&str, Verdict)]) -> ControlVerdict {
        judged(list, results, kube_bench).sections[0].controls[0].verdict
    }

    #[test]
    fn the_worst_that_is_known_decides_and_the_rest_is_told_as_coverage() {
        let both = "{id: c, title: C, checks: [wildcard-rule, cluster-admin-bound]}";
        let wildcard = |verdict| result("wildcard-rule", verdict, 4, u32::from(verdict == Verdict::Fail));
        let admin = |verdict| result("cluster-admin-bound", verdict, 2, 0);
        let cases = [
            (Verdict::Pass, Verdict::Pass, ControlVerdict::Pass, 2),
            (Verdict::Fail, Verdict::NotEvaluated, ControlVerdict::Fail, 1),
            (Verdict::Pass, Verdict::NotEvaluated, ControlVerdict::NotEvaluated, 1),
            (Verdict::NotEvaluated, Verdict::Manual, ControlVerdict::NotEvaluated, 0),
            (Verdict::Pass, Verdict::Manual, ControlVerdict::Manual, 1),
            (Verdict::Pass, Verdict::Excepted, ControlVerdict::Excepted, 2),
        ];
        for (one, other, expected, decided) in cases {
            let compliance = judged(both, &[wildcard(one), admin(other)], &[]);
            let control = &compliance.sections[0].controls[0];
            assert_eq!(control.verdict, expected, "{one:?} and {other:?}");
            assert_eq!(
                control.coverage,
                Coverage { decided, total: 2 },
                "{one:?} and {other:?}"
            );
            assert_eq!(control.evaluated, 6);
        }
    }

    #[test]
    fn what_nothing_answers_is_not_covered_and_what_was_not_run_not_evaluated() {
        assert_eq!(verdict("{id: c, title: C}", &[], &[]), ControlVerdict::NotCovered);
        let check = "{id: c, title: C, checks: [wildcard-rule]}";
        assert_eq!(verdict(check, &[], &[]), ControlVerdict::NotEvaluated);
    }

    #[test]
    fn what_is_left_to_a_person_never_passes() {
        let list = "{id: c, title: C, checks: [wildcard-rule], manual: The rest.}";
        let pass = [result("wildcard-rule", Verdict::Pass, 3, 0)];
        let compliance = judged(list, &pass, &[]);
        let control = &compliance.sections[0].controls[0];
        assert_eq!(
            (control.verdict, control.reason.as_str()),
            (ControlVerdict::Manual, "The rest.")
        );
        let fail = [result("wildcard-rule", Verdict::Fail, 3, 1)];
        assert_eq!(verdict(list, &fail, &[]), ControlVerdict::Fail);
    }

    #[test]
    fn kube_bench_answers_what_the_checks_leave_open_and_overrules_none() {
        let list = "{id: c, title: C, checks: [audit-log-off], kube_bench: true}";
        let unseen = [result("audit-log-off", Verdict::NotEvaluated, 0, 0)];
        assert_eq!(verdict(list, &unseen, &[]), ControlVerdict::NotEvaluated);
        assert_eq!(verdict(list, &unseen, &[("c", Verdict::Pass)]), ControlVerdict::Pass);
        assert_eq!(verdict(list, &unseen, &[("c", Verdict::Fail)]), ControlVerdict::Fail);
        let seen = [result("audit-log-off", Verdict::Pass, 1, 0)];
        assert_eq!(verdict(list, &seen, &[("c", Verdict::Fail)]), ControlVerdict::Pass);
        let two = "{id: c, title: C, checks: [audit-log-off, wildcard-rule], kube_bench: true}";
        let half = [unseen[0].clone(), result("wildcard-rule", Verdict::Pass, 1, 0)];
        assert_eq!(verdict(two, &half, &[("c", Verdict::Fail)]), ControlVerdict::Fail);
        let alone = "{id: c, title: C, kube_bench: true}";
        assert_eq!(verdict(alone, &[], &[]), ControlVerdict::NotEvaluated);
        assert_eq!(
            verdict(alone, &[], &[("d", Verdict::Pass)]),
            ControlVerdict::NotEvaluated
        );
        assert_eq!(verdict(alone, &[], &[("c", Verdict::Manual)]), ControlVerdict::Manual);
    }

    #[test]
    fn a_control_is_answered_by_kube_bench_only_where_it_says_so() {
        let list = "{id: c, title: C, manual: Look.}";
        assert_eq!(verdict(list, &[], &[("c", Verdict::Pass)]), ControlVerdict::Manual);
    }

    #[test]
    fn a_score_counts_what_is_decided_and_stands_beside_how_much_that_is() {
        let list = "{id: a, title: A, checks: [wildcard-rule]}, {id: b, title: B, checks: [cluster-admin-bound]}, \
            {id: c, title: C, manual: Look.}, {id: d, title: D}";
        let results = [
            result("wildcard-rule", Verdict::Pass, 3, 0),
            result("cluster-admin-bound", Verdict::Fail, 3, 1),
        ];
        let score = judged(list, &results, &[]).score;
        assert_eq!(
            (score.value, score.coverage),
            (Some(50.0), Coverage { decided: 2, total: 4 })
        );
        assert_eq!((score.controls.manual, score.controls.not_covered), (1, 1));
        assert_eq!(judged("{id: d, title: D}", &[], &[]).score.value, None);
    }

    #[test]
    fn a_check_of_several_fields_fails_only_the_control_of_the_field_that_is_set() {
        let manifests = "
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: tools}
spec: {template: {spec: {hostNetwork: true, containers: [{name: c}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: plain, namespace: tools}
spec: {containers: [{name: c}]}
";
        let report = crate::run(&snapshot(manifests), DateTime::UNIX_EPOCH);
        let compliance = evaluate(by_id("cis-1.12").unwrap(), &Evidence::from(&report));
        let control = |id: &str| {
            let mut controls = compliance.sections.iter().flat_map(|section| &section.controls);
            controls.find(|control| control.id == id).unwrap()
        };
        assert_eq!(control("5.2.3").verdict, ControlVerdict::Pass);
        assert!(control("5.2.3").failing.is_empty());
        let network = control("5.2.5");
        assert_eq!(
            (network.verdict, network.evaluated, network.checks[0].failed),
            (ControlVerdict::Fail, 2, 1)
        );
        assert_eq!(network.failing[0].name, "agent");
        assert_eq!(control("1.1.1").verdict, ControlVerdict::NotEvaluated);
    }

    /// What is concluded of a control of a framework, in a cluster that holds these manifests.
    fn concluded_of(framework: &str, id: &str, manifests: &str) -> ControlVerdict {
        let report = crate::run(&snapshot(manifests), DateTime::UNIX_EPOCH);
        let compliance = evaluate(by_id(framework).unwrap(), &Evidence::from(&report));
        let mut controls = compliance.sections.into_iter().flat_map(|section| section.controls);
        controls.find(|control| control.id == id).unwrap().verdict
    }

    /// How a control of a framework is concluded of a Deployment whose container has this security context.
    fn of_context(framework: &str, id: &str, context: &str) -> ControlVerdict {
        let spec = format!("{{containers: [{{name: c, securityContext: {{{context}}}}}]}}");
        concluded_of(framework, id, &crate::confinement::fixture::deployment(&spec))
    }

    #[test]
    fn the_restricted_level_is_concluded_of_as_the_api_server_does() {
        let passes = |id: &str, context: &str| match of_context("pss-restricted", id, context) {
            ControlVerdict::Pass => true,
            ControlVerdict::Fail => false,
            other => panic!("{id} {context}: {other:?}"),
        };
        for (context, held, user, capabilities) in [
            ("", false, true, false),
            ("runAsUser: 1000", false, true, false),
            ("runAsUser: 0", false, false, false),
            ("runAsNonRoot: true, runAsUser: 0", true, false, false),
            ("runAsNonRoot: true, capabilities: {drop: [ALL]}", true, true, true),
            (
                "runAsNonRoot: true, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}",
                true,
                true,
                true,
            ),
            (
                "runAsNonRoot: true, capabilities: {drop: [ALL], add: [CHOWN, SETUID]}",
                true,
                true,
                false,
            ),
            ("runAsNonRoot: true, capabilities: {drop: [all]}", true, true, false),
        ] {
            let concluded =
                ["Running as Non-root", "Running as Non-root user", "Capabilities"].map(|id| passes(id, context));
            assert_eq!(concluded, [held, user, capabilities], "{context}");
        }
    }

    #[test]
    fn net_raw_alone_decides_the_control_of_net_raw() {
        let of = |context: &str| of_context("cis-1.12", "5.2.8", context);
        assert_eq!(of("capabilities: {drop: [NET_RAW]}"), ControlVerdict::Pass);
        for kept in ["[CAP_NET_RAW]", "[net_raw]", "[ALL]"] {
            let context = format!("capabilities: {{drop: [ALL], add: {kept}}}");
            assert_eq!(of(&context), ControlVerdict::Fail, "{kept}");
        }
        let added = "capabilities: {drop: [ALL], add: [CHOWN]}";
        assert_eq!(of_context("cis-1.11", "5.2.9", added), ControlVerdict::Fail);
    }

    #[test]
    fn a_default_service_account_is_used_where_its_token_is_handed_out() {
        let of = |fields: &str| {
            let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: shop}\n";
            concluded_of("cis-1.12", "5.1.5", &(account.to_owned() + fields))
        };
        assert_eq!(of(""), ControlVerdict::Fail);
        assert_eq!(of("automountServiceAccountToken: false"), ControlVerdict::Pass);
    }

    #[test]
    fn one_mechanism_that_refuses_pods_is_enough() {
        let manifests = "
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: plain, namespace: shop}
spec: {containers: [{name: c}]}
";
        let kyverno = "---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: clusterpolicies.kyverno.io}
spec: {group: kyverno.io}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: policy}
webhooks: [{name: validate.kyverno.svc-fail, rules: [{operations: [CREATE], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}]}]
";
        let of = |manifests: &str| concluded_of("cis-1.12", "5.2.1", manifests);
        assert_eq!(of(manifests), ControlVerdict::Fail);
        assert_eq!(of(&(manifests.to_owned() + kyverno)), ControlVerdict::Pass);
        let labelled = "{name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}";
        assert_eq!(of(&manifests.replace("{name: shop}", labelled)), ControlVerdict::Pass);
    }

    #[test]
    fn a_check_is_narrowed_to_a_field_a_value_or_one_of_a_list() {
        let witness = |path: &str, value: Value| Witness {
            object: ObjectRef::cluster(),
            path: path.into(),
            value,
            measured: false,
        };
        assert!(shows(&witness("spec.hostPID", true.into()), "hostPID"));
        assert!(shows(
            &witness("seccompProfile.type", "Unconfined".into()),
            "Unconfined"
        ));
        assert!(!shows(&witness("seccompProfile.type", Value::Null), "Unconfined"));
        assert!(shows(
            &witness("capabilities.add", vec!["CHOWN", "NET_RAW"].into()),
            "NET_RAW"
        ));
        assert!(!shows(&witness("capabilities.add", vec!["CHOWN"].into()), "NET_RAW"));
        assert!(shows(&witness("runAsUser", 0.into()), "0"));
        assert!(!shows(&witness("runAsUser", Value::Null), "0"));
    }

    #[test]
    fn a_narrowed_check_does_not_pass_on_objects_that_it_could_not_see() {
        let framework = of_checks("{id: c, title: C, checks: [host-namespace-shared/hostPID]}");
        let fails = result("host-namespace-shared", Verdict::Fail, 2, 1);
        let mut evidence = Evidence {
            results: BTreeMap::from([("host-namespace-shared", &fails)]),
            ..Evidence::default()
        };
        let verdict = |evidence: &Evidence<'_>| evaluate(&framework, evidence).sections[0].controls[0].verdict;
        assert_eq!(verdict(&evidence), ControlVerdict::Pass);
        evidence.undecided.insert("host-namespace-shared");
        assert_eq!(verdict(&evidence), ControlVerdict::NotEvaluated);
    }
}
