//! Ends, ports and policies in words.

use leptos::prelude::*;
use shared::network::{Connections, Endpoint, SideVerdict, WorkloadEndpoint};

use crate::components::object::object_link;
use crate::here::{Here, encode};

/// `all ports`, `none`, or `TCP 80, 8000–9000; UDP 53`.
pub(super) fn ports(connections: &Connections) -> String {
    let each = match connections {
        Connections::All(_) => return "all ports".into(),
        Connections::Some(each) if each.is_empty() => return "none".into(),
        Connections::Some(each) => each,
    };
    let interval = |[first, last]: &[u16; 2]| match (first, last) {
        (1, 65535) => "all ports".to_owned(),
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}–{last}"),
    };
    let protocols = each.iter().map(|one| {
        let ports: Vec<String> = one.ports.iter().map(interval).collect();
        format!("{} {}", one.protocol, ports.join(", "))
    });
    protocols.collect::<Vec<_>>().join("; ")
}

/// An end as the address of this page names it.
pub(super) fn param(end: &Endpoint) -> String {
    match end {
        Endpoint::Workload(workload) => named(workload),
        Endpoint::Block(block) => {
            let address = block
                .cidr
                .split_once('/')
                .map_or(block.cidr.as_str(), |(address, _)| address);
            address.to_owned()
        }
    }
}

/// `namespace/Kind/name`, without the number of its sort.
pub(super) fn named(workload: &WorkloadEndpoint) -> String {
    let name = workload
        .name
        .split_once('#')
        .map_or(workload.name.as_str(), |(name, _)| name);
    format!("{}/{}/{name}", workload.namespace, workload.kind)
}

/// An end in words: `Deployment shop/web`, or a block, in which all addresses are said so.
pub(super) fn words(end: &Endpoint) -> String {
    match end {
        Endpoint::Workload(workload) => format!("{} {}/{}", workload.kind, workload.namespace, workload.name),
        Endpoint::Block(block) => match block.cidr.as_str() {
            "0.0.0.0/0" => "all other IPv4 addresses".into(),
            "::/0" => "all other IPv6 addresses".into(),
            cidr => cidr.to_owned(),
        },
    }
}

/// An end, leading to its own reach; of a block there is none.
pub(super) fn end(here: Here, of: &Endpoint) -> AnyView {
    let text = words(of);
    match of {
        Endpoint::Workload(workload) => {
            let to = reach_path(&named(workload));
            view! { <a class="mono" href=move || here.link(&to)>{text}</a> }.into_any()
        }
        Endpoint::Block(_) => view! { <span class="mono">{text}</span> }.into_any(),
    }
}

/// Where the reach of somebody stands.
pub(super) fn reach_path(of: &str) -> String {
    format!("/network?view=reach&of={}", encode(of))
}

/// The rules of some verdicts that let something through, each leading to its policy.
pub(super) fn rules(here: Here, verdicts: &[&SideVerdict]) -> AnyView {
    let said = verdicts.iter().flat_map(|verdict| &verdict.said);
    let rules: Vec<_> = said
        .filter_map(|said| Some((&said.policy, said.rule.as_deref()?)))
        .map(|(policy, rule)| {
            let field = rule.strip_prefix("spec.").unwrap_or(rule).to_owned();
            view! { <li>{object_link(here, policy)}" "<span class="mono muted">{field}</span></li> }
        })
        .collect();
    match rules.is_empty() {
        true => view! { <span class="muted">"no policy speaks of it"</span> }.into_any(),
        false => view! { <ul class="plain">{rules}</ul> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use shared::network::{All, BlockEndpoint, ProtocolPorts};

    use super::*;

    #[test]
    fn ports_are_told_by_protocol() {
        let of = |protocol: &str, ports: &[[u16; 2]]| ProtocolPorts {
            protocol: protocol.into(),
            ports: ports.to_vec(),
        };
        let some = Connections::Some(vec![of("TCP", &[[80, 80], [8000, 9000]]), of("UDP", &[[1, 65535]])]);
        let told = [Connections::All(All::All), Connections::Some(Vec::new()), some].map(|set| ports(&set));
        assert_eq!(told, ["all ports", "none", "TCP 80, 8000–9000; UDP all ports"]);
    }

    #[test]
    fn an_end_is_asked_about_by_its_workload_or_an_address_of_it() {
        let workload = Endpoint::Workload(WorkloadEndpoint {
            namespace: "shop".into(),
            kind: "StatefulSet".into(),
            name: "db#2".into(),
        });
        let block = Endpoint::Block(BlockEndpoint {
            cidr: "192.0.2.0/24".into(),
        });
        assert_eq!([param(&workload), param(&block)], ["shop/StatefulSet/db", "192.0.2.0"]);
    }
}
