//! Intents as they are written.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::model::meta::{LabelSelector, LabelSelectorRequirement};
use crate::network::connections::{Connections, Ports, Protocol};
use crate::network::namespaced;

/// What must hold. What is not known in it is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Intent {
    /// What a person calls it: `The database accepts only the application`.
    pub name: String,
    /// Who connects.
    pub from: End,
    /// To whom.
    pub to: End,
    /// The ports that it is about; all, where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<PortRange>,
    /// What is expected.
    pub expect: Expect,
}

/// What an intent expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Expect {
    /// Nothing passes from the one to the other on these ports.
    None,
    /// Nobody but the one connects to the other, and the one on these ports only.
    Only,
}

/// One end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum End {
    /// Pods.
    Pods {
        /// Where.
        namespaces: Where,
        /// Which of those there; all, where there is no selector.
        pods: Option<Selector>,
    },
    /// Outside addresses of a block.
    Block(Cidr),
    /// All public addresses.
    Internet,
}

/// Namespaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// All.
    Everywhere,
    /// The one of this name.
    Named(String),
    /// Those with such labels.
    Selected(Selector),
}

/// An end as it is written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespaces: Option<Selector>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pods: Option<Selector>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cidr: Option<Cidr>,
    #[serde(skip_serializing_if = "is_false")]
    internet: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl TryFrom<Written> for End {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written {
                namespace: None,
                namespaces: None,
                pods: None,
                cidr: None,
                internet: false,
            } => Err("an end is one of `namespace`, `namespaces`, `pods`, `cidr` and `internet: true`"),
            Written {
                namespace: None,
                namespaces: None,
                pods: None,
                cidr,
                internet,
            } => match (cidr, internet) {
                (Some(_), true) => Err("`internet` and `cidr` can't stand together"),
                (Some(cidr), false) => Ok(Self::Block(cidr)),
                (None, _) => Ok(Self::Internet),
            },
            Written { cidr: Some(_), .. } | Written { internet: true, .. } => {
                Err("`cidr` and `internet` are addresses outside, and can't stand beside pods")
            }
            Written {
                namespace: Some(_),
                namespaces: Some(_),
                ..
            } => Err("`namespace` and `namespaces` can't stand together"),
            Written {
                namespace,
                namespaces,
                pods,
                ..
            } => Ok(Self::Pods {
                namespaces: match (namespace, namespaces) {
                    (Some(name), _) => Where::Named(name),
                    (None, Some(selector)) => Where::Selected(selector),
                    (None, None) => Where::Everywhere,
                },
                pods,
            }),
        }
    }
}

impl From<End> for Written {
    fn from(end: End) -> Self {
        match end {
            End::Internet => Self {
                internet: true,
                ..Self::default()
            },
            End::Block(cidr) => Self {
                cidr: Some(cidr),
                ..Self::default()
            },
            End::Pods { namespaces, pods } => {
                let (namespace, namespaces) = match namespaces {
                    Where::Everywhere => (None, None),
                    Where::Named(name) => (Some(name), None),
                    Where::Selected(selector) => (None, Some(selector)),
                };
                Self {
                    namespace,
                    namespaces,
                    pods,
                    ..Self::default()
                }
            }
        }
    }
}

/// A label selector, as policies have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenSelector")]
pub struct Selector {
    #[serde(rename = "matchLabels", skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    #[serde(rename = "matchExpressions", skip_serializing_if = "Vec::is_empty")]
    expressions: Vec<Requirement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[derive(Default)]
struct WrittenSelector {
    match_labels: BTreeMap<String, String>,
    match_expressions: Vec<Requirement>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirement {
    key: String,
    operator: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<String>,
}

impl TryFrom<WrittenSelector> for Selector {
    type Error = String;

    fn try_from(written: WrittenSelector) -> Result<Self, String> {
        let selector = Self {
            labels: written.match_labels,
            expressions: written.match_expressions,
        };
        let checked = namespaced::selector(&selector.selector());
        checked.map_err(|(path, reason)| format!("{path}: {reason}"))?;
        Ok(selector)
    }
}

impl Selector {
    /// As it is evaluated.
    pub(super) fn selector(&self) -> LabelSelector {
        let expressions = self.expressions.iter().cloned();
        let expressions =
            expressions.map(|Requirement { key, operator, values }| LabelSelectorRequirement { key, operator, values });
        LabelSelector {
            match_labels: self.labels.clone().into_iter().collect(),
            match_expressions: expressions.collect(),
        }
    }
}

/// A block of addresses. What stands behind its prefix does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cidr(pub IpNet);

impl TryFrom<String> for Cidr {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let block: Result<IpNet, _> = text.parse();
        let block = block.map(|block| Self(block.trunc()));
        block.map_err(|_| format!("{text:?} is no block of addresses, as 10.9.8.0/24 or 2001:db8::/64"))
    }
}

impl From<Cidr> for String {
    fn from(Cidr(block): Cidr) -> Self {
        block.to_string()
    }
}

/// Ports, as policies have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenPorts")]
#[serde(rename_all = "camelCase")]
pub struct PortRange {
    protocol: Protocol,
    port: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_port: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenPorts {
    #[serde(default = "tcp")]
    protocol: Protocol,
    port: u16,
    end_port: Option<u16>,
}

fn tcp() -> Protocol {
    Protocol::Tcp
}

impl TryFrom<WrittenPorts> for PortRange {
    type Error = &'static str;

    fn try_from(written: WrittenPorts) -> Result<Self, Self::Error> {
        let WrittenPorts {
            protocol,
            port,
            end_port,
        } = written;
        if port == 0 {
            return Err("`port` must be between 1 and 65535");
        }
        if end_port.is_some_and(|end| end < port) {
            return Err("`endPort` must not be less than `port`");
        }
        Ok(Self {
            protocol,
            port,
            end_port,
        })
    }
}

impl Intent {
    /// What it is about.
    pub(super) fn connections(&self) -> Connections {
        if self.ports.is_empty() {
            return Connections::all();
        }
        let each = self.ports.iter().map(|one| {
            let ports = Ports::range(one.port, one.end_port.unwrap_or(one.port));
            Connections::of(one.protocol, ports)
        });
        each.fold(Connections::NONE, |all, one| all.union(&one))
    }
}
