//! Where webhooks may go: to addresses that everybody can reach, so that nobody reaches through them what only this
//! machine can.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// Where webhooks may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Targets {
    /// To public addresses, by https.
    Public,
    /// Also to private ones, and to this machine by plain http.
    Private,
}

/// Why an address is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is none.
    NoUrl,
    /// It holds a user name or a password.
    Credentials,
    /// It is not https.
    NotHttps,
    /// It is private, or of this machine.
    Private,
}

impl Targets {
    /// Whether connections to this address are made.
    #[must_use]
    pub fn reach(self, address: IpAddr) -> bool {
        match self {
            Self::Public => is_public(address),
            Self::Private => true,
        }
    }

    /// The target that a text names. What its name resolves to is looked at with each connection.
    ///
    /// # Errors
    /// Why it is not taken.
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

/// Whether an address is one that everybody can reach.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_of_protocols = a == 192 && b == 0 && c == 0;
    let is_relay = a == 192 && b == 88 && c == 99;
    let is_of_benchmarks = a == 198 && (b == 18 || b == 19);
    !(a == 0
        || a >= 224
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || is_shared
        || is_of_protocols
        || is_relay
        || is_of_benchmarks)
}

/// Only what is handed out to networks, without the parts in it that lead to addresses of the older kind or are examples:
/// so loopback, link-local, unique local, multicast and mapped addresses are none.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let is_handed_out = a & 0xe000 == 0x2000;
    let is_special = a == 0x2001 && b < 0x0200;
    let is_example = (a == 0x2001 && b == 0x0db8) || (a == 0x3fff && b < 0x1000);
    let is_tunnel = a == 0x2002;
    is_handed_out && !is_special && !is_example && !is_tunnel
}

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
            "192.88.99.1",
            "198.18.0.1",
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
            "[2001:db8::1]",
            "[3fff::1]",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "１２７.0.0.1",
        ] {
            assert_eq!(Targets::Public.read(&format!("https://{host}/hooks")), Err(Refusal::Private), "{host}");
        }
        for host in
            ["8.8.8.8", "172.32.0.1", "100.128.0.1", "[2606:4700::1111]", "[2400:cb00::1]", "hr.example.jp", "a.b:8443"]
        {
            assert!(Targets::Public.read(&format!("https://{host}/hooks")).is_ok(), "{host}");
        }
    }

    #[test]
    fn plain_http_goes_to_this_machine_alone_and_only_where_it_is_allowed() {
        for url in ["http://127.0.0.1:80/", "http://localhost/", "http://[::1]:9/"] {
            assert!(Targets::Private.read(url).is_ok(), "{url}");
            assert_eq!(Targets::Public.read(url), Err(Refusal::NotHttps), "{url}");
        }
        for url in ["http://10.0.0.1/", "http://hr.example.jp/", "ftp://hr.example.jp/", "file:///etc/passwd"] {
            assert!(Targets::Private.read(url).is_err(), "{url}");
        }
        assert!(Targets::Private.read("https://10.0.0.1/").is_ok());
        assert_eq!(Targets::Public.read("https://a:b@hr.example.jp/"), Err(Refusal::Credentials));
        for url in ["", "hr.example.jp", "https://", "/hooks", "https:///"] {
            assert_eq!(Targets::Public.read(url), Err(Refusal::NoUrl), "{url}");
        }
    }
}
