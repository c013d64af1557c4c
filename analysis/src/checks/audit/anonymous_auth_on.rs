//! API servers that answer requests without credentials.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, switch};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "anonymous-auth-on",
    title: "API server accepts anonymous requests",
    area: Area::Audit,
    severity: Severity::Low,
    rationale: "Requests without credentials become system:anonymous. By default that user may read little more than health \
        and version, which load balancers and kubeadm join rely on; but one careless binding then opens the cluster to \
        everyone who reaches it.",
    remediation: "Let only the paths of health checks be anonymous, by the anonymous section of a file given with \
        --authentication-config; or set --anonymous-auth=false where no probe needs it.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, |server| switch(server, &RULE, false))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--anonymous-auth",
    default: "true",
    risk: "Whoever reaches it may do what is bound to system:anonymous and system:unauthenticated.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{api_server, outcome};
    use crate::fixture::{findings, titles};

    #[test]
    fn the_default_is_on_and_so_is_the_bare_flag() {
        for flags in [
            &[][..],
            &["--anonymous-auth=true"],
            &["--anonymous-auth"],
            &["--anonymous-auth=false", "--anonymous-auth=true"],
        ] {
            assert_eq!(titles(&CHECK, &api_server("cp1", flags)).len(), 1, "{flags:?}");
        }
        assert!(
            findings(&CHECK, &api_server("cp1", &[])).remove(0).witness[0]
                .value
                .is_null()
        );
    }

    #[test]
    fn false_passes() {
        assert!(titles(&CHECK, &api_server("cp1", &["--anonymous-auth=false"])).is_empty());
    }

    #[test]
    fn what_a_configuration_file_says_is_not_evaluated() {
        let by_file = api_server("cp1", &["--authentication-config=/etc/kubernetes/authn.yaml"]);
        let both = by_file.clone() + "---" + &api_server("cp2", &[]);
        assert!(
            matches!(outcome(&CHECK, &by_file), Outcome::NotEvaluated(reason) if reason.contains("kube-apiserver-cp1"))
        );
        assert!(matches!(outcome(&CHECK, &both), Outcome::FailInPart(findings, _) if findings.len() == 1));
    }

    #[test]
    fn an_api_server_that_can_not_be_seen_is_not_evaluated() {
        assert!(matches!(outcome(&CHECK, ""), Outcome::NotEvaluated(_)));
    }
}
