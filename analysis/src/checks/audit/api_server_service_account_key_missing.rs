//! API servers that have no key of their own for service account tokens.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-service-account-key-missing",
    title: "Service account tokens are checked by the key of the TLS certificate",
    area: Area::Audit,
    severity: Severity::Low,
    rationale: "Without a key of their own, tokens of service accounts are checked by the key of the serving \
        certificate, and neither can be replaced without the other.",
    remediation: "Give the API server the public key of service account tokens with --service-account-key-file, and \
        the controller manager the private one, in /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane \
        node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--service-account-key-file",
    default: "",
    risk: "The key of the serving certificate is then that of the tokens of service accounts too.",
};

/// A signer of its own brings its keys along, and excludes the file.
fn judged(server: &Instance<'_>) -> Judged {
    match server.is_given("--service-account-signing-endpoint") {
        true => Judged::Irrelevant,
        false => all_given(server, &RULE, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{api_server, fails, outcome, passes};

    #[test]
    fn a_file_passes_and_none_fails() {
        for flags in [&[][..], &["--service-account-key-file="]] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        assert!(passes(
            &CHECK,
            "kube-apiserver",
            &["--service-account-key-file=/pki/sa.pub"]
        ));
    }

    #[test]
    fn an_external_signer_needs_none() {
        let pod = api_server("cp1", &["--service-account-signing-endpoint=/run/signer.sock"]);
        assert_eq!(outcome(&CHECK, &pod), Outcome::NotApplicable);
    }
}
