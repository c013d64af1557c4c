//! API servers without a limit on events.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, plugin_off};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-events-not-limited",
    title: "API server takes events without limit",
    area: Area::Admission,
    severity: Severity::Low,
    rationale: "Whoever may create events can write as many as etcd takes, and slow down the whole cluster with \
        them. A limit by namespace or user keeps one from starving the others.",
    remediation: "Add EventRateLimit to --enable-admission-plugins, with its limits in the file of \
        --admission-control-config-file, in /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            plugin_off(server, &RULE, "EventRateLimit", false)
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--enable-admission-plugins",
    default: "",
    risk: "EventRateLimit does not run, so nothing limits how many events are written.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn it_must_be_enabled() {
        for flags in [
            &[][..],
            &["--enable-admission-plugins=Priority"],
            &["--admission-control=Priority"],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [
            &["--enable-admission-plugins=Priority,EventRateLimit"][..],
            &["--admission-control=EventRateLimit"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
