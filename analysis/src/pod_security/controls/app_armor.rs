//! AppArmor profiles: the runtime's own, or one of the node's; not none.

use super::{Breach, Control};
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "appArmorProfile",
    title: "AppArmor profile",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "forbidden AppArmor profile",
    judge,
};

const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

fn judge(_: Version, pod: Pod<'_>) -> Vec<Breach> {
    let refused = |kind: &str| !matches!(kind, "RuntimeDefault" | "Localhost");
    let of_pod = pod.context().and_then(|context| context.app_armor_profile.as_ref());
    let of_pod = of_pod.filter(|profile| refused(&profile.r#type)).map(|profile| {
        let message = format!("The pod sets the AppArmor profile {}.", profile.r#type);
        ("spec.securityContext.appArmorProfile.type".to_owned(), message)
    });
    let of_contexts = pod.of_contexts("appArmorProfile.type", |context| {
        let profile = context
            .app_armor_profile
            .as_ref()
            .filter(|profile| refused(&profile.r#type))?;
        Some(format!("sets the AppArmor profile {}.", profile.r#type))
    });
    of_pod
        .into_iter()
        .chain(of_contexts)
        .chain(of_annotations(pod))
        .collect()
}

/// Before 1.30 the profile stood in an annotation, which still counts.
fn of_annotations(pod: Pod<'_>) -> impl Iterator<Item = Breach> {
    let is_refused = |value: &str| !(value.is_empty() || value == "runtime/default" || value.starts_with("localhost/"));
    let annotations = pod.meta.annotations.iter();
    annotations
        .filter(move |annotation| annotation.key.starts_with(ANNOTATION) && is_refused(&annotation.value))
        .map(|annotation| {
            let message = format!("An annotation sets the AppArmor profile {}.", annotation.value);
            (format!("metadata.annotations[{}]", annotation.key), message)
        })
}
