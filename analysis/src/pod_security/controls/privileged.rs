//! Privileged containers.

use super::Control;
use crate::pod_security::{Level, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "privileged",
    title: "Privileged containers",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "privileged",
    judge: |_, pod| {
        pod.of_contexts("privileged", |context| {
            (context.privileged == Some(true)).then(|| "is privileged.".to_owned())
        })
    },
};
