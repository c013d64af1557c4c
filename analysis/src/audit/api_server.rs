//! The API server, where it runs as a static pod: its flags.

use shared::object::ObjectRef;

use crate::check::Outcome;
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::container::Container;

/// What a check of the API server says where none can be seen.
const UNSEEN: &str = "The API server runs no static pod that can be seen; its flags are known to whoever runs it.";

/// An API server of the cluster.
#[derive(Debug)]
pub struct ApiServer<'a> {
    /// Its static pod.
    pub pod: ObjectRef,
    container: &'a Container,
}

/// The API servers that can be seen.
pub fn api_servers<'a>(cluster: &Cluster<'a>) -> Vec<ApiServer<'a>> {
    let candidates = cluster
        .workloads_in("kube-system")
        .filter(|workload| workload.is_static_pod());
    candidates.filter_map(api_server).collect()
}

fn api_server<'a>(workload: &Workload<'a>) -> Option<ApiServer<'a>> {
    let is_api_server = |container: &&Container| {
        container
            .command
            .first()
            .is_some_and(|command| command.rsplit('/').next() == Some("kube-apiserver"))
    };
    let container = workload.spec.containers.iter().find(is_api_server)?;
    Some(ApiServer {
        pod: workload.reference.clone(),
        container,
    })
}

/// Judges each API server that can be seen.
pub fn judge(cluster: &Cluster<'_>, finding: fn(&ApiServer<'_>) -> Option<Finding>) -> Outcome {
    let servers = api_servers(cluster);
    if servers.is_empty() {
        return Outcome::NotEvaluated(UNSEEN.into());
    }
    Outcome::of(servers.iter().filter_map(finding).collect())
}

impl<'a> ApiServer<'a> {
    /// The last argument that sets a flag: `--anonymous-auth=false`.
    fn argument(&self, name: &str) -> Option<&'a str> {
        let mut arguments = self.container.command.iter().chain(&self.container.args).rev();
        arguments.find(|argument| sets(argument, name)).map(String::as_str)
    }

    /// The value of a flag; empty where it stands alone, none where it does not stand there.
    pub fn flag(&self, name: &str) -> Option<&'a str> {
        self.argument(name)
            .map(|argument| argument.split_once('=').map_or("", |(_, value)| value))
    }

    /// Whether a flag that takes a file is set. A value that follows as an argument of its own was not kept.
    pub fn names_a_file(&self, name: &str) -> bool {
        self.argument(name).is_some_and(|argument| !argument.ends_with('='))
    }

    /// The path of the list in which a flag stands, or the others do where it does not stand in any.
    pub fn path(&self, flag: &str) -> String {
        let Container {
            name, command, args, ..
        } = self.container;
        let stands_in = |list: &[String]| list.iter().any(|argument| sets(argument, flag));
        let field = match stands_in(args) || !args.is_empty() && !stands_in(command) {
            true => "args",
            false => "command",
        };
        format!("spec.containers[{name}].{field}")
    }
}

fn sets(argument: &str, flag: &str) -> bool {
    argument.split('=').next() == Some(flag)
}

#[cfg(test)]
pub(crate) mod fixture {
    /// The manifest of an API server's static pod with these flags.
    pub(crate) fn api_server(node: &str, flags: &[&str]) -> String {
        let flags: Vec<String> = flags.iter().map(|flag| format!(", '{flag}'")).collect();
        format!(
            "
apiVersion: v1
kind: Pod
metadata:
  name: kube-apiserver-{node}
  namespace: kube-system
  annotations: {{kubernetes.io/config.mirror: 0f3a}}
  ownerReferences: [{{apiVersion: v1, kind: Node, name: {node}, controller: true}}]
spec: {{containers: [{{name: kube-apiserver, command: [kube-apiserver{}]}}]}}
",
            flags.concat()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    fn path(command: &[&str], args: &str) -> String {
        let pod = fixture::api_server("cp1", command).replace("]}]}", &format!("], args: [{args}]}}]}}"));
        let snapshot = snapshot(&pod);
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        api_servers(&cluster)[0].path("--anonymous-auth")
    }

    #[test]
    fn a_flag_is_shown_in_the_list_in_which_it_stands() {
        let (command, args) = (
            "spec.containers[kube-apiserver].command",
            "spec.containers[kube-apiserver].args",
        );
        assert_eq!(path(&["--anonymous-auth=true"], "'--audit-log-path=-'"), command);
        assert_eq!(path(&["--audit-log-path=-"], "'--anonymous-auth=true'"), args);
        assert_eq!(path(&[], "'--audit-log-path=-'"), args);
        assert_eq!(path(&["--audit-log-path=-"], ""), command);
    }
}
