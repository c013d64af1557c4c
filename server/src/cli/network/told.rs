//! Ends and ports in words, for tables.

use shared::network::{Connections, Endpoint};

use crate::cli::print::plain;

/// `Deployment shop/web`, or a block.
pub(super) fn end(end: &Endpoint) -> String {
    plain(&end.to_string())
}

/// `all`, `none`, or `TCP 80, 8000-9000; UDP 53`.
pub(super) fn ports(connections: &Connections) -> String {
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
