//! API servers that answer requests without credentials.

use shared::verdict::{Area, Severity};

use crate::audit::api_server::judge as judge_each;
use crate::audit::api_server::{ApiServer, api_servers};
use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
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
    judge: Judge::Cluster(judge),
};

const FLAG: &str = "--anonymous-auth";

/// What the command line says.
#[derive(Debug, PartialEq, Eq)]
enum Anonymous {
    On,
    Off,
    /// A file that can't be seen says it.
    InFile,
}

fn judge(cluster: &Cluster<'_>) -> Outcome {
    let servers = api_servers(cluster);
    match servers.iter().find(|server| anonymous(server) == Anonymous::InFile) {
        Some(server) if servers.iter().all(|server| anonymous(server) != Anonymous::On) => Outcome::Manual(format!(
            "{} is given --authentication-config: see in that file whether its anonymous section lets in more than health checks.",
            server.pod
        )),
        _ => judge_each(cluster, finding),
    }
}

/// The flag counts before the file, as an API server that is given both refuses to start unless the file is silent. A
/// value that is no boolean keeps it from starting too.
fn anonymous(server: &ApiServer<'_>) -> Anonymous {
    match server.flag(FLAG) {
        Some("false" | "False" | "FALSE" | "f" | "F" | "0") => Anonymous::Off,
        None if server.names_a_file("--authentication-config") => Anonymous::InFile,
        _ => Anonymous::On,
    }
}

fn finding(server: &ApiServer<'_>) -> Option<Finding> {
    let value = server.flag(FLAG);
    let message = match value {
        None => format!("{} has no --anonymous-auth, and the default is true.", server.pod),
        Some(_) => format!("{} has --anonymous-auth set to true.", server.pod),
    };
    let finding = || {
        CHECK
            .finding(server.pod.clone(), "", CHECK.title, message)
            .witness(format!("{}[{FLAG}]", server.path(FLAG)), value)
    };
    (anonymous(server) == Anonymous::On).then(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::api_server::fixture::api_server;
    use crate::fixture::{findings, snapshot, titles};

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

    fn outcome(manifests: &str) -> Outcome {
        let snapshot = snapshot(manifests);
        judge(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH))
    }

    #[test]
    fn a_configuration_file_is_for_a_person_to_read() {
        let by_file = api_server("cp1", &["--authentication-config=/etc/kubernetes/authn.yaml"]);
        assert!(matches!(outcome(&by_file), Outcome::Manual(reason) if reason.contains("kube-apiserver-cp1")));
        assert!(
            matches!(outcome(&(by_file + "---" + &api_server("cp2", &[]))), Outcome::Fail(findings) if findings.len() == 1)
        );
    }

    #[test]
    fn an_api_server_that_can_not_be_seen_is_not_evaluated() {
        assert!(matches!(outcome(""), Outcome::NotEvaluated(_)));
    }
}
