//! Giving patients' devices the grants that they ask for: each may found one space that the clinic is no
//! member of, and pays for.

use std::collections::BTreeSet;

use companion_protocol::grant::{Grant, Terms};
use companion_protocol::id::{GrantSerial, MemberId, SpaceId};
use companion_protocol::statement::Role;

use super::Clinic;
use crate::domain::SpaceGrant;
use crate::error::Result;
use crate::members::{Devices, is_patients};
use crate::ports::random;
use crate::space::identity::Handle;

/// How long a grant is good: a phone may be away for months between pairing and its next exchange.
const GRANT_MS: u64 = 365 * 24 * 60 * 60 * 1000;
/// Room for what a patient keeps private, in bytes.
const PRIVATE_BYTES: u64 = 512 * 1024 * 1024;

impl Clinic {
    /// Gives a grant to each device of a care space that asks for one and has none: to those that the clinic
    /// itself let in, since whoever another device lets in joins that one's private space. So a stolen second
    /// phone and whomever it lets in take none, and however often a patient loses everything, the phone that
    /// the clinic lets in then finds its grant.
    pub(super) fn give_grants(&self, care: SpaceId) -> Result<()> {
        let replica = &*self.replica;
        let given = replica.said::<SpaceGrant>(care)?;
        let given: BTreeSet<MemberId> = given.into_iter().map(|grant| grant.founder).collect();
        let (state, devices) = (replica.space(care)?, Devices::read(replica, care)?);
        let let_in = state.chain.present_members().filter(|member| {
            let by = state.chain.member(&member.admitted_by);
            member.role == Role::Device && by.is_some_and(|by| !is_patients(by))
        });
        let asked: BTreeSet<MemberId> = let_in
            .filter_map(|member| devices.grant_for(&member.id))
            .collect();
        for founder in asked.difference(&given) {
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
