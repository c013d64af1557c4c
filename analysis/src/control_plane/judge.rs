//! How a check judges the flags of a component: each running one by itself, in one of a few shapes.

use shared::object::ObjectRef;
use shared::verdict::Severity;

use super::hidden::hidden;
use super::{Component, Instance, instances, switch_value};
use crate::check::{Check, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;

/// What is said of one running component.
#[derive(Debug)]
pub enum Judged {
    /// The check has nothing to say about it.
    Irrelevant,
    /// Nothing is wrong.
    Right,
    /// Something is.
    Wrong(Box<Finding>),
    /// It can't be seen; says why.
    Unseen(String),
}

impl Judged {
    /// The same, as bad as that where it is wrong.
    pub fn with(self, severity: Severity) -> Self {
        match self {
            Self::Wrong(mut finding) => {
                finding.severity = severity;
                Self::Wrong(finding)
            }
            other => other,
        }
    }
}

/// A flag, and why its value matters.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The check.
    pub check: &'static Check,
    /// The flag: `--profiling`.
    pub flag: &'static str,
    /// What the flag is where it is not given, in words that follow "the default is"; empty where there is none.
    pub default: &'static str,
    /// What follows where it is wrong, as a sentence.
    pub risk: &'static str,
}

/// Judges each running component of one sort that can be seen.
pub fn judge(cluster: &Cluster<'_>, component: Component, judged: impl Fn(&Instance<'_>) -> Judged) -> Outcome {
    let seen = instances(cluster, component);
    let (mut findings, mut unseen, mut irrelevant) = (Vec::new(), seen.unseen, 0);
    for instance in &seen.instances {
        match judged(instance) {
            Judged::Irrelevant => irrelevant += 1,
            Judged::Right => {}
            Judged::Wrong(finding) => findings.push(*finding),
            Judged::Unseen(reason) => _ = unseen.get_or_insert(reason),
        }
    }
    match unseen {
        None if irrelevant == seen.instances.len() => Outcome::NotApplicable,
        unseen => Outcome::of_seen(findings, unseen),
    }
}

/// A flag that must be on or off. Where it is no boolean, the component does not start.
pub fn switch(instance: &Instance<'_>, rule: &Rule, wanted: bool) -> Judged {
    rule.judge(instance, || match instance.flag(rule.flag) {
        None => Some(rule.default == word(wanted)),
        Some(text) => Some(switch_value(text)? == wanted),
    })
}

fn word(wanted: bool) -> &'static str {
    if wanted { "true" } else { "false" }
}

/// Flags that must all be set to something; the first is the rule's own.
pub fn all_given(instance: &Instance<'_>, rule: &Rule, others: &[&'static str]) -> Judged {
    let flags = || std::iter::once(rule.flag).chain(others.iter().copied());
    if let Some(reason) = flags().find_map(|flag| hidden(instance, flag)) {
        return Judged::Unseen(reason);
    }
    let missing: Vec<&str> = flags().filter(|flag| !instance.is_given(flag)).collect();
    if missing.is_empty() {
        return Judged::Right;
    }
    let fact = format!("{} has no {}", instance.pod, missing.join(" and no "));
    let flag = missing[0];
    rule.wrong(instance, flag, &fact)
}

/// A flag that takes a number. `default` is what it is where it is not given, which may depend on the version.
pub fn number(instance: &Instance<'_>, rule: &Rule, default: Option<i64>, is_right: impl Fn(i64) -> bool) -> Judged {
    rule.judge(instance, || {
        let number = match instance.flag(rule.flag) {
            None => default,
            Some(text) => text.parse().ok(),
        };
        number.map(is_right)
    })
}

/// A flag that takes a list, of which `is_right` judges the parts.
pub fn list(instance: &Instance<'_>, rule: &Rule, is_right: impl Fn(&[&str]) -> bool) -> Judged {
    rule.judge(instance, || Some(is_right(&instance.list(rule.flag))))
}

impl Rule {
    /// Asks whether the flag is right, unless something out of sight decides it. None where its value says nothing.
    pub fn judge(&self, instance: &Instance<'_>, is_right: impl FnOnce() -> Option<bool>) -> Judged {
        if let Some(reason) = hidden(instance, self.flag) {
            return Judged::Unseen(reason);
        }
        match is_right() {
            Some(true) => Judged::Right,
            Some(false) => self.wrong(instance, self.flag, &self.fact(instance)),
            None => Judged::Unseen(self.unclear(instance)),
        }
    }

    /// What stands there.
    pub fn fact(&self, instance: &Instance<'_>) -> String {
        let Self { flag, default, .. } = self;
        let pod: &ObjectRef = &instance.pod;
        match instance.text(flag) {
            None if default.is_empty() => format!("{pod} has no {flag}"),
            None => format!("{pod} has no {flag}, and the default is {default}"),
            Some(value) if value.is_empty() => format!("{pod} has {flag} without a value"),
            Some(value) => format!("{pod} has {flag}={value}"),
        }
    }

    fn unclear(&self, instance: &Instance<'_>) -> String {
        let Self { flag, .. } = self;
        match instance.flag(flag) {
            None => format!(
                "{} has no {flag}, and what it is then depends on a version that is not known.",
                instance.pod
            ),
            Some(_) => format!("{} has a value of {flag} that can't be read.", instance.pod),
        }
    }

    /// A finding about a flag, which says what stands there and what follows.
    pub fn wrong(&self, instance: &Instance<'_>, flag: &str, fact: &str) -> Judged {
        let message = format!("{fact}. {}{}", self.risk, instance.place());
        let finding = self
            .check
            .finding(instance.pod.clone(), "", self.check.title, message)
            .witness(format!("{}[{flag}]", instance.path(flag)), instance.text(flag));
        Judged::Wrong(Box::new(finding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::CHECKS;
    use crate::control_plane::fixture::{ALL, static_pod};
    use crate::fixture::snapshot;

    fn outcomes(manifests: &str) -> Vec<(&'static str, Outcome)> {
        let snapshot = snapshot(manifests);
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let outcome = |check: &&'static Check| (check.id, crate::run::outcomes(check, &cluster).remove(0).1);
        ours().iter().map(outcome).collect()
    }

    /// The checks that a flag decides.
    fn ours() -> Vec<&'static Check> {
        let is_ours = |check: &&Check| {
            let prefixes = ["api-server-", "controller-manager-", "scheduler-", "etcd-", "audit-"];
            check.id == "anonymous-auth-on" || prefixes.iter().any(|prefix| check.id.starts_with(prefix))
        };
        CHECKS.iter().copied().filter(is_ours).collect()
    }

    #[test]
    fn where_no_static_pod_is_seen_no_check_passes_or_fails() {
        let impostor = static_pod("kube-apiserver", "cp1", &[]).replace("namespace: kube-system", "namespace: shop");
        for manifests in ["", impostor.as_str()] {
            for (check, outcome) in outcomes(manifests) {
                assert!(matches!(outcome, Outcome::NotEvaluated(_)), "{check}: {outcome:?}");
            }
        }
    }

    #[test]
    fn a_bare_control_plane_fails_nearly_all_and_says_which_flag() {
        let bare = ALL.map(|program| static_pod(program, "cp1", &[])).join("---");
        let failed = outcomes(&bare)
            .into_iter()
            .filter_map(|(check, outcome)| match outcome {
                Outcome::Fail(findings) => Some((check, findings)),
                _ => None,
            });
        let failed: Vec<_> = failed.collect();
        assert!(failed.len() > 25, "{}", failed.len());
        for (check, findings) in failed {
            assert!(findings[0].message.contains(" --"), "{check}: {}", findings[0].message);
            assert!(findings[0].witness[0].path.contains(".command"), "{check}");
        }
    }

    #[test]
    fn a_hardened_control_plane_fails_none() {
        for (check, outcome) in outcomes(&crate::control_plane::fixture::hardened()) {
            assert!(
                !matches!(outcome, Outcome::Fail(_) | Outcome::FailInPart(..)),
                "{check}: {outcome:?}"
            );
        }
    }

    #[test]
    fn absurd_values_are_never_right_or_a_panic() {
        let flags: Vec<String> = crate::control_plane::fixture::hardened()
            .split('\'')
            .filter(|part| part.starts_with("--"))
            .map(|flag| format!("{}=,-1e99é$", flag.split('=').next().unwrap_or_default()))
            .collect();
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        outcomes(&ALL.map(|program| static_pod(program, "cp1", &flags)).join("---"));
    }

    #[test]
    fn the_distribution_says_why_nothing_is_seen() {
        let mut snapshot = snapshot("");
        for (version, words) in [
            ("v1.33.1+k3s1", "k3s"),
            ("v1.33.4-gke.1134000", "GKE"),
            ("v1.33.4-eks-f69f56f", "EKS"),
        ] {
            snapshot.version = version.into();
            let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
            let outcome = judge(&cluster, Component::Etcd, |_| Judged::Right);
            assert!(
                matches!(&outcome, Outcome::NotEvaluated(reason) if reason.contains(words)),
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn where_the_distribution_writes_the_manifest_the_message_says_what_to_change() {
        let mut snapshot = snapshot(&static_pod("kube-scheduler", "cp1", &[]));
        snapshot.version = "v1.33.1+rke2r1".into();
        let found = crate::fixture::findings_in(&crate::checks::audit::scheduler_profiling_on::CHECK, &snapshot);
        assert!(found[0].message.contains("kube-scheduler-arg"), "{}", found[0].message);
    }
}
