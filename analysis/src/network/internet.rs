//! Which addresses are public.

use std::sync::LazyLock;

use super::address::Addresses;

/// Blocks that no router of the Internet passes on: the special-purpose registries of RFC 6890, and multicast.
const NOT_PUBLIC: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    // Of IPv6, only 2000::/3 is given out.
    "::/3",
    "4000::/2",
    "8000::/1",
    "2001:db8::/32",
];

static PUBLIC: LazyLock<Addresses> = LazyLock::new(|| {
    let special = NOT_PUBLIC.iter().filter_map(|block| block.parse().ok());
    Addresses::all().difference(&Addresses::blocks_of(special))
});

/// The public addresses.
pub fn public() -> &'static Addresses {
    &PUBLIC
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_and_those_of_documentation_are_not_public() {
        let is_public = |address: &str| public().contains(address.parse().unwrap());
        assert!(is_public("8.8.8.8") && is_public("172.32.0.1") && is_public("2606:4700::1"));
        for address in [
            "10.1.2.3",
            "172.31.255.255",
            "169.254.169.254",
            "239.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!is_public(address), "{address}");
        }
        for address in [
            "::1",
            "fd00:ec2::254",
            "fe80::1",
            "2001:db8::1",
            "ff02::1",
            "64:ff9b::1",
        ] {
            assert!(!is_public(address), "{address}");
        }
    }
}
