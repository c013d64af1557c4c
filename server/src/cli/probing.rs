//! What is called beside the API server.

use clap::builder::FalseyValueParser;

use crate::collect::probes::{Address, Probing};

/// The options that say so. Without them nothing but the API server is called.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ProbingArgs {
    /// Call the kubelet of each node too, without a credential: its certificate, whether it answers anybody, and whether its
    /// read-only port is open.
    #[arg(long, env = "PLIMSOLL_PROBE_KUBELETS", value_parser = FalseyValueParser::new())]
    probe_kubelets: bool,
    /// Greet this server too, such as a member of etcd: its certificate, and whether it asks for one. May be given several times.
    #[arg(
        long = "probe",
        env = "PLIMSOLL_PROBE",
        value_name = "HOST:PORT",
        value_delimiter = ','
    )]
    endpoints: Vec<Address>,
}

impl ProbingArgs {
    /// What is called for one cluster.
    pub(super) fn probing(&self) -> Probing {
        Probing {
            kubelets: self.probe_kubelets,
            endpoints: self.endpoints.clone(),
        }
    }
}
