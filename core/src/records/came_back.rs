//! What was deleted on one phone and worked on by another that had not heard of it: written into, shared, or taken
//! back. Nothing of that is lost, nothing of it is left with the clinic, and each phone says that it is back.

use super::commit::Edit;
use super::deletion::{ANEW, COPIES, Deletions};
use super::envelope::{self, Envelope};
use super::share::{PRIVATE, SHARED, copy_id, moving, until_settled};
use super::{Records, fields_of};
use crate::domain::{Content, Declared, Deletion, DocumentId, Purpose, Visibility, declared};
use crate::error::{CoreError, Result};
use crate::store::{ItemRow, Reader, Standing};

/// How many shares of a document are looked for that its deleter did not know of. More than a phone makes of one
/// before it next hears of the others.
const SHARES: usize = 4;

/// Something that was deleted, and is back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CameBack {
    /// What it is now, on the patient's devices alone.
    pub(crate) row: ItemRow,
    /// Whether another phone had shared it, so that the clinic may have received it.
    pub(crate) was_shared: bool,
}

impl Records {
    /// Takes back what another phone shared of something deleted, or this phone before it heard of that. What is on
    /// its way still is forgotten as if it had never been shared. Its words are private again. Says whether there was
    /// something.
    pub(crate) fn take_back_what_was_deleted(&self) -> Result<bool> {
        let mut shared = Vec::new();
        for deletion in self.deletions()? {
            for id in unknown_shares(&deletion) {
                let row = self.replica.store.read(|r| r.item(id))?;
                shared.extend(row.filter(|row| row.standing == Standing::Living));
            }
        }
        let any = !shared.is_empty();
        for row in shared {
            let kind = declared(&row.kind).filter(|kind| kind.is_shared_by_choice());
            if let Some(kind) = kind {
                until_settled(|| self.take_back(kind, row.document))?;
            }
        }
        Ok(any)
    }

    fn take_back(&self, kind: &Declared, id: DocumentId) -> Result<()> {
        let row = self.replica.store.read(|r| self.any_row(kind, r, id))?;
        if row.standing != Standing::Living || !self.is_shared(row.space) {
            return Ok(());
        }
        let mut target = fields_of(&row);
        let mut content = envelope::content_of(&target);
        kind.set_visibility(&mut content, Visibility::OnlyMe)?;
        let home = self.writable_space(Purpose::Private)?;
        // Not into the document that it was shared from: that one is deleted.
        let resealed = self.resealed(kind, &mut content, home, None)?;
        let private: Edit = self.private_copy_edit(kind, &row, content)?;
        let edits = std::slice::from_ref(&private);
        if self.forget_unsent(&row, edits, |w| resealed.note(w))? {
            return Ok(());
        }
        let mut closed = Envelope::read(&target);
        closed.withdrawn_at = Some(self.replica.now());
        closed.withdrawn_words = Some(envelope::words_digest(&target));
        closed.write(&mut target);
        let mark = moving(kind, &row, target);
        self.replica
            .commit_and(&[private, mark], |w| resealed.note(w))
    }

    /// All that was deleted and is back, and that nobody deleted again.
    pub(crate) fn came_back(&self) -> Result<Vec<CameBack>> {
        let deletions = self.deletions()?;
        self.replica.store.read(|r| {
            let mut back = Vec::new();
            for deletion in deletions {
                let mut copies = Vec::new();
                for time in 0..COPIES {
                    let id = copy_id(ANEW, deletion.about, time);
                    let row = r.item(id)?;
                    if row.is_none() && Deletions::of(r, id)?.is_empty() {
                        break;
                    }
                    copies.push((id, false));
                }
                copies.push((copy_id(PRIVATE, deletion.about, 0), false));
                for shared in unknown_shares(&deletion) {
                    copies.push((copy_id(PRIVATE, shared, 0), true));
                }
                for (id, was_shared) in copies {
                    if let Some(row) = self.is_back(r, id)? {
                        back.push(CameBack { row, was_shared });
                    }
                }
            }
            back.sort_by_key(|back| (back.row.document, !back.was_shared));
            back.dedup_by_key(|back| back.row.document);
            Ok(back)
        })
    }

    fn is_back(&self, r: &Reader<'_>, id: DocumentId) -> Result<Option<ItemRow>> {
        let row = r.item(id)?;
        Ok(row.filter(|row| row.standing == Standing::Living && !self.is_shared(row.space)))
    }

    /// What is said of deletions, in what the patient keeps private.
    fn deletions(&self) -> Result<Vec<Deletion>> {
        let rows = self.replica.store.read(|r| {
            let mut rows = Vec::new();
            for space in self.replica.spaces_for(Purpose::Private) {
                rows.extend(r.deletions(space)?);
            }
            Ok::<_, CoreError>(rows)
        })?;
        let read = |row: &ItemRow| Deletion::from_projection(&fields_of(row)).ok();
        Ok(rows.iter().filter_map(read).collect())
    }
}

/// Names of shared copies of a document that its deleter did not know of.
fn unknown_shares(deletion: &Deletion) -> impl Iterator<Item = DocumentId> + '_ {
    let known = usize::try_from(deletion.shared).unwrap_or(usize::MAX);
    let some = known..known.saturating_add(SHARES);
    some.map(|time| copy_id(SHARED, deletion.about, time))
}
