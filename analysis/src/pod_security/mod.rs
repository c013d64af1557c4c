//! The Pod Security Standards, as Pod Security admission of the API server judges them
//! (<https://kubernetes.io/docs/concepts/security/pod-security-standards/>), level by level and version by version.

pub mod admission;
mod controls;
pub mod namespaces;
pub mod objects;
pub mod version;

use std::collections::BTreeSet;

use shared::object::ObjectRef;

use crate::cluster::{ContainerAt, ContainerList, Workload, containers};
use crate::model::Kind;
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
    let controls: Vec<_> = controls::in_force(level, version).collect();
    violations_of(&controls, version, pod)
}

/// The same of these controls.
fn violations_of(controls: &[&'static Control], version: Version, pod: Pod<'_>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for control in controls {
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

/// Whether a pod breaks one of these controls, by their ids.
pub fn breaks_one(ids: &[&str], level: Level, version: Version, pod: Pod<'_>) -> bool {
    let mut named = controls::in_force(level, version).filter(|control| ids.contains(&control.id));
    named.any(|control| !(control.judge)(version, pod).is_empty())
}

/// What the template of a workload breaks, and what its pods break besides, since webhooks change them: each field of a control
/// once, as it stands in the object that a person would edit.
pub fn of_workload(level: Level, version: Version, workload: &Workload<'_>) -> Vec<Violation> {
    let controls: Vec<_> = controls::in_force(level, version).collect();
    of_workload_by(&controls, version, workload)
}

/// A control that the template of a workload breaks, or else one that its pods break; the first of those.
pub fn broken_by_workload(level: Level, version: Version, workload: &Workload<'_>) -> Option<&'static Control> {
    let controls: Vec<_> = controls::in_force(level, version).collect();
    let broken = |pod: Pod<'_>| {
        controls
            .iter()
            .copied()
            .find(|control| !(control.judge)(version, pod).is_empty())
    };
    let pods = workload.pods.iter().filter_map(|pod| of_object(pod));
    std::iter::once(template(workload)).chain(pods).find_map(broken)
}

/// What a workload breaks of one control, by its id.
pub fn of_workload_in(control: &str, level: Level, version: Version, workload: &Workload<'_>) -> Vec<Violation> {
    let named = controls::in_force(level, version).filter(|one| one.id == control);
    of_workload_by(&named.collect::<Vec<_>>(), version, workload)
}

fn of_workload_by(controls: &[&'static Control], version: Version, workload: &Workload<'_>) -> Vec<Violation> {
    let pods = workload.pods.iter().filter_map(|pod| of_object(pod));
    let mut seen = BTreeSet::new();
    let all = std::iter::once(template(workload))
        .chain(pods)
        .flat_map(|pod| violations_of(controls, version, pod));
    let mut distinct: Vec<_> = all
        .filter(|violation| seen.insert((violation.control.id, violation.field.clone())))
        .collect();
    for violation in &mut distinct {
        violation.field = rebased(&violation.field, workload.path);
    }
    distinct
}

/// What new pods of a workload will break, each with the object in which the field stands: what those that are made of its
/// template break, as admission left them, and the template itself where there are none. Debuggers are not in new pods.
pub fn of_new_pods<'a>(
    level: Level,
    version: Version,
    workload: &Workload<'a>,
    pods: &[&'a PodObject],
) -> Vec<(ObjectRef, Violation)> {
    let controls: Vec<_> = controls::in_force(level, version).collect();
    of_new_pods_by(&controls, version, workload, pods)
}

/// The same of some controls, by their ids.
pub fn of_new_pods_in<'a>(
    ids: &[&str],
    level: Level,
    version: Version,
    workload: &Workload<'a>,
    pods: &[&'a PodObject],
) -> Vec<(ObjectRef, Violation)> {
    let named = controls::in_force(level, version).filter(|control| ids.contains(&control.id));
    of_new_pods_by(&named.collect::<Vec<_>>(), version, workload, pods)
}

fn of_new_pods_by<'a>(
    controls: &[&'static Control],
    version: Version,
    workload: &Workload<'a>,
    pods: &[&'a PodObject],
) -> Vec<(ObjectRef, Violation)> {
    let written = violations_of(controls, version, template(workload));
    let in_template = |violation: &Violation| {
        let (mut violation, object) = (violation.clone(), workload.reference.clone());
        violation.field = rebased(&violation.field, workload.path);
        (object, violation)
    };
    if pods.is_empty() {
        return written.iter().map(in_template).collect();
    }
    let (written, mut seen): (BTreeSet<_>, _) = (written.iter().map(key).collect(), BTreeSet::new());
    let of_pods = pods.iter().filter_map(|pod| of_object(pod)).flat_map(|pod| {
        let object = Kind::Pod.reference(pod.meta);
        let broken = violations_of(controls, version, pod).into_iter();
        broken.map(move |violation| (object.clone(), violation))
    });
    let lasting = of_pods.filter(|(_, violation)| !violation.field.contains(ContainerList::Ephemeral.field()));
    let distinct = lasting.filter(|(_, violation)| seen.insert((violation.control.id, violation.field.clone())));
    distinct
        .map(|(pod, violation)| match written.contains(&key(&violation)) {
            true => in_template(&violation),
            false => (pod, violation),
        })
        .collect()
}

fn template<'a>(workload: &Workload<'a>) -> Pod<'a> {
    Pod {
        meta: workload.pod_meta,
        spec: workload.spec,
    }
}

/// By what two violations are the same.
fn key(violation: &Violation) -> (&'static str, &str) {
    (violation.control.id, &violation.field)
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
