//! Which addresses of the network this service may connect to.
//!
//! RFC 6890 and the special-purpose registries behind it, cut to three kinds. What embeds an IPv4
//! address is judged by that address and is never better than private: whether a translator stands
//! on the way is not known here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses an exchange may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Allow {
    /// Those of the public network.
    #[default]
    Public,
    /// Also private ones and this machine: for services of the court's own network.
    Private,
}

/// What kind of place an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    Public,
    /// Private networks, this machine, addresses that embed another, documentation, benchmarks.
    Private,
    /// Link-local (where clouds keep their metadata), multicast, broadcast, unspecified, reserved.
    Never,
}

impl Allow {
    /// Whether an exchange may go there.
    pub fn permits(self, address: IpAddr) -> bool {
        match of(address) {
            Reach::Public => true,
            Reach::Private => self == Self::Private,
            Reach::Never => false,
        }
    }
}

/// The kind of an address.
pub fn of(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => of_v4(address),
        IpAddr::V6(address) => of_v6(address),
    }
}

fn of_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [169, 254, ..] | [0 | 224..=255, ..] => Reach::Never,
        [10 | 127, ..] | [100, 64..=127, ..] | [172, 16..=31, ..] | [192, 168, ..] => {
            Reach::Private
        }
        // Protocol assignments, three for documentation, 6to4 relays, benchmarks.
        [192, 0, 0 | 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Reach::Private,
        [192, 88, 99, _] | [198, 18 | 19, ..] => Reach::Private,
        _ => Reach::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> Reach {
    if address.is_unspecified() {
        return Reach::Never;
    }
    if address.is_loopback() {
        return Reach::Private;
    }
    if let Some(within) = embedded(address) {
        return of_v4(within).max(Reach::Private);
    }
    match address.segments() {
        // A cloud's metadata in a unique local address.
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] => Reach::Never,
        [0xfc00..=0xfdff, ..] => Reach::Private,
        // Teredo, ORCHID, benchmarks, documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Reach::Private,
        [0x2000..=0x3fff, ..] => Reach::Public,
        // Link-local, multicast, and what is not given out: RFC 4291, section 2.4 and the registry
        // behind it.
        _ => Reach::Never,
    }
}

/// The IPv4 address in one of the forms that embed one: mapped, compatible, translated (RFC 6052,
/// RFC 8215), 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let joined = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0 | 1, _, _, _, high, low]
        | [0x2002, high, low, ..] => Some(joined(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kind(text: &str) -> Reach {
        of(text.parse().unwrap())
    }

    #[test]
    fn public_addresses_are_public() {
        for text in ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "192.0.1.1"] {
            assert_eq!(kind(text), Reach::Public, "{text}");
        }
        for text in ["2606:4700::1111", "2a00:1450::1", "2001:4860::8888", "2003::1"] {
            assert_eq!(kind(text), Reach::Public, "{text}");
        }
    }

    #[test]
    fn private_ones_are_private_in_every_clothing() {
        for text in [
            "10.0.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "100.64.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::1",
            "2001::1",
            "2001:db8::1",
            "fd12:3456::1",
        ] {
            assert_eq!(kind(text), Reach::Private, "{text}");
        }
    }

    #[test]
    fn some_places_are_reached_by_nobody() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "fd00:ec2::254",
            "100::1",
            "4000::1",
        ] {
            assert_eq!(kind(text), Reach::Never, "{text}");
            assert!(!Allow::Private.permits(text.parse().unwrap()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_embedded_address_is_never_better_than_itself(bits: u32) {
            let inner = Ipv4Addr::from(bits);
            let outer = inner.to_ipv6_mapped();
            prop_assert!(of(IpAddr::V6(outer)) >= of(IpAddr::V4(inner)));
            prop_assert!(!Allow::Public.permits(IpAddr::V6(outer)));
        }
    }
}
