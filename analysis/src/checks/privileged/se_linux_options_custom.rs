//! Containers that choose what SELinux takes them for.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::{effective, judge_containers};
use crate::finding::Finding;
use crate::model::security_context::SELinuxOptions;
use crate::pod_security::{is_confined_type, version};

/// See its fields.
pub static CHECK: Check = Check {
    id: "se-linux-options-custom",
    title: "Container chooses its SELinux domain",
    area: Area::Privileged,
    severity: Severity::Medium,
    rationale: "On nodes with SELinux the domain of containers keeps them from files and processes of the node. A user, a role or a \
        type of one's own choice leaves it: spc_t is confined by nothing at all. A level alone is fine.",
    remediation: "Remove user, role and type from seLinuxOptions. Where a program needs more than container_t, write a policy module \
        for it and let only its namespace use that.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    judge_containers(workload, |at| finding(workload, at))
}

/// What the options choose that they should not, as fields and values.
fn chosen(options: &SELinuxOptions) -> Vec<(&'static str, &str)> {
    let fields = [
        ("user", options.user.as_str(), options.user.is_empty()),
        ("role", options.role.as_str(), options.role.is_empty()),
        (
            "type",
            options.r#type.as_str(),
            is_confined_type(&options.r#type, version::NEWEST),
        ),
    ];
    let chosen = fields.into_iter().filter(|(.., is_fine)| !is_fine);
    chosen.map(|(field, value, _)| (field, value)).collect()
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let (options, context) = effective(
        workload,
        at,
        |own| own.se_linux_options.as_ref(),
        |pod| pod.se_linux_options.as_ref(),
    );
    let chosen = chosen(options?);
    if chosen.is_empty() {
        return None;
    }
    let words: Vec<String> = chosen.iter().map(|(field, value)| format!("{field} {value}")).collect();
    let fact = format!("chooses the SELinux {}", words.join(", "));
    let finding = context
        .finding(&CHECK, &fact, ", and leaves what SELinux allows to containers.")
        .patch(
            format!("Leave the SELinux domain of {} to the runtime", context.owner()),
            context.patch(json!({"seLinuxOptions": {"user": null, "role": null, "type": null}})),
        );
    Some(chosen.iter().fold(finding, |finding, (field, value)| {
        finding.witness_at(context.field(&format!("seLinuxOptions.{field}")), *value)
    }))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{is_closed_by_patches, titles};

    fn container(options: &str) -> String {
        deployment(&format!(
            "{{containers: [{{name: c, securityContext: {{seLinuxOptions: {{{options}}}}}}}]}}"
        ))
    }

    #[test]
    fn a_type_that_confines_nothing_fails_and_a_level_does_not() {
        assert_eq!(
            titles(&CHECK, &container("type: spc_t, user: u, level: 's0'")),
            ["Container c chooses the SELinux user u, type spc_t"]
        );
        assert!(is_closed_by_patches(&CHECK, &container("type: spc_t, role: r")));
        assert_eq!(
            titles(&CHECK, &container("type: container_init_t, level: 's0:c1,c2'")),
            [""; 0]
        );
    }

    #[test]
    fn the_options_of_a_container_replace_those_of_its_pod() {
        let spec = "{securityContext: {seLinuxOptions: {type: spc_t}}, containers: [{name: a, securityContext: {seLinuxOptions: {level: s0}}}]}";
        assert_eq!(titles(&CHECK, &deployment(spec)), [""; 0]);
        let spec = "{securityContext: {seLinuxOptions: {type: spc_t}}, containers: [{name: a}, {name: b}]}";
        assert_eq!(
            titles(&CHECK, &deployment(spec)),
            ["The pod chooses the SELinux type spc_t"]
        );
        assert!(is_closed_by_patches(&CHECK, &deployment(spec)));
    }
}
