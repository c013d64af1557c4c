//! Containers that are given capabilities with which they reach beyond themselves.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::json;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::capability::{harm, name};
use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::{judge_containers, own};
use crate::finding::Finding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "capability-added",
    title: "Container is given a capability",
    area: Area::Privileged,
    severity: Severity::High,
    rationale: "A capability is a part of root's power. Some are as good as the whole: SYS_ADMIN mounts the node's disk, SYS_MODULE \
        and BPF load code into its kernel, DAC_READ_SEARCH opens its files; those are of high severity, and so are NET_ADMIN, \
        NET_RAW and SYS_PTRACE where the pod shares the network or the processes of its node. Others are of medium or low \
        severity. What the baseline level of the Pod Security Standards lets a container add is not counted.",
    remediation: "Drop all capabilities and add the few that the program was seen to need. NET_BIND_SERVICE is enough for ports \
        below 1024, and a port above needs nothing.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    judge_containers(workload, |at| finding(workload, at))
}

/// The capabilities that a container is given, as written.
pub(super) fn added(at: ContainerAt<'_>) -> &[String] {
    let capabilities = own(at).and_then(|context| context.capabilities.as_ref());
    capabilities.map_or(&[], |capabilities| &capabilities.add)
}

/// Those that can do harm, each once, the worst first, with how bad it is in this pod.
fn harmful(workload: &Workload<'_>, at: ContainerAt<'_>) -> Vec<(Reverse<Severity>, String, &'static str)> {
    let spec = workload.spec_of(at);
    let names: BTreeSet<String> = added(at).iter().map(|written| name(written)).collect();
    let mut harmful: Vec<_> = names
        .into_iter()
        .filter_map(|name| {
            harm(&name).map(|capability| (Reverse(capability.severity_in(spec)), name, capability.gives))
        })
        .collect();
    harmful.sort();
    harmful
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let harmful = harmful(workload, at);
    let (Reverse(severity), ..) = *harmful.first()?;
    let names: Vec<&str> = harmful.iter().map(|(_, name, _)| name.as_str()).collect();
    let gives: Vec<String> = harmful
        .iter()
        .map(|(_, name, gives)| format!("{gives} ({name})"))
        .collect();
    let (container, names) = (&at.container.name, names.join(", "));
    let title = format!("Container {container} is given {names}");
    let message = format!(
        "Container {container} of {} may {}.",
        workload.reference,
        gives.join("; ")
    );
    let mut finding = CHECK
        .container_finding(workload, at, title, message)
        .witness_at(
            workload.container_field(at, "securityContext.capabilities.add"),
            added(at),
        )
        .patch(format!("Take {names} from {container}"), patch(workload, at));
    finding.severity = severity;
    Some(finding)
}

/// Keeps the harmless.
fn patch(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Patch> {
    let kept: Vec<&String> = added(at)
        .iter()
        .filter(|written| harm(&name(written)).is_none())
        .collect();
    workload.patch_container(at, json!({"securityContext": {"capabilities": {"add": kept}}}))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn adding(capabilities: &str, pod: &str) -> String {
        deployment(&format!(
            "{{{pod}containers: [{{name: c, securityContext: {{capabilities: {{add: [{capabilities}], drop: [ALL]}}}}}}]}}"
        ))
    }

    #[test]
    fn one_finding_lists_all_of_a_container_worst_first_and_the_patch_keeps_the_harmless() {
        let manifests = adding("NET_BIND_SERVICE, SYS_TIME, cap_sys_admin, SYS_ADMIN", "");
        let found = findings(&CHECK, &manifests);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].title.as_str(), found[0].severity),
            ("Container c is given SYS_ADMIN, SYS_TIME", Severity::High)
        );
        let patch = serde_json::to_value(&found[0].patch).unwrap();
        assert_eq!(
            patch["body"]["spec"]["template"]["spec"]["containers"][0]["securityContext"]["capabilities"],
            json!({"add": ["NET_BIND_SERVICE"]})
        );
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn what_any_container_may_add_passes() {
        assert_eq!(
            titles(&CHECK, &adding("CHOWN, CAP_SETUID, net_bind_service", "")),
            [""; 0]
        );
    }

    #[test]
    fn severity_follows_what_is_given_and_what_the_pod_shares() {
        let severity = |capability: &str, pod: &str| findings(&CHECK, &adding(capability, pod)).remove(0).severity;
        assert_eq!(severity("ALL", ""), Severity::High);
        assert_eq!(severity("NET_ADMIN", ""), Severity::Medium);
        assert_eq!(severity("NET_ADMIN", "hostNetwork: true, "), Severity::High);
        assert_eq!(severity("SYS_NICE", ""), Severity::Low);
    }
}
