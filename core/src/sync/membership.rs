//! Reading a chain, extending it against others who do the same, and going through a door.

use companion_protocol::api::ErrorCode;
use companion_protocol::chain::{Chain, Member, OpenInvite};
use companion_protocol::id::{Epoch, SpaceId};
use companion_protocol::statement::{Role, Statement, StatementBody};

use super::exchange::{Line, Signer};
use crate::error::{CoreError, Result};
use crate::replica::{Purpose, Replica, SpaceState};
use crate::space::SpaceError;
use crate::space::invitation::Door;
use crate::space::keys::{EpochKey, Keyring};
use crate::space::membership;

/// How often to decide again when somebody else extended the chain first.
const TRIES: usize = 6;

/// A server cuts a long chain into pages of up to 8 MiB. A page below half of that is the last one.
const LAST_PAGE: usize = 4 * 1024 * 1024;

/// All statements of a chain from `from` on, each with its signature checked; whether they are
/// allowed is for the chain to say.
pub(crate) fn statements_from(
    line: &Line<'_>,
    signer: Signer<'_>,
    space: SpaceId,
    mut from: u64,
) -> Result<Vec<Statement>> {
    let mut all = Vec::new();
    loop {
        let page = line.chain(signer, space, from)?;
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
pub(crate) fn read_chain(line: &Line<'_>, space: SpaceId) -> Result<usize> {
    let from = line.replica().space(space)?.chain.length();
    let new = statements_from(line, Signer::Me, space, from)?;
    let count = new.len();
    if count > 0 {
        let mut replica = line.replica();
        replica.extend_chain(space, new, &Keyring::new())?;
        replica.retry_without_key(space)?;
    }
    Ok(count)
}

/// Extends a chain with what `build` says of its present state, deciding again whenever somebody
/// else was faster. `build` gives `None` when there is nothing to say any more.
pub(crate) fn extend_with(
    line: &Line<'_>,
    space: SpaceId,
    build: impl Fn(&mut Replica) -> Result<Option<(Statement, Keyring)>>,
) -> Result<Option<Statement>> {
    for _ in 0..TRIES {
        let Some((statement, keys)) = build(&mut line.replica())? else {
            return Ok(None);
        };
        match line.extend(space, statement.bytes()) {
            Ok(()) => {
                let mut replica = line.replica();
                // Another thread may have read it back already.
                if !replica.space(space)?.chain.contains(&statement.hash()) {
                    replica.extend_chain(space, vec![statement.clone()], &keys)?;
                }
                return Ok(Some(statement));
            }
            Err(error) if error.code() == Some(ErrorCode::ChainConflict) => {
                read_chain(line, space)?;
            }
            Err(error) => return Err(error),
        }
    }
    Err(CoreError::NotNow(
        "others keep changing who is a member; try again in a moment",
    ))
}

/// Whether somebody joined since the key was last turned, by whose invite nobody else may come in
/// (the newcomer does not turn it: whoever was there before does), or whether an invite ran out that
/// nobody used: whoever finds it later must not find a key that is still in use.
pub(crate) fn wants_rotation(state: &SpaceState, replica: &Replica) -> bool {
    let me = replica.me.member();
    let Some(mine) = state.chain.present(&me) else {
        return false;
    };
    let turned = state
        .statements
        .iter()
        .rev()
        .find(|statement| matches!(statement.body(), StatementBody::Rotate(_)))
        .map_or(0, Statement::sequence);
    let now = u64::try_from(replica.server_now().unix_ms).unwrap_or(0);
    let ran_out = |open: &OpenInvite| open.invite.expires_at_ms < now;
    let newcomer = |member: &Member| {
        member.joined_at > turned && member.joined_at > mine.joined_at && member.id != me
    };
    mine.role == Role::Admin
        && (state.chain.present_members().any(newcomer) || state.chain.open_invites().any(ran_out))
}

/// Joins a space through a door, or finds that this installation went through it before (the answer
/// to an earlier try was lost). Gives the space.
pub(crate) fn enter(line: &Line<'_>, door: &Door, purpose: Purpose) -> Result<SpaceId> {
    let known = line
        .replica()
        .spaces
        .get(&door.space)
        .map(|state| (state.is(purpose), state.row.joined));
    match known {
        // A space has one purpose: what is private must not land among what is shared, whatever a
        // link says.
        Some((false, _)) => return Err(SpaceError::BadLink.into()),
        Some((true, joined)) => return enter_again(line, door.space, joined),
        None => {}
    }
    let invite_signer = door.secret.signing_key();
    for _ in 0..TRIES {
        let by_invite = Signer::Key(&invite_signer);
        let mut statements = match statements_from(line, by_invite, door.space, 0) {
            // The door is closed. If it was us who went through it, our own key opens the chain.
            Err(error) if error.code() == Some(ErrorCode::Forbidden) => {
                statements_from(line, Signer::Me, door.space, 0).map_err(|again| {
                    if again.code() == Some(ErrorCode::Forbidden) {
                        used_up()
                    } else {
                        again
                    }
                })?
            }
            other => other?,
        };
        let chain = Chain::from_statements(&statements)?;
        if chain.space() != door.space || !chain.contains(&door.head) {
            return Err(SpaceError::NotTheInvitedSpace.into());
        }
        let mut replica = line.replica();
        if purpose == Purpose::Private && has_clinic(&replica, &chain) {
            return Err(CoreError::NotNow(
                "the clinic would read what is private by this link: it was not used",
            ));
        }
        if chain.present(&replica.me.member()).is_some() {
            let keys = keys_of_door(&chain, &statements, door)?;
            return replica.adopt_space(purpose, None, true, statements, keys);
        }
        let (statement, key) =
            membership::join(&replica.me, &chain, &door.secret, replica.server_now())?;
        drop(replica);
        match line.extend(door.space, statement.bytes()) {
            Ok(()) => {
                let keys = Keyring::from([(chain.epoch(), key)]);
                statements.push(statement);
                return line
                    .replica()
                    .adopt_space(purpose, None, true, statements, keys);
            }
            Err(error) if error.code() == Some(ErrorCode::ChainConflict) => {}
            Err(error) if error.code() == Some(ErrorCode::InviteUnusable) => return Err(used_up()),
            Err(error) => return Err(error),
        }
    }
    Err(CoreError::NotNow(
        "others keep changing who is a member; try again in a moment",
    ))
}

/// This installation went through that door before. Once removed it can't come in again.
fn enter_again(line: &Line<'_>, space: SpaceId, joined: bool) -> Result<SpaceId> {
    let removed = "this phone was removed from this record and can't come back to it; set it up \
                   anew";
    match read_chain(line, space) {
        Ok(_) if joined => Ok(space),
        Err(error) if error.code() != Some(ErrorCode::Forbidden) => Err(error),
        _ => Err(CoreError::NotNow(removed)),
    }
}

/// Whether the founder of a care space, which is the clinic, ever was in this one.
fn has_clinic(replica: &Replica, chain: &Chain) -> bool {
    replica
        .spaces
        .values()
        .filter(|state| state.is(Purpose::Care))
        .filter_map(|state| state.chain.member_by_index(0))
        .any(|clinic| chain.member(&clinic.id).is_some())
}

fn used_up() -> CoreError {
    CoreError::NotNow("this invitation was used, withdrawn, or is over: ask for a new one")
}

/// The key that came with the door, when the door is behind us.
fn keys_of_door(chain: &Chain, statements: &[Statement], door: &Door) -> Result<Keyring> {
    let mut keys = Keyring::new();
    let invite_key = door.secret.invite_key();
    for statement in statements {
        if let StatementBody::Invite(invite) = statement.body()
            && invite.invite_key == invite_key
        {
            let key: EpochKey = membership::open_invite_key(&door.secret, invite)?;
            if chain.commitment(invite.epoch) == Some(&key.commitment(invite.epoch)) {
                keys.insert(Epoch(invite.epoch.0), key);
            }
        }
    }
    Ok(keys)
}
