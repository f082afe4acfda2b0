//! Reading a chain, and extending it against others who do the same.

use companion_protocol::api::{ChainPage, ErrorCode};
use companion_protocol::chain::authority::{Act, Decision, Lowering};
use companion_protocol::chain::{Chain, MAX_STATEMENTS};
use companion_protocol::id::{Epoch, MemberId, SpaceId};
use companion_protocol::statement::{LastChange, Removal, Statement};

use super::connection::{ServerConnection, Signer};
use super::pull::pull;
use crate::error::{CoreError, NotNow, Result};
use crate::replica::{Replica, SpaceState};
use crate::report::SyncReport;
use crate::space::SpaceError;
use crate::space::keys::Keyring;
use crate::space::rotation::{self, Change};

/// How a server names a last change that it does not hold, or none of somebody of whom it holds some.
const UNKNOWN_CHANGE: &str = "unknown_change";
/// How often to decide again when somebody else extended the chain first.
const TRIES: usize = 6;

/// A chain as it was read from a server, with the statements that made it.
pub(crate) struct ReadChain {
    pub(crate) chain: Chain,
    pub(crate) statements: Vec<Statement>,
}

/// A whole chain, each page verified as it arrives: what no chain allows is never kept.
pub(crate) fn whole_chain(
    server: &ServerConnection<'_>,
    signer: Signer<'_>,
    space: SpaceId,
) -> Result<ReadChain> {
    let first = server.chain(signer, space, 0)?;
    must_go_on(&first, 0)?;
    let mut statements = parsed(&first)?.into_iter();
    let founding = statements.next().ok_or(SpaceError::NotTheInvitedSpace)?;
    let mut read = ReadChain {
        chain: Chain::start(&founding)?,
        statements: vec![founding],
    };
    if read.chain.space() != space {
        return Err(SpaceError::NotTheInvitedSpace.into());
    }
    for statement in statements {
        read.chain.extend(&statement)?;
        read.statements.push(statement);
    }
    let mut length = first.length;
    while read.chain.length() < length {
        let page = server.chain(signer, space, read.chain.length())?;
        length = page.length;
        must_go_on(&page, read.chain.length())?;
        for statement in parsed(&page)? {
            read.chain.extend(&statement)?;
            read.statements.push(statement);
        }
    }
    Ok(read)
}

fn parsed(page: &ChainPage) -> Result<Vec<Statement>> {
    let parsed = page.statements.iter().map(|bytes| Statement::parse(bytes));
    Ok(parsed.collect::<Result<_, _>>()?)
}

/// A page that says that there is more and gives nothing, or that there is more than any chain may be, ends
/// the reading.
fn must_go_on(page: &ChainPage, known: u64) -> Result<()> {
    if page.length > MAX_STATEMENTS {
        return Err(CoreError::BadAnswer(
            "it says that more was decided about the members than people can decide".to_owned(),
        ));
    }
    if page.statements.is_empty() && page.length > known {
        return Err(CoreError::BadAnswer(
            "it does not give the members' statements that it says there are".to_owned(),
        ));
    }
    Ok(())
}

/// Reads what is new in a chain, each page verified and kept as it arrives. Gives how many statements
/// were.
pub(crate) fn read_chain(server: &ServerConnection<'_>, space: SpaceId) -> Result<u64> {
    let first = server.replica.row(space)?.chain_length;
    let mut known = first;
    loop {
        let page = server.chain_as_member(space, known)?;
        must_go_on(&page, known)?;
        let new = parsed(&page)?;
        if new.is_empty() {
            break;
        }
        server.replica.extend_chain(space, new, &Keyring::new())?;
        known = server.replica.row(space)?.chain_length;
        if known >= page.length {
            break;
        }
    }
    if known > first {
        server.replica.retry_without_key(space)?;
    }
    Ok(known.saturating_sub(first))
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
            // Of whoever goes with it something came first that is not here.
            Err(error) if error.reason() == Some(UNKNOWN_CHANGE) => {
                pull(server, space, &mut SyncReport::default())?;
            }
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

/// Where somebody left, or a rotation was false, the next admin online rotates the key. Who is gone with a last
/// change that nobody knows is held to what is here: it could say the rest later, through others.
pub(crate) fn rotate_if_due(
    server: &ServerConnection<'_>,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<()> {
    let replica = server.replica;
    for _ in 0..TRIES {
        let mut overstated = overstated(replica, &replica.space(space)?, &[])?;
        if !overstated.is_empty() {
            // It may have come since this space was read.
            pull(server, space, report)?;
            overstated = self::overstated(replica, &replica.space(space)?, &[])?;
        }
        let rotated = decide(server, space, |state| {
            let mut remove = self::overstated(replica, state, &[])?;
            remove.retain(|removal| overstated.contains(removal));
            let due = state.row.rotation_due || !remove.is_empty();
            Ok(due.then(|| Change {
                remove,
                ..Change::default()
            }))
        })?;
        if rotated {
            report.rotated += 1;
        }
        // Another one may have left while this was decided.
        if self::overstated(replica, &replica.space(space)?, &[])?.is_empty() {
            break;
        }
    }
    Ok(())
}

/// Removals that hold members who are gone to what is here of them, where whoever named a later change as
/// their last is gone, too, or `going`; of those whom this device may hold to it.
fn overstated(replica: &Replica, state: &SpaceState, going: &[MemberId]) -> Result<Vec<Removal>> {
    let (space, me) = (state.row.space, state.my_id());
    let gone = state.chain.members().filter_map(|member| {
        let removed = member.removed?;
        let lowering = state.chain.lowering(&member.id)?;
        // Who is still here may have read what nobody else has, and brings it.
        let named_by = &lowering.named_by.id;
        let named_by_gone = state.chain.present(named_by).is_none() || going.contains(named_by);
        (named_by_gone && removed.last != LastChange::NONE).then_some((lowering, removed.last))
    });
    let mut found = Vec::new();
    for (lowering, named) in gone {
        let member = lowering.member.id;
        let (history, before) = replica.store.read(|r| {
            let history = r.log_history(space, member, named.counter)?;
            Ok::<_, CoreError>((history, r.log_before(space, member, named.counter)?))
        })?;
        if history != Some(named.hash) && may_lower(&state.chain, me, lowering) {
            let last = before.unwrap_or(LastChange::NONE);
            found.push(Removal { member, last });
        }
    }
    Ok(found)
}

fn may_lower(chain: &Chain, me: MemberId, lowering: Lowering<MemberId>) -> bool {
    let act = Act::Rotate(Decision {
        removed: Vec::new(),
        lowered: vec![lowering],
        refused: Vec::new(),
        admitted: Vec::new(),
        enrolled: Vec::new(),
    });
    chain.roll().broken(me, &act).is_empty()
}

/// Rotates the key of a space for as long as `wanted` says so of its present state, whoever else
/// changes it meanwhile. Every open invite is closed by it.
pub(crate) fn rotate_key_if(
    server: &ServerConnection<'_>,
    space: SpaceId,
    wanted: impl Fn(&SpaceState) -> bool,
) -> Result<bool> {
    decide(server, space, |state| {
        Ok(wanted(state).then(Change::default))
    })
}

/// Rotates the key of a space and decides with it who is in, by what `wanted` says of its present state;
/// `None` when there is nothing to decide any more. Gives whether there was.
pub(crate) fn decide(
    server: &ServerConnection<'_>,
    space: SpaceId,
    wanted: impl Fn(&SpaceState) -> Result<Option<Change>>,
) -> Result<bool> {
    let done = extend_with(server, space, |replica| {
        let state = replica.space(space)?;
        let Some(change) = wanted(&state)? else {
            return Ok(None);
        };
        let made = rotation(replica, &state, change)?;
        // Whoever may not decide this is told by what rule, and the server is not asked.
        state.chain.clone().extend(&made.0)?;
        Ok(Some(made))
    })?;
    Ok(done.is_some())
}

/// The statement that rotates a space's key and decides who is in; and the new key.
fn rotation(
    replica: &Replica,
    state: &SpaceState,
    mut change: Change,
) -> Result<(Statement, Keyring)> {
    let removed: Vec<MemberId> = change.remove.iter().map(|one| one.member).collect();
    if !removed.is_empty() {
        // Whoever goes may have named a last change of another one that nobody knows.
        let overstated = overstated(replica, state, &removed)?;
        let more = overstated.into_iter();
        let more = more.filter(|removal| !removed.contains(&removal.member));
        change.remove.extend(more);
    }
    let stranded = stranded(&state.chain, &change);
    change.refuse.extend(stranded);
    let again: Vec<Epoch> = rotation::not_passed_on(&state.chain, &state.statements, &state.keys);
    let (statement, key) = rotation::rotate(
        &state.me,
        &state.chain,
        &state.keys,
        &again,
        change,
        replica.statement_time(state.row.purpose),
        &*replica.ports.rng,
    )?;
    let keys = Keyring::from([(state.chain.epoch().next(), key)]);
    Ok((statement, keys))
}

/// Those who wait by an invite of somebody who is gone, or goes with this change: nobody can let them in any
/// more, and each takes a place.
fn stranded(chain: &Chain, change: &Change) -> Vec<MemberId> {
    let stays = |id: &MemberId| {
        chain.present(id).is_some() && !change.remove.iter().any(|removal| removal.member == *id)
    };
    let waiting = chain.all_pending();
    let stranded = waiting.filter(|newcomer| !stays(&newcomer.invited_by));
    let stranded = stranded.map(|newcomer| newcomer.id);
    stranded.filter(|id| !change.refuse.contains(id)).collect()
}
