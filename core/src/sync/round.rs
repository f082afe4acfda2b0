//! One round: every space of this installation brought to the same state as the server's.

use std::collections::BTreeSet;

use companion_protocol::api::{ErrorCode, MAX_PULL, NewSpace, SpaceHeads};
use companion_protocol::grant::Grant;
use companion_protocol::id::{
    GrantSerial, Incarnation, LogNumber, SealedHash, SpaceId, StatementHash,
};

use super::exchange::{Line, Signer};
use super::membership::{extend_with, read_chain, wants_rotation};
use super::offer::{push, refill, refill_changes};
use super::report::{SyncProblem, SyncReport, WarningCode};
use crate::error::{CoreError, Result};
use crate::ports::random;
use crate::record::{Intake, Taken, genuine};
use crate::replica::{Purpose, Replica, SpaceState};
use crate::space::keys::Keyring;
use crate::space::membership;
use crate::store::SpaceRow;

/// Setting that holds the grant for the private space.
pub(crate) const GRANT: &str = "grant";
/// How long a grant that a clinic issues to itself is good: it is used at once.
const OWN_GRANT_MS: u64 = 10 * 60 * 1000;

/// Syncs every space. A problem with one space does not stop the others; being offline does.
pub(crate) fn run(line: &Line<'_>) -> Result<SyncReport> {
    let mut report = SyncReport::default();
    let known = Known::all(&line.replica());
    let heads = line.heads(Signer::Me)?;
    for (space, known) in known {
        match sync_space(line, known, &heads, &mut report) {
            Ok(()) => {}
            Err(error @ CoreError::Offline(_)) => return Err(error),
            Err(error) => report.problems.push(SyncProblem {
                space: Some(space),
                message: error.to_string(),
                passing: error.is_passing(),
            }),
        }
    }
    let replica = line.replica();
    report.waiting = replica.store.read(|r| r.count_outbox())?;
    let at_ms = replica.now().unix_ms;
    replica.store.write(|w| {
        for warning in &report.warnings {
            w.put_warning(warning.code.as_str(), warning.space, &warning.detail, at_ms)?;
        }
        Ok::<_, CoreError>(())
    })?;
    Ok(report)
}

/// What was known of a space **before** the server was asked: an invitation or a reply made at the
/// same time moves it on, and the server must not be blamed for an answer that was right.
struct Known {
    row: SpaceRow,
    length: u64,
    head: StatementHash,
}

impl Known {
    fn all(replica: &Replica) -> Vec<(SpaceId, Known)> {
        let of = |state: &SpaceState| Known {
            row: state.row.clone(),
            length: state.chain.length(),
            head: state.chain.head(),
        };
        replica
            .spaces
            .iter()
            .map(|(space, state)| (*space, of(state)))
            .collect()
    }
}

fn sync_space(
    line: &Line<'_>,
    known: Known,
    heads: &SpaceHeads,
    report: &mut SyncReport,
) -> Result<()> {
    let Known {
        row,
        length: local_length,
        head: local_head,
    } = known;
    let (space, incarnation) = (row.space, heads.incarnation);
    let head = heads
        .spaces
        .iter()
        .find(|head| head.space == space)
        .copied();
    if !row.joined {
        let mut replica = line.replica();
        let me = replica.me.member();
        if head.is_none() || replica.space(space)?.chain.present(&me).is_none() {
            return Ok(());
        }
        // Listed again: it denied us by mistake, or ran on old data for a while.
        replica.update_row(space, |row| row.joined = true)?;
    }
    let restored = row.incarnation.is_some_and(|known| known != incarnation);
    let mut server_length = head.map_or(0, |head| head.chain_length);
    if head.is_none() {
        if row.on_server && !restored {
            return lost_access(line, space, report);
        }
        if !found_on_server(line, space)? {
            return Ok(());
        }
        server_length = 1;
    }
    if restored {
        report.warn(
            WarningCode::ServerRestored,
            space,
            "the server was restored from a backup",
        );
        line.replica().begin_refill(space, incarnation)?;
    } else if row.incarnation.is_none() || !row.on_server {
        line.replica().update_row(space, |row| {
            row.incarnation = Some(incarnation);
            row.on_server = true;
        })?;
    }
    let mark = refill_mark(space);
    let refilling = line.replica().store.read(|r| r.setting(&mark))?.is_some();
    if server_length < local_length {
        if !refilling && row.on_server {
            report.warn(
                WarningCode::RolledBack,
                space,
                "the server forgot who the members are",
            );
        }
        refill(line, space, server_length)?;
    } else if server_length > local_length {
        read_chain(line, space)?;
    } else if head.is_some_and(|head| head.chain_head != local_head) {
        report.warn(
            WarningCode::Forked,
            space,
            "the server has another membership history",
        );
        return Err(CoreError::BadAnswer(
            "its membership history is not ours".to_owned(),
        ));
    }
    let gap = gap_mark(space);
    let withheld = line.replica().store.read(|r| r.setting(&gap))?.is_some();
    if withheld {
        // Read all again: what was withheld may be there now. What is here already costs little.
        line.replica()
            .update_row(space, |row| row.cursor = LogNumber(0))?;
    }
    if head.is_some_and(|head| head.number > row.cursor) || refilling || withheld {
        pull(line, space, report)?;
    } else if head.is_some_and(|head| head.number < row.cursor) {
        report.warn(
            WarningCode::RolledBack,
            space,
            "the server forgot changes that it had",
        );
    }
    if withheld && !line.replica().store.read(|r| r.log_has_gaps(space))? {
        line.replica().store.write(|w| w.remove_setting(&gap))?;
    }
    if refilling {
        refill_changes(line, space)?;
        line.replica().store.write(|w| w.remove_setting(&mark))?;
    }
    rotate_if_wanted(line, space, report)?;
    push(line, space, report)
}

/// Setting that stands while a restored server is being given what it lost, across interruptions.
fn refill_mark(space: SpaceId) -> String {
    format!("refill:{space}")
}

/// Setting that stands while something that must exist has not been given to us.
fn gap_mark(space: SpaceId) -> String {
    format!("gap:{space}")
}

impl Replica {
    /// Starts over with a server that was restored: its numbers mean nothing any more, and what it
    /// turns out to lack will be given to it, however often that is interrupted.
    fn begin_refill(&mut self, space: SpaceId, incarnation: Incarnation) -> Result<()> {
        let mut row = self.space(space)?.row.clone();
        row.incarnation = Some(incarnation);
        row.on_server = true;
        row.cursor = LogNumber(0);
        self.store.write(|w| {
            w.clear_numbers(space)?;
            w.set_setting(&refill_mark(space), b"1")?;
            w.put_space(&row)
        })?;
        if let Some(state) = self.spaces.get_mut(&space) {
            state.row = row;
        }
        Ok(())
    }
}

/// The server does not count us among the members any more, or says so.
fn lost_access(line: &Line<'_>, space: SpaceId, report: &mut SyncReport) -> Result<()> {
    match read_chain(line, space) {
        Err(error) if error.code() == Some(ErrorCode::Forbidden) => {
            report.warn(WarningCode::Removed, space, "this device was removed");
            line.replica().update_row(space, |row| row.joined = false)
        }
        Err(error) => Err(error),
        Ok(_) => Err(CoreError::BadAnswer(
            "it lists other spaces than it serves".to_owned(),
        )),
    }
}

/// Tells the server of a space that was founded here. Without a grant it stays on this device.
fn found_on_server(line: &Line<'_>, space: SpaceId) -> Result<bool> {
    let new = {
        let replica = line.replica();
        let state = replica.space(space)?;
        let Some(create) = state.statements.first() else {
            return Ok(false);
        };
        let Some(grant) = grant_for(&replica, state.row.purpose == Purpose::Private.as_str())?
        else {
            return Ok(false);
        };
        NewSpace {
            grant,
            create: create.bytes().to_vec(),
        }
    };
    line.found(&new)?;
    Ok(true)
}

/// A phone uses the grant that came with its pairing link; a clinic's node issues its own.
fn grant_for(replica: &Replica, private: bool) -> Result<Option<Vec<u8>>> {
    if private {
        return Ok(replica.store.read(|r| r.setting(GRANT))?);
    }
    let serial = GrantSerial::new(random(&*replica.ports.rng));
    let now = u64::try_from(replica.server_now().unix_ms).unwrap_or(0);
    let grant = Grant::sign(
        replica.me.signing_key(),
        serial,
        0,
        now.saturating_add(OWN_GRANT_MS),
    );
    Ok(Some(grant.bytes().to_vec()))
}

/// Makes sure that the server knows a space that was founded here, before others are invited.
pub(crate) fn ensure_on_server(line: &Line<'_>, space: SpaceId) -> Result<()> {
    if line.replica().space(space)?.row.on_server {
        return Ok(());
    }
    let known = Known::all(&line.replica());
    let known = known.into_iter().find(|(known, _)| *known == space);
    let (_, known) = known.ok_or(CoreError::NotFound("space"))?;
    let heads = line.heads(Signer::Me)?;
    sync_space(line, known, &heads, &mut SyncReport::default())
}

/// Reads what is new in one space, leaving what there is to warn about to the next full round.
pub(crate) fn pull_quietly(line: &Line<'_>, space: SpaceId) -> Result<()> {
    pull(line, space, &mut SyncReport::default())
}

/// Reads the log from the cursor to its end. Each page is one transaction with its cursor.
pub(crate) fn pull(line: &Line<'_>, space: SpaceId, report: &mut SyncReport) -> Result<()> {
    let mut chain_read = false;
    loop {
        let after = line.replica().space(space)?.row.cursor;
        let page = line.pull(space, after, MAX_PULL)?;
        let mut numbers = page.changes.iter().map(|(number, _)| *number);
        if numbers.next().is_some_and(|first| first <= after) {
            return Err(CoreError::BadAnswer(
                "it gives again what was not asked for".to_owned(),
            ));
        }
        let last = page.changes.last().map_or(after, |(number, _)| *number);
        let genuine = genuine(&page.changes);
        let whole = take_page(&mut line.replica(), space, &page.changes, &genuine, report)?;
        if !whole {
            if chain_read {
                return Err(CoreError::BadAnswer(
                    "its changes name members' statements that it does not give".to_owned(),
                ));
            }
            // Somebody joined or was removed between our reading the chain and the log.
            read_chain(line, space)?;
            chain_read = true;
            continue;
        }
        chain_read = false;
        if last >= page.head || page.changes.is_empty() {
            return Ok(());
        }
    }
}

/// Takes in a page. Gives whether it was whole: it stops before a change that names a statement we
/// have not read.
fn take_page(
    replica: &mut Replica,
    space: SpaceId,
    changes: &[(LogNumber, Vec<u8>)],
    genuine: &BTreeSet<SealedHash>,
    report: &mut SyncReport,
) -> Result<bool> {
    let now_ms = replica.now().unix_ms;
    let (me, searchable) = (replica.me.member(), replica.searchable);
    let state = replica
        .spaces
        .get(&space)
        .ok_or(CoreError::NotFound("space"))?;
    let mut cursor = state.row.cursor;
    let mut whole = true;
    let mut taken = SyncReport::default();
    let mut row = state.row.clone();
    replica.store.write(|w| {
        let mut intake = Intake::new(w, state, genuine, me, now_ms, searchable)?;
        for (number, bytes) in changes {
            match intake.take(w, *number, bytes)? {
                Taken::New { .. } => taken.received += 1,
                Taken::Settled => taken.sent += 1,
                Taken::Known => {}
                Taken::NeedsChain => {
                    whole = false;
                    break;
                }
                Taken::Quarantined(why) => taken.warn(WarningCode::Quarantined, space, why),
                Taken::Rejected(code, why) => taken.warn(code, space, why),
            }
            cursor = *number;
        }
        intake.finish(w)?;
        for (code, detail) in intake.gaps {
            taken.warn(code, space, detail);
        }
        if taken
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::Withheld)
        {
            w.set_setting(&gap_mark(space), b"1")?;
        }
        row.cursor = cursor;
        w.put_space(&row)?;
        Ok::<_, CoreError>(())
    })?;
    if let Some(state) = replica.spaces.get_mut(&space) {
        state.row.cursor = cursor;
    }
    report.received += taken.received;
    report.sent += taken.sent;
    for warning in taken.warnings {
        report.warn(warning.code, space, warning.detail);
    }
    Ok(whole)
}

/// After somebody joined, the next admin online turns the key, so that a leaked invite dies.
pub(crate) fn rotate_if_wanted(
    line: &Line<'_>,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<()> {
    let turned = turn_key_if(line, space, wants_rotation)?;
    report.rotated += usize::from(turned);
    Ok(())
}

/// Turns the key of a space for as long as `wanted` says so of its present state, whoever else
/// changes it meanwhile. Every open invite is closed by it.
pub(crate) fn turn_key_if(
    line: &Line<'_>,
    space: SpaceId,
    wanted: impl Fn(&SpaceState, &Replica) -> bool,
) -> Result<bool> {
    let done = extend_with(line, space, |replica| {
        let state = replica.space(space)?;
        if !wanted(state, replica) {
            return Ok(None);
        }
        let key = state.key(state.chain.epoch())?;
        let (statement, key) = membership::rotate(
            &replica.me,
            &state.chain,
            key,
            &[],
            replica.server_now(),
            &*replica.ports.rng,
        )?;
        Ok(Some((
            statement,
            Keyring::from([(state.chain.epoch().next(), key)]),
        )))
    })?;
    Ok(done.is_some())
}
