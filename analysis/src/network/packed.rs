//! The model as it is sent: each text and each set of labels once, and pods by what they add to the name of their workload.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use shared::object::ObjectRef;

use super::model::{ContainerPort, Model, Named, Place, Pods};
use crate::model::pairs::Labels;

/// The model as it is sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Packed {
    texts: Vec<String>,
    /// Keys and values.
    labels: Vec<Vec<(usize, usize)>>,
    ports: Vec<Vec<ContainerPort>>,
    /// Names and labels.
    namespaces: Vec<(usize, usize)>,
    nodes: Vec<(usize, usize)>,
    /// Groups, kinds, namespaces and names.
    workloads: Vec<(usize, usize, usize, usize)>,
    pods: Vec<PackedPods>,
}

/// Workload, namespace, labels, ports, whether they are on the network of their node, and each.
type PackedPods = (usize, usize, usize, usize, bool, Vec<PackedPlace>);

/// What follows the workload's name in its own, or after a slash its whole name; its addresses; its node.
type PackedPlace = (String, Vec<IpAddr>, Option<usize>);

/// What was packed leads to something that is not there.
#[derive(Debug, thiserror::Error)]
#[error("the model refers to what it does not hold")]
pub(super) struct Torn;

/// Values by number, each once.
#[derive(Default)]
struct Numbered<T>(BTreeMap<T, usize>);

impl<T: Ord> Numbered<T> {
    fn of(&mut self, value: T) -> usize {
        let next = self.0.len();
        *self.0.entry(value).or_insert(next)
    }

    fn all(self) -> Vec<T> {
        let mut all: Vec<(T, usize)> = self.0.into_iter().collect();
        all.sort_unstable_by_key(|(_, number)| *number);
        all.into_iter().map(|(value, _)| value).collect()
    }
}

#[derive(Default)]
struct Packing<'a> {
    texts: Numbered<&'a str>,
    labels: Numbered<Vec<(usize, usize)>>,
    ports: Numbered<&'a [ContainerPort]>,
}

impl<'a> Packing<'a> {
    fn labels(&mut self, labels: &'a Labels) -> usize {
        let pairs = labels
            .pairs()
            .map(|(key, value)| (self.texts.of(key), self.texts.of(value)));
        let pairs = pairs.collect();
        self.labels.of(pairs)
    }

    fn named(&mut self, all: &'a [Named]) -> Vec<(usize, usize)> {
        let each = all
            .iter()
            .map(|one| (self.texts.of(&one.name), self.labels(&one.labels)));
        each.collect()
    }

    fn workload(&mut self, of: &'a ObjectRef) -> (usize, usize, usize, usize) {
        let mut text = |text: &'a String| self.texts.of(text);
        (text(&of.group), text(&of.kind), text(&of.namespace), text(&of.name))
    }

    fn pods(&mut self, pods: &'a Pods, workload: &ObjectRef) -> PackedPods {
        let each = pods.each.iter().map(|place| {
            let name = place.pod.strip_prefix(workload.name.as_str());
            let name = name.map_or_else(|| format!("/{}", place.pod), str::to_owned);
            (name, place.addresses.clone(), place.node)
        });
        let (labels, ports) = (self.labels(&pods.labels), self.ports.of(&pods.ports));
        (
            pods.workload,
            pods.namespace,
            labels,
            ports,
            pods.host_network,
            each.collect(),
        )
    }
}

impl From<Model> for Packed {
    fn from(model: Model) -> Self {
        let mut packing = Packing::default();
        let (namespaces, nodes) = (packing.named(&model.namespaces), packing.named(&model.nodes));
        let workloads = model
            .workloads
            .iter()
            .map(|workload| packing.workload(workload))
            .collect();
        let pods = model.pods.iter();
        let pods = pods
            .map(|pods| packing.pods(pods, &model.workloads[pods.workload]))
            .collect();
        Self {
            texts: packing.texts.all().into_iter().map(str::to_owned).collect(),
            labels: packing.labels.all(),
            ports: packing.ports.all().into_iter().map(<[_]>::to_vec).collect(),
            namespaces,
            nodes,
            workloads,
            pods,
        }
    }
}

impl TryFrom<Packed> for Model {
    type Error = Torn;

    fn try_from(packed: Packed) -> Result<Self, Torn> {
        let mut model = Self {
            namespaces: named(&packed, &packed.namespaces)?,
            nodes: named(&packed, &packed.nodes)?,
            workloads: Vec::with_capacity(packed.workloads.len()),
            pods: Vec::with_capacity(packed.pods.len()),
        };
        for (group, kind, namespace, name) in &packed.workloads {
            model.workloads.push(ObjectRef {
                group: packed.text(*group)?,
                kind: packed.text(*kind)?,
                namespace: packed.text(*namespace)?,
                name: packed.text(*name)?,
            });
        }
        for pods in &packed.pods {
            let pods = unpacked(&packed, &model, pods)?;
            model.pods.push(pods);
        }
        Ok(model)
    }
}

fn named(packed: &Packed, all: &[(usize, usize)]) -> Result<Vec<Named>, Torn> {
    let one = |(name, labels): &(usize, usize)| {
        Ok(Named {
            name: packed.text(*name)?,
            labels: packed.labels(*labels)?,
        })
    };
    all.iter().map(one).collect()
}

fn unpacked(packed: &Packed, model: &Model, pods: &PackedPods) -> Result<Pods, Torn> {
    let (workload, namespace, labels, ports, host_network, each) = pods;
    let of = model.workloads.get(*workload).ok_or(Torn)?;
    let place = |(name, addresses, node): &PackedPlace| {
        if node.is_some_and(|node| node >= model.nodes.len()) {
            return Err(Torn);
        }
        let whole = name.strip_prefix('/').map(str::to_owned);
        Ok(Place {
            pod: whole.unwrap_or_else(|| format!("{}{name}", of.name)),
            addresses: addresses.clone(),
            node: *node,
        })
    };
    Ok(Pods {
        workload: *workload,
        namespace: Some(*namespace)
            .filter(|place| *place < model.namespaces.len())
            .ok_or(Torn)?,
        labels: packed.labels(*labels)?,
        ports: packed.ports.get(*ports).ok_or(Torn)?.clone(),
        host_network: *host_network,
        each: each.iter().map(place).collect::<Result<_, _>>()?,
    })
}

impl Packed {
    fn text(&self, number: usize) -> Result<String, Torn> {
        self.texts.get(number).cloned().ok_or(Torn)
    }

    fn labels(&self, number: usize) -> Result<Labels, Torn> {
        let pairs = self.labels.get(number).ok_or(Torn)?;
        pairs
            .iter()
            .map(|(key, value)| Ok((self.text(*key)?, self.text(*value)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cluster of that many pods, three to a Deployment, as a chart writes it.
    fn cluster(namespaces: usize, pods: usize) -> Model {
        let labels = |pairs: &[(&str, String)]| -> Labels {
            pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.clone()))
                .collect()
        };
        let mut model = Model::default();
        for number in 0..namespaces {
            let name = format!("team-{number:03}");
            model.namespaces.push(Named {
                labels: labels(&[
                    ("kubernetes.io/metadata.name", name.clone()),
                    ("pod-security.kubernetes.io/enforce", "baseline".into()),
                    ("team", format!("team-{}", number % 40)),
                ]),
                name,
            });
        }
        for number in 0..pods / 100 {
            let name = format!(
                "ip-10-0-{}-{}.eu-central-1.compute.internal",
                number / 250,
                number % 250
            );
            model.nodes.push(Named {
                labels: labels(&[
                    ("kubernetes.io/hostname", name.clone()),
                    ("kubernetes.io/os", "linux".into()),
                ]),
                name,
            });
        }
        for workload in 0..pods.div_ceil(3) {
            let (name, namespace) = (format!("payments-service-{workload}"), workload % namespaces);
            let hash = format!("{:010x}", workload * 7919);
            model.workloads.push(ObjectRef {
                group: "apps".into(),
                kind: "Deployment".into(),
                namespace: model.namespaces[namespace].name.clone(),
                name: name.clone(),
            });
            let each = (0..3).map(|pod| Place {
                pod: format!("{name}-{hash}-x{pod}b{pod}z"),
                addresses: vec![IpAddr::from([
                    10,
                    244,
                    (workload / 80 % 250) as u8,
                    (workload % 80 * 3 + pod) as u8,
                ])],
                node: Some((workload + pod) % model.nodes.len()),
            });
            model.pods.push(Pods {
                workload,
                namespace,
                labels: labels(&[
                    ("app.kubernetes.io/component", "server".into()),
                    ("app.kubernetes.io/instance", name.clone()),
                    ("app.kubernetes.io/managed-by", "Helm".into()),
                    ("app.kubernetes.io/name", name.clone()),
                    ("app.kubernetes.io/version", format!("1.{}.0", workload % 50)),
                    ("pod-template-hash", hash.clone()),
                ]),
                ports: vec![ContainerPort {
                    name: "http".into(),
                    protocol: crate::network::connections::Protocol::Tcp,
                    port: 8080,
                }],
                host_network: false,
                each: each.collect(),
            });
        }
        model
    }

    #[test]
    fn ten_thousand_pods_fit_in_two_megabytes_and_come_out_as_they_went_in() {
        let model = cluster(500, 10_000);
        let sent = serde_json::to_string(&model).unwrap();
        assert!(sent.len() < 1 << 21, "{} bytes", sent.len());
        assert_eq!(serde_json::from_str::<Model>(&sent).unwrap(), model);
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        let sent = serde_json::to_string(&cluster(2, 300)).unwrap();
        assert!(serde_json::from_str::<Model>(&sent).is_ok());
        let torn = sent.replace(r#""texts":["team-000","#, r#""texts":["#);
        assert!(torn != sent && serde_json::from_str::<Model>(&torn).is_err());
    }
}
