//! Which bodies may go from here on, by what a change says: of that very change, by whoever may (the chain was
//! asked), and never in silence where another than its author says so.

use std::collections::BTreeMap;

use companion_protocol::change::{Header, SealedChange};
use companion_protocol::id::{Counter, MemberId, SpaceId};

use super::Intake;
use crate::domain::Side;
use crate::error::Result;
use crate::report::WarningCode;
use crate::store::{AwaitedDrop, Reader, Writer};

/// How many drops of changes that are not here are kept in mind for a space. What is beyond that comes with
/// its body, or is missed as withheld.
const MOST_AWAITED: usize = 4096;

/// Drops of changes that are not here: what is dropped is mostly here before, but for what a restored server
/// is still to be given.
pub(super) struct Awaited {
    by_change: BTreeMap<(MemberId, Counter), Vec<AwaitedDrop>>,
    count: usize,
}

impl Awaited {
    pub(super) fn read(reader: &Reader<'_>, space: SpaceId) -> Result<Self> {
        let all = reader.drops_awaited(space)?;
        let count = all.len();
        let mut by_change: BTreeMap<_, Vec<AwaitedDrop>> = BTreeMap::new();
        for drop in all {
            let of = by_change.entry((drop.author, drop.counter)).or_default();
            of.push(drop);
        }
        Ok(Self { by_change, count })
    }

    /// Adds one that is not there yet, where there is room.
    fn add(&mut self, drop: AwaitedDrop) -> bool {
        let of = self
            .by_change
            .entry((drop.author, drop.counter))
            .or_default();
        let is_there = of.iter().any(|other| other.history == drop.history);
        let is_new = !is_there && self.count < MOST_AWAITED;
        if is_new {
            of.push(drop);
            self.count += 1;
        }
        is_new
    }

    fn take(&mut self, author: MemberId, counter: Counter) -> Vec<AwaitedDrop> {
        let of = self
            .by_change
            .remove(&(author, counter))
            .unwrap_or_default();
        self.count = self.count.saturating_sub(of.len());
        of
    }
}

impl Intake<'_> {
    /// Notes which bodies may go from here on. A patient's device lets go of them; a clinic's node keeps
    /// what was shared with it, as it has to.
    pub(super) fn take_drops(&mut self, w: &mut Writer<'_>, header: &Header) -> Result<()> {
        let space = self.state.row.space;
        for dropped in &header.drops {
            let Some(member) = self.state.chain.member_by_index(dropped.index) else {
                continue;
            };
            let drop = AwaitedDrop {
                author: member.id,
                counter: dropped.counter,
                history: dropped.hash,
                dropper: header.author,
            };
            match w.log_standing(space, drop.author, drop.counter)? {
                None => {
                    if self.awaited.add(drop) {
                        w.await_drop(space, &drop)?;
                    }
                }
                Some((history, is_bare)) if history == drop.history => {
                    self.note(w, &drop)?;
                    if !is_bare && self.lets_go() {
                        self.to_drop.push(drop);
                    }
                }
                // Another change than the one that is here: that one stays.
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Lets go of bodies that may go, once the page is read: what was deleted with them is compared with what is here
    /// before, so that nothing goes which its deleter had not read.
    pub(super) fn drop_bodies(&mut self, w: &mut Writer<'_>) -> Result<()> {
        let space = self.state.row.space;
        for drop in std::mem::take(&mut self.to_drop) {
            let row = w.log_of(space, drop.author, drop.counter)?;
            if let Some(row) = row.filter(|row| !row.is_bare())
                && let Ok(whole) = SealedChange::parse(&row.sealed)
            {
                w.drop_body(&row, whole.bare().bytes())?;
                w.owe_wiping()?;
            }
        }
        Ok(())
    }

    /// A change as it is kept: without its body where that was dropped before it came.
    pub(super) fn without_what_was_dropped(
        &mut self,
        w: &mut Writer<'_>,
        change: SealedChange,
    ) -> Result<SealedChange> {
        let (space, header) = (self.state.row.space, change.header());
        let (author, counter) = (header.author, header.counter);
        let awaited = self.awaited.take(author, counter);
        if awaited.is_empty() {
            return Ok(change);
        }
        w.forget_awaited(space, author, counter)?;
        let history = change.history();
        let Some(drop) = awaited.iter().find(|drop| drop.history == history) else {
            return Ok(change);
        };
        self.note(w, drop)?;
        // One's own is in the outbox still, whole, and is taken from there.
        if author == self.me || !self.lets_go() {
            return Ok(change);
        }
        Ok(change.bare())
    }

    fn lets_go(&self) -> bool {
        self.rows.replica.side == Side::Patient
    }

    fn note(&mut self, w: &mut Writer<'_>, drop: &AwaitedDrop) -> Result<()> {
        let of = (drop.author, drop.counter);
        let is_new = w.note_dropped(self.state.row.space, of, drop.dropper)?;
        self.dropped_of_others |= is_new && drop.dropper != drop.author && drop.dropper != self.me;
        Ok(())
    }

    /// Says who let go of what others wrote. All of it: one warning stands for a space.
    pub(super) fn say_what_was_dropped(&mut self, reader: &Reader<'_>) -> Result<()> {
        if !std::mem::take(&mut self.dropped_of_others) {
            return Ok(());
        }
        let (replica, state) = (self.rows.replica, self.state);
        let mut said = Vec::new();
        for (dropper, author, count) in reader.dropped_of_others(state.row.space)? {
            if dropper == self.me {
                continue;
            }
            let changes = if count == 1 { "change" } else { "changes" };
            said.push(format!(
                "{} deleted the content of {count} {changes} of {}",
                replica.name_in(state, &dropper)?,
                replica.name_in(state, &author)?,
            ));
        }
        if !said.is_empty() {
            self.gaps.push((WarningCode::Dropped, said.join("; ")));
        }
        Ok(())
    }
}
