//! Reading a space's log from the cursor to its end.

use companion_protocol::api::MAX_PULL;
use companion_protocol::id::{LogNumber, SealedHash, SpaceId};
use std::collections::BTreeSet;

use super::connection::ServerConnection;
use super::membership::read_chain;
use crate::domain::{Purpose, Side};
use crate::error::{CoreError, Result};
use crate::records::{Intake, IntakeOutcome, Rows, genuine};
use crate::report::{SyncReport, WarningCode};

/// Reads the log from the cursor to its end. Each page is one transaction with its cursor.
pub(crate) fn pull(
    server: &ServerConnection<'_>,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<()> {
    let mut chain_read = false;
    loop {
        let after = server.replica.row(space)?.cursor;
        let page = server.pull(space, after, MAX_PULL)?;
        let mut numbers = page.changes.iter().map(|(number, _)| *number);
        if numbers.next().is_some_and(|first| first <= after) {
            return Err(CoreError::BadAnswer(
                "it gives again what was not asked for".to_owned(),
            ));
        }
        let last = page.changes.last().map_or(after, |(number, _)| *number);
        let genuine = genuine(&page.changes);
        let whole = take_page(server, space, &page.changes, &genuine, report)?;
        if !whole {
            if chain_read {
                return Err(CoreError::BadAnswer(
                    "its changes name members' statements that it does not give".to_owned(),
                ));
            }
            // Somebody joined or was removed between our reading the chain and the log.
            read_chain(server, space)?;
            chain_read = true;
            continue;
        }
        chain_read = false;
        if last >= page.head || page.changes.is_empty() {
            return whole_or_said(server, space, report);
        }
    }
}

/// Once all is read: a body that is not there must have been dropped by somebody who may.
fn whole_or_said(
    server: &ServerConnection<'_>,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<()> {
    let replica = server.replica;
    let withheld = replica.store.read(|r| r.bodies_withheld(space))?;
    if withheld > 0 {
        let detail =
            format!("{withheld} changes came without their content, and nobody deleted that");
        report.warn(WarningCode::Withheld, space, detail);
        replica.update_row(space, |row| row.gaps = true)?;
    }
    Ok(())
}

/// Takes in a page. Gives whether it was whole: it stops before a change that names a statement we
/// have not read.
fn take_page(
    server: &ServerConnection<'_>,
    space: SpaceId,
    changes: &[(LogNumber, Vec<u8>)],
    genuine: &BTreeSet<SealedHash>,
    report: &mut SyncReport,
) -> Result<bool> {
    if changes.is_empty() {
        return Ok(true);
    }
    let replica = server.replica;
    // By the server's clock, as far as it is known: whose clock is ahead must not depend on one that lags.
    let now_ms = replica.server_now().unix_ms;
    let state = replica.space(space)?;
    let rows = Rows::new(replica);
    let (whole, taken, contradicted) = replica.write_with_row(space, |w, row| {
        let mut whole = true;
        let mut taken = SyncReport::default();
        let mut intake = Intake::new(w, &rows, &state, genuine, now_ms)?;
        for (number, bytes) in changes {
            match intake.take(w, *number, bytes)? {
                IntakeOutcome::New => taken.received += 1,
                IntakeOutcome::Acknowledged => taken.sent += 1,
                IntakeOutcome::Known => {}
                IntakeOutcome::NeedsChain => {
                    whole = false;
                    break;
                }
                IntakeOutcome::Quarantined(code, why) | IntakeOutcome::Rejected(code, why) => {
                    taken.warn(code, space, why);
                }
            }
            row.cursor = *number;
        }
        intake.finish(w)?;
        let contradicted = std::mem::take(&mut intake.contradicted);
        for (code, detail) in intake.gaps {
            taken.warn(code, space, detail);
        }
        let withheld = |w: &crate::report::Warning| w.code == WarningCode::Withheld;
        // With the page: whatever breaks off now, nobody says it again.
        for warning in &taken.warnings {
            w.put_warning(
                warning.code.as_str(),
                warning.space,
                &warning.detail,
                now_ms,
            )?;
        }
        row.gaps |= taken.warnings.iter().any(withheld);
        if taken.received > 0 {
            row.received_ms = Some(now_ms);
        }
        // Whatever came, usable or not, may move on how far the clinic has received.
        row.unacknowledged |= replica.side == Side::Clinic && row.purpose == Purpose::Care;
        Ok((whole, taken, contradicted))
    })?;
    replica.lay_down_contradicted(&state, &contradicted)?;
    report.received += taken.received;
    report.sent += taken.sent;
    for warning in taken.warnings {
        report.warn(warning.code, space, warning.detail);
    }
    Ok(whole)
}
