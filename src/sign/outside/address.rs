//! The address of a service, read so strictly that no two readers can take it for two places.
//!
//! `http` or `https`, a host, perhaps a port, a path, a query: nothing else. No user, no fragment,
//! no backslash, no host but a plain name, four plain decimal numbers or an IPv6 address in
//! brackets. RFC 3986, section 3, without what the URL standard forgives.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Wrong;
use super::reach::Allow;

/// The address of one service.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    text: String,
    host: Host,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Host {
    Name(String),
    Literal(IpAddr),
}

impl Address {
    /// Reads an address that configuration or one of our own certificates names.
    ///
    /// # Errors
    /// [`Wrong::ForbiddenAddress`] where it is not of the plain form, or its host is an address
    /// that `allow` does not permit.
    pub fn parse(text: &str, allow: Allow) -> Result<Self, Wrong> {
        let host = host_of(text).ok_or(Wrong::ForbiddenAddress)?;
        if let Host::Literal(literal) = host
            && !allow.permits(literal)
        {
            return Err(Wrong::ForbiddenAddress);
        }
        Ok(Self { text: text.to_owned(), host })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host alone.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Name(name) => name.clone(),
            Host::Literal(literal) => literal.to_string(),
        }
    }

    /// The port, where one is named.
    pub fn port(&self) -> Option<u16> {
        let rest = self.text.split_once("://")?.1;
        let authority = rest.split(['/', '?']).next()?;
        split_port(authority)?.1?.parse().ok()
    }

    /// As the client takes it, if that reads the same host in it.
    pub(super) fn url(&self) -> Result<reqwest::Url, Wrong> {
        let url = reqwest::Url::parse(&self.text).map_err(|_| Wrong::ForbiddenAddress)?;
        let read = url.host_str().map(|host| host.trim_matches(['[', ']']).to_owned());
        let plain = url.username().is_empty() && url.password().is_none();
        if plain && read == Some(self.host()) { Ok(url) } else { Err(Wrong::ForbiddenAddress) }
    }
}

fn host_of(text: &str) -> Option<Host> {
    let printable = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !printable || text.contains(['\\', '#', '@', '"', '<', '>', '^', '`', '{', '|', '}']) {
        return None;
    }
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"))?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, _path) = rest.split_at(end);
    let (host, port) = split_port(authority)?;
    if port.is_some_and(|port| !is_port(port)) {
        return None;
    }
    match host.strip_prefix('[') {
        Some(inside) => v6(inside.strip_suffix(']')?),
        None => name_or_v4(host),
    }
}

/// The host, in its brackets if it has them, and what stands behind its colon.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    let colon = match authority.find(']') {
        Some(bracket) => {
            let behind = &authority[bracket + 1..];
            if !behind.is_empty() && !behind.starts_with(':') {
                return None;
            }
            (!behind.is_empty()).then_some(bracket + 1)
        }
        None => authority.find(':'),
    };
    Some(match colon {
        Some(colon) => (&authority[..colon], Some(&authority[colon + 1..])),
        None => (authority, None),
    })
}

fn is_port(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && !text.starts_with('0') && text.parse::<u16>().is_ok()
}

fn v6(text: &str) -> Option<Host> {
    // No zone: the standard's reader knows none.
    text.parse::<Ipv6Addr>().ok().map(|address| Host::Literal(IpAddr::V6(address)))
}

/// Four decimal numbers, or labels of which the last is no number in any notation. RFC 1123,
/// section 2.1.
fn name_or_v4(text: &str) -> Option<Host> {
    let last = text.rsplit('.').next().unwrap_or_default();
    if last.starts_with(|first: char| first.is_ascii_digit()) {
        // The standard's reader takes neither leading zeros nor fewer than four parts.
        return text.parse::<Ipv4Addr>().ok().map(|address| Host::Literal(IpAddr::V4(address)));
    }
    let plain = |label: &str| {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(allowed)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let lower = text.to_ascii_lowercase();
    (lower.len() <= 253 && lower.split('.').all(plain)).then_some(Host::Name(lower))
}

/// Longer than any service's address, shorter than anything odd.
const LONGEST: usize = 2000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_addresses_are_taken() {
        for (text, host) in [
            ("http://tsa.example/", "tsa.example"),
            ("https://TSA.Example:8443/tsr?a=1", "tsa.example"),
            ("http://tsa.example", "tsa.example"),
            ("http://tsa.example?x", "tsa.example"),
            ("http://8.8.8.8:80/", "8.8.8.8"),
            ("http://[2606:4700::1111]:80/", "2606:4700::1111"),
            ("http://a-b.c1.example/%41", "a-b.c1.example"),
        ] {
            let address = Address::parse(text, Allow::Public).unwrap();
            assert_eq!((address.as_str(), address.host().as_str()), (text, host));
            assert!(address.url().is_ok(), "{text}");
        }
        let port = |text| Address::parse(text, Allow::Private).unwrap().port();
        assert_eq!(port("http://127.0.0.1:8080/"), Some(8080));
        assert_eq!(port("http://[::1]:81?:9"), Some(81));
        assert_eq!(port("https://tsa.example/:9"), None);
    }

    #[test]
    fn what_two_readers_could_take_for_two_places_is_refused() {
        for text in STRANGE {
            for allow in [Allow::Public, Allow::Private] {
                assert_eq!(Address::parse(text, allow), Err(Wrong::ForbiddenAddress), "{text}");
            }
        }
        assert!(STRANGE.len() >= 40, "{}", STRANGE.len());
    }

    proptest! {
        #[test]
        fn what_is_taken_is_read_the_same_by_the_client(
            text in "https?://[a-zA-Z0-9\\[\\]:.%@#?/\\\\_-]{0,40}",
        ) {
            if let Ok(address) = Address::parse(&text, Allow::Public) {
                prop_assert!(address.url().is_ok(), "{}", text);
            }
        }
    }

    const STRANGE: &[&str] = &[
        "",
        "tsa.example",
        "//tsa.example/",
        "ftp://tsa.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:80/",
        "HTTP://tsa.example/",
        "http:/tsa.example/",
        "http:\\\\tsa.example/",
        "http://",
        "http:///",
        "http://:80/",
        "http://tsa.example:/",
        "http://tsa.example:0/",
        "http://tsa.example:080/",
        "http://tsa.example:99999/",
        "http://tsa.example:80:80/",
        "http://tsa.example:8o/",
        "http://user@tsa.example/",
        "http://user:word@tsa.example/",
        "http://tsa.example@127.0.0.1/",
        "http://tsa.example/#part",
        "http://127.0.0.1#@tsa.example/",
        "http://tsa.example\\@127.0.0.1/",
        "http://tsa.example/\\..",
        "http://tsa.example/\r\nHost: other",
        "http://tsa.example/ x",
        "http://tsa.example\t/",
        "http://tsa.example\u{3002}test/",
        "http://ⓣsa.example/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.0.0.01/",
        "http://127.0.0.1./",
        "http://127.0.0.256/",
        "http://1.2.3.4.5/",
        "http://tsa.0x7f/",
        "http://tsa.example./",
        "http://tsa..example/",
        "http://-tsa.example/",
        "http://tsa_x.example/",
        "http://%31%32%37.0.0.1/",
        "http://[::1/",
        "http://::1/",
        "http://[::1]x/",
        "http://[fe80::1%25eth0]/",
        "http://[::ffff:7f00:1%1]/",
        "http://169.254.169.254/",
        "http://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://224.0.0.1/",
    ];
}
