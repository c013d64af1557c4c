//! What confines a container: its own settings, and those that it takes from its pod.

use serde_json::Value;
use shared::object::ObjectRef;
use shared::patch::Patch;

use crate::check::{Check, Outcome, added_note};
use crate::cluster::{ContainerAt, ContainerList, Workload};
use crate::finding::Finding;
use crate::model::pod::PodSpec;
use crate::model::security_context::{PodSecurityContext, SecurityContext};
use crate::pod_security::host_process;

/// Whether its pods run on Windows, which has none of the settings of Linux. A pod that runs as a process of a Windows node
/// does so without saying it elsewhere.
pub fn is_windows(spec: &PodSpec) -> bool {
    spec.os.as_ref().is_some_and(|os| os.name == "windows") || host_process(spec)
}

/// Judges each container of pods on Linux, debuggers included.
pub fn judge_containers<'a>(workload: &Workload<'a>, finding: impl Fn(ContainerAt<'a>) -> Option<Finding>) -> Outcome {
    if is_windows(workload.spec) {
        return Outcome::NotApplicable;
    }
    Outcome::of(workload.containers().filter_map(finding).collect())
}

/// Judges each container for what is good manners on Linux. Debuggers are left out, which can't be changed and are soon gone,
/// and so are static pods: the API server and etcd come as their installer writes them.
pub fn judge_manners<'a>(workload: &Workload<'a>, finding: impl Fn(ContainerAt<'a>) -> Option<Finding>) -> Outcome {
    if workload.is_static_pod() {
        return Outcome::NotApplicable;
    }
    judge_containers(workload, |at| match at.list {
        ContainerList::Ephemeral => None,
        ContainerList::Init | ContainerList::Regular => finding(at),
    })
}

/// Whether a container runs privileged, and so is confined by little else.
pub fn is_privileged(at: ContainerAt<'_>) -> bool {
    own(at).is_some_and(|context| context.privileged == Some(true))
}

/// A container's own security context.
pub fn own(at: ContainerAt<'_>) -> Option<&SecurityContext> {
    at.container.security_context.as_deref()
}

/// The user that a container runs as, whatever its image says; none where nobody says.
fn run_as_user(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<i64> {
    effective(workload, at, |own| own.run_as_user, |pod| pod.run_as_user).0
}

/// Whether the kubelet refuses to start a container as root.
pub fn is_kept_from_root(workload: &Workload<'_>, at: ContainerAt<'_>) -> bool {
    let refuses = effective(workload, at, |own| own.run_as_non_root, |pod| pod.run_as_non_root).0;
    refuses == Some(true) || run_as_user(workload, at).is_some_and(|user| user != 0)
}

/// A setting as it holds for a container, and where it stands: with the container also where nobody sets it. Where the template
/// leaves it open, what all of its pods have counts, since admission puts that into new ones too.
pub fn effective<'w, 'a, T: PartialEq>(
    workload: &'w Workload<'a>,
    at: ContainerAt<'a>,
    of_container: impl Fn(&'a SecurityContext) -> Option<T>,
    of_pod: impl Fn(&'a PodSecurityContext) -> Option<T>,
) -> (Option<T>, Context<'w, 'a>) {
    let value = |holder: ContainerAt<'a>| {
        let own_value = own(holder).and_then(&of_container);
        let of_pod = || workload.spec_of(holder).security_context.as_deref().and_then(&of_pod);
        own_value
            .map(|value| (value, Level::Container))
            .or_else(|| of_pod().map(|value| (value, Level::Pod)))
    };
    let context = |level, holder| Context {
        workload,
        at,
        level,
        holder,
    };
    let written = value(at).map(|held| (held, at));
    match written.or_else(|| in_all_pods(workload, at, value)) {
        Some(((value, level), holder)) => (Some(value), context(level, holder)),
        None => (None, context(Level::Container, at)),
    }
}

/// A setting of a container's own as it holds, and where it stands: as [`effective`] tells.
pub fn effective_own<'w, 'a, T: PartialEq>(
    workload: &'w Workload<'a>,
    at: ContainerAt<'a>,
    of_container: impl Fn(&'a SecurityContext) -> Option<T>,
) -> (Option<T>, Context<'w, 'a>) {
    effective(workload, at, of_container, |_| None)
}

/// What all pods of the template have in a container, with the first of them.
fn in_all_pods<'a, T: PartialEq>(
    workload: &Workload<'a>,
    at: ContainerAt<'_>,
    value: impl Fn(ContainerAt<'a>) -> Option<T>,
) -> Option<(T, ContainerAt<'a>)> {
    let mut ways = workload.as_admitted(at);
    let first = ways.next()??;
    let common = value(first)?;
    ways.all(|other| other.and_then(&value).as_ref() == Some(&common))
        .then_some((common, first))
}

/// Where a setting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// With one container.
    Container,
    /// With the pod, for every container that has none of its own.
    Pod,
}

/// A security context of a workload: that of a container, or that of its pod.
#[derive(Debug, Clone, Copy)]
pub struct Context<'w, 'a> {
    workload: &'w Workload<'a>,
    at: ContainerAt<'a>,
    level: Level,
    /// The container in the object in which the setting stands: a pod where admission put it there.
    holder: ContainerAt<'a>,
}

impl Context<'_, '_> {
    /// A finding about a setting in it: `Container web runs as root`. Of a pod there is one, however many of its containers
    /// follow it.
    pub fn finding(&self, check: &Check, fact: &str, consequence: &str) -> Finding {
        let (subject, subkey) = match self.level {
            Level::Container => (
                format!("Container {}", self.at.container.name),
                self.at.container.name.as_str(),
            ),
            Level::Pod => ("The pod".to_owned(), ""),
        };
        let reference = &self.workload.reference;
        let message = format!("{subject} of {reference} {fact}{consequence}{}", added_note(self.at));
        check.finding(reference.clone(), subkey, format!("{subject} {fact}"), message)
    }

    /// Where a field of it stands: the object and the path.
    pub fn field(&self, field: &str) -> (ObjectRef, String) {
        let field = format!("securityContext.{field}");
        match self.level {
            Level::Container => self.workload.container_field(self.holder, &field),
            Level::Pod => {
                let (object, path) = self.workload.place(self.holder);
                (object, format!("{path}.{field}"))
            }
        }
    }

    /// The patch that changes these settings of it, where the object can be patched.
    pub fn patch(&self, settings: Value) -> Option<Patch> {
        let body = Value::from_iter([("securityContext", settings)]);
        match self.level {
            Level::Container => self.workload.patch_container(self.holder, body),
            Level::Pod if self.holder.pod.is_some() => None,
            Level::Pod => self.workload.patch_spec(body),
        }
    }

    /// Whose settings a patch of it changes, in words.
    pub fn owner(&self) -> &str {
        match self.level {
            Level::Container => &self.at.container.name,
            Level::Pod => &self.workload.reference.name,
        }
    }
}

#[cfg(test)]
pub(crate) mod fixture {
    /// A pod of that Deployment, with this specification.
    pub(crate) fn pod(name: &str, spec: &str) -> String {
        format!(
            "---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop, ownerReferences: [{{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}}]}}
spec: {spec}
"
        )
    }

    /// What the restricted profile of OpenShift makes of a pod with one container `c`.
    pub(crate) const RESTRICTED: &str = "{securityContext: {fsGroup: 1000680000, seLinuxOptions: {level: 's0:c26,c10'}, seccompProfile: {type: RuntimeDefault}},
  containers: [{name: c, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsNonRoot: true, runAsUser: 1000680000}}]}";

    /// A Deployment `shop/web` whose pods are made of this specification.
    pub(crate) fn deployment(spec: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{spec: {spec}}}}}
"
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cluster::workloads;
    use crate::fixture::snapshot;

    /// Whether each container may not run as root, and whose setting says so.
    fn kept(spec: &str) -> Vec<(bool, Level)> {
        kept_in(&fixture::deployment(spec))
    }

    fn kept_in(manifests: &str) -> Vec<(bool, Level)> {
        let snapshot = snapshot(manifests);
        let workloads = workloads(&snapshot);
        let workload = &workloads[0];
        let level = |at| {
            effective(workload, at, |own| own.run_as_user, |pod| pod.run_as_user)
                .1
                .level
        };
        workload
            .containers()
            .map(|at| (is_kept_from_root(workload, at), level(at)))
            .collect()
    }

    #[test]
    fn a_container_wins_over_its_pod_in_both_directions() {
        let spec =
            "{securityContext: {runAsUser: 0}, containers: [{name: a, securityContext: {runAsUser: 7}}, {name: b}]}";
        assert_eq!(kept(spec), [(true, Level::Container), (false, Level::Pod)]);
        let spec = "{securityContext: {runAsNonRoot: true}, containers: [{name: a, securityContext: {runAsNonRoot: false}}, {name: b}]}";
        assert_eq!(kept(spec), [(false, Level::Container), (true, Level::Container)]);
    }

    #[test]
    fn what_admission_puts_into_every_pod_holds_and_into_some_does_not() {
        let template = fixture::deployment("{containers: [{name: c}]}");
        let restricted = fixture::pod("a", fixture::RESTRICTED);
        let plain = fixture::pod("b", "{containers: [{name: c}]}");
        assert_eq!(kept_in(&(template.clone() + &restricted)), [(true, Level::Container)]);
        assert_eq!(
            kept_in(&(template.clone() + &restricted + &plain)),
            [(false, Level::Container)]
        );
        let written =
            fixture::deployment("{containers: [{name: c, securityContext: {runAsUser: 0, runAsNonRoot: false}}]}");
        assert_eq!(kept_in(&(written + &restricted)), [(false, Level::Container)]);
    }

    #[test]
    fn a_setting_that_rests_on_pods_is_shown_in_one() {
        let root = "{containers: [{name: c, securityContext: {runAsUser: 0}}]}";
        let snapshot = snapshot(&(fixture::deployment("{containers: [{name: c}]}") + &fixture::pod("a", root)));
        let workloads = workloads(&snapshot);
        let at = workloads[0].containers().next().unwrap();
        let (user, context) = effective(&workloads[0], at, |own| own.run_as_user, |pod| pod.run_as_user);
        let (object, path) = context.field("runAsUser");
        assert_eq!((user, object.to_string().as_str()), (Some(0), "Pod shop/a"));
        assert_eq!(path, "spec.containers[c].securityContext.runAsUser");
        assert_eq!(context.patch(json!({"runAsUser": null})), None);
    }

    #[test]
    fn windows_is_told_by_the_system_and_by_what_only_it_has() {
        let is_windows = |spec: &str| is_windows(&serde_saphyr::from_str(spec).unwrap());
        assert!(is_windows("{os: {name: windows}}"));
        assert!(is_windows("{securityContext: {windowsOptions: {hostProcess: true}}}"));
        assert!(!is_windows("{os: {name: linux}}"));
        assert!(!is_windows(
            "{securityContext: {windowsOptions: {runAsUserName: ContainerUser}}}"
        ));
    }
}
