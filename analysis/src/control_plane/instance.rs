//! A component as a static pod of one node runs it, and its flags.

use shared::object::ObjectRef;

use super::{Component, distribution};
use crate::cluster::{Cluster, Workload};
use crate::images::reference::ImageReference;
use crate::kubernetes::version::Release;
use crate::model::container::Container;
use crate::model::flags;

/// Flags that take a list, and add up where they are given more than once.
const LISTS: &[&str] = &[
    "--admission-control",
    "--authorization-mode",
    "--disable-admission-plugins",
    "--enable-admission-plugins",
    "--etcd-servers",
    "--feature-gates",
    "--tls-cipher-suites",
];

/// One running component.
#[derive(Debug)]
pub struct Instance<'a> {
    /// What it is.
    pub component: Component,
    /// Its static pod.
    pub pod: ObjectRef,
    container: &'a Container,
    version: &'a str,
}

/// What can be seen of a component.
#[derive(Debug)]
pub struct Seen<'a> {
    /// Those whose flags can be.
    pub instances: Vec<Instance<'a>>,
    /// Why there may be more.
    pub unseen: Option<String>,
}

/// What can be seen of a component. Static pods are those that the API server vouches for; a name and labels anyone can copy.
pub fn instances<'a>(cluster: &Cluster<'a>, component: Component) -> Seen<'a> {
    let version = &cluster.snapshot.version;
    let statics = || {
        cluster
            .workloads_in("kube-system")
            .filter(|workload| workload.is_static_pod())
    };
    let instances: Vec<_> = statics()
        .filter_map(|workload| instance(workload, component, version))
        .collect();
    let unread = statics().find(|workload| hides(workload, component));
    let unseen = match unread {
        Some(workload) => Some(format!(
            "{} starts it by a script, which is not read.",
            workload.reference
        )),
        None if instances.is_empty() => Some(distribution::unseen(component, version)),
        None => None,
    };
    Seen { instances, unseen }
}

fn instance<'a>(workload: &Workload<'a>, component: Component, version: &'a str) -> Option<Instance<'a>> {
    let runs_it = |container: &&Container| flags::program(container) == Some(component.program());
    let container = workload.spec.containers.iter().find(runs_it)?;
    Some(Instance {
        component,
        pod: workload.reference.clone(),
        container,
        version,
    })
}

/// Whether a container has the name of the component, but another executable: a script, the words of which are not kept.
fn hides(workload: &Workload<'_>, component: Component) -> bool {
    let containers = || workload.spec.containers.iter();
    let is_named = |container: &Container| container.name == component.program();
    containers().any(is_named) && containers().all(|container| flags::program(container).is_none())
}

impl<'a> Instance<'a> {
    /// The arguments that set a flag, the first given first.
    fn arguments(&self, name: &str) -> impl DoubleEndedIterator<Item = &'a str> {
        let arguments = self.container.command.iter().chain(&self.container.args);
        let name = name.to_owned();
        arguments
            .map(String::as_str)
            .filter(move |argument| sets(argument, &name))
    }

    /// The value of a flag, of several the last; empty where it stands alone, none where it does not stand there.
    pub fn flag(&self, name: &str) -> Option<&'a str> {
        self.arguments(name).next_back().map(value)
    }

    /// The values of a flag that takes a list: separated by commas, or given one after the other.
    pub fn list(&self, name: &str) -> Vec<&'a str> {
        let values = self.arguments(name).flat_map(|argument| value(argument).split(','));
        values.map(str::trim).filter(|value| !value.is_empty()).collect()
    }

    /// The value that counts, as text: of a list all of it. None where the flag does not stand there.
    pub fn text(&self, name: &str) -> Option<String> {
        let last = self.flag(name)?;
        Some(if LISTS.contains(&name) {
            self.list(name).join(",")
        } else {
            last.to_owned()
        })
    }

    /// Whether a flag is set to something. One without a value lost it, as snapshots of earlier releases did.
    pub fn is_given(&self, name: &str) -> bool {
        let last = self.arguments(name).next_back();
        last.is_some_and(|argument| !argument.ends_with('='))
    }

    /// Whether the container has an environment variable of that name, whose value is not read.
    pub fn has_variable(&self, name: &str) -> bool {
        self.container.env.iter().any(|variable| variable.name == name)
    }

    /// The path of the list in which a flag stands, or the others do where it does not stand in any.
    pub fn path(&self, flag: &str) -> String {
        let Container {
            name, command, args, ..
        } = self.container;
        let stands_in = |list: &[String]| list.iter().any(|argument| sets(argument, flag));
        let field = match stands_in(args) || !args.is_empty() && !stands_in(command) {
            true => "args",
            false => "command",
        };
        format!("spec.containers[{name}].{field}")
    }

    /// The second part of its version, by its image's tag, else by what the API server reports: 33 of `v1.33.1`.
    pub fn minor(&self) -> Option<u32> {
        let tag = ImageReference::parse(&self.container.image).and_then(|image| image.tag);
        tag.and_then(minor).or_else(|| minor(self.version))
    }

    /// Where a flag of it is changed, where that is not its manifest; nothing or a sentence.
    pub(super) fn place(&self) -> String {
        distribution::place(self.component, self.version)
    }
}

fn sets(argument: &str, flag: &str) -> bool {
    argument.split('=').next() == Some(flag)
}

fn value(argument: &str) -> &str {
    argument.split_once('=').map_or("", |(_, value)| value)
}

/// A tag without `v` is a version of whoever built the image.
fn minor(version: &str) -> Option<u32> {
    let release = version.strip_prefix('v').and_then(Release::of);
    release
        .filter(|release| release.major == 1)
        .map(|release| release.minor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control_plane::fixture;
    use crate::fixture::snapshot;

    fn on<T>(manifests: &str, ask: impl Fn(Seen<'_>) -> T) -> T {
        let snapshot = snapshot(manifests);
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        ask(instances(&cluster, Component::ApiServer))
    }

    fn path(command: &[&str], args: &str) -> String {
        let pod = fixture::api_server("cp1", command).replace("]}]}", &format!("], args: [{args}]}}]}}"));
        on(&pod, |seen| seen.instances[0].path("--anonymous-auth"))
    }

    #[test]
    fn a_flag_is_shown_in_the_list_in_which_it_stands() {
        let (command, args) = (
            "spec.containers[kube-apiserver].command",
            "spec.containers[kube-apiserver].args",
        );
        assert_eq!(path(&["--anonymous-auth=true"], "'--audit-log-path=-'"), command);
        assert_eq!(path(&["--audit-log-path=-"], "'--anonymous-auth=true'"), args);
        assert_eq!(path(&[], "'--audit-log-path=-'"), args);
        assert_eq!(path(&["--audit-log-path=-"], ""), command);
    }

    #[test]
    fn lists_add_up_and_of_other_flags_the_last_counts() {
        let flags = [
            "--authorization-mode=Node, RBAC",
            "--authorization-mode=Webhook,",
            "--profiling=true",
            "--profiling=false",
        ];
        let (list, last) = on(&fixture::api_server("cp1", &flags), |seen| {
            let server = &seen.instances[0];
            let list: Vec<String> = server
                .list("--authorization-mode")
                .iter()
                .map(ToString::to_string)
                .collect();
            (list, server.flag("--profiling").map(str::to_owned))
        });
        assert_eq!(list, ["Node", "RBAC", "Webhook"]);
        assert_eq!(last.as_deref(), Some("false"));
    }

    #[test]
    fn a_static_pod_that_runs_a_script_is_told_of() {
        let script =
            fixture::api_server("cp2", &[]).replace("[kube-apiserver]", "[/bin/sh, '-c', exec kube-apiserver]");
        let (count, unseen) = on(&(fixture::api_server("cp1", &[]) + "---" + &script), |seen| {
            (seen.instances.len(), seen.unseen)
        });
        assert_eq!(count, 1);
        assert!(unseen.unwrap().contains("kube-apiserver-cp2"));
    }

    #[test]
    fn the_version_is_that_of_the_image_else_that_of_the_cluster() {
        let pod = fixture::api_server("cp1", &[]);
        let imaged = |image: &str| {
            pod.replace(
                "name: kube-apiserver, command",
                &format!("name: kube-apiserver, image: '{image}', command"),
            )
        };
        let minor = |manifests: &str| on(manifests, |seen| seen.instances[0].minor());
        assert_eq!(minor(&imaged("registry.k8s.io/kube-apiserver:v1.33.1")), Some(33));
        assert_eq!(minor(&imaged("kube-apiserver:custom")), Some(37));
        assert_eq!(minor(&pod), Some(37));
    }
}
