//! Whose address a connection comes from, for counting.

use std::net::{IpAddr, Ipv6Addr};

/// An address as it is counted: IPv4 as it is, IPv6 by its /56, which is what one household or hosting
/// customer gets; the sync server counts the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Peer(IpAddr);

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(v6) => Self(IpAddr::V6(Ipv6Addr::from(
                u128::from(v6) & (u128::MAX << 72),
            ))),
            v4 => Self(v4),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn addresses_of_one_household_count_as_one() {
        let peer = |text: &str| Peer::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(peer("2001:db8:1:ab00::1"), peer("2001:db8:1:abff:9::2"));
        assert_ne!(peer("2001:db8:1:ab00::1"), peer("2001:db8:1:ac00::1"));
        assert_eq!(peer("::ffff:192.0.2.1"), peer("192.0.2.1"));
        assert_ne!(peer("192.0.2.1"), peer("192.0.2.2"));
    }
}
