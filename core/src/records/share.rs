//! Sharing something and withdrawing it: which of its two copies is the living one.

use super::commit::{Edit, TRIES};
use super::envelope::{self, Envelope};
use super::write::edit_of;
use super::{Map, Records, View, fields_of, provenance};
use crate::domain::{Content, DocumentId, Placement, Purpose, Visibility};
use crate::error::{CoreError, NotNow, Result};
use crate::store::{ItemQuery, ItemRow, Order, Standing};

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
        let shared_edit = self.new_edit::<T>(self.writable_space(Purpose::Care)?, content);
        let shared = shared_edit.document;
        let mut target = fields_of(&row);
        let closed = Envelope {
            shared_as: Some(shared),
            shared_words: Some(envelope::words_digest(&target)),
            ..Envelope::read(&target)
        };
        closed.write(&mut target);
        let mark_edit = moving::<T>(&row, target);
        self.replica
            .commit_and(&[shared_edit, mark_edit], |w| self.view_of(w, shared))
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
        let mut content = envelope::content_of(&fields_of(&row));
        set_visibility::<T>(&mut content, Visibility::OnlyMe)?;
        // The private document that it was shared from takes the words back.
        let private_edit = match self.twin_of::<T>(&row)? {
            Some(twin) => {
                let mut target = content;
                let open = Envelope {
                    shared_as: None,
                    shared_words: None,
                    ..Envelope::read(&fields_of(&twin))
                };
                open.write(&mut target);
                moving::<T>(&twin, target)
            }
            None => self.new_edit::<T>(self.writable_space(Purpose::Private)?, content),
        };
        let private = private_edit.document;
        if self.forget_unsent(&row, std::slice::from_ref(&private_edit))? {
            return self.get(private);
        }
        let mut target = fields_of(&row);
        let mut closed = Envelope::read(&target);
        closed.withdrawn_at = Some(self.replica.now());
        closed.write(&mut target);
        let mark_edit = moving::<T>(&row, target);
        self.replica
            .commit_and(&[private_edit, mark_edit], |w| self.view_of(w, private))
    }

    /// The living copy of something. The copy that another one points to is the last: nobody's crafted
    /// circle is followed.
    fn shareable_row<T: Content>(&self, id: DocumentId) -> Result<ItemRow> {
        if T::PLACEMENT != Placement::ByVisibility {
            return Err(NotNow::NotShareable.into());
        }
        provenance::must_be_own::<T>(self.replica.side)?;
        self.replica.store.read(|r| {
            let row = self.any_row::<T>(r, id)?;
            let moved_to = Envelope::read(&fields_of(&row)).shared_as;
            match moved_to.filter(|_| row.standing == Standing::MovedOn) {
                Some(living) => self.living_row::<T>(r, living),
                None => self.living_row::<T>(r, id),
            }
        })
    }

    /// The private document that a shared one stands for. One that has words of its own since is none.
    fn twin_of<T: Content>(&self, shared: &ItemRow) -> Result<Option<ItemRow>> {
        let twins = self.replica.store.read(|r| {
            r.items(&ItemQuery {
                spaces: self.replica.spaces_for(Purpose::Private),
                kind: T::KIND,
                standing: Standing::MovedOn,
                about: Some(shared.document),
                state: None,
                order: Order::NewestFirst,
                after: None,
                limit: 1,
            })
        })?;
        Ok(twins.into_iter().next())
    }
}

/// Reads and decides again for as long as another thread writes in between.
fn until_settled<T>(attempt: impl Fn() -> Result<T>) -> Result<T> {
    for _ in 0..TRIES {
        match attempt() {
            Err(CoreError::NotNow(NotNow::Contended)) => {}
            other => return other,
        }
    }
    Err(NotNow::Contended.into())
}

/// An edit of one of two copies, good only as long as that copy says what the other was made of.
fn moving<T: Content>(row: &ItemRow, content: Map) -> Edit {
    Edit {
        must_follow: true,
        ..edit_of::<T>(row, content)
    }
}

fn set_visibility<T: Content>(fields: &mut Map, visibility: Visibility) -> Result<(), CoreError> {
    let mut content = T::from_projection(fields)?;
    content.set_visibility(visibility);
    fields.extend(content.to_projection()?);
    Ok(())
}
