//! What is asked: a cluster, manifests, or a Plimsoll server.

use analysis::cluster::Cluster;
use analysis::model::{Kind, Snapshot};
use analysis::network::known::Known;
use chrono::Utc;

use crate::cli;
use crate::cli::print::plain;
use crate::cli::remote::{Remote, RemoteArgs};

/// What answers rest on: policies, pods and what makes them, and the labels of where they are.
const KINDS: &[Kind] = &[
    Kind::Namespace,
    Kind::Node,
    Kind::Pod,
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::ReplicaSet,
    Kind::ReplicationController,
    Kind::Job,
    Kind::CronJob,
    Kind::NetworkPolicy,
    Kind::ClusterNetworkPolicy,
    Kind::AdminNetworkPolicy,
    Kind::BaselineAdminNetworkPolicy,
];

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Source {
    #[command(flatten)]
    of: cli::source::Source,
    #[command(flatten)]
    remote: RemoteArgs,
}

impl Source {
    /// Reads all that answers rest on, and says on standard error which policies are left out.
    pub(super) async fn known(&self) -> anyhow::Result<Known> {
        let known = match self.remote()? {
            Some(remote) => remote.get("network/model", &remote.at).await?,
            None => known(&self.of.read(KINDS).await?.snapshot),
        };
        for flaw in &known.flaws {
            let (object, reason) = (plain(&flaw.object.to_string()), plain(&flaw.reason));
            eprintln!(
                "plimsoll: {object} is left out, as the API server would not take it: {}: {reason}",
                flaw.path
            );
        }
        Ok(known)
    }

    /// Reads everything else too.
    pub(super) async fn read_all(&self) -> anyhow::Result<Snapshot> {
        Ok(self.of.read(Kind::ALL).await?.snapshot)
    }

    /// Whether manifests are read, and no cluster.
    pub(super) fn is_manifests(&self) -> bool {
        self.of.is_manifests()
    }

    /// The server that is to be asked; none where a cluster or manifests are.
    pub(super) fn remote(&self) -> anyhow::Result<Option<Remote>> {
        self.remote.remote()
    }
}

/// What a snapshot shows.
pub(super) fn known(snapshot: &Snapshot) -> Known {
    Known::of(&Cluster::new(snapshot, Utc::now()))
}

/// Fails where a part that was not read could change the answer.
pub(super) fn whole(gaps: &[String]) -> anyhow::Result<()> {
    match gaps {
        [] => Ok(()),
        gaps => anyhow::bail!("the answer may be another: {}", plain(&gaps.join(" "))),
    }
}
