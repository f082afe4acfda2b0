//! Sharing something and withdrawing it: which of its two copies is the living one.

use super::commit::{Begins, Edit, TRIES};
use super::envelope::{self, Envelope};
use super::reseal::Resealed;
use super::row::LEFT_BEHIND;
use super::write::edit_of;
use super::{MAX_PAGE, Map, Records, View, fields_of, provenance};
use sha2::{Digest as _, Sha256};

use crate::domain::{Content, Declared, DocumentId, Purpose, REGISTRY, Side, Visibility};
use crate::error::{CoreError, NotNow, Result};
use crate::store::{ItemQuery, ItemRow, Order, Reader, Standing, Writer};

/// What names the copies of a private document that share it, by number.
pub(super) const SHARED: &[u8] = b"shared";
/// What names the copy that takes something shared back.
pub(super) const PRIVATE: &[u8] = b"private";

/// The edits by which something goes over into another document.
struct Moving {
    /// The document that says it from then on.
    to: DocumentId,
    edits: Vec<Edit>,
    /// The blobs that go with it.
    resealed: Resealed,
}

/// What is to be done so that something is withdrawn.
enum Withdrawing {
    /// Nothing any more: it is in this private document.
    Done(DocumentId),
    Due(Moving),
}

impl Records {
    /// Lets the care team see something: what it says now becomes a **new** document in the care
    /// space, so the history of private drafts never travels. For what is shared already, changes how.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`] when there is nobody to share it with; [`NotNow`] when it is not shown
    /// any more or is not of a kind that is shared.
    pub(crate) fn share<T: Content>(
        &self,
        id: DocumentId,
        visibility: Visibility,
    ) -> Result<View<T>> {
        if !visibility.is_shared() {
            return self.withdraw(id);
        }
        until_settled(|| {
            let moving = self.sharing(Declared::by::<T>(), id, visibility)?;
            self.replica.commit_and(&moving.edits, |w| {
                moving.resealed.note(w)?;
                self.view_of(w, moving.to)
            })
        })
    }

    /// The same of a kind whose type is not at hand.
    pub(crate) fn share_of(
        &self,
        kind: &Declared,
        id: DocumentId,
        visibility: Visibility,
    ) -> Result<()> {
        until_settled(|| {
            let moving = match visibility.is_shared() {
                true => self.sharing(kind, id, visibility)?,
                false => match self.withdrawing(kind, id)? {
                    Withdrawing::Done(_) => return Ok(()),
                    Withdrawing::Due(moving) => moving,
                },
            };
            let note = |w: &mut Writer<'_>| moving.resealed.note(w);
            self.replica.commit_and(&moving.edits, note)
        })
    }

    /// The edits that share something as it is now.
    fn sharing(&self, kind: &Declared, id: DocumentId, visibility: Visibility) -> Result<Moving> {
        let row = self.shareable_row(kind, id)?;
        let mut content = envelope::content_of(&fields_of(&row));
        kind.set_visibility(&mut content, visibility)?;
        if self.is_shared(row.space) {
            let mut target = fields_of(&row);
            target.extend(content);
            return Ok(Moving {
                to: row.document,
                edits: vec![edit_of(kind, &row, target)],
                resealed: Resealed::default(),
            });
        }
        let Envelope { formerly, .. } = Envelope::read(&fields_of(&row));
        // Two phones that share the same apart make one shared document of it.
        let times = times_shared(&Envelope::read(&fields_of(&row)));
        let id = copy_id(SHARED, row.document, times);
        Envelope {
            formerly,
            ..Envelope::default()
        }
        .write(&mut content);
        let care = self.writable_space(Purpose::Care)?;
        let resealed = self.resealed(kind, &mut content, care, None)?;
        let shared_edit = self.copy_edit(kind, care, id, content)?;
        let shared = shared_edit.document;
        let mut target = fields_of(&row);
        let closed = Envelope {
            shared_as: Some(shared),
            shared_words: Some(envelope::words_digest(&target)),
            ..Envelope::read(&target)
        };
        closed.write(&mut target);
        let mark_edit = moving(kind, &row, target);
        Ok(Moving {
            to: shared,
            edits: vec![shared_edit, mark_edit],
            resealed,
        })
    }

    /// Withdraws something: what it says now becomes private again, and the shared document is
    /// marked, so that the clinic stops showing it. What the clinic has received it may have to keep;
    /// that can't be undone from here.
    ///
    /// # Errors
    ///
    /// [`NotNow`] when it is not shown any more or is not of a kind that is shared.
    pub(crate) fn withdraw<T: Content>(&self, id: DocumentId) -> Result<View<T>> {
        let kind = Declared::by::<T>();
        until_settled(|| match self.withdrawing(kind, id)? {
            Withdrawing::Done(private) => self.get(private),
            Withdrawing::Due(moving) => self.replica.commit_and(&moving.edits, |w| {
                moving.resealed.note(w)?;
                self.view_of(w, moving.to)
            }),
        })
    }

    /// The edits that withdraw something. What may not have left yet is private again at once.
    fn withdrawing(&self, kind: &Declared, id: DocumentId) -> Result<Withdrawing> {
        let row = self.shareable_row(kind, id)?;
        if !self.is_shared(row.space) {
            return Ok(Withdrawing::Done(row.document));
        }
        let (private_edit, resealed) = self.taking_back(kind, &row)?;
        let private = private_edit.document;
        let edits = std::slice::from_ref(&private_edit);
        if self.forget_unsent(&row, edits, |w| resealed.note(w))? {
            return Ok(Withdrawing::Done(private));
        }
        let mut target = fields_of(&row);
        let mut closed = Envelope::read(&target);
        closed.withdrawn_at = Some(self.replica.now());
        closed.withdrawn_words = Some(envelope::words_digest(&target));
        closed.write(&mut target);
        let mark_edit = moving(kind, &row, target);
        Ok(Withdrawing::Due(Moving {
            to: private,
            edits: vec![private_edit, mark_edit],
            resealed,
        }))
    }

    /// How something is shared, by its own name or by that of the private document that it was shared from; `None`
    /// where it is not.
    pub(crate) fn how_shared<T: Content>(&self, id: DocumentId) -> Result<Option<Visibility>> {
        let row = self.shareable_row(Declared::by::<T>(), id)?;
        if !self.is_shared(row.space) {
            return Ok(None);
        }
        Ok(super::read_row::<T>(&row)?.visibility())
    }

    /// Whether something is shared, by its own name or by that of the private document that it was shared from.
    pub(crate) fn is_shared_now(&self, kind: &Declared, id: DocumentId) -> Result<bool> {
        Ok(self.is_shared(self.shareable_row(kind, id)?.space))
    }

    /// Makes something private again of which nothing may have left yet: as if it had never been shared. Gives the
    /// private document; `None` where something may have left: that stays as it is.
    pub(crate) fn withdraw_unsent(
        &self,
        kind: &Declared,
        id: DocumentId,
    ) -> Result<Option<DocumentId>> {
        until_settled(|| {
            let row = self.shareable_row(kind, id)?;
            if !self.is_shared(row.space) {
                return Ok(None);
            }
            let (private_edit, resealed) = self.taking_back(kind, &row)?;
            let private = private_edit.document;
            let edits = std::slice::from_ref(&private_edit);
            let is_forgotten = self.forget_unsent(&row, edits, |w| resealed.note(w))?;
            Ok(is_forgotten.then_some(private))
        })
    }

    /// The edit by which the private document of a shared one says what that says now, and the blobs that go with it.
    fn taking_back(&self, kind: &Declared, row: &ItemRow) -> Result<(Edit, Resealed)> {
        let mut content = envelope::content_of(&fields_of(row));
        kind.set_visibility(&mut content, Visibility::OnlyMe)?;
        // The private document that it was shared from takes the words back.
        let Some(twin) = self.twin_of(kind, row, Standing::MovedOn)? else {
            let home = self.writable_space(Purpose::Private)?;
            let resealed = self.resealed(kind, &mut content, home, None)?;
            return Ok((self.private_copy_edit(kind, row, content)?, resealed));
        };
        let resealed = self.resealed(kind, &mut content, twin.space, Some(&twin))?;
        let mut open = Envelope {
            shared_as: None,
            shared_words: None,
            brought_in: false,
            ..Envelope::read(&fields_of(&twin))
        };
        note_former(&mut open, row.document);
        open.write(&mut content);
        Ok((moving(kind, &twin, content), resealed))
    }

    /// Brings back what another phone wrote into something that was withdrawn meanwhile: it was not
    /// taken along then, and is shown nowhere. Says of how many documents there was something.
    pub(crate) fn bring_back_what_was_left(&self) -> Result<u64> {
        let mut shared = REGISTRY.iter().filter(|kind| kind.is_shared_by_choice());
        shared.try_fold(0, |brought, kind| Ok(brought + self.bring_back(kind)?))
    }

    fn bring_back(&self, kind: &Declared) -> Result<u64> {
        let query = ItemQuery {
            spaces: self.replica.spaces_for(Purpose::Care),
            kind: kind.kind.clone(),
            standing: Standing::Withdrawn,
            about: Vec::new(),
            state: Some(LEFT_BEHIND),
            order: Order::OldestFirst,
            after: None,
            limit: usize::from(MAX_PAGE),
        };
        let mut brought = 0;
        for row in self.replica.store.read(|r| r.items(&query))? {
            until_settled(|| self.bring_back_from(kind, row.document))?;
            brought += 1;
        }
        Ok(brought)
    }

    fn bring_back_from(&self, kind: &Declared, id: DocumentId) -> Result<()> {
        let row = self.replica.store.read(|r| self.any_row(kind, r, id))?;
        if row.state != LEFT_BEHIND {
            return Ok(());
        }
        let mut target = fields_of(&row);
        let mut closed = Envelope::read(&target);
        let taken_along = closed.withdrawn_words.clone();
        let mut content = envelope::content_of(&target);
        kind.set_visibility(&mut content, Visibility::OnlyMe)?;
        let twin = self.twin_of(kind, &row, Standing::Living)?;
        // As long as the private document says just what was taken along, it says the rest as well. If
        // not, the rest stands beside it.
        let twin = twin.filter(|twin| {
            taken_along.as_deref() == Some(&*envelope::words_digest(&fields_of(twin)))
        });
        let home = match &twin {
            Some(twin) => twin.space,
            None => self.writable_space(Purpose::Private)?,
        };
        let resealed = self.resealed(kind, &mut content, home, twin.as_ref())?;
        let private_edit = match twin {
            Some(twin) => {
                let open = Envelope {
                    brought_in: false,
                    ..Envelope::read(&fields_of(&twin))
                };
                open.write(&mut content);
                moving(kind, &twin, content)
            }
            None => self.private_copy_edit(kind, &row, content)?,
        };
        closed.withdrawn_words = Some(envelope::words_digest(&target));
        closed.write(&mut target);
        self.replica
            .commit_and(&[private_edit, moving(kind, &row, target)], |w| {
                resealed.note(w)
            })
    }

    /// An edit that makes a private document of a shared one: on two phones the same one.
    pub(super) fn private_copy_edit(
        &self,
        kind: &Declared,
        shared: &ItemRow,
        mut content: Map,
    ) -> Result<Edit> {
        let mut envelope = Envelope {
            formerly: Envelope::read(&fields_of(shared)).formerly,
            ..Envelope::default()
        };
        note_former(&mut envelope, shared.document);
        envelope.write(&mut content);
        let id = copy_id(PRIVATE, shared.document, 0);
        self.copy_edit(kind, self.writable_space(Purpose::Private)?, id, content)
    }

    /// An edit that makes a copy by that name, in which another phone's copy merges, unless there is one already that says something else.
    fn copy_edit(
        &self,
        kind: &Declared,
        space: companion_protocol::id::SpaceId,
        id: DocumentId,
        content: Map,
    ) -> Result<Edit> {
        let edit = self.new_edit(kind, space, content);
        if self.replica.store.read(|r| r.item(id))?.is_some() {
            return Ok(edit);
        }
        Ok(Edit {
            document: id,
            begins: Begins::Framed,
            ..edit
        })
    }

    /// The living copy of something. The copy that another one points to is the last: nobody's crafted
    /// circle is followed.
    pub(super) fn shareable_row(&self, kind: &Declared, id: DocumentId) -> Result<ItemRow> {
        if !kind.is_shared_by_choice() {
            return Err(NotNow::NotShareable.into());
        }
        // Of what both sides edit, too, only the patient says who sees it.
        if self.replica.side != Side::Patient {
            let kind = kind.kind.clone();
            return Err(CoreError::NotYours { kind });
        }
        provenance::must_be_own(kind, self.replica.side)?;
        self.replica.store.read(|r| self.shown_row(kind, r, id))
    }

    /// The row that is shown of something, by its own name or by that of the private document that it was shared from.
    pub(super) fn shown_row(
        &self,
        kind: &Declared,
        r: &Reader<'_>,
        id: DocumentId,
    ) -> Result<ItemRow> {
        let row = self.any_row(kind, r, id)?;
        match row.about.filter(|_| row.standing == Standing::MovedOn) {
            Some(living) => self.living_row(kind, r, living),
            None => self.living_row(kind, r, id),
        }
    }

    /// The private document that a shared one stands for, or that stands for a withdrawn one. One that
    /// has words of its own since it was shared is none.
    pub(super) fn twin_of(
        &self,
        kind: &Declared,
        shared: &ItemRow,
        standing: Standing,
    ) -> Result<Option<ItemRow>> {
        let twins = self.replica.store.read(|r| {
            r.items(&ItemQuery {
                spaces: self.replica.spaces_for(Purpose::Private),
                kind: kind.kind.clone(),
                standing,
                about: vec![shared.document],
                state: None,
                order: Order::NewestFirst,
                after: None,
                limit: 1,
            })
        })?;
        Ok(twins.into_iter().next())
    }
}

/// How often a document was shared so far: the number of its next shared copy.
pub(super) fn times_shared(envelope: &Envelope) -> usize {
    envelope.formerly.len() + usize::from(envelope.shared_as.is_some())
}

/// Names a copy of a document after it, so that two phones give it the same name. Whoever holds only the
/// copy can't tell from it what it was copied from.
pub(super) fn copy_id(what: &[u8], of: DocumentId, time: usize) -> DocumentId {
    let mut digest = Sha256::new();
    digest.update(b"kap copy of a document\0");
    digest.update(what);
    digest.update([0]);
    digest.update(of.as_bytes());
    digest.update((time as u64).to_be_bytes());
    let digest: [u8; 32] = digest.finalize().into();
    digest
        .first_chunk()
        .map_or_else(|| of, |first| DocumentId::new(*first))
}

pub(super) fn note_former(envelope: &mut Envelope, shared: DocumentId) {
    if !envelope.formerly.contains(&shared) {
        envelope.formerly.push(shared);
    }
}

/// Reads and decides again for as long as another thread writes in between.
pub(super) fn until_settled<T>(attempt: impl Fn() -> Result<T>) -> Result<T> {
    for _ in 0..TRIES {
        match attempt() {
            Err(CoreError::NotNow(NotNow::Contended)) => {}
            other => return other,
        }
    }
    Err(NotNow::Contended.into())
}

/// An edit of one of two copies, good only as long as that copy says what the other was made of.
pub(super) fn moving(kind: &Declared, row: &ItemRow, content: Map) -> Edit {
    Edit {
        must_follow: true,
        ..edit_of(kind, row, content)
    }
}
