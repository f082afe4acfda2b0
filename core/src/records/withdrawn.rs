//! What was shared and is withdrawn: once that and what is private has left, its bodies go, from the patient's phones
//! and the server. A clinic's node lets go of what nobody there opened, and keeps, sealed and not shown, what
//! somebody did. That it was withdrawn is said by the deletion and by a bare row, also to a node that comes late.

use companion_protocol::id::{MemberId, SpaceId};

use super::deletion::{Deletions, drops_for, let_go, must_be_as_read};
use super::envelope::{self, Envelope};
use super::row::LEFT_BEHIND;
use super::share::{moving, set_visibility};
use super::{Map, Records, fields_of, history, provenance};
use crate::domain::{
    AttachmentReceipt, ChangeHash, Content, DocumentId, Kind, Moment, Placement, Purpose, Revision,
    Side, Visibility,
};
use crate::error::{CoreError, NotNow, Result};
use crate::replica::SpaceState;
use crate::settings;
use crate::store::{Attention, ItemRow, LET_GO, LogRow, Reader, Standing, Writer};

/// When a clinic's node last wrote its file anew.
const WIPED_MS: &str = "wiped_ms";
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// How many withdrawn documents are let go of with one exchange. The others follow with the next.
const WITHDRAWN_AT_ONCE: usize = 64;

/// The row of something withdrawn of which nothing else is here any more.
pub(super) fn bare_row(
    deletions: &Deletions,
    space: SpaceId,
    document: DocumentId,
    kind: Kind,
) -> ItemRow {
    let at = deletions.at().unwrap_or(Moment::utc(0));
    let mut fields = Map::new();
    let withdrawn = Envelope {
        withdrawn_at: Some(at),
        ..Envelope::default()
    };
    withdrawn.write(&mut fields);
    ItemRow {
        document,
        space,
        kind,
        about: None,
        sort_ms: at.unix_ms,
        standing: Standing::Withdrawn,
        state: LET_GO.to_owned(),
        attention: Attention::default(),
        changed: 0,
        received_ms: at.unix_ms,
        writers: Vec::new(),
        // No change has that hash: nothing builds upon it.
        revision: Revision::new([ChangeHash::new([0; ChangeHash::LENGTH])]),
        projection: serde_json::to_string(&fields).unwrap_or_default(),
        waiting: false,
    }
}

/// Whether something of a document is here beside that it was withdrawn.
pub(super) fn is_here(r: &Reader<'_>, document: DocumentId) -> Result<bool> {
    Ok(r.item(document)?.is_some_and(|row| row.state != LET_GO))
}

/// Which side this device is on.
pub(super) fn is_the_clinics(state: &SpaceState) -> bool {
    provenance::side_of(state, &state.my_id()) == Side::Clinic
}

/// Whether somebody at the clinic opened something, in whichever version, or did anything else about it. That its
/// recordings arrived is nothing that a person did.
pub(super) fn was_opened(r: &Reader<'_>, state: &SpaceState, row: &ItemRow) -> Result<bool> {
    if provenance::has_a_word_in(state, row, Side::Clinic) {
        return Ok(true);
    }
    let all = r.all_about(row.document)?;
    Ok(all.iter().any(|about| {
        let is_theirs = match about.space == state.row.space {
            true => provenance::has_a_word_in(state, about, Side::Clinic),
            // In the clinic's own space, where it marks what it reviewed.
            false => true,
        };
        is_theirs && about.kind != AttachmentReceipt::KIND
    }))
}

/// A clinic's node keeps what somebody there opened, and shows it no more.
pub(super) fn hide(w: &mut Writer<'_>, row: ItemRow, deletions: &Deletions) -> Result<()> {
    if row.standing == Standing::Withdrawn {
        return Ok(());
    }
    // It was kept back from it that it was withdrawn: the change that says so is gone by now.
    let mut fields = fields_of(&row);
    let mut envelope = Envelope::read(&fields);
    envelope.withdrawn_at = deletions.at();
    envelope.write(&mut fields);
    w.remove_search(row.document)?;
    w.hide_attachments(row.document)?;
    w.put_item(&ItemRow {
        standing: Standing::Withdrawn,
        state: String::new(),
        attention: Attention::default(),
        projection: serde_json::to_string(&fields).unwrap_or_default(),
        ..row
    })?;
    Ok(w.clear_summaries()?)
}

impl Records {
    /// Lets go of what was withdrawn, once all that says so and all that is private has left: the words are safe by
    /// then. A device begins with what it wrote in; the others follow when they hear of it.
    pub(super) fn let_go_of_withdrawn(&self, space: SpaceId) -> Result<bool> {
        let state = self.replica.space(space)?;
        let private = self.replica.spaces_for(Purpose::Private);
        let rows = self.replica.store.read(|r| {
            for private in private {
                if !r.outbox(private, 1)?.is_empty() {
                    return Ok(Vec::new());
                }
            }
            let mut rows = r.withdrawn_and_here(space, LEFT_BEHIND, WITHDRAWN_AT_ONCE)?;
            let mut wrote = Vec::new();
            for row in rows.drain(..) {
                let authors = r.authors_of(space, row.document)?;
                let is_ours =
                    |author: &MemberId| *author == state.my_id() || drops_for(&state, author);
                if authors.iter().any(|(author, _)| is_ours(author)) {
                    wrote.push(row);
                }
            }
            Ok::<_, CoreError>(wrote)
        })?;
        let any = !rows.is_empty();
        for row in rows {
            let at = Envelope::read(&fields_of(&row)).withdrawn_at;
            let deletion =
                self.deletion_of(&row, &state, at.unwrap_or_else(|| self.replica.now()))?;
            let done = self.replica.commit_and(&[deletion], |w| {
                must_be_as_read(w, &row)?;
                let deletions = Deletions::in_space(w, space, row.document)?;
                let_go(w, &state, row.document, &deletions)
            });
            match done {
                // Somebody writes there now: the next exchange looks again.
                Err(CoreError::NotNow(NotNow::Contended)) => {}
                done => done?,
            }
        }
        Ok(any)
    }

    /// Brings back what was written here into something shared that another phone withdrew and let go of: private, into
    /// the document that took the rest back where that still says just that, else beside it. Then lets go of it.
    pub(super) fn bring_home<T: Content>(&self, document: DocumentId) -> Result<()> {
        if T::PLACEMENT != Placement::ByVisibility {
            return Ok(());
        }
        let row = self
            .replica
            .store
            .read(|r| self.any_row::<T>(r, document))?;
        let state = self.replica.space(row.space)?;
        let deletions = self
            .replica
            .store
            .read(|r| Deletions::in_space(r, row.space, document))?;
        let taken_along = self.taken_along(&row, &state, &deletions)?;
        let mut content = envelope::content_of(&fields_of(&row));
        set_visibility::<T>(&mut content, Visibility::OnlyMe)?;
        let twin = self.twin_of::<T>(&row, Standing::Living)?.filter(|twin| {
            taken_along.as_deref() == Some(&*envelope::words_digest(&fields_of(twin)))
        });
        let home = match &twin {
            Some(twin) => twin.space,
            None => self.writable_space(Purpose::Private)?,
        };
        let resealed = self.resealed::<T>(&mut content, home, twin.as_ref())?;
        let private = match twin {
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
        self.replica.commit_and(&[private], |w| {
            must_be_as_read(w, &row)?;
            resealed.note(w)?;
            let_go(w, &state, document, &deletions)
        })
    }

    /// A digest of what was taken along when something was withdrawn, as far as it can be told here.
    fn taken_along(
        &self,
        row: &ItemRow,
        state: &SpaceState,
        deletions: &Deletions,
    ) -> Result<Option<String>> {
        if let Some(words) = Envelope::read(&fields_of(row)).withdrawn_words {
            return Ok(Some(words));
        }
        self.replica.store.read(|r| {
            if r.bare_of(row.space, row.document)? > 0 {
                return Ok(None);
            }
            let covered =
                |logged: &LogRow| deletions.cover(row.space, logged.author, logged.counter);
            let read = history::read_some(r, state, row.document, covered)?.materialize();
            Ok(read
                .ok()
                .map(|whole| envelope::words_digest(&whole.projection)))
        })
    }

    /// The same, for a clinic's node: all its patients' records stand in one file, which is written anew for what was
    /// let go of at most once a day.
    pub(crate) fn wipe_once_a_day(&self) -> Result<()> {
        let store = &self.replica.store;
        for blob in store.read(|r| r.blobs_deleted())? {
            store.blob_files().remove(blob)?;
        }
        let now_ms = self.replica.now().unix_ms;
        let (is_due, last) = store
            .read(|r| Ok::<_, CoreError>((r.is_wiping_due()?, settings::noted(r, WIPED_MS)?)))?;
        let is_lately = |last: i64| now_ms.abs_diff(last) < DAY_MS;
        if !is_due || last.is_some_and(is_lately) {
            return Ok(());
        }
        store.write(|w| settings::note(w, WIPED_MS, &now_ms))?;
        self.wipe()
    }
}
