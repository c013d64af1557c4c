//! `plimsoll network list`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use analysis::cluster::Cluster;
use analysis::model::{Kind, Snapshot};
use analysis::network::engine::Network;
use analysis::network::model::Model;
use analysis::network::{listing, read};
use chrono::Utc;
use shared::network::{Connections, Endpoint, Pair};
use shared::snapshots::Collected;

use crate::cli::print::{Format, plain, unread};
use crate::cli::source::Source;

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

/// List every pair of workloads, and of workloads and outside addresses, between which something may pass.
///
/// A workload of whose pods policies tell some from others is listed once for each sort, as name#1, name#2.
#[derive(Debug, clap::Args)]
pub(super) struct List {
    #[command(flatten)]
    source: Source,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl List {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let collection = self.source.read(KINDS).await?;
        let snapshot = &collection.snapshot;
        let model = Model::of(&Cluster::new(snapshot, Utc::now()));
        let (policies, flaws) = read::policies(snapshot);
        for flaw in flaws {
            let (object, reason) = (plain(&flaw.object.to_string()), plain(&flaw.reason));
            eprintln!(
                "plimsoll: {object} is left out, as the API server would not take it: {}: {reason}",
                flaw.path
            );
        }
        let network = Network::new(&model, policies);
        let mut out = BufWriter::new(io::stdout().lock());
        match self.format {
            Format::Json => json(&model, &network, &mut out)?,
            Format::Table => table(&model, &network, &mut out)?,
        }
        out.flush()?;
        whole(snapshot)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Fails where a part that was not read could change the answer.
fn whole(snapshot: &Snapshot) -> anyhow::Result<()> {
    if let Some(gap) = &snapshot.gap {
        anyhow::bail!("{gap}, so that the answer may be another");
    }
    let names: Vec<String> = KINDS.iter().map(|kind| kind.info().resource()).collect();
    let mut unknown = snapshot.coverage();
    // Manifests that show no nodes are whole all the same.
    let is_missing = |outcome: &Collected| !outcome.is_known() && !matches!(outcome, Collected::Skipped { .. });
    unknown.retain(|kind| names.contains(&kind.resource) && is_missing(&kind.outcome));
    match unknown.is_empty() {
        true => Ok(()),
        false => Err(unread(&unknown, "so that the answer may be another")),
    }
}

/// An array, a pair a line, written as the pairs are found.
fn json(model: &Model, network: &Network, out: &mut impl Write) -> io::Result<()> {
    let mut before = "[\n";
    listing::pairs(model, network, |pair| {
        out.write_all(before.as_bytes())?;
        before = ",\n";
        serde_json::to_writer(&mut *out, &pair).map_err(io::Error::from)
    })?;
    let end = if before == "[\n" { "[]\n" } else { "\n]\n" };
    out.write_all(end.as_bytes())
}

fn table(model: &Model, network: &Network, out: &mut impl Write) -> io::Result<()> {
    listing::pairs(
        model,
        network,
        |Pair {
             source,
             destination,
             connections,
         }| {
            writeln!(
                out,
                "{} -> {}: {}",
                told(&source),
                told(&destination),
                ports(&connections)
            )
        },
    )
}

fn told(end: &Endpoint) -> String {
    match end {
        Endpoint::Workload(workload) => plain(&format!("{} {}/{}", workload.kind, workload.namespace, workload.name)),
        Endpoint::Block(block) => block.cidr.clone(),
    }
}

fn ports(connections: &Connections) -> String {
    let Connections::Some(each) = connections else {
        return "all".into();
    };
    let interval = |[first, last]: &[u16; 2]| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    let protocols = each.iter().map(|one| {
        let ports: Vec<String> = one.ports.iter().map(interval).collect();
        format!("{} {}", one.protocol, ports.join(", "))
    });
    protocols.collect::<Vec<_>>().join("; ")
}
