//! Deleting: a small document says which document went and what of it was read (`domain::Deletion`), and whoever
//! hears of it lets go of that document: its row, what search and snapshots know of it, its blobs, and the bodies of
//! its changes. Headers stay in the log and still prove the history. Each device drops its own bodies on the server.
//!
//! What another phone wrote into it without knowing is not deleted: that phone writes its words anew, as a document
//! of its own, and lets go of the rest.

use std::collections::BTreeMap;

use companion_protocol::change::SealedChange;
use companion_protocol::id::{Counter, MemberId, SpaceId};

use super::commit::Edit;
use super::envelope::{self, Envelope};
use super::reseal::Resealed;
use super::share::{copy_id, moving, note_former, times_shared, until_settled};
use super::{Begins, Map, Records, fields_of, history};
use crate::document;
use crate::domain::{Content, Declared, Deletion, DocumentId, Moment, Purpose, Side, declared};
use crate::error::{CoreError, NotNow, Result};
use crate::replica::SpaceState;
use crate::store::{ItemRow, LogRow, Reader, Standing, Writer};

/// What names the copies that say anew what was written into a deleted document.
pub(super) const ANEW: &[u8] = b"written into after it was deleted";

/// How many copies of a deleted document are looked through for one that says the same. More than there are phones.
pub(super) const COPIES: usize = 16;

/// All that is known of the deletions of one document.
pub(super) struct Deletions(Vec<(BTreeMap<MemberId, Counter>, ItemRow)>);

impl Deletions {
    pub(super) fn of(r: &Reader<'_>, document: DocumentId) -> Result<Self> {
        let rows = r.deletions_of(document)?.into_iter();
        let read = rows.filter_map(|row| {
            let deletion = Deletion::from_projection(&fields_of(&row)).ok()?;
            Some((deletion.read, row))
        });
        Ok(Self(read.collect()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a change of the document, in that space, was read by somebody who deleted it.
    pub(super) fn cover(&self, space: SpaceId, author: MemberId, counter: Counter) -> bool {
        self.0.iter().any(|(read, row)| {
            let its_own = row.writers.iter().find(|writer| writer.member == author);
            let is_before =
                its_own.is_some_and(|own| own.counter == Counter(0) || counter < own.counter);
            let was_read = read.get(&author).is_some_and(|through| counter <= *through);
            row.space == space && (is_before || was_read)
        })
    }

    fn are_by(&self, member: MemberId) -> bool {
        let mut writers = self.0.iter().flat_map(|(_, row)| &row.writers);
        writers.any(|writer| writer.member == member)
    }

    fn at(&self) -> Option<Moment> {
        let at = |(_, row): &(_, ItemRow)| {
            Deletion::from_projection(&fields_of(row))
                .ok()
                .map(|it| it.at)
        };
        self.0.iter().filter_map(at).min_by_key(|at| at.unix_ms)
    }
}

/// Lets go of a document that was deleted, where nothing is left of it that whoever deleted it had not read. Else it
/// stays until its words were written anew.
pub(super) fn settle(w: &mut Writer<'_>, state: &SpaceState, document: DocumentId) -> Result<()> {
    let deletions = Deletions::of(w, document)?;
    let row = w.item(document)?;
    if deletions.is_empty() || row.as_ref().is_some_and(|row| row.space != state.row.space) {
        return Ok(());
    }
    match row {
        Some(row) if has_something_left_over(w, state, &row, &deletions)? => Ok(()),
        _ => let_go(w, state, document, &deletions),
    }
}

/// Whether a deleted document says something that nobody who deleted it had read, or was made private again by
/// somebody who had not heard of it.
fn has_something_left_over(
    r: &Reader<'_>,
    state: &SpaceState,
    row: &ItemRow,
    deletions: &Deletions,
) -> Result<bool> {
    let space = state.row.space;
    // Of what is not shown another copy stands for it, or there is nothing to read.
    if !matches!(row.standing, Standing::Living | Standing::Unreadable) {
        return Ok(false);
    }
    // An import repeats what somebody had read who deleted it since, and is no word of anybody's.
    if row.standing == Standing::Living && Envelope::read(&fields_of(row)).brought_in {
        return Ok(false);
    }
    let is_its_own = deletions.are_by(state.my_id());
    if all_was_read(r, space, row.document, deletions, is_its_own)? {
        return Ok(false);
    }
    // What can't be told apart is kept.
    let is_covered = |logged: &LogRow| deletions.cover(space, logged.author, logged.counter);
    let is_whole = r.bare_of(space, row.document)? == 0;
    let deleted = history::read_some(r, state, row.document, is_covered)?;
    let said = deleted.materialize().map(|whole| whole.projection);
    Ok(match said {
        Ok(said) if is_whole && row.standing == Standing::Living => {
            let (said_now, taken_back) = (fields_of(row), |of| Envelope::read(of).formerly);
            envelope::words_digest(&said) != envelope::words_digest(&said_now)
                || taken_back(&said) != taken_back(&said_now)
        }
        _ => true,
    })
}

/// Whether all changes of a document that are here were read by somebody who deleted it.
fn all_was_read(
    r: &Reader<'_>,
    space: SpaceId,
    document: DocumentId,
    deletions: &Deletions,
    is_its_own: bool,
) -> Result<bool> {
    // What waits was written before one's own deletion, which waits behind it or has left.
    if !is_its_own && !r.outbox_of_document(document)?.is_empty() {
        return Ok(false);
    }
    let authors = r.authors_of(space, document)?;
    Ok(authors
        .into_iter()
        .all(|(author, newest)| deletions.cover(space, author, newest)))
}

/// Takes a deleted document out of everything but the headers in the log.
pub(super) fn let_go(
    w: &mut Writer<'_>,
    state: &SpaceState,
    document: DocumentId,
    deletions: &Deletions,
) -> Result<()> {
    let space = state.row.space;
    let sent_through = w.space(space)?.map_or(i64::MAX, |row| row.sent_through);
    w.drop_unsent(document, sent_through)?;
    let blobs = w.blobs_of(document)?;
    let was_here = w.item(document)?.is_some();
    w.remove_item(document)?;
    for blob in blobs.iter().filter_map(|named| named.blob) {
        if !w.is_named(blob)? {
            w.let_go_of_blob(space, blob)?;
        }
    }
    let mut changes = Vec::new();
    for (position, _) in w.changes_of(space, document)? {
        changes.extend(w.log_at(position)?);
    }
    // What came since is kept until its author let go of it, unless that was deleted as well by now.
    let left_over = w.log_left_over(space, document)?;
    let covered = |row: &LogRow| {
        deletions.cover(space, row.author, row.counter) || row.author == state.my_id()
    };
    changes.extend(left_over.into_iter().filter(covered));
    for change in &changes {
        keep_header(w, state, change)?;
    }
    if was_here || !changes.is_empty() {
        w.clear_summaries()?;
        w.owe_wiping()?;
    }
    Ok(())
}

/// Keeps the header of a change of a deleted document, and notes its body where that is this device's to drop.
pub(super) fn keep_header(w: &mut Writer<'_>, state: &SpaceState, change: &LogRow) -> Result<()> {
    let sealed = SealedChange::parse(&change.sealed)
        .map_err(|error| CoreError::BadAnswer(error.to_string()))?;
    let is_ours = change.author == state.my_id() || drops_for(state, &change.author);
    if is_ours && !w.is_dropped(change.space, change.author, change.counter)? {
        w.let_go_of_body(change)?;
    }
    Ok(w.keep_header(change, sealed.bare().bytes())?)
}

/// Whether this device is the one that drops the bodies of somebody who is gone, and does it itself no more.
fn drops_for(state: &SpaceState, author: &MemberId) -> bool {
    let is_gone = state.chain.member(author).is_some() && state.chain.present(author).is_none();
    is_gone && state.chain.may_drop_now(&state.my_id(), author)
}

/// That a document still says what was read before the transaction began.
pub(super) fn must_be_as_read(r: &Reader<'_>, row: &ItemRow) -> Result<()> {
    let present = r.item(row.document)?.map(|present| present.revision);
    if present.as_ref() != Some(&row.revision) {
        return Err(NotNow::Contended.into());
    }
    Ok(())
}

impl Records {
    /// Deletes something private: it is shown nowhere any more, and nothing of what it said stays on any of the
    /// patient's devices or on the server, once they have heard of it. What another phone wrote into it without
    /// knowing comes back. What never left this device is gone without a trace.
    ///
    /// What is shared is withdrawn and deleted in one act: the clinic stops showing it, and what was private of it
    /// goes. What the clinic received it may have to keep.
    ///
    /// # Errors
    ///
    /// [`NotNow::NotShareable`] for what always lives in the shared record. [`NotNow::Contended`] where something is
    /// written into it at this moment: nobody decided to delete that.
    pub(crate) fn delete(&self, kind: &Declared, id: DocumentId) -> Result<()> {
        self.take_out(kind, id)?;
        self.wipe()
    }

    /// The same, and the file still is to be wiped: for whoever deletes a lot.
    pub(crate) fn take_out(&self, kind: &Declared, id: DocumentId) -> Result<()> {
        let row = self.replica.store.read(|r| self.living_row(kind, r, id))?;
        let state = self.replica.space(row.space)?;
        if !state.is(Purpose::Private) {
            return self.withdraw_and_delete(kind, id);
        }
        let deletion = self.deletion_of(&row, &state, self.replica.now())?;
        // Of what a folder outside holds it is said that it was deleted: another phone may import that.
        let is_in_folder = self.replica.is_in_folder(id)?;
        let said = std::slice::from_ref(&deletion);
        let said = said.get(..usize::from(is_in_folder)).unwrap_or_default();
        if self.forget_unsent(&row, said, |_| Ok(()))? {
            return Ok(());
        }
        self.replica.commit_and(&[deletion], |w| {
            must_be_as_read(w, &row)?;
            let_go(w, &state, id, &Deletions::of(w, id)?)
        })
    }

    /// The same, whatever is written into it meanwhile: for whoever takes back everything.
    pub(crate) fn take_out_as_it_stands(&self, kind: &Declared, id: DocumentId) -> Result<()> {
        until_settled(|| self.take_out(kind, id))
    }

    /// Withdraws something shared without taking its words back, and deletes the private document that it was shared
    /// from.
    fn withdraw_and_delete(&self, kind: &Declared, id: DocumentId) -> Result<()> {
        let row = self.shareable_row(kind, id)?;
        let now = self.replica.now();
        let twin = self.twin_of(kind, &row, Standing::MovedOn)?;
        let twin = match &twin {
            Some(twin) => Some((twin, self.replica.space(twin.space)?)),
            None => None,
        };
        let mut edits = vec![self.deletion_of_shared(&row, now)?];
        if let Some((twin, state)) = &twin {
            edits.push(self.deletion_of(twin, state, now)?);
        }
        let delete_twin = |w: &mut Writer<'_>| {
            let Some((twin, state)) = &twin else {
                return Ok(());
            };
            must_be_as_read(w, twin)?;
            let_go(w, state, twin.document, &Deletions::of(w, twin.document)?)
        };
        if !self.forget_unsent(&row, &edits, delete_twin)? {
            let mut target = fields_of(&row);
            let mut closed = Envelope::read(&target);
            closed.withdrawn_at = Some(now);
            closed.withdrawn_words = Some(envelope::words_digest(&target));
            closed.write(&mut target);
            edits.push(moving(kind, &row, target));
            self.replica.commit_and(&edits, delete_twin)?;
        }
        Ok(())
    }

    /// Of something shared it is said as well: another phone that takes it back meanwhile brings it back with that.
    fn deletion_of_shared(&self, row: &ItemRow, at: Moment) -> Result<Edit> {
        let deletion = Deletion {
            about: row.document,
            read: BTreeMap::new(),
            shared: u32::MAX,
            at,
        };
        let document = DocumentId::random(&*self.replica.ports.rng);
        let private = self.writable_space(Purpose::Private)?;
        Edit::new(private, document, &deletion.checked()?)
    }

    /// The document that says that another one was deleted, with all that is read of it here.
    fn deletion_of(&self, row: &ItemRow, state: &SpaceState, at: Moment) -> Result<Edit> {
        let others = row
            .writers
            .iter()
            .filter(|writer| writer.member != state.my_id());
        let deletion = Deletion {
            about: row.document,
            read: others
                .map(|writer| (writer.member, writer.counter))
                .collect(),
            shared: u32::try_from(times_shared(&Envelope::read(&fields_of(row))))
                .unwrap_or(u32::MAX),
            at,
        };
        let document = DocumentId::random(&*self.replica.ports.rng);
        Edit::new(row.space, document, &deletion.checked()?)
    }

    /// After an exchange has read: writes anew what was written into something that was deleted meanwhile, and lets
    /// go of the rest. Says whether there is something to send.
    pub(crate) fn finish_deletions(&self) -> Result<bool> {
        if self.replica.side != Side::Patient {
            return Ok(false);
        }
        let mut to_send = self.take_back_what_was_deleted()?;
        for space in self.replica.spaces_for(Purpose::Private) {
            if !self.replica.row(space)?.is_member() {
                continue;
            }
            for document in self.replica.store.read(|r| r.deleted_and_here(space))? {
                to_send |= self.finish(space, document)?;
            }
            to_send |= self.carry(space)?;
        }
        Ok(to_send)
    }

    fn finish(&self, space: SpaceId, document: DocumentId) -> Result<bool> {
        let state = self.replica.space(space)?;
        let row = self.replica.store.write(|w| {
            settle(w, &state, document)?;
            Ok::<_, CoreError>(w.item(document)?)
        })?;
        let row = row.filter(|row| row.standing == Standing::Living);
        let Some(kind) = row.and_then(|row| declared(&row.kind)) else {
            return Ok(false);
        };
        until_settled(|| self.write_anew(kind, document))?;
        Ok(true)
    }

    /// Writes the words of a deleted document anew, as a document of its own: on two phones the same one. Then lets
    /// go of the deleted one.
    fn write_anew(&self, kind: &Declared, document: DocumentId) -> Result<()> {
        let (row, deletions) = self.replica.store.read(|r| {
            let row = self.any_row(kind, r, document)?;
            Ok::<_, CoreError>((row, Deletions::of(r, document)?))
        })?;
        let state = self.replica.space(row.space)?;
        let (edits, resealed) = self.anew(kind, ANEW, &row)?;
        self.replica.commit_and(&edits, |w| {
            must_be_as_read(w, &row)?;
            resealed.note(w)?;
            let_go(w, &state, document, &deletions)
        })
    }

    /// The edit that writes the words of a private document anew, as a document of its own, and the blobs that go
    /// with it. `what` names the copy.
    pub(super) fn anew(
        &self,
        kind: &Declared,
        what: &[u8],
        row: &ItemRow,
    ) -> Result<(Vec<Edit>, Resealed)> {
        let before = Envelope::read(&fields_of(row));
        let mut envelope = Envelope {
            edited_at: before.edited_at,
            formerly: before.formerly,
            ..Envelope::default()
        };
        note_former(&mut envelope, row.document);
        let mut content = envelope::content_of(&fields_of(row));
        envelope.write(&mut content);
        let resealed = self.resealed(kind, &mut content, row.space, None)?;
        Ok((self.copy_of(kind, what, row, content)?, resealed))
    }

    /// The edit that writes a copy, unless a copy says that already: another phone may have been faster. A copy that
    /// was deleted itself, or says something else, is left alone.
    fn copy_of(
        &self,
        kind: &Declared,
        what: &[u8],
        row: &ItemRow,
        content: Map,
    ) -> Result<Vec<Edit>> {
        for time in 0..COPIES {
            let id = copy_id(what, row.document, time);
            let (_, said) = document::create_framed(
                &kind.shape,
                &content,
                document::ActorId::new(*id.as_bytes()),
            )?;
            let (is_deleted, is_here, is_said) = self.replica.store.read(|r| {
                let logged = r.changes_of(row.space, id)?;
                let waiting = r.outbox_of_document(id)?;
                let is_said = logged.iter().any(|(_, change)| *change == Some(said.hash))
                    || waiting.iter().any(|row| row.change == said.hash);
                let is_deleted = !Deletions::of(r, id)?.is_empty();
                Ok::<_, CoreError>((is_deleted, r.item(id)?.is_some(), is_said))
            })?;
            if is_said && !is_deleted {
                return Ok(Vec::new());
            }
            if !is_here && !is_deleted {
                return Ok(vec![Edit {
                    document: id,
                    begins: Begins::Framed,
                    ..self.new_edit(kind, row.space, content)
                }]);
            }
        }
        Ok(vec![self.new_edit(kind, row.space, content)])
    }

    /// Sees to it that a change is sent which names the bodies that wait to be dropped.
    fn carry(&self, space: SpaceId) -> Result<bool> {
        let state = self.replica.space(space)?;
        let document = self.replica.store.read(|r| {
            let sent_through = state.row.sent_through;
            match r.needs_carrier(space, sent_through)? {
                true => r.waits_to_be_dropped(space),
                false => Ok(None),
            }
        })?;
        let Some(document) = document else {
            return Ok(false);
        };
        let at = self
            .replica
            .store
            .read(|r| Ok::<_, CoreError>(Deletions::of(r, document)?.at()))?;
        let deletion = Deletion {
            about: document,
            read: BTreeMap::new(),
            shared: u32::MAX,
            at: at.unwrap_or_else(|| self.replica.now()),
        };
        let id = DocumentId::random(&*self.replica.ports.rng);
        self.replica.commit(&[Edit::new(space, id, &deletion)?])?;
        Ok(true)
    }

    /// Takes the files of deleted blobs away, and overwrites what the store still holds of what was deleted. What
    /// can't be done now is done later: it stays owed.
    pub(crate) fn wipe(&self) -> Result<()> {
        let store = &self.replica.store;
        for blob in store.read(|r| r.blobs_deleted())? {
            store.blob_files().remove(blob)?;
        }
        if store.read(|r| r.is_wiping_due())? {
            // It may be the one that was deleted.
            self.replica.forget_open();
        }
        match store.wipe_if_due() {
            Err(error) if error.forbids_writing_alone() => Ok(()),
            done => Ok(done.map(drop)?),
        }
    }
}
