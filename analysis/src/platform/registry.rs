//! Whose image it is.

use std::collections::BTreeSet;

use super::known::{ADD_ONS, KNOWN, REGISTRIES};
use crate::cluster::Workload;
use crate::images::reference::ImageReference;

/// The registry of images that name none.
const DEFAULT: &str = "docker.io";

/// The places of a cluster's own that hold copies of what others publish.
///
/// An image is a project's if it comes from where the project publishes it. A copy in a private registry proves as little as a
/// name, since whoever starts a workload chooses the registry; but where the components of the control plane come from was
/// decided by who runs the nodes, and copies from there count. A registry may be shared with others, so that a place is the
/// registry and the path in it: of `registry.corp/k8s/kube-apiserver`, `registry.corp/k8s/`.
#[derive(Debug, Default)]
pub(super) struct Registries {
    mirrors: BTreeSet<(String, String)>,
}

impl Registries {
    pub(super) fn of(workloads: &[Workload<'_>]) -> Self {
        // Whoever may create pods in a namespace of theirs may mark one as static.
        let of_nodes = workloads
            .iter()
            .filter(|workload| workload.is_static_pod() && workload.reference.namespace == "kube-system");
        let images = of_nodes.flat_map(|workload| workload.containers().map(|at| at.container.image.as_str()));
        Self {
            mirrors: images.filter_map(mirror).collect(),
        }
    }

    /// Whether an image is of a project's repository: `quay.io/calico/node`.
    pub(super) fn is_of(&self, image: &str, official: &str) -> bool {
        let (Some((host, path)), Some((official_host, official_path))) = (repository(image), official.split_once('/'))
        else {
            return false;
        };
        let is_same = is_host(official_host, host) && fits(official_path, path);
        let is_there = |(mirror, above): &(String, String)| mirror == host && path.starts_with(above);
        is_same || (is_copy(path, official_path) && self.mirrors.iter().any(is_there))
    }
}

/// The place that a component of the control plane comes from; none where that is no copy.
fn mirror(image: &str) -> Option<(String, String)> {
    let (host, path) = repository(image)?;
    let components = KNOWN
        .iter()
        .filter(|known| known.is_static)
        .flat_map(|known| &known.images);
    let mut official = components.filter_map(|image| Some(image.split_once('/')?.1));
    let above = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
    // A public registry as a whole is nobody's place.
    let is_place = !above.is_empty() || !is_public(host);
    (is_place && official.any(|official| is_copy(path, official))).then(|| (host.to_owned(), above.to_owned()))
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
        .any(|public| is_host(public, host))
}

/// Whether a registry is the official one, or one of those that its name stands for.
fn is_host(official: &str, host: &str) -> bool {
    match REGISTRIES.get(official) {
        Some(hosts) => hosts.iter().any(|one| fits(one, host)),
        None => fits(official, host),
    }
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

    #[test]
    fn eks_publishes_by_another_account_in_some_regions() {
        let is_of_eks = |host: &str| {
            let image = format!("{host}/amazon-k8s-cni:v1");
            Registries::default().is_of(&image, "eks/amazon-k8s-cni")
        };
        for host in [
            "602401143452.dkr.ecr.eu-west-1.amazonaws.com",
            "590381155156.dkr.ecr.eu-south-1.amazonaws.com",
            "013241004608.dkr.ecr.us-gov-west-1.amazonaws.com",
            "918309763551.dkr.ecr.cn-north-1.amazonaws.com.cn",
        ] {
            assert!(is_of_eks(host), "{host}");
        }
        for host in [
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
            "918309763551.dkr.ecr.cn-north-1.amazonaws.com",
            "eks",
        ] {
            assert!(!is_of_eks(host), "{host}");
        }
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
    fn copies_count_below_where_the_control_plane_comes_from() {
        for (component, copy) in [
            (
                "registry.corp:5000/k8s/kube-apiserver:v1",
                "registry.corp:5000/k8s/calico/node:v3",
            ),
            (
                "registry.corp:5000/k8s/kube-apiserver:v1",
                "registry.corp:5000/k8s/quay.io/calico/node:v3",
            ),
            (
                "registry.corp:5000/kube-apiserver:v1",
                "registry.corp:5000/mirror/calico/node:v3",
            ),
            (
                "europe-docker.pkg.dev/own/k8s/kube-apiserver:v1",
                "europe-docker.pkg.dev/own/k8s/calico/node:v3",
            ),
            ("docker.io/own/kube-apiserver:v1", "own/calico/node:v3"),
            (
                "registry.corp:5000/kube-vip/kube-vip:v1",
                "registry.corp:5000/kube-vip/calico/node:v3",
            ),
        ] {
            assert!(is_copy_of(component, copy), "{component} {copy}");
        }
    }

    #[test]
    fn what_others_publish_in_the_same_registry_is_no_copy() {
        for (component, other) in [
            (
                "registry.aliyuncs.com/google_containers/kube-apiserver:v1",
                "registry.aliyuncs.com/evil/calico/node:v3",
            ),
            (
                "europe-docker.pkg.dev/own/k8s/kube-apiserver:v1",
                "europe-docker.pkg.dev/evil/k8s/calico/node:v3",
            ),
            (
                "registry.corp:5000/k8s/kube-apiserver:v1",
                "registry.corp:5000/calico/node:v3",
            ),
            (
                "registry.corp:5000/k8s/kube-apiserver:v1",
                "registry.corp:5000/k8s/notcalico/node:v3",
            ),
            (
                "registry.corp:5000/k8s/kube-apiserver:v1",
                "evil.example/k8s/calico/node:v3",
            ),
            ("docker.io/own/kube-apiserver:v1", "evil/calico/node:v3"),
            ("registry.k8s.io/kube-apiserver:v1", "registry.k8s.io/calico/node:v3"),
            (
                "registry.corp:5000/k8s/anything:v1",
                "registry.corp:5000/k8s/calico/node:v3",
            ),
            (
                "registry.corp:5000/kube-vip/kube-vip:v1",
                "registry.corp:5000/evil/calico/node:v3",
            ),
        ] {
            assert!(!is_copy_of(component, other), "{component} {other}");
        }
    }

    #[test]
    fn a_static_pod_outside_of_kube_system_says_nothing_of_where_copies_are() {
        let pod = crate::control_plane::fixture::api_server("cp1", &[])
            .replace(
                "name: kube-apiserver, ",
                "name: kube-apiserver, image: 'evil.example/k8s/kube-apiserver:v1', ",
            )
            .replace("namespace: kube-system", "namespace: shop");
        let registries = Registries::of(&workloads(&snapshot(&pod)));
        assert!(!registries.is_of("evil.example/k8s/calico/node:v3", "quay.io/calico/node"));
    }
}
