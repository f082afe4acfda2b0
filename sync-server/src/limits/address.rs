//! Whose address a request comes from, for counting.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address as it is counted: IPv4 as it is, IPv6 by its /56, which is what one household or
/// hosting customer gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Peer(IpAddr);

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(v6) => {
                let kept = u128::from(v6) & (u128::MAX << 72);
                Self(IpAddr::V6(Ipv6Addr::from(kept)))
            }
            v4 => Self(v4),
        }
    }
}

/// The caller's address. With `hops` proxies in front, each of which appends the address that it
/// saw, the `hops`-th entry from the right is the last one that a trusted proxy wrote; everything
/// to the left of it is the caller's own invention.
pub(crate) fn peer(connected: Option<IpAddr>, forwarded: &[&str], hops: usize) -> Peer {
    let connected = connected.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let Some(from_right) = hops.checked_sub(1) else {
        return connected.into();
    };
    let entries: Vec<&str> = forwarded.iter().flat_map(|line| line.split(',')).collect();
    entries
        .iter()
        .rev()
        .nth(from_right)
        .and_then(|entry| entry.trim().parse::<IpAddr>().ok())
        .unwrap_or(connected)
        .into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn without_a_trusted_proxy_the_header_is_ignored() {
        assert_eq!(
            peer(Some(ip("192.0.2.1")), &["203.0.113.9"], 0),
            ip("192.0.2.1").into()
        );
    }

    #[test]
    fn only_what_a_trusted_proxy_wrote_counts() {
        let spoofed = ["1.1.1.1, 2.2.2.2", "203.0.113.9, 10.0.0.1"];
        assert_eq!(
            peer(Some(ip("10.0.0.2")), &spoofed, 1),
            ip("10.0.0.1").into()
        );
        assert_eq!(
            peer(Some(ip("10.0.0.2")), &spoofed, 2),
            ip("203.0.113.9").into()
        );
    }

    #[test]
    fn a_missing_or_odd_entry_falls_back_to_the_connection() {
        assert_eq!(peer(Some(ip("10.0.0.2")), &[], 1), ip("10.0.0.2").into());
        assert_eq!(
            peer(Some(ip("10.0.0.2")), &["unknown"], 1),
            ip("10.0.0.2").into()
        );
    }

    #[test]
    fn addresses_of_one_household_count_as_one() {
        assert_eq!(
            Peer::from(ip("2001:db8:1:ab00::1")),
            Peer::from(ip("2001:db8:1:abff:9::2"))
        );
        assert_ne!(
            Peer::from(ip("2001:db8:1:ab00::1")),
            Peer::from(ip("2001:db8:1:ac00::1"))
        );
        assert_eq!(
            Peer::from(ip("::ffff:192.0.2.1")),
            Peer::from(ip("192.0.2.1"))
        );
    }
}
