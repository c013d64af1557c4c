//! Probes: what kubelets and other servers answer to those who call them without a credential, where that was asked for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::certificates::ServingCertificate;

/// What came of all calls that were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probes {
    /// The kubelets, by the names of their nodes; none where they were not to be called.
    pub kubelets: Option<BTreeMap<String, KubeletProbe>>,
    /// The servers that were to be called by their addresses, `host:port`.
    pub endpoints: BTreeMap<String, Handshake>,
}

/// What came of calling one kubelet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KubeletProbe {
    /// Where it was called, as `address:port`; empty where its node names no address that may be called.
    pub address: String,
    /// How it answered a TLS handshake.
    pub handshake: Handshake,
    /// What it said to a request without a credential.
    pub anonymous: Anonymous,
    /// Whether its read-only port is open.
    pub read_only_port: ReadOnlyPort,
}

impl KubeletProbe {
    /// One of which nothing could be seen; the reason continues a sentence.
    pub fn unseen(address: impl Into<String>, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self {
            address: address.into(),
            handshake: Handshake::Failed { reason: reason.clone() },
            anonymous: Anonymous::Unknown { reason: reason.clone() },
            read_only_port: ReadOnlyPort::Unknown { reason },
        }
    }
}

/// How a server answered TLS handshakes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum Handshake {
    /// As a server of TLS does.
    Answered {
        /// What it serves with.
        serving: ServingCertificate,
    },
    /// Something answered, but not in TLS.
    WithoutTls,
    /// There was no answer.
    Failed {
        /// Why, as a sentence continues.
        reason: String,
    },
}

impl Handshake {
    /// What was seen of the server.
    ///
    /// # Errors
    /// Nothing was; the reason continues a sentence.
    pub fn seen(&self) -> Result<&ServingCertificate, &str> {
        match self {
            Self::Answered { serving } => Ok(serving),
            Self::WithoutTls => Err("what answers there does not speak TLS"),
            Self::Failed { reason } => Err(reason),
        }
    }
}

/// What a kubelet says to a request without a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum Anonymous {
    /// 200: it is answered.
    Allowed,
    /// 403: it is taken for `system:anonymous`, who may not do this.
    Forbidden,
    /// 401: it is refused.
    Refused,
    /// It can't be told.
    Unknown {
        /// Why, as a sentence continues.
        reason: String,
    },
}

/// Whether a kubelet serves without TLS and credentials, at its read-only port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum ReadOnlyPort {
    /// It answers there.
    Open,
    /// The connection is refused.
    Closed,
    /// It can't be told.
    Unknown {
        /// Why, as a sentence continues.
        reason: String,
    },
}
