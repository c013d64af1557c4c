//! Members of etcd that serve clients without a certificate.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, all_given, judge, switch_value};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "etcd-certificate-missing",
    title: "etcd serves clients in plain text",
    area: Area::Tls,
    severity: Severity::Critical,
    rationale: "etcd holds every object of the cluster, Secrets among them. Without a certificate it speaks plain \
        HTTP and knows no client: whoever reaches its port reads everything and writes what the cluster is.",
    remediation: "Give etcd --cert-file and --key-file in /etc/kubernetes/manifests/etcd.yaml on each control-plane \
        node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::Etcd, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--cert-file",
    default: "",
    risk: "Whoever reaches its port can read and write the whole cluster.",
};

/// With certificates of its own making the traffic is encrypted all the same, but no client can verify it.
fn judged(member: &Instance<'_>) -> Judged {
    let judged = all_given(member, &RULE, &["--key-file"]);
    match member.flag("--auto-tls").map(switch_value) {
        Some(Some(true)) => judged.with(Severity::Medium),
        _ => judged,
    }
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{fails, outcome, passes, static_pod};
    use crate::fixture::severities;

    #[test]
    fn both_are_needed() {
        for flags in [&[][..], &["--cert-file=/a.crt"], &["--auto-tls"]] {
            assert!(fails(&CHECK, "etcd", flags), "{flags:?}");
        }
        for flags in [
            &["--cert-file=/a.crt", "--key-file=/a.key"][..],
            &["-cert-file", "/a.crt", "-key-file=/a.key"],
        ] {
            assert!(passes(&CHECK, "etcd", flags), "{flags:?}");
        }
    }

    #[test]
    fn what_a_file_or_a_variable_decides_is_not_evaluated() {
        let pod = static_pod("etcd", "cp1", &["--key-file=/a.key"]);
        let variable = pod.replace("command:", "env: [{name: ETCD_CERT_FILE, value: canary}], command:");
        let file = static_pod("etcd", "cp1", &["--config-file=/etc/etcd.yaml", "--cert-file=/a.crt"]);
        for pod in [variable, file] {
            assert!(matches!(outcome(&CHECK, &pod), Outcome::NotEvaluated(_)), "{pod}");
        }
    }

    #[test]
    fn a_certificate_of_its_own_making_is_less_bad() {
        let severity = |flags: &[&str]| severities(&CHECK, &static_pod("etcd", "cp1", flags));
        assert_eq!(severity(&["--auto-tls=true"]), [Severity::Medium]);
        assert_eq!(severity(&["--auto-tls=false"]), [Severity::Critical]);
    }
}
