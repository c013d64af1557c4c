//! API servers that rotate audit logs after few megabytes, or never.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, by_release, judge, logs_to_file, number};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-audit-log-size",
    title: "Audit logs are rotated too early, or never",
    area: Area::Audit,
    severity: Severity::Low,
    rationale: "Few files are kept, so small ones hold little of what happened: many requests push the record of an \
        intrusion out. A log that is never rotated fills the disk of the node.",
    remediation: "Set --audit-log-maxsize to 100 megabytes or more in /etc/kubernetes/manifests/kube-apiserver.yaml \
        on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--audit-log-maxsize",
    default: "100",
    risk: "A log should hold at least 100 megabytes before the next begins, and end at some size.",
};

fn judged(server: &Instance<'_>) -> Judged {
    match (logs_to_file(server), server.flag(RULE.flag)) {
        (false, _) => Judged::Irrelevant,
        // Zero stood for 100 megabytes before it switched rotation off.
        (true, Some("0")) => RULE.judge(server, || by_release(server, true, false)),
        (true, _) => number(server, &RULE, Some(100), |megabytes| megabytes >= 100),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{api_server, fails, outcome, passes};

    #[test]
    fn a_small_or_no_size_fails_and_the_default_passes() {
        assert!(fails(
            &CHECK,
            "kube-apiserver",
            &["--audit-log-path=/a.log", "--audit-log-maxsize=10"]
        ));
        for flags in [
            &["--audit-log-path=/a.log"][..],
            &["--audit-log-path=/a.log", "--audit-log-maxsize=100"],
            &["--audit-log-path=/a.log", "--audit-log-maxsize=500"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }

    #[test]
    fn zero_meant_the_default_until_it_came_to_mean_no_rotation() {
        let manifest = api_server("cp1", &["--audit-log-path=/a.log", "--audit-log-maxsize=0"]);
        let of = |version: &str| {
            let image = format!("image: 'kube-apiserver:{version}', command: [");
            outcome(&CHECK, &manifest.replace("command: [", &image))
        };
        assert_eq!(of("v1.33.1"), Outcome::Pass);
        assert!(matches!(of("v1.36.0"), Outcome::NotEvaluated(_)));
        assert!(matches!(of("v1.37.0"), Outcome::Fail(_)));
    }

    #[test]
    fn without_a_log_file_it_says_nothing() {
        assert_eq!(outcome(&CHECK, &api_server("cp1", &[])), Outcome::NotApplicable);
    }
}
