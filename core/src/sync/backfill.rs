//! Giving a restored server what it lost: statements and changes, whoever wrote them.

use companion_protocol::api::{
    ChainRun, ErrorCode, MAX_RUN, MAX_RUN_BYTES, MAX_SMALL_RUN_BYTES, Vouch,
};
use companion_protocol::change::{MAX_DROPS, SealedChange};
use companion_protocol::id::{Incarnation, LogNumber, MemberId, SpaceId};
use companion_protocol::statement::Statement;

use super::connection::ServerConnection;
use super::push::BATCH;
use crate::error::{CoreError, NotNow, Result};
use crate::replica::Replica;
use crate::report::{SyncReport, WarningCode};
use crate::settings::SERVER;
use crate::store::LogRow;

impl Replica {
    /// Starts over with a server that was restored: its numbers mean nothing any more, and what it
    /// turns out to lack will be given to it, however often that is interrupted.
    pub(super) fn begin_backfill(&self, space: SpaceId, incarnation: Incarnation) -> Result<()> {
        self.write_with_row(space, |w, row| {
            row.incarnation = Some(incarnation);
            row.on_server = true;
            row.cursor = LogNumber(0);
            row.backfilling = true;
            row.bodies_missed = 0;
            w.doubt_server_blobs(space)?;
            Ok(w.clear_numbers(space)?)
        })
    }
}

impl Replica {
    /// Goes to another server with everything: what it turns out to lack will be given to it, as to one
    /// that was restored.
    ///
    /// The address is written last. Broken off before that, the present server is read again from its
    /// beginning, and nothing else happens.
    pub(crate) fn move_to_server(&self, address: &str) -> Result<()> {
        for row in self.rows() {
            self.write_with_row(row.space, |w, row| {
                row.incarnation = None;
                row.on_server = false;
                row.cursor = LogNumber(0);
                row.backfilling = true;
                row.bodies_missed = 0;
                w.doubt_server_blobs(row.space)?;
                Ok(w.clear_numbers(row.space)?)
            })?;
        }
        Ok(self
            .store
            .write(|w| w.set_setting(SERVER, address.as_bytes()))?)
    }
}

/// An address as it is kept: without what two spellings of one address differ in.
pub(crate) fn tidy_address(address: &str) -> &str {
    address.trim().trim_end_matches('/')
}

/// Gives a restored server the statements that it lost, in runs: what let us in has to come together with
/// what it let us into, or the server takes nothing of us. Gives the first statement of the server's that is
/// not ours, where the two histories part.
pub(super) fn backfill_chain(
    server: &ServerConnection<'_>,
    space: SpaceId,
    mut server_length: u64,
) -> Result<Option<Statement>> {
    for _ in 0..TRIES {
        let state = server.replica.space(space)?;
        let missing = state.statements.iter();
        let missing = missing.filter(|statement| statement.sequence() >= server_length);
        let me = state.chain.member(&state.my_id());
        let run = match me.filter(|me| me.joined_at >= server_length) {
            // Whom the server does not know it lets bring little: just what lets it in.
            Some(me) => {
                let up_to_me = missing.take_while(|statement| statement.sequence() <= me.joined_at);
                next_run(up_to_me, MAX_SMALL_RUN_BYTES)
            }
            None => next_run(missing, MAX_RUN_BYTES),
        };
        if run.statements.is_empty() {
            return Ok(None);
        }
        let count = u64::try_from(run.statements.len()).unwrap_or(u64::MAX);
        match server.extend_by(space, &run) {
            Ok(()) => server_length = server_length.saturating_add(count),
            Err(error) => match error.code() {
                // Another member was faster with the same, or the histories part.
                Some(ErrorCode::ChainConflict) => match compare(server, space)? {
                    Compared::Same(length) => server_length = length,
                    Compared::Parted(theirs) => return Ok(Some(*theirs)),
                },
                // It does not count us among the members, and what would say so is with others.
                Some(ErrorCode::Forbidden | ErrorCode::InviteUnusable) => {
                    return Err(NotNow::NotThereYet.into());
                }
                _ => return Err(error),
            },
        }
    }
    Err(NotNow::Contended.into())
}

/// How often to go on after another member, or with the next run.
const TRIES: usize = 64;

fn next_run<'a>(statements: impl Iterator<Item = &'a Statement>, most_bytes: usize) -> ChainRun {
    let mut run = ChainRun::default();
    let mut bytes = 0usize;
    for statement in statements.take(MAX_RUN) {
        bytes = bytes
            .saturating_add(statement.bytes().len())
            .saturating_add(16);
        if bytes > most_bytes {
            break;
        }
        run.statements.push(statement.bytes().to_vec());
    }
    run
}

/// The server's chain beside ours.
pub(super) enum Compared {
    /// What the server has is ours, up to this length.
    Same(u64),
    /// The server's first statement that is not ours.
    Parted(Box<Statement>),
}

/// Reads the server's chain from its beginning beside what is here: it may part from ours anywhere.
pub(super) fn compare(server: &ServerConnection<'_>, space: SpaceId) -> Result<Compared> {
    let state = server.replica.space(space)?;
    let mut same = 0;
    while same < state.chain.length() {
        let page = server.chain_as_member(space, same)?;
        if page.statements.is_empty() {
            break;
        }
        for bytes in &page.statements {
            let theirs = Statement::parse(bytes)?;
            if !state.chain.contains(&theirs.hash()) {
                return Ok(Compared::Parted(Box::new(theirs)));
            }
            same = same.saturating_add(1);
        }
    }
    Ok(Compared::Same(same))
}

/// Says to a restored server that its chain of a space is the one that stands, once it holds all that is
/// known here: from then on it takes newcomers again. For whoever decides about members. Gives whether nothing
/// is left to say: not where the server's chain is another one.
pub(super) fn vouch_for(server: &ServerConnection<'_>, space: SpaceId) -> Result<bool> {
    let state = server.replica.space(space)?;
    if !state.is_admin(&state.my_id()) {
        return Ok(true);
    }
    let vouch = Vouch {
        chain_length: state.chain.length(),
        chain_head: state.chain.head(),
    };
    match server.vouch(space, &vouch) {
        Err(error) if error.code() == Some(ErrorCode::ChainConflict) => Ok(false),
        done => done.map(|()| true),
    }
}

/// As many of these changes as a server takes at once: it looks for only so many dropped bodies.
fn one_push(mut batch: Vec<LogRow>) -> Vec<LogRow> {
    let mut drops = 0_usize;
    let fits = batch.iter().take_while(|row| {
        let change = SealedChange::parse(&row.sealed);
        let dropped = change.map_or(0, |change| change.header().drops.len());
        drops = drops.saturating_add(dropped);
        drops <= MAX_DROPS
    });
    let fits = fits.count();
    batch.truncate(fits);
    batch
}

/// Gives a restored server the changes that it lacks; call after reading its whole log. Of an author of whom
/// it holds another history by now, what is here stays here, and is named: one who says two things must not keep
/// back what all others said.
pub(super) fn backfill_changes(
    server: &ServerConnection<'_>,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<()> {
    let replica = server.replica;
    for author in replica.store.read(|r| r.unnumbered_authors(space))? {
        match backfill_author(server, space, author) {
            Err(CoreError::Refused { detail, .. }) if detail.contains_key("index") => {
                let name = replica.member_name(space, &author)?;
                let detail = format!(
                    "since it was restored, the server holds other changes of {name} than this device"
                );
                report.warn(WarningCode::Contradicted, space, detail);
            }
            done => done?,
        }
    }
    Ok(())
}

fn backfill_author(server: &ServerConnection<'_>, space: SpaceId, author: MemberId) -> Result<()> {
    let store = &server.replica.store;
    loop {
        let batch = one_push(store.read(|r| r.log_unnumbered(space, author, BATCH))?);
        if batch.is_empty() {
            return Ok(());
        }
        let sealed = batch.iter().map(|row| row.sealed.clone()).collect();
        let accepted = server.push(space, sealed)?;
        if accepted.results.len() != batch.len() {
            return Err(CoreError::BadAnswer(
                "it counts other changes than were sent".to_owned(),
            ));
        }
        store.write(|w| {
            for (row, result) in batch.iter().zip(&accepted.results) {
                if result.id != row.id {
                    return Err(CoreError::BadAnswer("it names another change".to_owned()));
                }
                w.log_numbered(row, result.number)?;
            }
            Ok::<_, CoreError>(())
        })?;
    }
}
