//! Reading a chain, extending it against others who do the same, rotating its key, and joining.

use companion_protocol::api::ErrorCode;
use companion_protocol::chain::Chain;
use companion_protocol::id::{Counter, Epoch, MemberId, SpaceId};
use companion_protocol::statement::{Statement, StatementBody};

use super::connection::{ServerConnection, Signer};
use crate::domain::Purpose;
use crate::error::{NotNow, Result};
use crate::replica::{Replica, SpaceState};
use crate::report::SyncReport;
use crate::space::SpaceError;
use crate::space::invitation::Invite;
use crate::space::keys::{EpochKey, Keyring};
use crate::space::membership;
use crate::store::SpaceRow;

/// How often to decide again when somebody else extended the chain first.
const TRIES: usize = 6;

/// A server cuts a long chain into pages of up to 8 MiB. A page below half of that is the last one.
const LAST_PAGE: usize = 4 * 1024 * 1024;

/// All statements of a chain from `from` on, each with its signature checked; whether they are
/// allowed is for the chain to say.
pub(crate) fn statements_from(
    server: &ServerConnection<'_>,
    signer: Signer<'_>,
    space: SpaceId,
    mut from: u64,
) -> Result<Vec<Statement>> {
    let mut all = Vec::new();
    loop {
        let page = server.chain(signer, space, from)?;
        let bytes: usize = page.statements.iter().map(Vec::len).sum();
        for statement in &page.statements {
            all.push(Statement::parse(statement)?);
            from = from.saturating_add(1);
        }
        if bytes < LAST_PAGE {
            return Ok(all);
        }
    }
}

/// Reads what is new in a chain. Gives how many statements were.
pub(crate) fn read_chain(server: &ServerConnection<'_>, space: SpaceId) -> Result<usize> {
    let from = server.replica.row(space)?.chain_length;
    let new = statements_from(server, Signer::Me, space, from)?;
    let count = new.len();
    if count > 0 {
        server.replica.extend_chain(space, new, &Keyring::new())?;
        server.replica.retry_without_key(space)?;
    }
    Ok(count)
}

/// Extends a chain with what `build` says of its present state, deciding again whenever somebody
/// else was faster. `build` gives `None` when there is nothing to say any more.
pub(crate) fn extend_with(
    server: &ServerConnection<'_>,
    space: SpaceId,
    build: impl Fn(&Replica) -> Result<Option<(Statement, Keyring)>>,
) -> Result<Option<Statement>> {
    let replica = server.replica;
    for _ in 0..TRIES {
        let Some((statement, keys)) = build(replica)? else {
            return Ok(None);
        };
        match server.extend(space, statement.bytes()) {
            Ok(()) => {
                // Another thread may have read it back already.
                if !replica.space(space)?.chain.contains(&statement.hash()) {
                    replica.extend_chain(space, vec![statement.clone()], &keys)?;
                }
                return Ok(Some(statement));
            }
            Err(error) if error.code() == Some(ErrorCode::ChainConflict) => {
                read_chain(server, space)?;
            }
            Err(error) => return Err(error),
        }
    }
    Err(NotNow::Contended.into())
}

/// After somebody joined, or an invite ran out unused, the next admin online rotates the key: a leaked
/// invite is worth nothing then.
pub(crate) fn rotate_if_due(
    server: &ServerConnection<'_>,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<()> {
    let due = |state: &SpaceState, replica: &Replica| {
        let now_ms = replica.server_now().unix_ms;
        state.row.rotate_at_ms.is_some_and(|at_ms| at_ms < now_ms)
    };
    if rotate_key_if(server, space, due)? {
        report.rotated += 1;
    }
    Ok(())
}

/// Rotates the key of a space for as long as `wanted` says so of its present state, whoever else
/// changes it meanwhile. Every open invite is closed by it.
pub(crate) fn rotate_key_if(
    server: &ServerConnection<'_>,
    space: SpaceId,
    wanted: impl Fn(&SpaceState, &Replica) -> bool,
) -> Result<bool> {
    let done = extend_with(server, space, |replica| {
        let state = replica.space(space)?;
        if !wanted(&state, replica) {
            return Ok(None);
        }
        rotation(replica, &state, &[]).map(Some)
    })?;
    Ok(done.is_some())
}

/// The statement that rotates a space's key without those members, each with the last of their changes
/// that counts; and the new key.
pub(super) fn rotation(
    replica: &Replica,
    state: &SpaceState,
    without: &[(MemberId, Counter)],
) -> Result<(Statement, Keyring)> {
    let key = state.key(state.chain.epoch())?;
    let (statement, key) = membership::rotate(
        &replica.me,
        &state.chain,
        key,
        without,
        replica.server_now(),
        &*replica.ports.rng,
    )?;
    let keys = Keyring::from([(state.chain.epoch().next(), key)]);
    Ok((statement, keys))
}

/// Joins a space by an invite, or finds that this installation used it before (the answer to an
/// earlier try was lost). Gives the space.
pub(crate) fn join(
    server: &ServerConnection<'_>,
    invite: &Invite,
    purpose: Purpose,
) -> Result<SpaceId> {
    let replica = server.replica;
    if let Ok(known) = replica.row(invite.space) {
        // A space has one purpose: what is private must not land among what is shared, whatever a
        // link says.
        return if known.purpose == purpose {
            join_again(server, &known)
        } else {
            Err(SpaceError::BadLink.into())
        };
    }
    let invite_signer = invite.secret.signing_key();
    for _ in 0..TRIES {
        let by_invite = Signer::Key(&invite_signer);
        let mut statements = match statements_from(server, by_invite, invite.space, 0) {
            // The invite is closed. If it was us who used it, our own key opens the chain.
            Err(error) if error.code() == Some(ErrorCode::Forbidden) => {
                statements_from(server, Signer::Me, invite.space, 0).map_err(|again| {
                    if again.code() == Some(ErrorCode::Forbidden) {
                        NotNow::InvitationUsedUp.into()
                    } else {
                        again
                    }
                })?
            }
            other => other?,
        };
        let chain = Chain::from_statements(&statements)?;
        if chain.space() != invite.space || !chain.contains(&invite.head) {
            return Err(SpaceError::NotTheInvitedSpace.into());
        }
        if purpose == Purpose::Private && has_clinic(replica, &chain)? {
            return Err(NotNow::ClinicInPrivateSpace.into());
        }
        let mut row = SpaceRow::new(invite.space, purpose);
        row.on_server = true;
        if chain.present(&replica.me.member()).is_some() {
            let keys = keys_of_invite(&chain, &statements, invite)?;
            return replica.adopt_space(row, statements, keys);
        }
        let at = replica.server_now();
        let (statement, key) = membership::join(&replica.me, &chain, &invite.secret, at)?;
        match server.extend(invite.space, statement.bytes()) {
            Ok(()) => {
                let keys = Keyring::from([(chain.epoch(), key)]);
                statements.push(statement);
                return replica.adopt_space(row, statements, keys);
            }
            Err(error) if error.code() == Some(ErrorCode::ChainConflict) => {}
            Err(error) if error.code() == Some(ErrorCode::InviteUnusable) => {
                return Err(NotNow::InvitationUsedUp.into());
            }
            Err(error) => return Err(error),
        }
    }
    Err(NotNow::Contended.into())
}

/// This installation used that invite before. Once removed it can't come in again.
fn join_again(server: &ServerConnection<'_>, known: &SpaceRow) -> Result<SpaceId> {
    match read_chain(server, known.space) {
        Ok(_) if known.joined => Ok(known.space),
        Err(error) if error.code() != Some(ErrorCode::Forbidden) => Err(error),
        _ => Err(NotNow::Removed.into()),
    }
}

/// Whether the founder of a care space, which is the clinic, ever was in this one.
fn has_clinic(replica: &Replica, chain: &Chain) -> Result<bool> {
    for care in replica.spaces_for(Purpose::Care) {
        let care = replica.space(care)?;
        let clinic = care.chain.member_by_index(0);
        if clinic.is_some_and(|clinic| chain.member(&clinic.id).is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The key that came with the invite, once it has been used.
fn keys_of_invite(chain: &Chain, statements: &[Statement], used: &Invite) -> Result<Keyring> {
    let mut keys = Keyring::new();
    let invite_key = used.secret.invite_key();
    for statement in statements {
        if let StatementBody::Invite(invite) = statement.body()
            && invite.invite_key == invite_key
        {
            let key: EpochKey = membership::open_invite_key(&used.secret, invite)?;
            if chain.commitment(invite.epoch) == Some(&key.commitment(invite.epoch)) {
                keys.insert(Epoch(invite.epoch.0), key);
            }
        }
    }
    Ok(keys)
}
