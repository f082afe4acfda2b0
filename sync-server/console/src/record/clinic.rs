//! The record as the real core has it: [`Clinic`]'s own types turned into what pages show.

mod convert;

use std::sync::Arc;

use companion_core::clinic::{self, CaseRow as CoreRow, Clinic, InviteState};
use companion_core::domain::{DocumentId, PatientRecord, Step};
use companion_core::ports::{Clock, Moment};
use companion_core::protocol::id::MemberId;

use self::convert::{
    capital, check_in, core_phase, devices, document, entry_item, pairing, phase, reply, scope,
    session,
};
use super::{NewPatient, NewSession, Record, RecordError, Review, Watch, Words};
use crate::view::model::{
    CaseRow, EntryContent, EntryPage, EntryText, FeelingLine, InvitationPage, InvitationStep,
    OpeningLine, PatientBanner, PatientPage, Phase, TimelineItem,
};

/// The clinic's node, ready for pages.
pub struct ClinicRecord {
    clinic: Arc<Clinic>,
    clock: Arc<dyn Clock>,
    /// Read once: it stands on every page, and never changes.
    name: String,
}

impl ClinicRecord {
    /// `clock` gives the clinic's offset from UTC to times that carry none.
    pub fn new(clinic: Arc<Clinic>, clock: Arc<dyn Clock>) -> Self {
        let name = clinic.name().unwrap_or_else(|_| "Clinic".to_owned());
        Self {
            clinic,
            clock,
            name,
        }
    }

    /// A time by this node's own clock.
    fn here(&self, unix_ms: i64) -> Moment {
        Moment {
            unix_ms,
            offset_minutes: self.clock.now().offset_minutes,
        }
    }

    fn banner(
        &self,
        patient: DocumentId,
        record: &PatientRecord,
        invite: &InviteState,
        last_received_ms: Option<i64>,
    ) -> PatientBanner {
        PatientBanner {
            id: patient.to_string(),
            name: record.name.clone(),
            pronouns: record.pronouns.clone(),
            phase: phase(record.phase),
            pairing: pairing(invite),
            last_received: last_received_ms.map(|ms| self.here(ms)),
        }
    }

    fn row(&self, row: CoreRow) -> CaseRow {
        CaseRow {
            id: row.patient.to_string(),
            name: row.record.name,
            phase: phase(row.record.phase),
            pairing: pairing(&row.invite),
            next_session: row.next_session.map(session),
            last_check_in: row.last_check_in.map(|check_in| FeelingLine {
                step: check_in.valence.number(),
                at: check_in.at,
            }),
            trend: row.sparkline,
            unread: row.unread,
            for_session: row.unread_for_session,
            unreviewed: row.unreviewed,
            last_received: row.last_received_ms.map(|ms| self.here(ms)),
        }
    }

    fn entry_page(&self, page: clinic::EntryPage) -> Result<EntryPage, RecordError> {
        let state = self.clinic.patient(page.patient)?;
        let item = page.item;
        let entry = item.entry;
        let content = match entry.withdrawn_at {
            Some(at) => EntryContent::Withdrawn { at },
            None => EntryContent::Shown(EntryText {
                kind: capital(entry.kind.label()),
                title: entry.title,
                body: entry.body,
                mood: entry.mood.map(Step::number),
                session: page.session.map(session),
                tags: entry.tags.into_iter().collect(),
                scope: scope(entry.visibility),
                at: entry.at,
                edited_at: entry.edited_at,
                received_at: Some(self.here(item.received_ms)),
            }),
        };
        Ok(EntryPage {
            patient: self.banner(
                page.patient,
                &page.record,
                &state.invite,
                state.last_received_ms,
            ),
            id: item.id.to_string(),
            content,
            replies: page
                .replies
                .into_iter()
                .map(|item| reply(item, None))
                .collect(),
            openings: page
                .openings
                .into_iter()
                .map(|opening| OpeningLine {
                    by: opening.by,
                    at: opening.at,
                })
                .collect(),
            reviewed: item.review.map(|review| OpeningLine {
                by: review.by,
                at: review.at,
            }),
            older: page.older.map(|id| id.to_string()),
            newer: page.newer.map(|id| id.to_string()),
        })
    }
}

impl Record for ClinicRecord {
    fn clinic_name(&self) -> String {
        self.name.clone()
    }

    fn caseload(&self) -> Result<Vec<CaseRow>, RecordError> {
        let rows = self.clinic.caseload()?;
        Ok(rows.into_iter().map(|row| self.row(row)).collect())
    }

    fn patient(&self, patient: &str) -> Result<PatientPage, RecordError> {
        let page = self.clinic.patient(document(patient)?)?;
        let titles: std::collections::BTreeMap<DocumentId, String> = page
            .timeline
            .iter()
            .filter_map(|item| match item {
                clinic::TimelineItem::Entry(item) if item.entry.withdrawn_at.is_none() => {
                    Some((item.id, item.entry.title.clone()))
                }
                _ => None,
            })
            .collect();
        Ok(PatientPage {
            banner: self.banner(
                page.patient,
                &page.record,
                &page.invite,
                page.last_received_ms,
            ),
            timeline: page
                .timeline
                .into_iter()
                .map(|item| match item {
                    clinic::TimelineItem::Entry(item) => entry_item(*item),
                    clinic::TimelineItem::CheckIn(item) => {
                        TimelineItem::CheckIn(check_in(item.check_in))
                    }
                    clinic::TimelineItem::Reply(item) => {
                        let title = titles.get(&item.reply.about).cloned();
                        TimelineItem::Reply(reply(item, title))
                    }
                    clinic::TimelineItem::Session(item) => {
                        TimelineItem::Session(session(item.session))
                    }
                })
                .collect(),
            check_ins: page.check_ins.into_iter().map(check_in).collect(),
            sessions: page.sessions.into_iter().map(session).collect(),
            devices: devices(page.devices),
        })
    }

    fn entry(&self, patient: &str, entry: &str) -> Result<EntryPage, RecordError> {
        let page = self.clinic.entry(document(patient)?, document(entry)?)?;
        self.entry_page(page)
    }

    fn open_entry(&self, patient: &str, entry: &str, by: &str) -> Result<EntryPage, RecordError> {
        let page = self
            .clinic
            .open_entry(document(patient)?, document(entry)?, by)?;
        self.entry_page(page)
    }

    fn reply(&self, patient: &str, entry: &str, body: &str, by: &str) -> Result<(), RecordError> {
        self.clinic
            .reply(document(patient)?, document(entry)?, body, by)?;
        Ok(())
    }

    fn set_reviewed(
        &self,
        patient: &str,
        entry: &str,
        by: &str,
        review: Review,
    ) -> Result<(), RecordError> {
        let (patient, entry) = (document(patient)?, document(entry)?);
        match review {
            Review::Done => self.clinic.mark_reviewed(patient, entry, by)?,
            Review::Open => self.clinic.unmark_reviewed(patient, entry, by)?,
        }
        Ok(())
    }

    fn invite(&self, patient: NewPatient) -> Result<String, RecordError> {
        let known: Vec<DocumentId> = self
            .clinic
            .caseload()?
            .iter()
            .map(|row| row.patient)
            .collect();
        let made = self.clinic.invite_patient(clinic::NewPatient {
            name: patient.name,
            initials: patient.initials,
            pronouns: patient.pronouns,
            phase: core_phase(patient.phase),
        });
        match made {
            Ok(invitation) => Ok(invitation.patient.to_string()),
            // The patient is registered even when the server can't be reached. Saying "failed" would
            // make somebody register them twice: their page says that there is no invitation yet.
            Err(error) if error.is_passing() => {
                let rows = self.clinic.caseload()?;
                rows.iter()
                    .find(|row| !known.contains(&row.patient))
                    .map(|row| row.patient.to_string())
                    .ok_or_else(|| error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn invitation(&self, patient: &str) -> Result<InvitationPage, RecordError> {
        let id = document(patient)?;
        let page = self.clinic.patient(id)?;
        let banner = self.banner(id, &page.record, &page.invite, page.last_received_ms);
        let step = match page.invite {
            InviteState::NotInvited => InvitationStep::Ended,
            InviteState::Waiting { expires_at } => InvitationStep::Waiting {
                link: self
                    .clinic
                    .invitation(id)?
                    .map(|invitation| invitation.link),
                expires_at,
            },
            InviteState::Joined { compare_words } => InvitationStep::CompareWords {
                words: compare_words,
            },
            InviteState::Paired { at } => InvitationStep::Paired { at: Some(at) },
        };
        Ok(InvitationPage {
            patient: banner,
            step,
        })
    }

    fn reinvite(&self, patient: &str) -> Result<(), RecordError> {
        self.clinic.reinvite(document(patient)?)?;
        Ok(())
    }

    fn answer_words(&self, patient: &str, words: Words) -> Result<(), RecordError> {
        let patient = document(patient)?;
        match words {
            Words::Match => self.clinic.confirm_words(patient)?,
            Words::Differ => self.clinic.refuse_words(patient)?,
        }
        Ok(())
    }

    fn set_phase(&self, patient: &str, phase: Phase) -> Result<(), RecordError> {
        self.clinic
            .set_phase(document(patient)?, core_phase(phase))?;
        Ok(())
    }

    fn add_session(&self, patient: &str, session: NewSession) -> Result<(), RecordError> {
        self.clinic.add_session(
            document(patient)?,
            session.number,
            session.at,
            &session.note,
        )?;
        Ok(())
    }

    fn remove_device(&self, patient: &str, device: &str) -> Result<(), RecordError> {
        let device: MemberId = device.parse().map_err(|_| RecordError::NotFound)?;
        self.clinic.remove_device(document(patient)?, device)?;
        Ok(())
    }

    fn warnings(&self) -> Result<Vec<String>, RecordError> {
        Ok(self.clinic.warnings()?)
    }

    fn sync(&self) -> Result<(), RecordError> {
        let report = self.clinic.sync()?;
        for warning in &report.warnings {
            tracing::warn!(code = warning.code.as_str(), detail = %warning.detail, "the record warns");
        }
        for problem in &report.problems {
            tracing::warn!(message = %problem.message, passing = problem.passing, "a space was not exchanged");
        }
        // One space in trouble leaves the exchange standing; trouble with the server itself does not.
        match report
            .problems
            .iter()
            .find(|problem| problem.space.is_none())
        {
            Some(problem) => Err(RecordError::Failed(problem.message.clone())),
            None => Ok(()),
        }
    }

    fn watch(&self, on_hint: Box<dyn Fn() + Send + Sync>) -> Result<Watch, RecordError> {
        let handle = self.clinic.watch(Box::new(move |_hint| on_hint()))?;
        Ok(Box::new(handle))
    }
}
