//! API servers whose requests may run for longer than five minutes.

use std::time::Duration;

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, duration, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-request-timeout-long",
    title: "API server lets requests run for very long",
    area: Area::Audit,
    severity: Severity::Low,
    rationale: "A request that may run for long holds memory and a place among those in flight. Slow clients, or \
        hostile ones, can hold all of them.",
    remediation: "Remove --request-timeout, as the default of one minute suits nearly all clusters, or set it to \
        300s at most in /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--request-timeout",
    default: "1m0s",
    risk: "Requests that hang hold places that others need.",
};

const LONGEST: Duration = Duration::from_secs(300);

fn judged(server: &Instance<'_>) -> Judged {
    RULE.judge(server, || match server.flag(RULE.flag) {
        None => Some(true),
        Some(text) => Some(duration(text)? <= LONGEST),
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn more_than_five_minutes_fail() {
        for flags in [&["--request-timeout=10m"][..], &["--request-timeout=300s1ms"]] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [&[][..], &["--request-timeout=300s"], &["--request-timeout=1m0s"]] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
