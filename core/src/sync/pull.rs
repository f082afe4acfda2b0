//! Reading a space's log from the cursor to its end.

use companion_protocol::api::MAX_PULL;
use companion_protocol::id::{Counter, LogNumber, SealedHash, SpaceId};
use std::collections::{BTreeMap, BTreeSet};

use super::connection::ServerConnection;
use super::membership::read_chain;
use crate::domain::{Purpose, Side};
use crate::error::{CoreError, Result};
use crate::records::{Intake, IntakeOutcome, Rows, genuine};
use crate::replica::Replica;
use crate::report::{SyncReport, WarningCode};

/// Reads the log from the cursor to its end. Each page is one transaction with its cursor.
pub(crate) fn pull(
    server: &ServerConnection<'_>,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<()> {
    let mut chain_read = false;
    let row = server.replica.row(space)?;
    let is_again = row.gaps && row.cursor == LogNumber(0);
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
            return whole_or_said(server, space, is_again, report);
        }
    }
}

/// Once all is read: a body that is not there must have been dropped by somebody who may. It is looked for once,
/// by reading all again.
fn whole_or_said(
    server: &ServerConnection<'_>,
    space: SpaceId,
    is_again: bool,
    report: &mut SyncReport,
) -> Result<()> {
    let replica = server.replica;
    let withheld = replica.store.read(|r| r.bodies_withheld(space))?;
    let missed = replica.row(space)?.bodies_missed;
    if withheld > missed && !is_again {
        let detail = format!(
            "{withheld} changes came without their content, and nobody deleted that: the server keeps it back, or \
             their author sent it so"
        );
        report.warn(WarningCode::Withheld, space, detail);
    }
    if withheld == missed {
        return Ok(());
    }
    replica.update_row(space, |row| match is_again || withheld < missed {
        true => row.bodies_missed = withheld,
        false => row.gaps = true,
    })
}

/// Says where the last change that a removal names is not here: a server that keeps it from this device alone
/// shows a shorter history than the others have.
pub(super) fn miss_what_removals_name(
    replica: &Replica,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<()> {
    let state = replica.space(space)?;
    let removed = state
        .chain
        .members()
        .filter_map(|member| Some((member, member.removed?)));
    let removed: Vec<_> = removed.collect();
    if removed.is_empty() {
        return Ok(());
    }
    let heads = replica.store.read(|r| r.author_heads(space))?;
    let heads: BTreeMap<_, _> = heads
        .into_iter()
        .map(|(author, counter, _)| (author, counter))
        .collect();
    for (member, removed) in removed {
        let here = heads.get(&member.id).copied().unwrap_or(Counter(0));
        if here < removed.last.counter {
            let detail = format!(
                "{} wrote up to change {}, as whoever removed it says, and change {} is the last that the server gives",
                replica.name_in(&state, &member.id)?,
                removed.last.counter.0,
                here.0
            );
            report.warn(WarningCode::Withheld, space, detail);
        }
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
    server.did(|it| {
        it.received += taken.received;
        it.sent += taken.sent;
    });
    for warning in taken.warnings {
        report.warn(warning.code, space, warning.detail);
    }
    Ok(whole)
}
