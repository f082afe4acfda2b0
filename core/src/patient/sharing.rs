//! Sharing an entry and taking it back: which of its two copies is the living one.

use super::journal::{all, edit, load_entry, new_entry, read, show};
use super::view::EntryView;
use super::{Patient, home};
use crate::domain::{DocumentId, Entry, Kind, Visibility};
use crate::error::{CoreError, Result};
use crate::replica::Replica;
use crate::sync::may_have_left;

impl Patient {
    /// Lets the care team see an entry: its present words become a **new** document in the care
    /// space, so the history of private drafts never travels. For an entry that is shared already,
    /// changes how.
    pub fn share(&self, id: DocumentId, visibility: Visibility) -> Result<EntryView> {
        if !visibility.is_shared() {
            return self.withdraw(id);
        }
        let mut replica = self.replica();
        let (item, mut entry) = load_entry(&replica, id)?;
        if entry.withdrawn_at.is_some() {
            return Err(CoreError::NotNow(
                "this entry was taken back; share the private one",
            ));
        }
        if entry.visibility.is_shared() {
            entry.visibility = visibility;
            let edit = edit(item.space, id, Some(item.revision), entry)?;
            replica.commit(vec![edit])?;
            return show(&replica, id);
        }
        if let Some(living) = entry.shared_as.filter(|_| entry.is_closed()) {
            drop(replica);
            self.must_be_open(living)?;
            return self.share(living, visibility);
        }
        let mut copy = entry.clone();
        copy.visibility = visibility;
        copy.shared_as = None;
        copy.shared_words = None;
        let shared = DocumentId::random(&*replica.ports.rng);
        // The digest is of the words as they are kept, after tidying.
        let opening = edit(home(&replica, true)?, shared, None, copy)?;
        entry.shared_as = Some(shared);
        entry.shared_words = Some(entry.words_digest());
        let closing = edit(item.space, id, Some(item.revision), entry)?;
        replica.commit(vec![opening, closing])?;
        show(&replica, shared)
    }

    /// Takes an entry back: its present words become private again, and the shared document is
    /// marked, so that the clinic's pages stop showing it. What the clinic has received it may have
    /// to keep; that can't be undone from here.
    pub fn withdraw(&self, id: DocumentId) -> Result<EntryView> {
        let mut replica = self.replica();
        let (item, mut entry) = load_entry(&replica, id)?;
        if let Some(living) = entry.shared_as.filter(|_| entry.is_closed()) {
            drop(replica);
            self.must_be_open(living)?;
            return self.withdraw(living);
        }
        if !entry.visibility.is_shared() || entry.withdrawn_at.is_some() {
            return show(&replica, id);
        }
        let mut private = entry.clone();
        private.visibility = Visibility::OnlyMe;
        private.shared_as = None;
        private.shared_words = None;
        if let Some(id) = self.take_back_unsent(&mut replica, id, &private)? {
            return show(&replica, id);
        }
        entry.withdrawn_at = Some(replica.now());
        let closing = edit(item.space, id, Some(item.revision), entry)?;
        let id = match closed_twin(&replica, id)? {
            // The private document that it was shared from takes the words back.
            Some(twin) => {
                let (row, _) = load_entry(&replica, twin)?;
                let reopening = edit(row.space, twin, Some(row.revision), private)?;
                replica.commit(vec![reopening, closing])?;
                twin
            }
            None => new_entry(&mut replica, private, vec![closing])?,
        };
        show(&replica, id)
    }

    /// What was shared and never left this phone need not leave it: the shared document is forgotten
    /// as if it had never been. `None` where it may have left.
    fn take_back_unsent(
        &self,
        replica: &mut Replica,
        shared: DocumentId,
        private: &Entry,
    ) -> Result<Option<DocumentId>> {
        // While a sync is under way it may just be leaving.
        let Ok(_no_sync) = self.syncing.try_lock() else {
            return Ok(None);
        };
        if may_have_left(replica, home(replica, true)?, shared)? {
            return Ok(None);
        }
        let (id, reopening) = match closed_twin(replica, shared)? {
            Some(twin) => {
                let (row, _) = load_entry(replica, twin)?;
                let seen = Some(row.revision);
                (twin, edit(row.space, twin, seen, private.clone())?)
            }
            None => {
                let id = DocumentId::random(&*replica.ports.rng);
                let space = home(replica, false)?;
                (id, edit(space, id, None, private.clone())?)
            }
        };
        replica.commit_and(vec![reopening], |w| {
            w.drop_outbox_of(shared)?;
            Ok(w.remove_item(shared)?)
        })?;
        Ok(Some(id))
    }

    /// The copy that another one points to is the last: nobody's crafted circle is followed.
    fn must_be_open(&self, living: DocumentId) -> Result<()> {
        if self.entry(living)?.entry.is_closed() {
            return Err(CoreError::NotNow("this entry was taken back"));
        }
        Ok(())
    }
}

/// The private entry that a shared one stands for. One that has words of its own since is none.
fn closed_twin(replica: &Replica, shared: DocumentId) -> Result<Option<DocumentId>> {
    for item in all(replica, &Kind::ENTRY)? {
        let Ok(entry) = read::<Entry>(&item) else {
            continue;
        };
        if entry.shared_as == Some(shared) && entry.is_closed() {
            return Ok(Some(item.document));
        }
    }
    Ok(None)
}
