//! Who enforces network policies, as the DaemonSets of network plugins show it.
//!
//! A plugin is known by the image that it runs on the network of each node. Copies in other registries count: nobody hides
//! that a plugin is there, and a cluster has hardly two.

use shared::network::enforcement::{Enforced, Enforcement, OtherPolicies, Plugin};
use shared::snapshots::Collected;

use crate::cluster::{Cluster, Workload, containers};
use crate::images::reference::ImageReference;
use crate::model::container::Container;
use crate::model::{Kind, Snapshot};
use crate::run::why;

/// A plugin: its name, the ends of the names of its images, and whether a container with such an image enforces policies.
struct Known {
    name: &'static str,
    images: &'static [&'static str],
    enforces: fn(&Container) -> Enforced,
}

/// Those that are known. Of several containers of a DaemonSet each may be one.
const KNOWN: &[Known] = &[
    Known {
        name: "Calico",
        images: &[
            "calico/node",
            "mirrored-calico-node",
            "hardened-calico",
            "tigera/cnx-node",
        ],
        enforces: |_| Enforced::Yes,
    },
    Known {
        name: "Cilium",
        images: &["cilium/cilium", "mirrored-cilium-cilium"],
        enforces: |_| Enforced::Yes,
    },
    Known {
        name: "Antrea",
        images: &["antrea-ubuntu", "antrea-ubi", "antrea-agent-ubuntu", "antrea-agent-ubi"],
        enforces: |_| Enforced::Yes,
    },
    Known {
        name: "Weave Net",
        images: &["weave-npc"],
        enforces: |_| Enforced::Yes,
    },
    Known {
        name: "kube-router",
        images: &["cloudnativelabs/kube-router"],
        enforces: |_| Enforced::Yes,
    },
    Known {
        name: "OVN-Kubernetes",
        images: &["ovn-kube-fedora", "ovn-kube-ubuntu", "ovn-kube-f", "ovn-kube-u"],
        enforces: |_| Enforced::Yes,
    },
    Known {
        name: "Kube-OVN",
        images: &["kubeovn/kube-ovn"],
        enforces: |_| Enforced::Yes,
    },
    Known {
        name: "Azure Network Policy Manager",
        images: &["azure-npm"],
        enforces: |_| Enforced::Yes,
    },
    Known {
        name: "kube-network-policies",
        images: &["networking/kube-network-policies"],
        enforces: |_| Enforced::Yes,
    },
    // The agent runs everywhere, and an argument switches it on. The model has no place for arguments.
    Known {
        name: "Amazon VPC CNI",
        images: &["aws-network-policy-agent"],
        enforces: |_| Enforced::Unknown,
    },
    Known {
        name: "Amazon VPC CNI",
        images: &["amazon-k8s-cni"],
        enforces: |_| Enforced::No,
    },
    Known {
        name: "Azure CNI",
        images: &["containernetworking/azure-cns"],
        enforces: |_| Enforced::No,
    },
    Known {
        name: "kindnet",
        images: &["kindest/kindnetd"],
        enforces: kindnet,
    },
    Known {
        name: "Flannel",
        images: &[
            "flannel/flannel",
            "flannel-io/flannel",
            "coreos/flannel",
            "mirrored-flannelcni-flannel",
            "mirrored-flannel-io-flannel",
            "hardened-flannel",
        ],
        enforces: |_| Enforced::No,
    },
];

/// The first build of kindnet that enforces policies, that of kind 0.24.
const KINDNET_ENFORCES: u32 = 20_240_813;

/// Its tags begin with the day of the build: `v20240813-c6f155d6`.
fn kindnet(container: &Container) -> Enforced {
    let tag = ImageReference::parse(&container.image).and_then(|image| image.tag);
    let day = tag.and_then(|tag| tag.strip_prefix('v')?.get(..8)?.parse::<u32>().ok());
    match day {
        Some(KINDNET_ENFORCES..) => Enforced::Yes,
        Some(_) => Enforced::No,
        None => Enforced::Unknown,
    }
}

/// Kinds of policies that plugins have of their own, by their group, and what these could change.
const OTHERS: &[(&[&str], &str)] = &[
    (
        &[
            "ciliumnetworkpolicies.cilium.io",
            "ciliumclusterwidenetworkpolicies.cilium.io",
        ],
        "Policies of Cilium let through more where pods are isolated, isolate other pods, and deny what others let through.",
    ),
    (
        &[
            "networkpolicies.crd.projectcalico.org",
            "globalnetworkpolicies.crd.projectcalico.org",
            "networkpolicies.projectcalico.org",
            "globalnetworkpolicies.projectcalico.org",
        ],
        "Policies of Calico are asked in an order of their own, before network policies or after them: they may let through \
         what these cut off, and cut off what these let through.",
    ),
    (
        &["networkpolicies.crd.antrea.io", "clusternetworkpolicies.crd.antrea.io"],
        "Policies of Antrea are asked before network policies, and those of its baseline after them: they may let through \
         what these cut off, and cut off what these let through.",
    ),
];

/// Whether network policies are enforced, and which other policies could change what they say.
pub fn enforcement(cluster: &Cluster<'_>) -> Enforcement {
    let unread = why(
        &Kind::DaemonSet.info().resource(),
        &cluster.snapshot.outcome(Kind::DaemonSet),
    );
    let plugins = plugins(cluster);
    let has = |state| plugins.iter().any(|plugin| plugin.enforces == state);
    let named = || {
        let names: Vec<&str> = plugins.iter().map(|plugin| plugin.name.as_str()).collect();
        names.join(", ")
    };
    let (state, reason) = if !unread.is_empty() {
        (Enforced::Unknown, unread)
    } else if let Some(plugin) = plugins.iter().find(|plugin| plugin.enforces == Enforced::Yes) {
        (Enforced::Yes, format!("{} enforces them.", plugin.name))
    } else if has(Enforced::Unknown) {
        let reason = format!("Whether {} enforces them as it is set up here is not known.", named());
        (Enforced::Unknown, reason)
    } else if has(Enforced::No) {
        (Enforced::No, format!("{} does not enforce them.", named()))
    } else {
        let reason = "No network plugin was recognised: some clusters have theirs on the nodes themselves.";
        (Enforced::Unknown, reason.to_owned())
    };
    Enforcement {
        state,
        reason,
        plugins,
        other_policies: others(cluster.snapshot),
    }
}

fn plugins(cluster: &Cluster<'_>) -> Vec<Plugin> {
    let daemons = cluster
        .workloads
        .iter()
        .filter(|workload| workload.reference.kind == Kind::DaemonSet.info().kind && workload.spec.host_network);
    let mut found: Vec<Plugin> = Vec::new();
    for plugin in daemons.flat_map(of_daemon) {
        // What of a plugin enforces policies counts, or may do so, and not what beside it does not.
        let known = found.iter_mut().find(|known| known.name == plugin.name);
        match known {
            Some(known) if known.enforces == Enforced::No => *known = plugin,
            Some(_) => {}
            None => found.push(plugin),
        }
    }
    found
}

fn of_daemon<'a>(workload: &'a Workload<'_>) -> impl Iterator<Item = Plugin> + 'a {
    containers(workload.spec).filter_map(|at| {
        let name = ImageReference::parse(&at.container.image)?.name;
        let is_one = |end: &&'static str| {
            name.strip_suffix(*end)
                .is_some_and(|above| above.is_empty() || above.ends_with('/'))
        };
        let known = KNOWN.iter().find(|known| known.images.iter().any(is_one))?;
        Some(Plugin {
            name: known.name.to_owned(),
            object: workload.reference.clone(),
            enforces: (known.enforces)(at.container),
        })
    })
}

/// None where it is not known what the cluster serves.
fn others(snapshot: &Snapshot) -> Option<Vec<OtherPolicies>> {
    let definitions = Kind::CustomResourceDefinition;
    if !matches!(snapshot.outcome(definitions), Collected::Collected { .. }) {
        return None;
    }
    let served = snapshot.of(definitions).iter().filter_map(|object| {
        let resource = object.meta().name.as_str();
        let (_, effect) = OTHERS.iter().find(|(resources, _)| resources.contains(&resource))?;
        Some(OtherPolicies {
            resource: resource.to_owned(),
            effect: (*effect).to_owned(),
        })
    });
    Some(served.collect())
}

#[cfg(test)]
mod tests;
