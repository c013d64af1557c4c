//! Every pair of ends between which something may pass, as JSON and as CSV. There may be millions: each is written as it is found.

use std::io::{self, Write};

use analysis::network::engine::Network;
use analysis::network::listing;
use analysis::network::model::Model;
use shared::network::{Connections, Endpoint, Pair};

use crate::csv::line;

/// An array, a pair a line, of those that are wanted.
///
/// # Errors
/// It could not be written.
pub(crate) fn json(
    (model, network): (&Model, &Network),
    is_wanted: impl Fn(&Pair) -> bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut before = "[\n";
    listing::pairs(model, network, |pair| {
        if !is_wanted(&pair) {
            return Ok(());
        }
        out.write_all(before.as_bytes())?;
        before = ",\n";
        serde_json::to_writer(&mut *out, &pair).map_err(io::Error::from)
    })?;
    let end = if before == "[\n" { "[]\n" } else { "\n]\n" };
    out.write_all(end.as_bytes())
}

const COLUMNS: &str =
    "sourceNamespace,sourceKind,source,destinationNamespace,destinationKind,destination,connections\r\n";

/// The same as CSV, a line for each. Blocks of addresses are in no namespace.
///
/// # Errors
/// It could not be written.
pub(crate) fn csv(
    (model, network): (&Model, &Network),
    is_wanted: impl Fn(&Pair) -> bool,
    out: &mut impl Write,
) -> io::Result<()> {
    out.write_all(COLUMNS.as_bytes())?;
    listing::pairs(model, network, |pair| match is_wanted(&pair) {
        true => out.write_all(told(&pair).as_bytes()),
        false => Ok(()),
    })
}

fn told(pair: &Pair) -> String {
    let ([from, of_kind, source], [to, to_kind, destination]) = (end(&pair.source), end(&pair.destination));
    let connections = ports(&pair.connections);
    line([from, of_kind, source, to, to_kind, destination, &connections])
}

fn end(end: &Endpoint) -> [&str; 3] {
    match end {
        Endpoint::Workload(workload) => [&workload.namespace, &workload.kind, &workload.name],
        Endpoint::Block(block) => ["", "Addresses", &block.cidr],
    }
}

/// `all`, `none`, or `TCP 80, 8000-9000; UDP 53`.
pub(crate) fn ports(connections: &Connections) -> String {
    let each = match connections {
        Connections::All(_) => return "all".into(),
        Connections::Some(each) if each.is_empty() => return "none".into(),
        Connections::Some(each) => each,
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
