//! API servers that let Services have externalIPs.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, plugin_off};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-external-ips-allowed",
    title: "Services may take over external addresses",
    area: Area::Admission,
    severity: Severity::Medium,
    rationale: "A Service with externalIPs gets what pods and nodes send to these addresses, whoever they belong to \
        (CVE-2020-8554): whoever may create Services in one namespace can listen in on all others.",
    remediation: "Add DenyServiceExternalIPs to --enable-admission-plugins in \
        /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node. Where some Services need \
        externalIPs, a policy that allows known addresses only does as well.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            plugin_off(server, &RULE, "DenyServiceExternalIPs", false)
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--enable-admission-plugins",
    default: "",
    risk: "DenyServiceExternalIPs does not run, so whoever may create Services can take over addresses, unless a \
        policy forbids it.",
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
            &["--enable-admission-plugins=Priority,DenyServiceExternalIPs"][..],
            &["--admission-control=DenyServiceExternalIPs"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
