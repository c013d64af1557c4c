//! Distributions that run the control plane in their own way, known by the version that the API server reports.

use super::Component;

/// Where the settings of the control plane stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Distribution {
    /// All components in one process.
    K3s,
    /// Static pods that its own configuration makes.
    Rke2,
    /// A cloud's, out of sight.
    Managed(&'static str),
}

/// What a version holds that is a distribution's own: `v1.33.1+k3s1`, `v1.33.4-gke.1134000`, `v1.33.4-eks-f69f56f`.
const MARKS: &[(&str, Distribution)] = &[
    ("+k3s", Distribution::K3s),
    ("+rke2", Distribution::Rke2),
    ("-gke.", Distribution::Managed("GKE")),
    ("-eks-", Distribution::Managed("EKS")),
];

fn distribution(version: &str) -> Option<Distribution> {
    let of_mark = |(mark, distribution): &(&str, Distribution)| version.contains(mark).then_some(*distribution);
    MARKS.iter().find_map(of_mark)
}

/// Why no component of this sort can be seen in a cluster of that version.
pub(super) fn unseen(component: Component, version: &str) -> String {
    let title = component.title();
    match distribution(version) {
        Some(Distribution::K3s) => format!(
            "{title} runs in the process of k3s; see its settings in /etc/rancher/k3s/config.yaml on the servers, or import what \
             kube-bench says of them."
        ),
        Some(Distribution::Managed(cloud)) => {
            format!("{title} is run by {cloud}, which does not show its flags.")
        }
        Some(Distribution::Rke2) | None => format!(
            "{title} runs in no static pod that can be seen; its flags are known to whoever runs it, and to kube-bench on its \
             node."
        ),
    }
}

/// Where a flag is to be changed, where that is not the manifest of the static pod; nothing or a sentence.
pub(super) fn place(component: Component, version: &str) -> String {
    match distribution(version) {
        Some(Distribution::Rke2) => format!(
            " RKE2 writes the manifest: change {}-arg in /etc/rancher/rke2/config.yaml.",
            component.program()
        ),
        _ => String::new(),
    }
}
