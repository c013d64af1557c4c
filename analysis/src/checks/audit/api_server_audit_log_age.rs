//! API servers that keep audit logs less than a month, or for ever.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, by_release, judge, logs_to_file, number};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-audit-log-age",
    title: "Audit logs are kept too short, or with no limit",
    area: Area::Audit,
    severity: Severity::Low,
    rationale: "An intrusion is often noticed weeks later, and a log that is gone by then can't tell what happened. \
        Logs that are never removed fill the disk of the node until the API server stops.",
    remediation: "Set --audit-log-maxage to 30 days or what your rules ask for in \
        /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node. Ship the log elsewhere to keep it \
        longer.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--audit-log-maxage",
    default: "0",
    risk: "Audit logs should be kept at least 30 days, and not for ever: 0 sets no limit.",
};

fn judged(server: &Instance<'_>) -> Judged {
    match logs_to_file(server) {
        true => number(server, &RULE, by_release(server, 0, 366), |days| days >= 30),
        false => Judged::Irrelevant,
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{api_server, fails, outcome, passes};

    #[test]
    fn too_little_or_no_bound_fails_and_enough_passes() {
        for flags in [
            &["--audit-log-path=/a.log", "--audit-log-maxage=7"][..],
            &["--audit-log-path=/a.log", "--audit-log-maxage=0"],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [
            &["--audit-log-path=/a.log", "--audit-log-maxage=30"][..],
            &["--audit-log-path=/a.log", "--audit-log-maxage=90"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }

    #[test]
    fn the_default_is_that_of_the_version() {
        let manifest = api_server("cp1", &["--audit-log-path=/a.log"]);
        let of = |version: &str| {
            let image = format!("image: 'kube-apiserver:{version}', command: [");
            outcome(&CHECK, &manifest.replace("command: [", &image))
        };
        assert!(matches!(of("v1.33.1"), Outcome::Fail(_)));
        assert!(matches!(of("v1.36.0"), Outcome::NotEvaluated(_)));
        assert_eq!(of("v1.37.0"), Outcome::Pass);
    }

    #[test]
    fn without_a_log_file_it_says_nothing() {
        for flags in [&[][..], &["--audit-log-path=-"], &["--audit-log-path="]] {
            assert_eq!(
                outcome(&CHECK, &api_server("cp1", flags)),
                Outcome::NotApplicable,
                "{flags:?}"
            );
        }
    }
}
