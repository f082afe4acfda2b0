//! One round: every space of this installation brought to the same state as the server's. A space
//! with nothing to do costs nothing but a comparison: a clinic has hundreds.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::api::{ErrorCode, NewSpace, SpaceHead, SpaceHeads};
use companion_protocol::grant::Grant;
use companion_protocol::id::{GrantSerial, Incarnation, LogNumber, SpaceId};

use super::backfill::{backfill_chain, backfill_changes};
use super::connection::{ServerConnection, Signer};
use super::membership::{read_chain, rotate_if_due};
use super::pull::pull;
use super::push::push;
use crate::domain::{Purpose, Side};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::ports::random;
use crate::replica::Replica;
use crate::report::{SyncProblem, SyncReport, WarningCode};
use crate::store::SpaceRow;

/// Setting that holds the grant for the private space.
pub(crate) const GRANT: &str = "grant";
/// How long a grant that a clinic issues to itself is good: it is used at once.
const OWN_GRANT_MS: u64 = 10 * 60 * 1000;

/// Says something in a space about what has just arrived there, before what waits is sent.
pub(crate) type Acknowledge<'a> = &'a dyn Fn(SpaceId) -> Result<()>;

/// Syncs every space, and remembers when all of that last worked. A problem with one space does not stop
/// the others; being offline does.
pub(crate) fn run(
    server: &ServerConnection<'_>,
    acknowledge: Acknowledge<'_>,
) -> Result<SyncReport> {
    let replica = server.replica;
    let mut report = SyncReport::default();
    // What was known of the spaces **before** the server was asked: an invitation or a reply made at
    // the same time moves them on, and the server must not be blamed for an answer that was right.
    let known = replica.rows();
    let heads = Heads::read(server)?;
    let waiting: BTreeSet<SpaceId> = replica
        .store
        .read(|r| r.outbox_spaces())?
        .into_iter()
        .collect();
    let now_ms = replica.server_now().unix_ms;
    for row in known {
        let space = row.space;
        if !waiting.contains(&space) && heads.has_nothing_for(&row, now_ms) {
            continue;
        }
        match sync_space(server, &row, &heads, acknowledge, &mut report) {
            Ok(()) => {}
            Err(error @ (CoreError::Offline(_) | CoreError::Canceled | CoreError::Untrusted)) => {
                // What was noticed by then is not said a second time: it must not get lost.
                conclude(replica, &mut report)?;
                return Err(error);
            }
            Err(error) => report.problems.push(SyncProblem {
                space: Some(space),
                message: error.to_string(),
                passing: error.is_passing(),
            }),
        }
    }
    conclude(replica, &mut report)?;
    if report.problems.is_empty() && reaches_the_clinic(replica) {
        replica.remember_sync()?;
    }
    Ok(report)
}

/// Whether what was exchanged was a shared record: a phone that was removed from it still reaches the
/// server, and must not say that it was in step with the clinic.
fn reaches_the_clinic(replica: &Replica) -> bool {
    replica.side == Side::Clinic || replica.row_for(Purpose::Care).is_some_and(|row| row.joined)
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

/// Where the server says that spaces stand.
struct Heads {
    incarnation: Incarnation,
    spaces: BTreeMap<SpaceId, SpaceHead>,
}

impl Heads {
    fn read(server: &ServerConnection<'_>) -> Result<Self> {
        let SpaceHeads {
            incarnation,
            spaces,
            ..
        } = server.heads(Signer::Me)?;
        let spaces = spaces.into_iter().map(|head| (head.space, head)).collect();
        Ok(Self {
            incarnation,
            spaces,
        })
    }

    /// Whether the server holds of a space just what is here, and there is nothing else to do.
    fn has_nothing_for(&self, row: &SpaceRow, now_ms: i64) -> bool {
        let Some(head) = self.spaces.get(&row.space) else {
            return false;
        };
        row.joined
            && row.on_server
            && row.incarnation == Some(self.incarnation)
            && head.chain_length == row.chain_length
            && head.chain_head == row.chain_head
            && head.number == row.cursor
            && !row.backfilling
            && !row.gaps
            && !row.unacknowledged
            && row.rotate_at_ms.is_none_or(|at_ms| at_ms >= now_ms)
    }
}

fn sync_space(
    server: &ServerConnection<'_>,
    known: &SpaceRow,
    heads: &Heads,
    acknowledge: Acknowledge<'_>,
    report: &mut SyncReport,
) -> Result<()> {
    let replica = server.replica;
    let (space, incarnation) = (known.space, heads.incarnation);
    let head = heads.spaces.get(&space);
    if !known.joined {
        let me = replica.me.member();
        if head.is_none() || replica.space(space)?.chain.present(&me).is_none() {
            return Ok(());
        }
        // Listed again: it denied us by mistake, or ran on old data for a while.
        replica.update_row(space, |row| row.joined = true)?;
    }
    let restored = known.incarnation.is_some_and(|known| known != incarnation);
    let mut server_length = head.map_or(0, |head| head.chain_length);
    if head.is_none() {
        if known.on_server && !restored && !known.backfilling {
            return lost_access(server, space, report);
        }
        match found_on_server(server, space) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            // A phone that followed its clinic came before it.
            Err(error)
                if error.code() == Some(ErrorCode::GrantUnusable)
                    && known.backfilling
                    && known.purpose == Purpose::Care
                    && replica.side == Side::Patient =>
            {
                return Err(NotNow::NotThereYet.into());
            }
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
        let detail = "the server was restored from a backup";
        report.warn(WarningCode::ServerRestored, space, detail);
        replica.begin_backfill(space, incarnation)?;
    } else if known.incarnation.is_none() || !known.on_server {
        replica.update_row(space, |row| {
            row.incarnation = Some(incarnation);
            row.on_server = true;
        })?;
    }
    let backfilling = replica.row(space)?.backfilling;
    if server_length < known.chain_length {
        if !backfilling && known.on_server {
            let detail = "the server forgot who the members are";
            report.warn(WarningCode::RolledBack, space, detail);
        }
        backfill_chain(server, space, server_length, head.is_some())?;
    } else if server_length > known.chain_length {
        read_chain(server, space)?;
    } else if head.is_some_and(|head| head.chain_head != known.chain_head) {
        let detail = "the server has another membership history";
        report.warn(WarningCode::Forked, space, detail);
        return Err(CoreError::BadAnswer(
            "its membership history is not ours".to_owned(),
        ));
    }
    pull_what_is_new(server, known, head, report)?;
    if backfilling {
        backfill_changes(server, space)?;
        replica.update_row(space, |row| row.backfilling = false)?;
    }
    rotate_if_due(server, space, report)?;
    if replica.row(space)?.unacknowledged {
        acknowledge(space)?;
    }
    push(server, space, report)?;
    if replica.row(space)?.unacknowledged {
        // There was nothing to say, or something more arrived while what waited was sent.
        acknowledge(space)?;
        replica.update_row(space, |row| row.unacknowledged = false)?;
        push(server, space, report)?;
    }
    Ok(())
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
    if row.gaps && !replica.store.read(|r| r.log_has_gaps(space))? {
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
        Err(error) if error.code() == Some(ErrorCode::Forbidden) => {
            report.warn(WarningCode::Removed, space, "this device was removed");
            server.replica.update_row(space, |row| row.joined = false)
        }
        Err(error) => Err(error),
        Ok(_) => Err(CoreError::BadAnswer(
            "it lists other spaces than it serves".to_owned(),
        )),
    }
}

/// Tells the server of a space that was founded here. Without a grant it stays on this device.
fn found_on_server(server: &ServerConnection<'_>, space: SpaceId) -> Result<bool> {
    let state = server.replica.space(space)?;
    let Some(create) = state.statements.first() else {
        return Ok(false);
    };
    offer_space(server, state.row.purpose, create.bytes().to_vec())
}

/// Gives the server a founding statement. `false` without a grant.
pub(crate) fn offer_space(
    server: &ServerConnection<'_>,
    purpose: Purpose,
    create: Vec<u8>,
) -> Result<bool> {
    let Some(grant) = grant_for(server.replica, purpose)? else {
        return Ok(false);
    };
    server.found(&NewSpace { grant, create })?;
    Ok(true)
}

/// A phone uses the grant that came with its pairing link; a clinic's node issues its own.
fn grant_for(replica: &Replica, purpose: Purpose) -> Result<Option<Vec<u8>>> {
    if purpose == Purpose::Private {
        return Ok(replica.store.read(|r| r.setting(GRANT))?);
    }
    let serial = GrantSerial::new(random(&*replica.ports.rng));
    let now = u64::try_from(replica.server_now().unix_ms).unwrap_or(0);
    let until = now.saturating_add(OWN_GRANT_MS);
    let grant = Grant::sign(replica.me.signing_key(), serial, 0, until);
    Ok(Some(grant.bytes().to_vec()))
}

/// Makes sure that the server knows a space that was founded here, before others are invited.
pub(crate) fn ensure_on_server(server: &ServerConnection<'_>, space: SpaceId) -> Result<()> {
    let known = server.replica.row(space);
    let known = known.map_err(|_| CoreError::NotFound(Missing::Space))?;
    if known.on_server {
        return Ok(());
    }
    sync_one(server, space)
}

/// Brings one space to the same state as the server's.
pub(crate) fn sync_one(server: &ServerConnection<'_>, space: SpaceId) -> Result<()> {
    let known = server.replica.row(space)?;
    let heads = Heads::read(server)?;
    let nothing_to_say = |_| Ok(());
    let report = &mut SyncReport::default();
    sync_space(server, &known, &heads, &nothing_to_say, report)
}
