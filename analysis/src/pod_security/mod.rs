//! The Pod Security Standards, as Pod Security admission of the API server judges them
//! (<https://kubernetes.io/docs/concepts/security/pod-security-standards/>), level by level and version by version.

pub mod admission;
mod controls;
pub mod namespaces;
pub mod objects;
pub mod version;

use crate::cluster::{ContainerAt, Workload, containers};
use crate::model::container::Container;
use crate::model::meta::ObjectMeta;
use crate::model::pod::{Pod as PodObject, PodSpec};
use crate::model::security_context::{PodSecurityContext, SecurityContext};

pub use controls::{CONTROLS, Control, DEFAULT_CAPABILITIES, host_process, is_confined_type, is_safe_sysctl};
pub use shared::pod_security::Level;
pub use version::Version;

/// What a pod breaks, in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The control, by the name that Pod Security admission gives it: `hostNamespaces`.
    pub control: &'static Control,
    /// The field: `spec.containers[web].securityContext.privileged`.
    pub field: String,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// What Pod Security admission looks at: a pod, or the template of one.
#[derive(Clone, Copy)]
pub struct Pod<'a> {
    /// Its metadata, of which annotations count.
    pub meta: &'a ObjectMeta,
    /// Its specification.
    pub spec: &'a PodSpec,
}

/// What a pod breaks of a level in a version, in the order of [`CONTROLS`]. Nothing breaks the privileged level.
pub fn violations(level: Level, version: Version, pod: Pod<'_>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for control in controls::in_force(level, version) {
        for (field, message) in (control.judge)(version, pod) {
            violations.push(Violation {
                control,
                field,
                message,
            });
        }
    }
    violations
}

/// Whether a level in a version lets a pod in.
pub fn allows(level: Level, version: Version, pod: Pod<'_>) -> bool {
    controls::in_force(level, version).all(|control| (control.judge)(version, pod).is_empty())
}

/// What the template of a workload breaks, and what its pods break besides, since webhooks change them: with the fields as they
/// stand in the object that a person would edit.
pub fn of_workload(level: Level, version: Version, workload: &Workload<'_>) -> Vec<Violation> {
    let template = Pod {
        meta: workload.pod_meta,
        spec: workload.spec,
    };
    let mut violations = violations(level, version, template);
    for pod in workload.pods.iter().filter_map(|pod| of_object(pod)) {
        for violation in self::violations(level, version, pod) {
            if !violations.contains(&violation) {
                violations.push(violation);
            }
        }
    }
    for violation in &mut violations {
        violation.field = rebased(&violation.field, workload.path);
    }
    violations
}

fn of_object(pod: &PodObject) -> Option<Pod<'_>> {
    Some(Pod {
        meta: pod.metadata.as_ref()?,
        spec: pod.spec.as_ref()?,
    })
}

/// The field of a pod as it stands in an object that has the specification of its pods at `path`: `spec.template.spec`.
fn rebased(field: &str, path: &str) -> String {
    match path.strip_suffix("spec") {
        Some(prefix) => format!("{prefix}{field}"),
        None => field.to_owned(),
    }
}

/// A field that a control refuses, and why.
type Breach = (String, String);

impl<'a> Pod<'a> {
    fn containers(self) -> impl Iterator<Item = ContainerAt<'a>> {
        containers(self.spec)
    }

    fn is_windows(self) -> bool {
        self.spec.os.as_ref().is_some_and(|os| os.name == "windows")
    }

    /// Whether it lives in a user namespace of its own, where root is nobody on the node.
    fn has_user_namespace(self) -> bool {
        self.spec.host_users == Some(false)
    }

    fn context(self) -> Option<&'a PodSecurityContext> {
        self.spec.security_context.as_deref()
    }

    /// The breaches of containers, each by a field and what is said of it.
    fn of_containers(self, judge: impl Fn(&Container) -> Vec<Breach>) -> Vec<Breach> {
        let judged = |at: ContainerAt<'_>| {
            let breaches = judge(at.container).into_iter();
            let (list, name) = (at.list.field(), &at.container.name);
            let placed = |(field, message): Breach| {
                (
                    format!("spec.{list}[{name}].{field}"),
                    format!("Container {name} {message}"),
                )
            };
            breaches.map(placed).collect::<Vec<_>>()
        };
        self.containers().flat_map(judged).collect()
    }

    /// The breaches of the containers' security contexts, one for a container at most.
    fn of_contexts(self, field: &str, judge: impl Fn(&SecurityContext) -> Option<String>) -> Vec<Breach> {
        let judged = |container: &Container| {
            let message = container.security_context.as_deref().and_then(&judge);
            let breach = message.map(|message| (format!("securityContext.{field}"), message));
            breach.into_iter().collect()
        };
        self.of_containers(judged)
    }
}

/// Values in a row, for messages.
fn listed<'a>(values: impl Iterator<Item = &'a str>) -> String {
    values.collect::<Vec<_>>().join(", ")
}
