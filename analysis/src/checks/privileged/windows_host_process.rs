//! Containers that are processes of a Windows node.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::effective;
use crate::finding::Finding;
use crate::model::security_context::WindowsSecurityContextOptions;

/// See its fields.
pub static CHECK: Check = Check {
    id: "windows-host-process",
    title: "Container is a process of its Windows node",
    area: Area::Privileged,
    severity: Severity::Critical,
    rationale: "A HostProcess container is no container: it runs on the Windows node itself, with the node's files and network and \
        the rights of the account that it names, mostly SYSTEM. Whoever takes it over has the node and every token on it.",
    remediation: "Run the program in an ordinary container. Only what sets up the node, such as network and storage plugins, needs \
        hostProcess, and then an account with few rights.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    Outcome::of(workload.containers().filter_map(|at| finding(workload, at)).collect())
}

/// No patch: a program that was written for the node needs another image.
fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let is_process = |windows: &WindowsSecurityContextOptions| windows.host_process;
    let (value, context) = effective(
        workload,
        at,
        |own| own.windows_options.as_ref().and_then(is_process),
        |pod| pod.windows_options.as_ref().and_then(is_process),
    );
    (value == Some(true)).then(|| {
        context
            .finding(
                &CHECK,
                "is a process of its Windows node",
                ", with the rights of the account that it names there.",
            )
            .witness_at(context.field("windowsOptions.hostProcess"), true)
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::titles;

    #[test]
    fn the_pod_says_so_for_all_its_containers_or_a_container_for_itself() {
        let of_pod = "{securityContext: {windowsOptions: {hostProcess: true}}, initContainers: [{name: a}], containers: [{name: b}]}";
        assert_eq!(
            titles(&CHECK, &deployment(of_pod)),
            ["The pod is a process of its Windows node"]
        );
        let of_one = "{containers: [{name: a, securityContext: {windowsOptions: {hostProcess: true}}}, {name: b, securityContext: {windowsOptions: {hostProcess: false}}}]}";
        assert_eq!(
            titles(&CHECK, &deployment(of_one)),
            ["Container a is a process of its Windows node"]
        );
    }

    #[test]
    fn an_account_alone_is_no_process_of_the_node() {
        let spec = "{os: {name: windows}, securityContext: {windowsOptions: {runAsUserName: ContainerUser}}, containers: [{name: a}]}";
        assert_eq!(titles(&CHECK, &deployment(spec)), [""; 0]);
    }
}
