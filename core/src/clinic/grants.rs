//! Giving patients' devices the grants that they ask for: each may found one space that the clinic is no
//! member of, and pays for.

use std::collections::BTreeSet;

use companion_protocol::grant::{Grant, Terms};
use companion_protocol::id::{GrantSerial, MemberId, SpaceId};

use super::Clinic;
use crate::domain::{Device, SpaceGrant};
use crate::error::Result;
use crate::ports::random;
use crate::space::identity::Handle;

/// How long a grant is good: a phone may be away for months between pairing and its next exchange.
const GRANT_MS: u64 = 365 * 24 * 60 * 60 * 1000;
/// Room for what a patient keeps private, in bytes.
const PRIVATE_BYTES: u64 = 512 * 1024 * 1024;
/// Grants that one patient's devices are given. A device asks for one when it begins a private space of its
/// own, which after the first happens only where everything else was lost.
const MOST: usize = 8;

impl Clinic {
    /// Gives a grant to each device of a care space that asks for one and has none.
    pub(super) fn give_grants(&self, care: SpaceId) -> Result<()> {
        let replica = &*self.replica;
        let given = replica.said::<SpaceGrant>(care)?;
        let given: BTreeSet<MemberId> = given.into_iter().map(|grant| grant.founder).collect();
        let asked = replica.said::<Device>(care)?;
        let asked: BTreeSet<MemberId> = asked.into_iter().filter_map(|d| d.grant_for).collect();
        let left = MOST.saturating_sub(given.len());
        for founder in asked.difference(&given).take(left) {
            let now = u64::try_from(replica.server_now().unix_ms).unwrap_or(0);
            let terms = Terms {
                founder: *founder,
                serial: GrantSerial::new(random(&*replica.ports.rng)),
                max_bytes: PRIVATE_BYTES,
                expires_at_ms: now.saturating_add(GRANT_MS),
            };
            let node = replica.identity(&Handle::SHARED);
            let grant = Grant::sign(node.signing_key(), terms);
            let grant = SpaceGrant::new(*founder, grant.bytes());
            self.records_in(care).create(grant)?;
        }
        Ok(())
    }
}
