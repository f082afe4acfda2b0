//! Giving a restored server what it lost: statements and changes, whoever wrote them.

use companion_protocol::api::ErrorCode;
use companion_protocol::id::{Incarnation, LogNumber, SpaceId};

use super::connection::ServerConnection;
use super::push::BATCH;
use super::round::GRANT;
use crate::error::{CoreError, Result};
use crate::replica::Replica;
use crate::settings::SERVER;

impl Replica {
    /// Starts over with a server that was restored: its numbers mean nothing any more, and what it
    /// turns out to lack will be given to it, however often that is interrupted.
    pub(super) fn begin_backfill(&self, space: SpaceId, incarnation: Incarnation) -> Result<()> {
        self.write_with_row(space, |w, row| {
            row.incarnation = Some(incarnation);
            row.on_server = true;
            row.cursor = LogNumber(0);
            row.backfilling = true;
            Ok(w.clear_numbers(space)?)
        })
    }
}

impl Replica {
    /// Goes to another server with everything: what it turns out to lack will be given to it, as to one
    /// that was restored. `grant` is for what is kept private, should it have to be founded there.
    ///
    /// The address is written last. Broken off before that, the present server is read again from its
    /// beginning, and nothing else happens.
    pub(crate) fn move_to_server(&self, address: &str, grant: Option<&[u8]>) -> Result<()> {
        for row in self.rows() {
            self.write_with_row(row.space, |w, row| {
                row.incarnation = None;
                row.on_server = false;
                row.cursor = LogNumber(0);
                row.backfilling = true;
                Ok(w.clear_numbers(row.space)?)
            })?;
        }
        self.store.write(|w| {
            if let Some(grant) = grant {
                w.set_setting(GRANT, grant)?;
            }
            Ok::<_, CoreError>(w.set_setting(SERVER, address.as_bytes())?)
        })
    }
}

/// An address as it is kept: without what two spellings of one address differ in.
pub(crate) fn tidy_address(address: &str) -> &str {
    address.trim().trim_end_matches('/')
}

/// Gives a restored server the statements that it lost. Where it does not say how far its chain goes,
/// since it counts us among the members no more, it refuses what it has as it refuses a stranger.
pub(super) fn backfill_chain(
    server: &ServerConnection<'_>,
    space: SpaceId,
    server_length: u64,
    says_how_far: bool,
) -> Result<()> {
    let state = server.replica.space(space)?;
    let missing = state.statements.iter();
    let mut refused = None;
    for statement in missing.filter(|statement| statement.sequence() >= server_length) {
        match server.extend(space, statement.bytes()) {
            Ok(()) => refused = None,
            Err(error) => match error.code() {
                // Another member was faster with the same.
                Some(ErrorCode::ChainConflict) => {}
                Some(ErrorCode::Forbidden | ErrorCode::InviteUnusable) if !says_how_far => {
                    refused = Some(error);
                }
                _ => return Err(error),
            },
        }
    }
    refused.map_or(Ok(()), Err)
}

/// The changes that a restored server lacks; call after reading its whole log.
pub(super) fn backfill_changes(server: &ServerConnection<'_>, space: SpaceId) -> Result<()> {
    let store = &server.replica.store;
    loop {
        let batch = store.read(|r| r.log_unnumbered(space, BATCH))?;
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
            for result in &accepted.results {
                w.log_numbered(space, result.id, result.number)?;
            }
            Ok::<_, CoreError>(())
        })?;
    }
}
