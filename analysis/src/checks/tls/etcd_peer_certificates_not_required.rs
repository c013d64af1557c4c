//! Members of etcd that ask peers for no certificate.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, judge, switch};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "etcd-peer-certificates-not-required",
    title: "etcd takes peers that show no certificate",
    area: Area::Tls,
    severity: Severity::High,
    rationale: "Members of etcd copy every change to each other. Where they ask for no certificate, whoever reaches \
        the port of peers can pass for a member, and read or write everything. A CA alone (--peer-trusted-ca-file) \
        makes them ask too.",
    remediation: "Set --peer-client-cert-auth=true, and --peer-trusted-ca-file to a CA of etcd's own, in \
        /etc/kubernetes/manifests/etcd.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::Etcd, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--peer-client-cert-auth",
    default: "false",
    risk: "Unless a CA is set, whoever reaches the port of peers can pass for a member.",
};

/// A CA to verify by makes etcd ask for certificates too, by itself.
fn judged(member: &Instance<'_>) -> Judged {
    let judged = switch(member, &RULE, true);
    match member.is_given("--peer-trusted-ca-file") {
        true => judged.with(Severity::Low),
        false => judged,
    }
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes, static_pod};
    use crate::fixture::severities;

    #[test]
    fn only_true_passes() {
        for flags in [&[][..], &["--peer-client-cert-auth=false"]] {
            assert!(fails(&CHECK, "etcd", flags), "{flags:?}");
        }
        for flags in [&["--peer-client-cert-auth=true"][..], &["--peer-client-cert-auth"]] {
            assert!(passes(&CHECK, "etcd", flags), "{flags:?}");
        }
    }

    #[test]
    fn a_ca_alone_asks_for_certificates_too() {
        let severity = |flags: &[&str]| severities(&CHECK, &static_pod("etcd", "cp1", flags));
        assert_eq!(severity(&["--peer-trusted-ca-file=/ca.crt"]), [Severity::Low]);
        assert_eq!(severity(&[]), [Severity::High]);
    }
}
