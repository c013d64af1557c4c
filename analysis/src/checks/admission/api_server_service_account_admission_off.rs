//! API servers that do not run the plugin ServiceAccount.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, plugin_off};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-service-account-admission-off",
    title: "Pods are not given a service account",
    area: Area::Admission,
    severity: Severity::Medium,
    rationale: "The plugin ServiceAccount gives each pod an account that exists, and keeps pods from using Secrets \
        that their account may not mount. Without it these rules don't hold, and a mirror pod may name any account.",
    remediation: "Remove ServiceAccount from --disable-admission-plugins in \
        /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            plugin_off(server, &RULE, "ServiceAccount", true)
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--disable-admission-plugins",
    default: "",
    risk: "The plugin ServiceAccount does not run, so its rules for pods don't hold.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn only_disabling_it_fails() {
        for flags in [
            &["--disable-admission-plugins=ServiceAccount"][..],
            &["--admission-control=NodeRestriction"],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [
            &[][..],
            &["--disable-admission-plugins=Priority"],
            &["--admission-control=ServiceAccount"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
