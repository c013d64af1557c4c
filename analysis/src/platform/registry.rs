//! Whose image it is.

use std::collections::BTreeSet;

use super::known::{ADD_ONS, KNOWN};
use crate::cluster::Workload;
use crate::images::reference::ImageReference;

/// The registry of images that name none.
const DEFAULT: &str = "docker.io";

/// The registries of a cluster's own that hold copies of what others publish.
///
/// An image is a project's if it comes from where the project publishes it. A copy in a private registry proves as little as a
/// name, since whoever starts a workload chooses the registry; but where the static pods of nodes come from was decided by
/// who runs the nodes, and copies from there count.
#[derive(Debug, Default)]
pub(super) struct Registries {
    mirrors: BTreeSet<String>,
}

impl Registries {
    pub(super) fn of(workloads: &[Workload<'_>]) -> Self {
        let of_nodes = workloads.iter().filter(|workload| workload.is_static_pod());
        let images = of_nodes.flat_map(|workload| workload.containers().map(|at| at.container.image.as_str()));
        let hosts = images.filter_map(|image| Some(repository(image)?.0));
        let mirrors = hosts.filter(|host| !is_public(host)).map(str::to_owned).collect();
        Self { mirrors }
    }

    /// Whether an image is of a project's repository: `quay.io/calico/node`.
    pub(super) fn is_of(&self, image: &str, official: &str) -> bool {
        let (Some((host, path)), Some((official_host, official_path))) = (repository(image), official.split_once('/'))
        else {
            return false;
        };
        let is_same = fits(official_host, host) && fits(official_path, path);
        is_same || (self.mirrors.contains(host) && is_copy(path, official_path))
    }
}

/// Registry and path of an image.
fn repository(image: &str) -> Option<(&str, &str)> {
    let name = ImageReference::parse(image)?.name;
    let (host, path) = match name.split_once('/') {
        Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => (host, path),
        _ => (DEFAULT, name),
    };
    Some((if host == "index.docker.io" { DEFAULT } else { host }, path))
}

/// Whether projects publish in a registry: then there are others that may as well, under names that end alike.
fn is_public(host: &str) -> bool {
    let images = KNOWN.iter().flat_map(|known| &known.images).chain(ADD_ONS.iter());
    images
        .filter_map(|image| image.split('/').next())
        .any(|public| fits(public, host))
}

/// A mirror keeps the path, mostly below one of its own.
fn is_copy(path: &str, official: &str) -> bool {
    let above = path.strip_suffix(official);
    !official.contains('*') && above.is_some_and(|above| above.is_empty() || above.ends_with('/'))
}

/// Whether a text follows a pattern, in which one asterisk stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => text.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::workloads;
    use crate::fixture::snapshot;

    #[test]
    fn an_image_is_a_projects_where_the_project_publishes_it() {
        let registries = Registries::default();
        assert!(registries.is_of("quay.io/calico/node:v3.30.0", "quay.io/calico/node"));
        assert!(registries.is_of("calico/node", "docker.io/calico/node"));
        assert!(registries.is_of("index.docker.io/calico/node:v3", "docker.io/calico/node"));
        for other in [
            "ghcr.io/calico/node",
            "evil/calico/node",
            "quay.io/evil/calico/node",
            "evil.example/quay.io/calico/node",
            "node",
            "",
        ] {
            assert!(
                !registries.is_of(other, "quay.io/calico/node") && !registries.is_of(other, "docker.io/calico/node"),
                "{other}"
            );
        }
    }

    #[test]
    fn an_asterisk_stands_for_the_region_or_for_what_a_vendor_publishes() {
        let registries = Registries::default();
        let eks = "602401143452.dkr.ecr.*.amazonaws.com/amazon-k8s-cni";
        assert!(registries.is_of("602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1", eks));
        assert!(!registries.is_of("123456789012.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1", eks));
        assert!(registries.is_of("gke.gcr.io/fluent-bit:1", "gke.gcr.io/*"));
    }

    /// Whether a copy counts in a cluster whose static pods come from there.
    fn is_copy_of(static_image: &str, copy: &str) -> bool {
        let pod = crate::control_plane::fixture::api_server("cp1", &[]).replace(
            "name: kube-apiserver, ",
            &format!("name: kube-apiserver, image: '{static_image}', "),
        );
        Registries::of(&workloads(&snapshot(&pod))).is_of(copy, "quay.io/calico/node")
    }

    #[test]
    fn copies_count_where_the_nodes_own_pods_come_from_unless_anyone_may_publish_there() {
        assert!(is_copy_of(
            "registry.corp:5000/k8s/kube-apiserver:v1",
            "registry.corp:5000/mirror/calico/node:v3"
        ));
        assert!(is_copy_of(
            "registry.corp:5000/k8s/kube-apiserver:v1",
            "registry.corp:5000/calico/node:v3"
        ));
        assert!(!is_copy_of(
            "registry.corp:5000/k8s/kube-apiserver:v1",
            "registry.corp:5000/notcalico/node:v3"
        ));
        assert!(!is_copy_of(
            "registry.corp:5000/k8s/kube-apiserver:v1",
            "evil.example/calico/node:v3"
        ));
        assert!(!is_copy_of(
            "docker.io/rancher/kube-apiserver:v1",
            "evil/calico/node:v3"
        ));
    }
}
