//! Members of etcd that ask clients for no certificate.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, judge, switch};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "etcd-client-certificates-not-required",
    title: "etcd serves clients that show no certificate",
    area: Area::Tls,
    severity: Severity::Critical,
    rationale: "etcd authenticates clients by their certificates and by nothing else. Where it does not ask, \
        whoever reaches its port reads every Secret and makes himself administrator, past the API server and its audit \
        log. A CA alone (--trusted-ca-file) makes it ask too; the flag says so for everybody.",
    remediation: "Set --client-cert-auth=true, and --trusted-ca-file to a CA of etcd's own, in \
        /etc/kubernetes/manifests/etcd.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::Etcd, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--client-cert-auth",
    default: "false",
    risk: "Unless a CA is set, whoever reaches its port has the whole cluster.",
};

/// A CA to verify by makes etcd ask for certificates too, by itself.
fn judged(member: &Instance<'_>) -> Judged {
    let judged = switch(member, &RULE, true);
    match member.is_given("--trusted-ca-file") {
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
        for flags in [&[][..], &["--client-cert-auth=false"]] {
            assert!(fails(&CHECK, "etcd", flags), "{flags:?}");
        }
        for flags in [&["--client-cert-auth=true"][..], &["--client-cert-auth"]] {
            assert!(passes(&CHECK, "etcd", flags), "{flags:?}");
        }
    }

    #[test]
    fn a_ca_alone_asks_for_certificates_too() {
        let severity = |flags: &[&str]| severities(&CHECK, &static_pod("etcd", "cp1", flags));
        assert_eq!(severity(&["--trusted-ca-file=/ca.crt"]), [Severity::Low]);
        assert_eq!(severity(&[]), [Severity::Critical]);
    }
}
