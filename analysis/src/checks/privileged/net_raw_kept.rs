//! Containers that may forge packets.

use serde_json::json;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use super::capabilities_not_dropped::dropped;
use super::capability_added::added;
use crate::capability::name;
use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::{is_kept_from_root, judge_manners};
use crate::finding::Finding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "net-raw-kept",
    title: "Container keeps NET_RAW",
    area: Area::Privileged,
    severity: Severity::Low,
    rationale: "With the capability NET_RAW, which runtimes give to every container, root in a container forges packets: where the network \
        plugin lets it, answers of its own to ARP or DNS bring the traffic of other pods to it. Few programs need it but ping. \
        Runtimes differ where a container both adds and drops the same; then it counts as kept. Static pods are left out.",
    remediation: "Drop ALL capabilities, or at least NET_RAW, and do not add it back.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

const NET_RAW: &str = "NET_RAW";

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    judge_manners(workload, |at| {
        let mut ways = workload.as_admitted(at).peekable();
        let is_taken_by_admission = ways.peek().is_some() && ways.all(|way| way.is_some_and(|way| !keeps(way)));
        (keeps(at) && !is_taken_by_admission).then(|| finding(workload, at))
    })
}

fn keeps(at: ContainerAt<'_>) -> bool {
    let adds = |wanted: &str| added(at).iter().any(|written| name(written) == wanted);
    // None takes a name that is to be dropped with a prefix.
    let drops = |wanted: &str| dropped(at).iter().any(|written| written.eq_ignore_ascii_case(wanted));
    adds(NET_RAW) || (!drops(NET_RAW) && (adds("ALL") || !drops("ALL")))
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Finding {
    let (name, reference) = (&at.container.name, &workload.reference);
    let field = |field: &str| workload.container_field(at, &format!("securityContext.capabilities.{field}"));
    CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} keeps NET_RAW"),
            format!("Container {name} of {reference} may send packets of any sort, forged ones as well."),
        )
        .witness_at(field("drop"), dropped(at))
        .witness_at(field("add"), added(at))
        .patch(format!("Drop NET_RAW of {name}"), patch(workload, at))
}

/// None where it was added on purpose, nor where a program that may start as root may need it.
fn patch(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Patch> {
    let is_added = added(at)
        .iter()
        .any(|written| [NET_RAW, "ALL"].contains(&name(written).as_str()));
    if is_added || !is_kept_from_root(workload, at) {
        return None;
    }
    let drop: Vec<&str> = dropped(at).iter().map(String::as_str).chain([NET_RAW]).collect();
    workload.patch_container(at, json!({"securityContext": {"capabilities": {"drop": drop}}}))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn with(capabilities: &str) -> String {
        deployment(&format!(
            "{{containers: [{{name: c, securityContext: {{runAsUser: 7, capabilities: {{{capabilities}}}}}}}]}}"
        ))
    }

    #[test]
    fn it_is_kept_unless_it_is_dropped_and_not_added_back() {
        for dropped in [
            "drop: [ALL]",
            "drop: [all]",
            "drop: [net_raw, CHOWN]",
            "drop: [NET_RAW], add: [ALL]",
            "drop: [ALL], add: [CHOWN]",
        ] {
            assert_eq!(titles(&CHECK, &with(dropped)), [""; 0], "{dropped}");
        }
        for kept in [
            "",
            "drop: [CHOWN]",
            "drop: [CAP_NET_RAW]",
            "drop: [ALL], add: [NET_RAW]",
            "drop: [ALL], add: [CAP_NET_RAW]",
            "drop: [ALL], add: [net_raw]",
            "drop: [ALL], add: [ALL]",
        ] {
            assert_eq!(titles(&CHECK, &with(kept)), ["Container c keeps NET_RAW"], "{kept}");
        }
    }

    #[test]
    fn the_patch_drops_it_besides_what_is_dropped_and_takes_nothing_that_was_added() {
        assert!(is_closed_by_patches(&CHECK, &with("drop: [CHOWN]")));
        let patch = |manifests: &str| serde_json::to_value(&findings(&CHECK, manifests).remove(0).patch).unwrap();
        let container = &patch(&with("drop: [CHOWN]"))["body"]["spec"]["template"]["spec"]["containers"][0];
        assert_eq!(container["securityContext"]["capabilities"]["drop"][0], "CHOWN");
        assert!(patch(&with("drop: [ALL], add: [NET_RAW]")).is_null());
        assert!(patch(&deployment("{containers: [{name: c}]}")).is_null());
    }
}
