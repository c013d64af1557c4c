//! Where a node's kubelet is called.
//!
//! A node says that itself: whoever holds a node's credential, or may write nodes' status, decides what we call. Were it any address,
//! such a node could have us knock at services that only our own place in the network lets us reach, and read from the page what
//! answered: a request forgery on the server's side. So only what can be the address of another machine is called: an IP address,
//! never a name, which could lead anywhere when it is resolved; not our own machine, no link, no group of machines, and none of the
//! addresses at which clouds hand out credentials. What is left, other machines of the same network, learns nothing from the call:
//! it carries no credential, and its path is fixed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use analysis::model::node::Node;

/// The kubelet's port where a node does not tell.
const PORT: i32 = 10250;
/// The lowest port that no privilege is needed for; kubelets are below it nowhere, and what is, is something else.
const LOWEST_PORT: u16 = 1024;

/// Addresses at which clouds hand out credentials, beside those of the link: Azure, Alibaba Cloud, Oracle, AWS, Google.
const METADATA: &[IpAddr] = &[
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

/// The address of a node's kubelet: its first `InternalIP`, and the port that its status names.
///
/// # Errors
/// It names none, or none that is called; the reason continues a sentence.
pub(super) fn of(node: &Node) -> Result<SocketAddr, String> {
    let status = node.status.as_ref();
    let mut addresses = status.iter().flat_map(|status| &status.addresses);
    let internal = addresses.find(|address| address.r#type == "InternalIP");
    let internal = internal.ok_or("its node names no InternalIP")?;
    let ip: IpAddr = internal
        .address
        .parse()
        .map_err(|_| "its InternalIP is no IP address")?;
    if !is_of_a_node(ip) {
        return Err(format!("its InternalIP {ip} is no address of a node"));
    }
    let endpoints = status.and_then(|status| status.daemon_endpoints.as_ref());
    let endpoint = endpoints.and_then(|endpoints| endpoints.kubelet_endpoint.as_ref());
    let port = endpoint
        .map(|endpoint| endpoint.port)
        .filter(|port| *port != 0)
        .unwrap_or(PORT);
    let is_kubelets = |port: &u16| *port >= LOWEST_PORT;
    let fit = u16::try_from(port).ok().filter(is_kubelets);
    let fit = fit.ok_or_else(|| format!("its port {port} is no port of a kubelet"))?;
    Ok(SocketAddr::new(ip, fit))
}

/// Whether it can be the address of another machine, and none at which a cloud hands out credentials.
fn is_of_a_node(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    let is_special = match ip {
        IpAddr::V4(ip) => {
            ip.is_loopback() || ip.is_link_local() || ip.is_broadcast() || ip.is_multicast() || ip.octets()[0] == 0
        }
        IpAddr::V6(ip) => {
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_unicast_link_local()
                || leads_to_ipv4(ip)
        }
    };
    !is_special && !METADATA.contains(&ip)
}

/// Prefixes behind which an IPv4 address is reached, which would not be looked at: the old compatible addresses, NAT64 of RFC 6052
/// and RFC 8215, and 6to4.
fn leads_to_ipv4(ip: Ipv6Addr) -> bool {
    matches!(
        ip.segments(),
        [0, 0, 0, 0, 0, 0, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] | [0x64, 0xff9b, 1, ..] | [0x2002, ..]
    )
}

#[cfg(test)]
mod tests {
    use analysis::model::node::{DaemonEndpoint, NodeAddress, NodeDaemonEndpoints, NodeStatus};

    use super::*;

    fn called(addresses: &[(&str, &str)], port: i32) -> Result<String, String> {
        let address = |(r#type, address): &(&str, &str)| NodeAddress {
            r#type: (*r#type).into(),
            address: (*address).into(),
        };
        let node = Node {
            status: Some(NodeStatus {
                addresses: addresses.iter().map(address).collect(),
                daemon_endpoints: Some(NodeDaemonEndpoints {
                    kubelet_endpoint: Some(DaemonEndpoint { port }),
                }),
                ..NodeStatus::default()
            }),
            ..Node::default()
        };
        of(&node).map(|address| address.to_string())
    }

    fn internal(address: &str) -> Result<String, String> {
        called(&[("InternalIP", address)], 0)
    }

    #[test]
    fn a_kubelet_is_called_at_the_first_internal_address_and_the_port_that_is_named() {
        let addresses = [
            ("Hostname", "node-1"),
            ("ExternalIP", "198.51.100.1"),
            ("InternalIP", "192.0.2.1"),
            ("InternalIP", "2001:db8::1"),
        ];
        assert_eq!(called(&addresses, 0).unwrap(), "192.0.2.1:10250");
        assert_eq!(called(&addresses, 10350).unwrap(), "192.0.2.1:10350");
        assert_eq!(internal("fd12:3456::1").unwrap(), "[fd12:3456::1]:10250");
        assert_eq!(called(&addresses[..2], 0).unwrap_err(), "its node names no InternalIP");
    }

    #[test]
    fn what_can_not_be_another_machine_is_not_called() {
        for address in [
            "localhost",
            "metadata.google.internal",
            "0x7f000001",
            "127.0.0.1",
            "127.8.9.1",
            "0.0.0.0",
            "0.1.2.3",
            "255.255.255.255",
            "224.0.0.1",
            "169.254.169.254",
            "169.254.1.1",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "::",
            "::1",
            "fe80::1",
            "ff02::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
        ] {
            assert!(internal(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_port_of_something_else_is_not_called() {
        for port in [-1, 22, 443, 1023, 65_536] {
            assert!(called(&[("InternalIP", "192.0.2.1")], port).is_err(), "{port}");
        }
    }
}
