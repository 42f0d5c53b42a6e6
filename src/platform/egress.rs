//! Targets of requests that the server makes for users: only public addresses, so that users cannot
//! reach through the server what only this machine can.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::Url;

/// Allowed targets of requests that the server makes for users, such as webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Targets {
    /// Public addresses, with https.
    Public,
    /// Private addresses too, and this machine with plain http.
    Private,
}

/// Reason why an address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not a URL.
    NoUrl,
    /// It contains a user name or password.
    Credentials,
    /// It is not https.
    NotHttps,
    /// It is private, or of this machine.
    Private,
}

impl Targets {
    /// Returns whether connections to this address are allowed.
    #[must_use]
    pub fn reach(self, address: IpAddr) -> bool {
        match self {
            Self::Public => is_public(address),
            Self::Private => true,
        }
    }

    /// Parses a URL as a target. The addresses of its name are checked on every connection.
    ///
    /// # Errors
    /// The reason why it is refused.
    pub fn read(self, text: &str) -> Result<Url, Refusal> {
        let url = Url::parse(text).map_err(|_| Refusal::NoUrl)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Refusal::NoUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        let is_local_name = name == "localhost" || name.ends_with(".localhost");
        let is_this_machine = is_local_name || literal.is_some_and(|address| address.is_loopback());
        match url.scheme() {
            "https" => {}
            "http" if self == Self::Private && is_this_machine => {}
            _ => return Err(Refusal::NotHttps),
        }
        let is_private = is_this_machine || literal.is_some_and(|address| !is_public(address));
        if self == Self::Public && is_private { Err(Refusal::Private) } else { Ok(url) }
    }
}

/// Returns whether an address is publicly reachable: not special-purpose, and for IPv6 within the
/// range assigned to networks.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|network| network.contains(&address)),
        IpAddr::V6(address) => {
            HANDED_OUT_V6.contains(&address)
                && !SPECIAL_V6.iter().any(|network| network.contains(&address))
        }
    }
}

const fn v4(a: u8, b: u8, c: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), prefix)
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

/// The IANA IPv4 Special-Purpose Address Registry
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>), without entries inside others,
/// and including those that it calls globally reachable: such addresses are services of the network
/// itself, never receivers of webhooks. Multicast is from the IANA IPv4 Address Space Registry.
const SPECIAL_V4: [Ipv4Net; 18] = [
    v4(0, 0, 0, 8),       // This network, RFC 791
    v4(10, 0, 0, 8),      // Private use, RFC 1918
    v4(100, 64, 0, 10),   // Shared address space, RFC 6598
    v4(127, 0, 0, 8),     // Loopback, RFC 1122
    v4(169, 254, 0, 16),  // Link-local, RFC 3927
    v4(172, 16, 0, 12),   // Private use, RFC 1918
    v4(192, 0, 0, 24),    // IETF protocol assignments, RFC 6890
    v4(192, 0, 2, 24),    // Documentation, RFC 5737
    v4(192, 31, 196, 24), // AS112, RFC 7535
    v4(192, 52, 193, 24), // AMT, RFC 7450
    v4(192, 88, 99, 24),  // 6to4 relay anycast, RFC 7526
    v4(192, 168, 0, 16),  // Private use, RFC 1918
    v4(192, 175, 48, 24), // AS112 direct delegation, RFC 7534
    v4(198, 18, 0, 15),   // Benchmarking, RFC 2544
    v4(198, 51, 100, 24), // Documentation, RFC 5737
    v4(203, 0, 113, 24),  // Documentation, RFC 5737
    v4(224, 0, 0, 4),     // Multicast, RFC 5771
    v4(240, 0, 0, 4),     // Reserved and limited broadcast, RFC 1112 and 8190
];

/// Global unicast, RFC 4291. Outside of it are loopback, mapped (`::ffff:0:0/96`), translated
/// (`64:ff9b::/96`, `64:ff9b:1::/48`), discard-only (`100::/64`), segment identifiers
/// (`5f00::/16`), unique local, link-local and multicast addresses.
const HANDED_OUT_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

/// Entries of the IANA IPv6 Special-Purpose Address Registry
/// (<https://www.iana.org/assignments/iana-ipv6-special-registry>) inside of it.
const SPECIAL_V6: [Ipv6Net; 5] = [
    v6(0x2001, 0, 0, 23), // IETF protocol assignments with Teredo, AMT, AS112, ORCHID, RFC 2928
    v6(0x2001, 0x0db8, 0, 32), // Documentation, RFC 3849
    v6(0x2002, 0, 0, 16), // 6to4, RFC 3056
    v6(0x2620, 0x004f, 0x8000, 48), // AS112 direct delegation, RFC 7534
    v6(0x3fff, 0, 0, 20), // Documentation, RFC 9637
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_refused_however_they_are_written() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "0.0.0.0",
            "0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "192.31.196.1",
            "192.52.193.1",
            "192.88.99.1",
            "192.175.48.255",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "192.0.2.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:8.8.8.8]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[fe80::1]",
            "[fec0::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[ff02::1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[2001:1ff:ffff::1]",
            "[2001:3::1]",
            "[2001:4:112::1]",
            "[2001:db8::1]",
            "[2620:4f:8000::1]",
            "[5f00::1]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "[::8.8.8.8]",
            "[3fff::1]",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "１２７.0.0.1",
        ] {
            assert_eq!(
                Targets::Public.read(&format!("https://{host}/hooks")),
                Err(Refusal::Private),
                "{host}"
            );
        }
        for host in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "192.31.197.1",
            "198.20.0.1",
            "[2001:200::1]",
            "[2620:4f:8001::1]",
            "[2606:4700::1111]",
            "[2400:cb00::1]",
            "hr.example.jp",
            "a.b:8443",
        ] {
            assert!(Targets::Public.read(&format!("https://{host}/hooks")).is_ok(), "{host}");
        }
    }

    #[test]
    fn plain_http_goes_to_this_machine_alone_and_only_where_it_is_allowed() {
        for url in ["http://127.0.0.1:80/", "http://localhost/", "http://[::1]:9/"] {
            assert!(Targets::Private.read(url).is_ok(), "{url}");
            assert_eq!(Targets::Public.read(url), Err(Refusal::NotHttps), "{url}");
        }
        for url in [
            "http://10.0.0.1/",
            "http://hr.example.jp/",
            "ftp://hr.example.jp/",
            "file:///etc/passwd",
        ] {
            assert!(Targets::Private.read(url).is_err(), "{url}");
        }
        assert!(Targets::Private.read("https://10.0.0.1/").is_ok());
        assert_eq!(Targets::Public.read("https://a:b@hr.example.jp/"), Err(Refusal::Credentials));
        for url in ["", "hr.example.jp", "https://", "/hooks", "https:///"] {
            assert_eq!(Targets::Public.read(url), Err(Refusal::NoUrl), "{url}");
        }
    }
}
