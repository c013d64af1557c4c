//! API servers that accept cipher suites without forward secrecy or authenticated encryption.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, judge, list};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-cipher-suites-weak",
    title: "API server accepts weak cipher suites",
    area: Area::Tls,
    severity: Severity::Low,
    rationale: "Suites without forward secrecy let whoever gets the key later read what was recorded; those of the \
        CBC mode have a history of attacks. The defaults of Go still hold some of them for TLS 1.2.",
    remediation: "Set --tls-cipher-suites to suites of ECDHE with GCM or ChaCha20, or \
        --tls-min-version=VersionTLS13 where all clients know it, in /etc/kubernetes/manifests/kube-apiserver.yaml on \
        each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--tls-cipher-suites",
    default: "that of Go, with suites of the CBC mode",
    risk: "Weak suites are accepted.",
};

fn judged(server: &Instance<'_>) -> Judged {
    // The suites of TLS 1.3 are all strong, and can't be chosen.
    let is_newest = server.flag("--tls-min-version") == Some("VersionTLS13");
    list(server, &RULE, |suites| {
        is_newest || !suites.is_empty() && suites.iter().all(|suite| is_strong(suite))
    })
}

fn is_strong(suite: &str) -> bool {
    match suite.strip_prefix("TLS_ECDHE_") {
        Some(suite) => suite.contains("_GCM_") || suite.contains("_CHACHA20_POLY1305"),
        None => ["TLS_AES_", "TLS_CHACHA20_"]
            .iter()
            .any(|start| suite.starts_with(start)),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn weak_suites_and_the_default_fail() {
        for flags in [
            &[][..],
            &["--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_128_GCM_SHA256"],
            &["--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [
            &["--tls-min-version=VersionTLS13"][..],
            &[
                "--tls-cipher-suites=TLS_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            ],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
