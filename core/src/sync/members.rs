//! Inviting a member into a space, and removing one.

use std::cell::RefCell;

use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::Role;

use super::connection::ServerConnection;
use super::membership::{extend_with, read_chain, rotation};
use super::pull::{last_read, pull};
use crate::error::{NotNow, Result};
use crate::report::SyncReport;
use crate::space::invitation::Invite;
use crate::space::keys::Keyring;
use crate::space::membership;

/// Makes an invite into a space for whoever gets its secret. Needs the server.
pub(crate) fn create_invite(
    server: &ServerConnection<'_>,
    space: SpaceId,
    role: Role,
    good_for_ms: u64,
) -> Result<Invite> {
    let purpose = server.replica.row(space)?.purpose;
    // The secret is decided once, outside of the retries, or a lost answer would leave an invite open
    // whose secret nobody has.
    let made = RefCell::new(None);
    let statement = extend_with(server, space, |replica| {
        let state = replica.space(space)?;
        let key = state.key(state.chain.epoch())?;
        let at = replica.server_now();
        let until = u64::try_from(at.unix_ms)
            .unwrap_or(0)
            .saturating_add(good_for_ms);
        let rng = &*replica.ports.rng;
        let (statement, secret) =
            membership::invite(&replica.me, &state.chain, key, role, at, until, rng)?;
        made.replace(Some(secret));
        Ok(Some((statement, Keyring::new())))
    })?;
    match (statement, made.into_inner()) {
        (Some(statement), Some(secret)) => Ok(Invite {
            purpose,
            space,
            secret,
            head: statement.hash(),
        }),
        _ => Err(NotNow::InvitationFailed.into()),
    }
}

/// Rotates the key of a space without a member, after reading all that they wrote so far. What there
/// is to warn about is kept with what was read.
pub(crate) fn remove_member(
    server: &ServerConnection<'_>,
    space: SpaceId,
    member: MemberId,
) -> Result<()> {
    read_chain(server, space)?;
    pull(server, space, &mut SyncReport::default())?;
    extend_with(server, space, |replica| {
        let state = replica.space(space)?;
        if state.chain.present(&member).is_none() {
            return Ok(None);
        }
        if !state.is_admin(&replica.me.member()) {
            return Err(NotNow::NotAnAdmin.into());
        }
        let last = last_read(server, space, member)?;
        rotation(replica, &state, &[(member, last)]).map(Some)
    })
    .map(drop)
}
