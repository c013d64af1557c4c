//! API servers that keep no audit log.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "audit-log-off",
    title: "API server keeps no audit log",
    area: Area::Audit,
    severity: Severity::Medium,
    rationale: "Without an audit log nobody can tell who read a Secret, made a binding or opened a shell, neither while it \
        happens nor afterwards.",
    remediation: "Give the API server --audit-log-path (and --audit-log-maxage), or --audit-webhook-config-file, in its static \
        pod's manifest on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--audit-log-path",
    default: "",
    risk: "Nobody can tell afterwards who did what.",
};

const WEBHOOK: &str = "--audit-webhook-config-file";

fn judged(server: &Instance<'_>) -> Judged {
    let is_on = server.is_given(RULE.flag) || server.is_given(WEBHOOK);
    let fact = || format!("{} has neither {} nor {WEBHOOK}", server.pod, RULE.flag);
    if is_on {
        Judged::Right
    } else {
        RULE.wrong(server, RULE.flag, &fact())
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::cluster::Cluster;
    use crate::control_plane::fixture::api_server;
    use crate::fixture::{findings, snapshot, titles};

    #[test]
    fn a_log_file_or_a_webhook_passes() {
        for flag in [
            "--audit-log-path=/var/log/audit.log",
            "--audit-log-path=-",
            "--audit-webhook-config-file=/etc/audit.yaml",
            "--audit-log-path",
        ] {
            assert!(titles(&CHECK, &api_server("cp1", &[flag])).is_empty(), "{flag}");
        }
    }

    #[test]
    fn neither_or_an_empty_path_fails_on_each_server() {
        let manifests = api_server("cp1", &[]) + "---" + &api_server("cp2", &["--audit-log-path="]);
        let pods: Vec<String> = findings(&CHECK, &manifests)
            .into_iter()
            .map(|finding| finding.object.name)
            .collect();
        assert_eq!(pods, ["kube-apiserver-cp1", "kube-apiserver-cp2"]);
    }

    #[test]
    fn an_api_server_that_can_not_be_seen_is_not_evaluated() {
        let elsewhere = "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver-fake, namespace: shop}\nspec: {containers: [{name: kube-apiserver, command: [kube-apiserver]}]}";
        for manifests in ["", elsewhere] {
            let snapshot = snapshot(manifests);
            let outcomes = crate::run::outcomes(&CHECK, &Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH));
            assert!(matches!(outcomes[0].1, Outcome::NotEvaluated(_)));
        }
    }
}
