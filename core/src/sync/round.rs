//! One round: every space of this installation brought to the same state as the server's. A space
//! with nothing to do costs nothing but a comparison: a clinic has hundreds.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::api::{ErrorCode, SpaceHead, SpaceHeads};
use companion_protocol::chain::ChainError;
use companion_protocol::id::{Incarnation, LogNumber, SpaceId};
use companion_protocol::statement::Statement;

use super::backfill::{Compared, backfill_chain, backfill_changes, compare, vouch_for};
use super::connection::ServerConnection;
use super::founding::found_on_server;
use super::members::answer_newcomers;
use super::membership::{read_chain, rotate_if_due};
use super::pull::{miss_what_removals_name, pull};
use super::push::push;
use crate::domain::{Purpose, Side};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::replica::Replica;
use crate::report::{SyncProblem, SyncReport, Warning, WarningCode, chain_forked};
use crate::space::SpaceError;
use crate::space::identity::Handle;
use crate::store::{SpaceRow, SpaceStanding};

/// What a facade has to do with each space, before it is first read, and between reading and sending.
pub(crate) trait BeforeSending {
    /// This device was let into a space, and reads it for the first time now.
    fn let_in(&self) -> Result<()> {
        Ok(())
    }

    /// Says something about what has just arrived, before what waits is sent.
    fn acknowledge(&self, _space: SpaceId) -> Result<()> {
        Ok(())
    }

    /// A space to read before anything is sent to this one: what waits here may be undone by what was said there.
    fn to_read_first(&self, _space: SpaceId) -> Result<Option<SpaceId>> {
        Ok(None)
    }

    /// Makes sure that what waits may be sent. An error keeps all of it here, and is told; what else is kept back is
    /// noted in the report.
    fn may_send(&self, _space: SpaceId, _report: &mut SyncReport) -> Result<()> {
        Ok(())
    }
}

/// Sends what waits, and nothing else.
pub(crate) struct JustSend;

impl BeforeSending for JustSend {}

/// Syncs every space, and remembers when all of that last worked. A problem with one space does not stop
/// the others; being offline does.
pub(crate) fn run(server: &ServerConnection<'_>, before: &dyn BeforeSending) -> Result<SyncReport> {
    let replica = server.replica;
    let mut report = SyncReport::default();
    let waiting: BTreeSet<SpaceId> = replica
        .store
        .read(|r| r.outbox_spaces())?
        .into_iter()
        .collect();
    for handle in in_turn(replica) {
        // A space that moved into another one meanwhile has nobody to ask for any more.
        if !replica.rows().iter().any(|row| row.handle == handle) {
            continue;
        }
        // What was known of the spaces **before** the server was asked: an invitation or a reply made at
        // the same time moves them on, and the server must not be blamed for an answer that was right.
        let mut known = replica.rows();
        known.retain(|row| row.handle == handle);
        let done = Heads::read(server, &handle)
            .and_then(|heads| run_some(server, known, &heads, &waiting, before, &mut report));
        if let Err(error) = done {
            // What was noticed by then is not said a second time: it must not get lost.
            conclude(replica, &mut report)?;
            return Err(error);
        }
    }
    conclude(replica, &mut report)?;
    if report.problems.is_empty() && reaches_the_clinic(replica) {
        replica.remember_sync()?;
    }
    Ok(report)
}

/// The identities of this installation, each to be asked for on its own: what is shared before what is
/// private, for whom a person removed is read there first.
fn in_turn(replica: &Replica) -> Vec<Handle> {
    let mut rows = replica.rows();
    rows.sort_by_key(|row| (row.purpose != Purpose::Care, row.handle));
    let mut handles: Vec<Handle> = Vec::new();
    for row in rows {
        if !handles.contains(&row.handle) {
            handles.push(row.handle);
        }
    }
    handles
}

/// Syncs the spaces of one identity. An error here ends the round; a problem with one space does not.
fn run_some(
    server: &ServerConnection<'_>,
    known: Vec<SpaceRow>,
    heads: &Heads,
    waiting: &BTreeSet<SpaceId>,
    before: &dyn BeforeSending,
    report: &mut SyncReport,
) -> Result<()> {
    for row in known {
        let space = row.space;
        heads.mind_lost_blobs(server.replica, &row)?;
        let is_waiting = waiting.contains(&space) && row.is_member();
        if !is_waiting && heads.has_nothing_for(&row) {
            continue;
        }
        match sync_space(server, &row, heads, before, report) {
            Ok(()) => {}
            Err(error @ (CoreError::Offline(_) | CoreError::Canceled | CoreError::Untrusted)) => {
                return Err(error);
            }
            Err(error) => report.problems.push(problem(space, &error)),
        }
    }
    Ok(())
}

fn problem(space: SpaceId, error: &CoreError) -> SyncProblem {
    SyncProblem {
        space: Some(space),
        message: error.to_string(),
        passing: error.is_passing(),
    }
}

/// Whether what was exchanged was a shared record: a phone that was removed from it still reaches the
/// server, and must not say that it was in step with the clinic.
fn reaches_the_clinic(replica: &Replica) -> bool {
    replica.side == Side::Clinic
        || replica
            .row_for(Purpose::Care)
            .is_some_and(|row| row.is_member())
}

/// Notes what is left to send and what there is to warn about.
fn conclude(replica: &Replica, report: &mut SyncReport) -> Result<()> {
    let waiting = replica.store.read(|r| r.count_outbox())?;
    report.waiting = waiting.try_into().unwrap_or(u64::MAX);
    if report.warnings.is_empty() {
        return Ok(());
    }
    let at_ms = replica.now().unix_ms;
    replica.store.write(|w| {
        for warning in &report.warnings {
            w.put_warning(warning.code.as_str(), warning.space, &warning.detail, at_ms)?;
        }
        Ok::<_, CoreError>(())
    })
}

/// Where the server says that the spaces of one identity stand.
struct Heads {
    incarnation: Incarnation,
    spaces: BTreeMap<SpaceId, SpaceHead>,
}

impl Heads {
    fn read(server: &ServerConnection<'_>, handle: &Handle) -> Result<Self> {
        let SpaceHeads {
            incarnation,
            spaces,
            ..
        } = server.heads_of(handle)?;
        let spaces = spaces.into_iter().map(|head| (head.space, head)).collect();
        Ok(Self {
            incarnation,
            spaces,
        })
    }

    /// The server lost blobs since it was last asked: what it has is compared with what is here, after the texts.
    fn mind_lost_blobs(&self, replica: &Replica, row: &SpaceRow) -> Result<()> {
        match self.spaces.get(&row.space) {
            Some(head) if head.blobs_lost != row.blobs_lost => {
                replica.update_row(row.space, |row| {
                    row.blobs_lost = head.blobs_lost;
                    row.blobs_compared = LogNumber(0);
                })
            }
            _ => Ok(()),
        }
    }

    /// Whether the server holds of a space just what is here, and there is nothing else to do.
    fn has_nothing_for(&self, row: &SpaceRow) -> bool {
        let Some(head) = self.spaces.get(&row.space) else {
            return false;
        };
        // Whoever the server denied is looked at once it lists them again.
        !matches!(row.standing, SpaceStanding::Gone | SpaceStanding::Forgotten)
            && row.on_server
            && row.incarnation == Some(self.incarnation)
            && head.chain_length == row.chain_length
            && head.chain_head == row.chain_head
            && (head.number == row.cursor || row.standing == SpaceStanding::Waiting)
            && !row.backfilling
            && !row.gaps
            && !row.unacknowledged
            && !row.rotation_due
            && !row.answer_due
    }
}

fn sync_space(
    server: &ServerConnection<'_>,
    known: &SpaceRow,
    heads: &Heads,
    before: &dyn BeforeSending,
    report: &mut SyncReport,
) -> Result<()> {
    let replica = server.replica;
    let (space, incarnation) = (known.space, heads.incarnation);
    let head = heads.spaces.get(&space);
    match known.standing {
        SpaceStanding::Member => {}
        SpaceStanding::Waiting => {
            return sync_waiting(server, known, (incarnation, head), before, report);
        }
        // Perhaps forgotten by now: nothing is left to ask for.
        SpaceStanding::Ended if head.is_none() => return Ok(()),
        SpaceStanding::Ended => {}
        SpaceStanding::Gone | SpaceStanding::Forgotten => {
            let state = replica.space(space)?;
            if head.is_none() || state.chain.present(&state.my_id()).is_none() {
                return Ok(());
            }
            // Listed again: it denied us by mistake, or ran on old data for a while.
            replica.update_row(space, |row| row.standing = SpaceStanding::Member)?;
            replica.clear_warning(WarningCode::SpaceForgotten, space)?;
        }
    }
    let restored = known.incarnation.is_some_and(|known| known != incarnation);
    let mut server_length = head.map_or(0, |head| head.chain_length);
    if head.is_none() {
        if known.on_server && !restored && !known.backfilling {
            return lost_access(server, space, report);
        }
        match found_on_server(server, space) {
            // A server that was restored takes nobody new into a space before somebody vouched for it.
            Ok(true) if known.chain_length == 1 => drop(vouch_for(server, space)?),
            Ok(true) => {}
            // What the clinic founds it founds there itself; the rest of the chain may be ours to give.
            Ok(false) if known.purpose == Purpose::Care && (restored || known.backfilling) => {}
            Ok(false) => return Ok(()),
            // The clinic founded it there again, and it does not count us among the members yet: the
            // rest of the chain, which is here, says that we are one.
            Err(error)
                if error.code() == Some(ErrorCode::Forbidden)
                    && (restored || known.backfilling) => {}
            Err(error) => return Err(error),
        }
        server_length = 1;
    }
    if restored {
        let detail = "it was put back from a backup, or a forked history in it was cut back";
        report.warn(WarningCode::ServerRestored, space, detail);
        replica.begin_backfill(space, incarnation)?;
    } else if known.incarnation.is_none() || !known.on_server {
        replica.update_row(space, |row| {
            row.incarnation = Some(incarnation);
            row.on_server = true;
        })?;
    }
    let lengths = (server_length, known.chain_length);
    match reconcile_chain(server, known, head, lengths, report) {
        // Of a server that was restored, or that this device followed to, it hears so only now.
        Err(error) if error.code() == Some(ErrorCode::Removed) => {
            return removed(server, space, report);
        }
        reconciled => reconciled?,
    }
    replica.clear_warning(WarningCode::ChainForked, space)?;
    pull_what_is_new(server, known, head, report)?;
    miss_what_removals_name(replica, space, report)?;
    replica.weigh_evidence(space, report)?;
    if replica.row(space)?.standing == SpaceStanding::Ended {
        // All of it is read; nobody is to hear anything any more.
        return replica.update_row(space, |row| {
            row.backfilling = false;
            row.unacknowledged = false;
        });
    }
    if replica.row(space)?.backfilling {
        backfill_changes(server, space, report)?;
        if vouch_for(server, space)? {
            replica.update_row(space, |row| row.backfilling = false)?;
        }
    }
    let answered = answer_newcomers(server, space).map(drop);
    unless_full(space, answered, report)?;
    let rotated = rotate_if_due(server, space, report);
    unless_full(space, rotated, report)?;
    if replica.row(space)?.unacknowledged {
        before.acknowledge(space)?;
    }
    read_first(server, incarnation, space, before, report)?;
    before.may_send(space, report)?;
    push(server, space, report)?;
    if replica.row(space)?.unacknowledged {
        // There was nothing to say, or something more arrived while what waited was sent.
        before.acknowledge(space)?;
        replica.update_row(space, |row| row.unacknowledged = false)?;
        push(server, space, report)?;
    }
    Ok(())
}

/// Reads another space before something is sent to this one. Where that can't be read, it is looked at in its own
/// turn, and nothing is kept back here for it.
fn read_first(
    server: &ServerConnection<'_>,
    incarnation: Incarnation,
    space: SpaceId,
    before: &dyn BeforeSending,
    report: &mut SyncReport,
) -> Result<()> {
    let Some(other) = before.to_read_first(space)? else {
        return Ok(());
    };
    let row = server.replica.row(other)?;
    if !row.is_member() || !row.on_server || row.incarnation != Some(incarnation) {
        return Ok(());
    }
    let read = read_chain(server, other).and_then(|_| pull(server, other, report));
    match read {
        Err(error @ (CoreError::Offline(_) | CoreError::Canceled | CoreError::Untrusted)) => {
            Err(error)
        }
        _ => Ok(()),
    }
}

/// Where a chain has no room left for what this member would decide, that is said, and what was written is
/// sent all the same.
fn unless_full(space: SpaceId, decided: Result<()>, report: &mut SyncReport) -> Result<()> {
    match decided {
        Err(error @ CoreError::Space(SpaceError::Chain(ChainError::NoRoom))) => {
            report.problems.push(problem(space, &error));
            Ok(())
        }
        other => other,
    }
}

/// A space whose other members have not let this installation in yet: what they decided is read, and
/// nothing is sent.
fn sync_waiting(
    server: &ServerConnection<'_>,
    known: &SpaceRow,
    (incarnation, head): (Incarnation, Option<&SpaceHead>),
    before: &dyn BeforeSending,
    report: &mut SyncReport,
) -> Result<()> {
    let (replica, space) = (server.replica, known.space);
    if head.is_none() && known.incarnation.is_some_and(|known| known != incarnation) {
        // Restored from before we came: whoever let others in brings that back.
        return Ok(());
    }
    match read_chain(server, space) {
        Err(error) if error.code() == Some(ErrorCode::Removed) => {
            return removed(server, space, report);
        }
        Err(error) if error.code() == Some(ErrorCode::SpaceEnded) => {
            return forgotten(server, space, report);
        }
        Err(error) if error.code() == Some(ErrorCode::Forbidden) => {
            report.warn(WarningCode::NotLetIn, space, "this device was not let in");
            return replica.update_row(space, |row| row.standing = SpaceStanding::Gone);
        }
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    replica.update_row(space, |row| {
        row.incarnation = Some(incarnation);
        row.on_server = true;
    })?;
    if !replica.row(space)?.is_member() {
        return Ok(());
    }
    // Let in: from here on like everybody.
    before.let_in()?;
    pull(server, space, report)?;
    before.may_send(space, report)?;
    push(server, space, report)
}

/// Brings the chain to the same state as the server's.
fn reconcile_chain(
    server: &ServerConnection<'_>,
    known: &SpaceRow,
    head: Option<&SpaceHead>,
    (server_length, known_length): (u64, u64),
    report: &mut SyncReport,
) -> Result<()> {
    let (replica, space) = (server.replica, known.space);
    let backfilling = replica.row(space)?.backfilling;
    if server_length < known_length {
        if !backfilling && known.on_server {
            let detail = "the server forgot who the members are";
            report.warn(WarningCode::RolledBack, space, detail);
        }
        if let Some(theirs) = backfill_chain(server, space, server_length)? {
            return Err(forked(server.replica, &theirs, report)?);
        }
    } else if server_length > known_length {
        match read_chain(server, space) {
            // What it gives does not follow on what is here.
            Err(CoreError::Space(SpaceError::Chain(ChainError::NotTheHead))) => {
                return Err(parted(server, space, report)?);
            }
            read => read.map(drop)?,
        }
    } else if head.is_some_and(|head| head.chain_head != known.chain_head) {
        return Err(parted(server, space, report)?);
    }
    Ok(())
}

/// The server's chain is not ours: finds out where the two part, and whose statement that is.
fn parted(
    server: &ServerConnection<'_>,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<CoreError> {
    match compare(server, space)? {
        Compared::Parted(theirs) => forked(server.replica, &theirs, report),
        Compared::Same(_) => Ok(NotNow::Contended.into()),
    }
}

/// The server's chain and ours part at this statement of theirs, and none grows out of the other: after a
/// restore somebody went on from an old end. Named, and healed by whoever runs the server, who cuts it back
/// to where the two part; nothing here is given up.
fn forked(replica: &Replica, theirs: &Statement, report: &mut SyncReport) -> Result<CoreError> {
    let space = theirs.space();
    let author = replica.member_name(space, &theirs.author())?;
    let detail = chain_forked(space, theirs.sequence(), &author);
    report.warn(WarningCode::ChainForked, space, detail);
    Ok(NotNow::Forked.into())
}

fn pull_what_is_new(
    server: &ServerConnection<'_>,
    known: &SpaceRow,
    head: Option<&SpaceHead>,
    report: &mut SyncReport,
) -> Result<()> {
    let (replica, space) = (server.replica, known.space);
    let row = replica.row(space)?;
    if row.gaps {
        // Read all again: what was withheld may be there now. What is here already costs little.
        replica.update_row(space, |row| row.cursor = LogNumber(0))?;
    }
    if head.is_some_and(|head| head.number > known.cursor) || row.backfilling || row.gaps {
        pull(server, space, report)?;
    } else if head.is_some_and(|head| head.number < known.cursor) {
        let detail = "the server forgot changes that it had";
        report.warn(WarningCode::RolledBack, space, detail);
    }
    // What is still kept back may be nothing that the log has a hole for: a body, or a change of this device.
    let is_withheld = |w: &Warning| w.code == WarningCode::Withheld && w.space == Some(space);
    let still = report.warnings.iter().any(is_withheld);
    if row.gaps && !still && !replica.store.read(|r| r.log_has_gaps(space))? {
        replica.update_row(space, |row| row.gaps = false)?;
    }
    Ok(())
}

/// The server does not count us among the members any more, or says so.
fn lost_access(
    server: &ServerConnection<'_>,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<()> {
    match read_chain(server, space) {
        Err(error)
            if matches!(
                error.code(),
                Some(ErrorCode::Removed | ErrorCode::Forbidden)
            ) =>
        {
            removed(server, space, report)
        }
        Err(error) if error.code() == Some(ErrorCode::SpaceEnded) => {
            forgotten(server, space, report)
        }
        Err(error) => Err(error),
        Ok(_) => Err(CoreError::BadAnswer(
            "it lists other spaces than it serves".to_owned(),
        )),
    }
}

/// The server says that the space was ended and is forgotten, and this device never heard of its end: what is here
/// stays here, and nobody takes the server's word for more than that nothing can be exchanged.
fn forgotten(server: &ServerConnection<'_>, space: SpaceId, report: &mut SyncReport) -> Result<()> {
    let detail = "the server says that it was ended, and has forgotten it";
    report.warn(WarningCode::SpaceForgotten, space, detail);
    server.replica.update_row(space, |row| {
        row.standing = SpaceStanding::Forgotten;
        row.backfilling = false;
    })
}

/// This device is out of the space; what is here stays here.
fn removed(server: &ServerConnection<'_>, space: SpaceId, report: &mut SyncReport) -> Result<()> {
    report.warn(WarningCode::Removed, space, "this device was removed");
    server.replica.update_row(space, |row| {
        row.standing = SpaceStanding::Gone;
        row.backfilling = false;
    })
}

/// Makes sure that the server knows a space that was founded here, before others are invited.
pub(crate) fn ensure_on_server(server: &ServerConnection<'_>, space: SpaceId) -> Result<()> {
    let known = server.replica.row(space);
    let known = known.map_err(|_| CoreError::NotFound(Missing::Space))?;
    if !known.on_server {
        sync_one(server, space)?;
    }
    if server.replica.row(space)?.on_server {
        Ok(())
    } else {
        Err(NotNow::NoPlaceYet.into())
    }
}

/// Brings one space to the same state as the server's.
pub(crate) fn sync_one(server: &ServerConnection<'_>, space: SpaceId) -> Result<()> {
    let known = server.replica.row(space)?;
    let heads = Heads::read(server, &known.handle)?;
    sync_space(
        server,
        &known,
        &heads,
        &JustSend,
        &mut SyncReport::default(),
    )
}
