//! Writing: replies, marks, openings, sessions, phases.

use companion_protocol::id::MemberId;

use super::caseload::entry_page;
use super::view::EntryPage;
use super::{Clinic, clinic_space, items_of, record};
use crate::domain::{DocumentId, DosingSession, Kind, Moment, Opening, Phase, Reply, Review};
use crate::error::{CoreError, Result};
use crate::patient::{OPENED_REVISION, edit, read, remove_member, revision_text};
use crate::sync::Line;

impl Clinic {
    /// Opens an entry: the patient's phone will say who did, and when. Once for each person and
    /// version; a withdrawn entry is not opened.
    pub fn open_entry(&self, patient: DocumentId, id: DocumentId, by: &str) -> Result<EntryPage> {
        let mut replica = self.replica();
        let page = entry_page(&replica, patient, id)?;
        let revision = revision_text(&page.item.revision);
        let known = page.openings.iter().any(|opening| {
            opening.by == by
                && opening
                    .extra
                    .get(OPENED_REVISION)
                    .and_then(serde_json::Value::as_str)
                    == Some(revision.as_str())
        });
        if known || page.item.entry.withdrawn_at.is_some() {
            return Ok(page);
        }
        let mut extra = serde_json::Map::new();
        extra.insert(OPENED_REVISION.to_owned(), revision.into());
        let opening = Opening {
            about: id,
            by: by.to_owned(),
            at: replica.now(),
            extra,
        };
        let document = DocumentId::random(&*replica.ports.rng);
        replica.commit(vec![edit(page.care_space, document, None, opening)?])?;
        entry_page(&replica, patient, id)
    }

    /// Writes a reply, which the patient's phone shows under the entry or check-in.
    pub fn reply(
        &self,
        patient: DocumentId,
        about: DocumentId,
        body: &str,
        by: &str,
    ) -> Result<DocumentId> {
        let mut replica = self.replica();
        let (_, record) = record(&replica, patient)?;
        let known = replica.store.read(|r| r.item(about))?;
        if known.is_none_or(|item| item.space != record.care_space) {
            return Err(CoreError::NotFound("entry"));
        }
        let reply = Reply {
            about,
            body: body.to_owned(),
            by: by.to_owned(),
            at: replica.now(),
            extra: serde_json::Map::new(),
        };
        let document = DocumentId::random(&*replica.ports.rng);
        replica.commit(vec![edit(record.care_space, document, None, reply)?])?;
        Ok(document)
    }

    /// Marks an entry or check-in as reviewed. The whole clinic sees the mark; the patient does not.
    pub fn mark_reviewed(&self, patient: DocumentId, about: DocumentId, by: &str) -> Result<()> {
        self.review(patient, about, by, true)
    }

    /// Takes the mark back.
    pub fn unmark_reviewed(&self, patient: DocumentId, about: DocumentId, by: &str) -> Result<()> {
        self.review(patient, about, by, false)
    }

    fn review(
        &self,
        patient: DocumentId,
        about: DocumentId,
        by: &str,
        reviewed: bool,
    ) -> Result<()> {
        let mut replica = self.replica();
        let (_, record) = record(&replica, patient)?;
        let known = replica.store.read(|r| r.item(about))?;
        if known.is_none_or(|item| item.space != record.care_space) {
            return Err(CoreError::NotFound("entry"));
        }
        let space = clinic_space(&replica)?;
        let standing = items_of(&replica, space, &Kind::REVIEW)?
            .into_iter()
            .find(|item| item.about == Some(about));
        let now = replica.now();
        let present = match &standing {
            Some(item) => Some(read::<Review>(item)?),
            None => None,
        };
        let stands = present
            .as_ref()
            .is_some_and(|review| review.undone_at.is_none());
        if stands == reviewed {
            return Ok(());
        }
        let (document, seen, mut review) = match (standing, present) {
            (Some(item), Some(review)) => (item.document, Some(item.revision), review),
            _ => {
                let review = Review {
                    about,
                    care_space: record.care_space,
                    by: by.to_owned(),
                    at: now,
                    undone_at: None,
                    extra: serde_json::Map::new(),
                };
                (DocumentId::random(&*replica.ports.rng), None, review)
            }
        };
        review.undone_at = (!reviewed).then_some(now);
        if reviewed {
            review.by = by.to_owned();
            review.at = now;
        }
        replica.commit(vec![edit(space, document, seen, review)?])
    }

    /// Adds a dosing session. Both sides see it.
    pub fn add_session(
        &self,
        patient: DocumentId,
        number: u32,
        at: Moment,
        note: &str,
    ) -> Result<DocumentId> {
        let mut replica = self.replica();
        let (_, record) = record(&replica, patient)?;
        let extra = serde_json::Map::new();
        let session = DosingSession {
            number,
            at,
            note: note.to_owned(),
            extra,
        };
        let document = DocumentId::random(&*replica.ports.rng);
        replica.commit(vec![edit(record.care_space, document, None, session)?])?;
        Ok(document)
    }

    /// Says where a patient stands in the programme.
    pub fn set_phase(&self, patient: DocumentId, phase: Phase) -> Result<()> {
        let mut replica = self.replica();
        let (item, mut record) = record(&replica, patient)?;
        record.phase = phase;
        replica.commit(vec![edit(
            item.space,
            patient,
            Some(item.revision),
            record,
        )?])
    }

    /// Removes a patient's device: it gets nothing that is written from now on. Needs the server.
    pub fn remove_device(&self, patient: DocumentId, member: MemberId) -> Result<()> {
        let space = {
            let replica = self.replica();
            if member == replica.me.member() {
                return Err(CoreError::NotNow("this is the clinic's own node"));
            }
            let (_, record) = record(&replica, patient)?;
            let state = replica.space(record.care_space)?;
            if state.chain.present(&member).is_none() {
                return Err(CoreError::NotFound("device"));
            }
            record.care_space
        };
        let _one_at_a_time = self.one_at_a_time();
        let line = Line::open(&self.replica, &self.server()?)?;
        remove_member(&line, space, member)
    }
}
