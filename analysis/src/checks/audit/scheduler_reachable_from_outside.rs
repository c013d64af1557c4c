//! Schedulers that listen on more than their own node.

use std::net::IpAddr;

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "scheduler-reachable-from-outside",
    title: "Scheduler listens on the network",
    area: Area::Audit,
    severity: Severity::Low,
    rationale: "Nobody but its own node and who scrapes its metrics needs to reach it. Where it listens on all \
        addresses, every flaw of its server can be tried from anywhere.",
    remediation: "Set --bind-address=127.0.0.1 in /etc/kubernetes/manifests/kube-scheduler.yaml on each \
        control-plane node. Scrape its metrics by an agent on the node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::Scheduler, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--bind-address",
    default: "0.0.0.0",
    risk: "It can be reached from other machines.",
};

fn judged(scheduler: &Instance<'_>) -> Judged {
    RULE.judge(scheduler, || match scheduler.flag(RULE.flag) {
        None => Some(false),
        Some(text) => Some(text.parse::<IpAddr>().ok()?.is_loopback()),
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{fails, outcome, passes, static_pod};

    #[test]
    fn only_the_node_itself_passes() {
        for flags in [
            &[][..],
            &["--bind-address=0.0.0.0"],
            &["--bind-address=10.0.0.1"],
            &["--bind-address=::"],
        ] {
            assert!(fails(&CHECK, "kube-scheduler", flags), "{flags:?}");
        }
        for flags in [&["--bind-address=127.0.0.1"][..], &["--bind-address=::1"]] {
            assert!(passes(&CHECK, "kube-scheduler", flags), "{flags:?}");
        }
    }

    #[test]
    fn an_address_from_a_variable_is_not_evaluated() {
        let pod = static_pod("kube-scheduler", "cp1", &["--bind-address=$(POD_IP)"]);
        assert!(matches!(outcome(&CHECK, &pod), Outcome::NotEvaluated(reason) if reason.contains("variable")));
    }
}
