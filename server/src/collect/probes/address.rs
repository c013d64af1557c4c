//! The address of a server that is to be called, as it is configured.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use rustls::pki_types::ServerName;

/// `host:port`, where the host is a name, an IPv4 address, or an IPv6 address in brackets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The host, without brackets.
    pub(super) host: String,
    /// The port.
    pub(super) port: u16,
}

/// Why words are no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is no port, or it is none.
    #[error("it must end with a port, as in etcd.example:2379")]
    Port,
    /// The host is neither a name nor an address.
    #[error("its host is neither a name nor an IP address; one of IPv6 stands in brackets")]
    Host,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (host, port) = text.rsplit_once(':').ok_or(AddressError::Port)?;
        let port = port.parse().ok().filter(|port| *port > 0).ok_or(AddressError::Port)?;
        let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_host = match bracketed {
            Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
            None => !host.contains(':') && ServerName::try_from(host).is_ok(),
        };
        let host = bracketed.unwrap_or(host).to_owned();
        is_host.then_some(Self { host, port }).ok_or(AddressError::Host)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_read_and_shown_alike() {
        for text in ["etcd.example:2379", "192.0.2.1:443", "[2001:db8::1]:2379"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_has_no_port_or_no_host_is_refused() {
        for text in ["etcd.example", "etcd.example:", "etcd.example:0", "etcd.example:70000"] {
            assert_eq!(text.parse::<Address>(), Err(AddressError::Port), "{text}");
        }
        for text in ["2001:db8::1:2379", ":2379", "https://etcd:2379", "[etcd]:2379", "a b:1"] {
            assert_eq!(text.parse::<Address>(), Err(AddressError::Host), "{text}");
        }
    }
}
