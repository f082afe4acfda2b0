//! Inviting a member into a space, coming by an invite, answering whoever came, and removing one.

use std::cell::RefCell;

use companion_protocol::api::ErrorCode;
use companion_protocol::chain::Chain;
use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::{LastChange, Removal, Role};

use super::connection::{ServerConnection, Signer};
use super::membership::{ReadChain, decide, extend_with, read_chain, whole_chain};
use super::pull::pull;
use crate::domain::Purpose;
use crate::error::{NotNow, Result};
use crate::replica::{Replica, SpaceState};
use crate::report::SyncReport;
use crate::space::SpaceError;
use crate::space::invitation::Invite;
use crate::space::keys::Keyring;
use crate::space::membership;
use crate::space::rotation::Change;
use crate::store::SpaceRow;

/// How often to decide again when somebody else extended the chain first.
const TRIES: usize = 6;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Makes an invite into a space for whoever gets its secret. Needs the server.
pub(crate) fn create_invite(
    server: &ServerConnection<'_>,
    space: SpaceId,
    role: Role,
    good_for_ms: u64,
) -> Result<Invite> {
    let purpose = server.replica.row(space)?.purpose;
    let made = RefCell::new(None);
    let statement = extend_with(server, space, |replica| {
        let state = replica.space(space)?;
        let at = replica.statement_time(purpose);
        let until = u64::try_from(at.unix_ms)
            .unwrap_or(0)
            .saturating_add(until_after(purpose, good_for_ms));
        let rng = &*replica.ports.rng;
        let (statement, secret) = membership::invite(&state.me, &state.chain, role, at, until, rng);
        state.chain.clone().extend(&statement)?;
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

/// How long after the time that its statement carries an invite runs out. The private half of a link runs
/// out with a whole day, so that its end can't be put beside that of the other half; whoever comes late finds
/// the other half closed.
fn until_after(purpose: Purpose, good_for_ms: u64) -> u64 {
    match purpose {
        Purpose::Private => good_for_ms
            .div_ceil(DAY_MS)
            .saturating_add(1)
            .saturating_mul(DAY_MS),
        Purpose::Care | Purpose::Clinic => good_for_ms,
    }
}

/// Comes to a space by an invite, or finds that this installation used it before (the answer to an
/// earlier try was lost). From then on it waits to be let in.
pub(crate) fn join(
    server: &ServerConnection<'_>,
    invite: &Invite,
    purpose: Purpose,
    row: SpaceRow,
) -> Result<()> {
    let replica = server.replica;
    let me = replica.identity(&row.handle);
    let invite_key = invite.secret.signing_key();
    let by_invite = Signer::key(&invite_key, &row.handle);
    let as_myself = Signer::member(&me, &row.handle);
    for _ in 0..TRIES {
        let read = match whole_chain(server, by_invite, invite.space) {
            // The invite is closed. If it was us who used it, our own key opens the chain.
            Err(error) if error.code() == Some(ErrorCode::Forbidden) => {
                let again = whole_chain(server, as_myself, invite.space);
                again.map_err(|again| match again.code() {
                    Some(ErrorCode::Forbidden) => NotNow::InvitationUsedUp.into(),
                    _ => again,
                })?
            }
            other => other?,
        };
        let ReadChain {
            chain,
            mut statements,
        } = read;
        if !chain.contains(&invite.head) {
            return Err(SpaceError::NotTheInvitedSpace.into());
        }
        if purpose == Purpose::Private && has_clinic(replica, &chain)? {
            return Err(NotNow::ClinicInPrivateSpace.into());
        }
        let is_here =
            chain.present(&me.member()).is_some() || chain.pending(&me.member()).is_some();
        if is_here {
            return replica
                .adopt_space(row, statements, Keyring::new())
                .map(drop);
        }
        let statement =
            membership::join(&me, &chain, &invite.secret, replica.statement_time(purpose))
                .map_err(|_| NotNow::InvitationUsedUp)?;
        match server.extend_as(by_invite, invite.space, statement.bytes()) {
            Ok(()) => {
                statements.push(statement);
                return replica
                    .adopt_space(row, statements, Keyring::new())
                    .map(drop);
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

/// Whether a clinic's node, or the founder of the care space, ever was in this one.
fn has_clinic(replica: &Replica, chain: &Chain) -> Result<bool> {
    if chain.members().any(|member| member.role == Role::Host) {
        return Ok(true);
    }
    for care in replica.spaces_for(Purpose::Care) {
        let care = replica.space(care)?;
        let clinic = care.chain.founder();
        if clinic.is_some_and(|clinic| chain.member(&clinic.id).is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Answers whoever came by this installation's own invites and has no answer yet, so that there are words
/// to compare. Gives whether there was somebody.
pub(crate) fn answer_newcomers(server: &ServerConnection<'_>, space: SpaceId) -> Result<bool> {
    let mut any = false;
    while extend_with(server, space, |replica| {
        let state = replica.space(space)?;
        let Some(newcomer) = unanswered(&state) else {
            return Ok(None);
        };
        let at = replica.statement_time(state.row.purpose);
        let rng = &*replica.ports.rng;
        let statement = membership::answer(&state.me, &state.chain, newcomer, at, rng);
        state.chain.clone().extend(&statement)?;
        Ok(Some((statement, Keyring::new())))
    })?
    .is_some()
    {
        any = true;
    }
    Ok(any)
}

fn unanswered(state: &SpaceState) -> Option<MemberId> {
    state.chain.present(&state.my_id())?;
    let mut mine = state.my_newcomers();
    mine.find(|newcomer| newcomer.answer.is_none())
        .map(|newcomer| newcomer.id)
}

/// What becomes of others who came by the links of whoever lets somebody in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OtherNewcomers {
    /// They may be let in as well: a patient's further phones.
    Wait,
    /// They are somebody else: a patient comes to a clinic with one phone.
    AreRefused,
}

/// Lets a newcomer in, whose words were compared; without those members. `newcomer` finds it in the chain as
/// it is then, or nobody where somebody else waits by now.
pub(crate) fn admit(
    server: &ServerConnection<'_>,
    space: SpaceId,
    newcomer: impl Fn(&Chain) -> Option<MemberId>,
    without: &[MemberId],
    others: OtherNewcomers,
) -> Result<bool> {
    read_chain(server, space)?;
    if !without.is_empty() {
        pull(server, space, &mut SyncReport::default())?;
    }
    decide(server, space, |state| {
        let Some(newcomer) = newcomer(&state.chain) else {
            return Ok(None);
        };
        let present = without
            .iter()
            .filter(|id| state.chain.present(id).is_some());
        let remove: Result<Vec<Removal>> = present
            .map(|member| removal(server.replica, space, *member))
            .collect();
        let mine = state.my_newcomers().map(|other| other.id);
        let refuse = mine.filter(|id| *id != newcomer);
        Ok(Some(Change {
            admit: vec![newcomer],
            remove: remove?,
            refuse: match others {
                OtherNewcomers::Wait => Vec::new(),
                OtherNewcomers::AreRefused => refuse.collect(),
            },
            ..Change::default()
        }))
    })
}

/// Turns a newcomer away, found as by [`admit`].
pub(crate) fn refuse(
    server: &ServerConnection<'_>,
    space: SpaceId,
    newcomer: impl Fn(&Chain) -> Option<MemberId>,
) -> Result<bool> {
    read_chain(server, space)?;
    decide(server, space, |state| {
        Ok(newcomer(&state.chain).map(|newcomer| Change {
            refuse: vec![newcomer],
            ..Change::default()
        }))
    })
}

/// Finds a newcomer who is known by its name, however often it came.
pub(crate) fn named(member: MemberId) -> impl Fn(&Chain) -> Option<MemberId> {
    move |chain| chain.pending(&member).map(|newcomer| newcomer.id)
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
    decide(server, space, |state| {
        if state.chain.present(&member).is_none() {
            return Ok(None);
        }
        Ok(Some(Change {
            remove: vec![removal(server.replica, space, member)?],
            ..Change::default()
        }))
    })
    .map(drop)
}

/// Leaves a space, in which somebody else decides about members; or stops to wait for being let in.
pub(crate) fn leave(server: &ServerConnection<'_>, space: SpaceId) -> Result<()> {
    read_chain(server, space)?;
    let left = extend_with(server, space, |replica| {
        let state = replica.space(space)?;
        if !state.row.is_open() {
            return Ok(None);
        }
        let last = removal(replica, space, state.my_id())?.last;
        let at = replica.statement_time(state.row.purpose);
        let statement = membership::leave(&state.me, &state.chain, last, at);
        state.chain.clone().extend(&statement)?;
        Ok(Some((statement, Keyring::new())))
    });
    left.map(drop)
}

/// Ends a space, unless it was ended: nobody writes in it any more, and a server forgets it after so many days.
pub(crate) fn end_space(
    server: &ServerConnection<'_>,
    space: SpaceId,
    keep_days: u16,
) -> Result<()> {
    match read_chain(server, space) {
        // It was ended before, and so long ago that the server has forgotten it.
        Err(error) if error.code() == Some(ErrorCode::SpaceEnded) => return Ok(()),
        read => read.map(drop)?,
    }
    let ended = extend_with(server, space, |replica| {
        let state = replica.space(space)?;
        if state.chain.ended().is_some() {
            return Ok(None);
        }
        let at = replica.statement_time(state.row.purpose);
        let statement = membership::end(&state.me, &state.chain, keep_days, at);
        state.chain.clone().extend(&statement)?;
        Ok(Some((statement, Keyring::new())))
    });
    ended.map(drop)
}

/// The removal of a member, with the last of its changes that was read here.
pub(crate) fn removal(replica: &Replica, space: SpaceId, member: MemberId) -> Result<Removal> {
    let heads = replica.store.read(|r| r.author_heads(space))?;
    let newest = heads.into_iter().find(|(author, ..)| *author == member);
    let last = newest.map(|(_, counter, hash)| LastChange { counter, hash });
    Ok(Removal {
        member,
        last: last.unwrap_or(LastChange::NONE),
    })
}
