//! Sharing something and withdrawing it: which of its two copies is the living one.

use super::commit::{Begins, Edit, TRIES};
use super::envelope::{self, Envelope};
use super::reseal::Resealed;
use super::row::LEFT_BEHIND;
use super::write::edit_of;
use super::{MAX_PAGE, Map, Records, View, fields_of, provenance};
use sha2::{Digest as _, Sha256};

use crate::domain::{
    Content, DocumentId, KindVisitor, Placement, Purpose, Side, Visibility, visit_kinds,
};
use crate::error::{CoreError, NotNow, Result};
use crate::store::{ItemQuery, ItemRow, Order, Reader, Standing};

/// What names the copies of a private document that share it, by number.
pub(super) const SHARED: &[u8] = b"shared";
/// What names the copy that takes something shared back.
pub(super) const PRIVATE: &[u8] = b"private";

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
        until_settled(|| self.share_as_it_is(id, visibility))
    }

    fn share_as_it_is<T: Content>(
        &self,
        id: DocumentId,
        visibility: Visibility,
    ) -> Result<View<T>> {
        let row = self.shareable_row::<T>(id)?;
        let mut content = envelope::content_of(&fields_of(&row));
        set_visibility::<T>(&mut content, visibility)?;
        if self.is_shared(row.space) {
            let mut target = fields_of(&row);
            target.extend(content);
            let edit = edit_of::<T>(&row, target);
            let id = row.document;
            return self.replica.commit_and(&[edit], |w| self.view_of(w, id));
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
        let resealed = self.resealed::<T>(&mut content, care, None)?;
        let shared_edit = self.copy_edit::<T>(care, id, content)?;
        let shared = shared_edit.document;
        let mut target = fields_of(&row);
        let closed = Envelope {
            shared_as: Some(shared),
            shared_words: Some(envelope::words_digest(&target)),
            ..Envelope::read(&target)
        };
        closed.write(&mut target);
        let mark_edit = moving::<T>(&row, target);
        self.replica.commit_and(&[shared_edit, mark_edit], |w| {
            resealed.note(w)?;
            self.view_of(w, shared)
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
        until_settled(|| self.withdraw_as_it_is(id))
    }

    fn withdraw_as_it_is<T: Content>(&self, id: DocumentId) -> Result<View<T>> {
        let row = self.shareable_row::<T>(id)?;
        if !self.is_shared(row.space) {
            return self.get(row.document);
        }
        let (private_edit, resealed) = self.taking_back::<T>(&row)?;
        let private = private_edit.document;
        let edits = std::slice::from_ref(&private_edit);
        if self.forget_unsent(&row, edits, |w| resealed.note(w))? {
            return self.get(private);
        }
        let mut target = fields_of(&row);
        let mut closed = Envelope::read(&target);
        closed.withdrawn_at = Some(self.replica.now());
        closed.withdrawn_words = Some(envelope::words_digest(&target));
        closed.write(&mut target);
        let mark_edit = moving::<T>(&row, target);
        self.replica.commit_and(&[private_edit, mark_edit], |w| {
            resealed.note(w)?;
            self.view_of(w, private)
        })
    }

    /// How something is shared, by its own name or by that of the private document that it was shared from; `None`
    /// where it is not.
    pub(crate) fn how_shared<T: Content>(&self, id: DocumentId) -> Result<Option<Visibility>> {
        let row = self.shareable_row::<T>(id)?;
        if !self.is_shared(row.space) {
            return Ok(None);
        }
        Ok(super::read_row::<T>(&row)?.visibility())
    }

    /// Makes something private again of which nothing may have left yet: as if it had never been shared. Gives the
    /// private document; `None` where something may have left: that stays as it is.
    pub(crate) fn withdraw_unsent<T: Content>(&self, id: DocumentId) -> Result<Option<DocumentId>> {
        until_settled(|| {
            let row = self.shareable_row::<T>(id)?;
            if !self.is_shared(row.space) {
                return Ok(None);
            }
            let (private_edit, resealed) = self.taking_back::<T>(&row)?;
            let private = private_edit.document;
            let edits = std::slice::from_ref(&private_edit);
            let is_forgotten = self.forget_unsent(&row, edits, |w| resealed.note(w))?;
            Ok(is_forgotten.then_some(private))
        })
    }

    /// The edit by which the private document of a shared one says what that says now, and the blobs that go with it.
    fn taking_back<T: Content>(&self, row: &ItemRow) -> Result<(Edit, Resealed)> {
        let mut content = envelope::content_of(&fields_of(row));
        set_visibility::<T>(&mut content, Visibility::OnlyMe)?;
        // The private document that it was shared from takes the words back.
        let Some(twin) = self.twin_of::<T>(row, Standing::MovedOn)? else {
            let home = self.writable_space(Purpose::Private)?;
            let resealed = self.resealed::<T>(&mut content, home, None)?;
            return Ok((self.private_copy_edit::<T>(row, content)?, resealed));
        };
        let resealed = self.resealed::<T>(&mut content, twin.space, Some(&twin))?;
        let mut open = Envelope {
            shared_as: None,
            shared_words: None,
            brought_in: false,
            ..Envelope::read(&fields_of(&twin))
        };
        note_former(&mut open, row.document);
        open.write(&mut content);
        Ok((moving::<T>(&twin, content), resealed))
    }

    /// Brings back what another phone wrote into something that was withdrawn meanwhile: it was not
    /// taken along then, and is shown nowhere. Says of how many documents there was something.
    pub(crate) fn bring_back_what_was_left(&self) -> Result<u64> {
        struct Visit<'a> {
            records: &'a Records,
            brought: Result<u64>,
        }
        impl KindVisitor for Visit<'_> {
            fn visit<T: Content>(&mut self) {
                if let Ok(brought) = self.brought
                    && T::PLACEMENT == Placement::ByVisibility
                {
                    let more = self.records.bring_back::<T>();
                    self.brought = more.map(|more| brought + more);
                }
            }
        }
        let mut visit = Visit {
            records: self,
            brought: Ok(0),
        };
        visit_kinds(&mut visit);
        visit.brought
    }

    fn bring_back<T: Content>(&self) -> Result<u64> {
        let query = ItemQuery {
            spaces: self.replica.spaces_for(Purpose::Care),
            kind: T::KIND,
            standing: Standing::Withdrawn,
            about: Vec::new(),
            state: Some(LEFT_BEHIND),
            order: Order::OldestFirst,
            after: None,
            limit: usize::from(MAX_PAGE),
        };
        let mut brought = 0;
        for row in self.replica.store.read(|r| r.items(&query))? {
            until_settled(|| self.bring_back_from::<T>(row.document))?;
            brought += 1;
        }
        Ok(brought)
    }

    fn bring_back_from<T: Content>(&self, id: DocumentId) -> Result<()> {
        let row = self.replica.store.read(|r| self.any_row::<T>(r, id))?;
        if row.state != LEFT_BEHIND {
            return Ok(());
        }
        let mut target = fields_of(&row);
        let mut closed = Envelope::read(&target);
        let taken_along = closed.withdrawn_words.clone();
        let mut content = envelope::content_of(&target);
        set_visibility::<T>(&mut content, Visibility::OnlyMe)?;
        let twin = self.twin_of::<T>(&row, Standing::Living)?;
        // As long as the private document says just what was taken along, it says the rest as well. If
        // not, the rest stands beside it.
        let twin = twin.filter(|twin| {
            taken_along.as_deref() == Some(&*envelope::words_digest(&fields_of(twin)))
        });
        let home = match &twin {
            Some(twin) => twin.space,
            None => self.writable_space(Purpose::Private)?,
        };
        let resealed = self.resealed::<T>(&mut content, home, twin.as_ref())?;
        let private_edit = match twin {
            Some(twin) => {
                let open = Envelope {
                    brought_in: false,
                    ..Envelope::read(&fields_of(&twin))
                };
                open.write(&mut content);
                moving::<T>(&twin, content)
            }
            None => self.private_copy_edit::<T>(&row, content)?,
        };
        closed.withdrawn_words = Some(envelope::words_digest(&target));
        closed.write(&mut target);
        self.replica
            .commit_and(&[private_edit, moving::<T>(&row, target)], |w| {
                resealed.note(w)
            })
    }

    /// An edit that makes a private document of a shared one: on two phones the same one.
    pub(super) fn private_copy_edit<T: Content>(
        &self,
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
        self.copy_edit::<T>(self.writable_space(Purpose::Private)?, id, content)
    }

    /// An edit that makes a copy by that name, in which another phone's copy merges, unless there is one already that says something else.
    fn copy_edit<T: Content>(
        &self,
        space: companion_protocol::id::SpaceId,
        id: DocumentId,
        content: Map,
    ) -> Result<Edit> {
        let edit = self.new_edit::<T>(space, content);
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
    pub(super) fn shareable_row<T: Content>(&self, id: DocumentId) -> Result<ItemRow> {
        if T::PLACEMENT != Placement::ByVisibility {
            return Err(NotNow::NotShareable.into());
        }
        // Of what both sides edit, too, only the patient says who sees it.
        if self.replica.side != Side::Patient {
            return Err(CoreError::NotYours { kind: T::KIND });
        }
        provenance::must_be_own::<T>(self.replica.side)?;
        self.replica.store.read(|r| self.shown_row::<T>(r, id))
    }

    /// The row that is shown of something, by its own name or by that of the private document that it was shared from.
    pub(super) fn shown_row<T: Content>(&self, r: &Reader<'_>, id: DocumentId) -> Result<ItemRow> {
        let row = self.any_row::<T>(r, id)?;
        let moved_to = Envelope::read(&fields_of(&row)).shared_as;
        match moved_to.filter(|_| row.standing == Standing::MovedOn) {
            Some(living) => self.living_row::<T>(r, living),
            None => self.living_row::<T>(r, id),
        }
    }

    /// The private document that a shared one stands for, or that stands for a withdrawn one. One that
    /// has words of its own since it was shared is none.
    pub(super) fn twin_of<T: Content>(
        &self,
        shared: &ItemRow,
        standing: Standing,
    ) -> Result<Option<ItemRow>> {
        let twins = self.replica.store.read(|r| {
            r.items(&ItemQuery {
                spaces: self.replica.spaces_for(Purpose::Private),
                kind: T::KIND,
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
pub(super) fn moving<T: Content>(row: &ItemRow, content: Map) -> Edit {
    Edit {
        must_follow: true,
        ..edit_of::<T>(row, content)
    }
}

pub(super) fn set_visibility<T: Content>(
    fields: &mut Map,
    visibility: Visibility,
) -> Result<(), CoreError> {
    let mut content = T::from_projection(fields)?;
    content.set_visibility(visibility);
    fields.extend(content.to_projection()?);
    Ok(())
}
