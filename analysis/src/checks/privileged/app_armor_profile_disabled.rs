//! Containers for which AppArmor is switched off.

use serde_json::json;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::{effective, judge_containers, own};
use crate::finding::Finding;
use crate::model::meta::ObjectMeta;

/// See its fields.
pub static CHECK: Check = Check {
    id: "app-armor-profile-disabled",
    title: "AppArmor is switched off",
    area: Area::Privileged,
    severity: Severity::Medium,
    rationale: "On nodes with AppArmor each container has the runtime's profile, which keeps it from mounting and from writing the \
        kernel's files below /proc and /sys. Unconfined takes that away.",
    remediation: "Remove appArmorProfile or set its type to RuntimeDefault; where the program needs more, load a profile of its own \
        and name it by Localhost.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

/// The annotation that named a container's profile before there was a field.
const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    judge_containers(workload, |at| match annotated(workload, at) {
        Some(profile) => (profile == "unconfined").then(|| by_annotation(workload, at, profile)),
        None => by_field(workload, at),
    })
}

/// The profile that an annotation names, which counts where the container has no field.
fn annotated<'a>(workload: &Workload<'a>, at: ContainerAt<'a>) -> Option<&'a str> {
    let has_field = own(at).is_some_and(|context| context.app_armor_profile.is_some());
    let of_pod: Option<&ObjectMeta> = at.pod.and_then(|pod| pod.metadata.as_ref());
    let meta = of_pod.unwrap_or(workload.pod_meta);
    let key = format!("{ANNOTATION}{}", at.container.name);
    meta.annotation(&key)
        .filter(|profile| !has_field && !profile.is_empty())
}

fn by_annotation(workload: &Workload<'_>, at: ContainerAt<'_>, profile: &str) -> Finding {
    let name = &at.container.name;
    let (object, path): (ObjectRef, &str) = workload.place(at);
    let meta = path.strip_suffix("spec").unwrap_or_default();
    CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} runs without AppArmor"),
            format!(
                "An annotation of {} switches AppArmor off for container {name}.",
                workload.reference
            ),
        )
        .witness_in(
            object,
            format!("{meta}metadata.annotations[{ANNOTATION}{name}]"),
            profile,
        )
}

fn by_field(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let (profile, context) = effective(
        workload,
        at,
        |own| own.app_armor_profile.as_ref(),
        |pod| pod.app_armor_profile.as_ref(),
    );
    let kind = profile.map(|profile| profile.r#type.as_str());
    (kind == Some("Unconfined")).then(|| {
        context
            .finding(
                &CHECK,
                "runs without AppArmor",
                ", which keeps others from the node's mounts and kernel files.",
            )
            .witness_at(context.field("appArmorProfile.type"), kind)
            .patch(
                format!("Let AppArmor confine {}", context.owner()),
                // Named, the runtime's profile would keep the pod off nodes without AppArmor.
                context.patch(json!({"appArmorProfile": null})),
            )
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    #[test]
    fn a_container_that_says_so_and_a_pod_that_does() {
        let spec = "{containers: [{name: a, securityContext: {appArmorProfile: {type: Unconfined}}}, {name: b}]}";
        assert_eq!(titles(&CHECK, &deployment(spec)), ["Container a runs without AppArmor"]);
        assert!(is_closed_by_patches(&CHECK, &deployment(spec)));
        let spec = "{securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: a}, {name: b}, {name: c, securityContext: {appArmorProfile: {type: RuntimeDefault}}}]}";
        assert_eq!(titles(&CHECK, &deployment(spec)), ["The pod runs without AppArmor"]);
        assert!(is_closed_by_patches(&CHECK, &deployment(spec)));
    }

    #[test]
    fn silence_is_the_profile_of_the_runtime() {
        assert_eq!(titles(&CHECK, &deployment("{containers: [{name: a}]}")), [""; 0]);
    }

    fn annotated(value: &str, spec: &str) -> String {
        let meta = format!("metadata: {{annotations: {{container.apparmor.security.beta.kubernetes.io/a: {value}}}}}");
        deployment(spec).replace("{template: {", &format!("{{template: {{{meta}, "))
    }

    #[test]
    fn an_annotation_counts_where_there_is_no_field() {
        let bare = "{containers: [{name: a}, {name: b}]}";
        let found = findings(&CHECK, &annotated("unconfined", bare));
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].witness[0].path,
            "spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]"
        );
        assert_eq!(titles(&CHECK, &annotated("runtime/default", bare)), [""; 0]);
        let with_field = "{containers: [{name: a, securityContext: {appArmorProfile: {type: RuntimeDefault}}}]}";
        assert_eq!(titles(&CHECK, &annotated("unconfined", with_field)), [""; 0]);
        let pod = "{securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: a}]}";
        assert_eq!(titles(&CHECK, &annotated("runtime/default", pod)), [""; 0]);
    }
}
