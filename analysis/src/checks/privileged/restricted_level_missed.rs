//! Pods that the restricted level refuses for how they are written, though other checks find them confined.

use serde_json::{Value, json};
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use super::capabilities_not_dropped::{dropped, names_all};
use super::capability_added::added;
use super::container_may_run_as_root::may_be_root;
use crate::capability::{harm, name};
use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::confinement::{is_kept_from_root, is_windows, own};
use crate::finding::Finding;
use crate::pod_security::{Level, Pod, Violation, breaks_one, namespaces, of_new_pods_in};

/// See its fields.
pub static CHECK: Check = Check {
    id: "restricted-level-missed",
    title: "Pod misses the restricted level by how it is written",
    area: Area::Privileged,
    severity: Severity::Low,
    rationale: "Pod Security admission reads fields as they stand: a user other than root does not make up for runAsNonRoot, user 0 counts \
        where nothing runs as it, of the capabilities that runtimes give to every container only NET_BIND_SERVICE may be added back, \
        and names of capabilities count in upper case only. Such a pod is refused where its namespace enforces the restricted level, \
        though it is confined as well as others. What other checks report is not said again here.",
    remediation: "Set runAsNonRoot to true and name no user 0. Drop ALL capabilities, written so, and add none but NET_BIND_SERVICE.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

/// The controls of which something is told here.
const CONTROLS: &[&str] = &[
    "capabilities_baseline",
    "capabilities_restricted",
    "runAsNonRoot",
    "runAsUser",
];

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if workload.is_static_pod() || is_windows(workload.spec) {
        return Outcome::NotApplicable;
    }
    let version = namespaces::version_in(cluster);
    let template = Pod {
        meta: workload.pod_meta,
        spec: workload.spec,
    };
    // Most pods are as they should be in this, and each need not be looked at in full.
    if !breaks_one(CONTROLS, Level::Restricted, version, template) {
        return Outcome::Pass;
    }
    let pods = workload.pods_of_template(cluster.snapshot);
    let broken = of_new_pods_in(CONTROLS, Level::Restricted, version, workload, &pods);
    let written = broken.iter().filter(|(object, _)| *object == workload.reference);
    let findings = written.filter_map(|(_, violation)| finding(workload, violation));
    Outcome::of(findings.collect())
}

/// What is said of a breach that no other check reports.
fn finding(workload: &Workload<'_>, violation: &Violation) -> Option<Finding> {
    let field = violation.field.strip_prefix(workload.path)?.strip_prefix('.')?;
    let (place, field) = field.rsplit_once("securityContext.")?;
    let at = workload
        .containers()
        .find(|at| place == format!("{}[{}].", at.list.field(), at.container.name));
    let (value, patch) = match at {
        Some(at) => of_container(workload, at, field)?,
        None if place.is_empty() => of_pod(workload, field)?,
        None => return None,
    };
    let title = violation.message.trim_end_matches('.').to_owned();
    let message = format!(
        "{} The restricted level refuses that in pods of {}.",
        violation.message, workload.reference
    );
    let witness = match at {
        Some(at) => workload.container_field(at, &format!("securityContext.{field}")),
        None => (workload.reference.clone(), violation.field.clone()),
    };
    let finding = CHECK.finding(workload.reference.clone(), format!("{place}{field}"), title, message);
    Some(
        finding
            .witness_at(witness, value)
            .patch("Write what the restricted level asks for", patch),
    )
}

/// A field of a container, and the change that keeps to the level where it takes nothing from the program. None where
/// another check reports the field.
fn of_container(workload: &Workload<'_>, at: ContainerAt<'_>, field: &str) -> Option<(Value, Option<Patch>)> {
    if at.list == ContainerList::Ephemeral {
        return None;
    }
    let patch = |context: Value| workload.patch_container(at, json!({ "securityContext": context }));
    match field {
        "capabilities.add" => {
            let is_untold = |written: &String| written != "NET_BIND_SERVICE" && harm(&name(written)).is_none();
            added(at).iter().any(is_untold).then(|| (json!(added(at)), None))
        }
        "capabilities.drop" => {
            names_all(at).then(|| (json!(dropped(at)), patch(json!({"capabilities": {"drop": ["ALL"]}}))))
        }
        _ if may_be_root(workload, at) => None,
        "runAsNonRoot" => {
            let is_other = is_kept_from_root(workload, at);
            let patch = patch(json!({"runAsNonRoot": true})).filter(|_| is_other);
            Some((json!(own(at).and_then(|context| context.run_as_non_root)), patch))
        }
        "runAsUser" => Some((json!(own(at).and_then(|context| context.run_as_user)), None)),
        _ => None,
    }
}

/// The same of a field of the pod, which counts though each container has another value.
fn of_pod(workload: &Workload<'_>, field: &str) -> Option<(Value, Option<Patch>)> {
    let context = workload.spec.security_context.as_deref()?;
    let is_told = |at: ContainerAt<'_>| at.list != ContainerList::Ephemeral && may_be_root(workload, at);
    match field {
        _ if workload.containers().any(is_told) => None,
        "runAsNonRoot" => {
            let patch = workload.patch_spec(json!({"securityContext": {"runAsNonRoot": true}}));
            Some((json!(context.run_as_non_root), patch))
        }
        "runAsUser" => Some((json!(context.run_as_user), None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn container(context: &str) -> String {
        deployment(&format!(
            "{{containers: [{{name: c, securityContext: {{{context}}}}}]}}"
        ))
    }

    const DROPPED: &str = "capabilities: {drop: [ALL]}";

    #[test]
    fn a_user_does_not_make_up_for_the_word_that_it_is_not_root() {
        let manifests = container(&format!("runAsUser: 7, {DROPPED}"));
        let found = findings(&CHECK, &manifests);
        assert_eq!(
            found[0].title,
            "Container c is not held to run as another user than root"
        );
        assert!(
            found[0].witness[0]
                .path
                .ends_with("containers[c].securityContext.runAsNonRoot")
        );
        assert!(is_closed_by_patches(&CHECK, &manifests));
        let of_pod =
            format!("{{securityContext: {{runAsUser: 7}}, containers: [{{name: c, securityContext: {{{DROPPED}}}}}]}}");
        assert_eq!(titles(&CHECK, &deployment(&of_pod)).len(), 1);
    }

    #[test]
    fn user_0_counts_where_nothing_runs_as_it() {
        let refused = container(&format!("runAsNonRoot: true, runAsUser: 0, {DROPPED}"));
        assert_eq!(titles(&CHECK, &refused), ["Container c runs as user 0, which is root"]);
        let overruled = format!(
            "{{securityContext: {{runAsUser: 0}}, containers: [{{name: c, securityContext: {{runAsNonRoot: true, runAsUser: 7, {DROPPED}}}}}]}}"
        );
        let found = findings(&CHECK, &deployment(&overruled)).remove(0);
        assert_eq!(
            (found.title.as_str(), found.witness[0].path.as_str()),
            (
                "The pod runs as user 0, which is root",
                "spec.template.spec.securityContext.runAsUser"
            )
        );
    }

    #[test]
    fn default_capabilities_may_not_be_added_back_and_are_known_in_upper_case_only() {
        let with = |capabilities: &str| container(&format!("runAsNonRoot: true, capabilities: {{{capabilities}}}"));
        assert_eq!(
            titles(&CHECK, &with("drop: [ALL], add: [CHOWN, SETUID, NET_BIND_SERVICE]")),
            ["Container c adds the capability CHOWN, SETUID"]
        );
        assert_eq!(titles(&CHECK, &with("drop: [ALL], add: [NET_BIND_SERVICE]")), [""; 0]);
        assert_eq!(titles(&CHECK, &with("drop: [all]")).len(), 1);
        assert!(is_closed_by_patches(&CHECK, &with("drop: [all]")));
    }

    #[test]
    fn what_other_checks_report_is_not_said_twice() {
        for context in [
            "",
            "runAsUser: 0, capabilities: {add: [SYS_ADMIN]}",
            "runAsNonRoot: false, privileged: true",
        ] {
            assert_eq!(titles(&CHECK, &container(context)), [""; 0], "{context}");
        }
        let pod = crate::control_plane::fixture::api_server("cp1", &[]);
        assert_eq!(titles(&CHECK, &pod), [""; 0]);
    }
}
