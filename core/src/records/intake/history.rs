//! What a change says of histories, its author's own and those of others: the author's count and hash link,
//! and how far it had read others.

use companion_protocol::change::{Header, SealedChange};
use companion_protocol::id::{Counter, HistoryHash};

use super::{Contradiction, Intake, IntakeOutcome};
use crate::error::Result;
use crate::report::WarningCode;
use crate::store::Reader;

impl Intake<'_> {
    /// Whether a removed member's change comes after others that knew of the removal: no server took
    /// it in time.
    pub(super) fn is_backdated(&self, header: &Header) -> bool {
        let removed = self.state.chain.member(&header.author);
        let Some(removed) = removed.and_then(|member| member.removed) else {
            return true;
        };
        let knew = self.state.chain.sequence_of(&header.chain_head);
        self.chain_seen >= removed.sequence
            || knew.is_none_or(|sequence| sequence >= removed.sequence)
    }

    /// The author's own count and hash link. A hole means that somebody withholds something: said,
    /// not guessed at. The same count twice means a fork.
    pub(super) fn check_history(
        &mut self,
        reader: &Reader<'_>,
        change: &SealedChange,
    ) -> Result<Option<IntakeOutcome>> {
        let header = change.header();
        let (last, hash) = self
            .heads
            .get(&header.author)
            .copied()
            .unwrap_or((Counter(0), HistoryHash::ZERO));
        if header.counter <= last {
            let stands = reader.log_counted(header.space, header.author, header.counter)?;
            // Nothing stands there: it was withheld before, and comes late.
            return Ok(stands.then(|| {
                IntakeOutcome::Rejected(
                    WarningCode::Forked,
                    format!(
                        "member {} counted {} twice",
                        header.author.short(),
                        header.counter
                    ),
                )
            }));
        }
        if header.counter > last.next() && header.author == self.me {
            // Taken out of turn it would move this device's count on, and what waits would be signed again
            // under counts that something else was sent under: proof against a device that did no wrong.
            return Ok(Some(IntakeOutcome::Rejected(
                WarningCode::Withheld,
                format!(
                    "changes {} to {} of this device are missing before its own change {}",
                    last.next(),
                    header.counter.0.saturating_sub(1),
                    header.counter
                ),
            )));
        }
        if header.counter > last.next() {
            self.gaps.push((
                WarningCode::Withheld,
                format!(
                    "changes {} to {} of member {} are missing",
                    last.next(),
                    header.counter.0.saturating_sub(1),
                    header.author.short()
                ),
            ));
        } else if header.previous_own != hash {
            self.gaps.push((
                WarningCode::Forked,
                format!(
                    "change {} of member {} follows another history than ours",
                    header.counter,
                    header.author.short()
                ),
            ));
        }
        Ok(None)
    }

    /// What its author had read of others by then must be here too, since the log is in order; and it must
    /// be the same. Where it is not, either that other member signed two histories, or this author lies of
    /// what it read: both are named, and whoever holds the other signature can prove which.
    pub(super) fn check_frontier(&mut self, reader: &Reader<'_>, header: &Header) -> Result<()> {
        for seen in &header.frontier {
            let Some(member) = self.state.chain.member_by_index(seen.index) else {
                continue;
            };
            let space = self.state.row.space;
            if let Some(history) = reader.log_history(space, member.id, seen.counter)? {
                if history != seen.hash {
                    self.contradicted.insert(Contradiction {
                        by: header.author,
                        author: member.id,
                        counter: seen.counter,
                    });
                    self.gaps.push((
                        WarningCode::Contradicted,
                        format!(
                            "change {} of {} is another one here than for {}",
                            seen.counter,
                            self.rows.replica.member_name(space, &member.id)?,
                            self.rows.replica.member_name(space, &header.author)?,
                        ),
                    ));
                }
                continue;
            }
            // What a removed member slipped in is not given to everybody, and need not be.
            let known = match member.removed {
                Some(removed) => seen.counter.min(removed.last.counter),
                None => seen.counter,
            };
            let here = self
                .heads
                .get(&member.id)
                .map_or(Counter(0), |(counter, _)| *counter);
            if here < known && member.id != self.me {
                self.gaps.push((
                    WarningCode::Withheld,
                    format!(
                        "member {} had read change {} of member {}; we were given {here}",
                        header.author.short(),
                        seen.counter,
                        member.id.short(),
                    ),
                ));
            }
        }
        Ok(())
    }
}
