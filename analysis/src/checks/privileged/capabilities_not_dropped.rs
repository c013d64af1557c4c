//! Containers that keep the capabilities that the runtime gives to all.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::{is_kept_from_root, judge_manners, own};
use crate::finding::Finding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "capabilities-not-dropped",
    title: "Container keeps the runtime's capabilities",
    area: Area::Privileged,
    severity: Severity::Low,
    rationale: "Runtimes give each container some fourteen capabilities, among them to pass over file permissions, to change \
        users and to forge packets. Few programs need any, and a program that was taken over makes use of them. What \
        admission drops in all pods of a workload counts; static pods are left out.",
    remediation: "Set securityContext.capabilities.drop to ALL and add what the program is known to need. A program that starts as \
        root to become someone else needs SETUID and SETGID, and often CHOWN: better, let it start as that user.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    judge_manners(workload, |at| (!drops_all(workload, at)).then(|| finding(workload, at)))
}

/// The capabilities that a container drops, as written.
pub(super) fn dropped(at: ContainerAt<'_>) -> &[String] {
    let capabilities = own(at).and_then(|context| context.capabilities.as_ref());
    capabilities.map_or(&[], |capabilities| &capabilities.drop)
}

/// Whether the template drops them, or admission does so in all of its pods.
fn drops_all(workload: &Workload<'_>, at: ContainerAt<'_>) -> bool {
    let mut ways = workload.as_admitted(at).peekable();
    names_all(at) || (ways.peek().is_some() && ways.all(|way| way.is_some_and(names_all)))
}

/// Runtimes take the word in any case, and none takes it with a prefix.
pub(super) fn names_all(at: ContainerAt<'_>) -> bool {
    dropped(at).iter().any(|name| name.eq_ignore_ascii_case("ALL"))
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Finding {
    let name = &at.container.name;
    CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} does not drop all capabilities"),
            format!(
                "Container {name} of {} keeps what the container runtime gives to every container.",
                workload.reference
            ),
        )
        .witness_at(
            workload.container_field(at, "securityContext.capabilities.drop"),
            dropped(at),
        )
        .patch(
            format!("Drop all capabilities of {name}"),
            workload
                .patch_container(at, json!({"securityContext": {"capabilities": {"drop": ["ALL"]}}}))
                .filter(|_| is_kept_from_root(workload, at)),
        )
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::{RESTRICTED, deployment, pod};
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn dropping(capabilities: &str) -> String {
        deployment(&format!(
            "{{containers: [{{name: c, securityContext: {{runAsUser: 7, capabilities: {{drop: [{capabilities}]}}}}}}]}}"
        ))
    }

    #[test]
    fn all_in_any_case_is_all_and_some_are_not() {
        for all in ["ALL", "all", "NET_RAW, All"] {
            assert_eq!(titles(&CHECK, &dropping(all)), [""; 0], "{all}");
        }
        for some in ["", "NET_RAW", "CAP_ALL"] {
            assert_eq!(titles(&CHECK, &dropping(some)).len(), 1, "{some}");
        }
        assert!(is_closed_by_patches(&CHECK, &dropping("NET_RAW")));
    }

    #[test]
    fn what_may_start_as_root_is_not_patched_since_it_may_need_some() {
        let found = findings(&CHECK, &deployment("{containers: [{name: c}]}")).remove(0);
        assert_eq!(found.patch, None);
    }

    #[test]
    fn a_debugger_is_left_out() {
        let spec = "{containers: [], ephemeralContainers: [{name: debugger}]}";
        assert_eq!(titles(&CHECK, &deployment(spec)), [""; 0]);
    }

    #[test]
    fn what_admission_drops_in_every_pod_is_dropped() {
        let template = deployment("{containers: [{name: c, securityContext: {capabilities: {drop: [KILL]}}}]}");
        assert_eq!(titles(&CHECK, &(template.clone() + &pod("a", RESTRICTED))), [""; 0]);
        let some = template + &pod("a", RESTRICTED) + &pod("b", "{containers: [{name: c}]}");
        assert_eq!(titles(&CHECK, &some).len(), 1);
    }
}
