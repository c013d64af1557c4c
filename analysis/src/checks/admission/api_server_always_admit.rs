//! API servers that run the plugin AlwaysAdmit.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, plugin_on};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-always-admit",
    title: "API server runs AlwaysAdmit",
    area: Area::Admission,
    severity: Severity::Low,
    rationale: "AlwaysAdmit admits everything. It is deprecated, and the other plugins decide in spite of it; but \
        where it stands, somebody meant to do without admission, and often nothing else runs.",
    remediation: "Remove AlwaysAdmit from --enable-admission-plugins in \
        /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            plugin_on(server, &RULE, "AlwaysAdmit")
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--enable-admission-plugins",
    default: "",
    risk: "AlwaysAdmit checks nothing.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn only_running_it_fails() {
        for flags in [
            &["--enable-admission-plugins=NodeRestriction,AlwaysAdmit"][..],
            &["--admission-control=AlwaysAdmit"],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [&[][..], &["--enable-admission-plugins=NodeRestriction"]] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
