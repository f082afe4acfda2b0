//! A record that always says the same and remembers what it was asked to do.

#![allow(clippy::unwrap_used)]

use std::sync::Mutex;

use crate::record::{NewPatient, NewSession, Record, RecordError, Review, Watch, Words};
use crate::view::model::{CaseRow, EntryPage, InvitationPage, InvitationStep, PatientPage, Phase};
use crate::view::sample;

#[derive(Default)]
pub(crate) struct FixedRecord {
    done: Mutex<Vec<String>>,
}

impl FixedRecord {
    pub(crate) fn done(&self) -> Vec<String> {
        self.done.lock().unwrap().clone()
    }

    fn note(&self, what: String) {
        self.done.lock().unwrap().push(what);
    }

    fn known(patient: &str) -> Result<(), RecordError> {
        if patient == sample::banner().id {
            Ok(())
        } else {
            Err(RecordError::NotFound)
        }
    }
}

impl Record for FixedRecord {
    fn clinic_name(&self) -> String {
        "Rowan Street Clinic".to_owned()
    }

    fn caseload(&self) -> Result<Vec<CaseRow>, RecordError> {
        Ok(sample::caseload())
    }

    fn patient(&self, patient: &str) -> Result<PatientPage, RecordError> {
        Self::known(patient)?;
        Ok(sample::patient())
    }

    fn entry(&self, patient: &str, _entry: &str) -> Result<EntryPage, RecordError> {
        Self::known(patient)?;
        Ok(sample::entry())
    }

    fn open_entry(&self, patient: &str, entry: &str, by: &str) -> Result<EntryPage, RecordError> {
        self.note(format!("opened by {by}"));
        self.entry(patient, entry)
    }

    fn reply(&self, _patient: &str, _entry: &str, body: &str, by: &str) -> Result<(), RecordError> {
        if body.contains('\u{7}') {
            return Err(RecordError::Invalid(
                "the reply holds a control character".to_owned(),
            ));
        }
        self.note(format!("replied by {by}: {body}"));
        Ok(())
    }

    fn set_reviewed(&self, _: &str, _: &str, by: &str, review: Review) -> Result<(), RecordError> {
        self.note(format!("review {review:?} by {by}"));
        Ok(())
    }

    fn invite(&self, patient: NewPatient) -> Result<String, RecordError> {
        self.note(format!("invited {} ({})", patient.name, patient.initials));
        Ok(sample::banner().id)
    }

    fn invitation(&self, patient: &str) -> Result<InvitationPage, RecordError> {
        Self::known(patient)?;
        Ok(sample::invitation(InvitationStep::CompareWords {
            words: vec!["harbour".to_owned(), "violin".to_owned()],
        }))
    }

    fn reinvite(&self, _: &str) -> Result<(), RecordError> {
        Err(RecordError::Offline)
    }

    fn answer_words(&self, _: &str, words: Words) -> Result<(), RecordError> {
        self.note(format!("words {words:?}"));
        Ok(())
    }

    fn set_phase(&self, _: &str, phase: Phase) -> Result<(), RecordError> {
        self.note(format!("phase {phase:?}"));
        Ok(())
    }

    fn add_session(&self, _: &str, session: NewSession) -> Result<(), RecordError> {
        self.note(format!("session {} at {}", session.number, session.at));
        Ok(())
    }

    fn remove_device(&self, _: &str, device: &str) -> Result<(), RecordError> {
        self.note(format!("removed {device}"));
        Ok(())
    }

    fn warnings(&self) -> Result<Vec<String>, RecordError> {
        Ok(Vec::new())
    }

    fn sync(&self) -> Result<(), RecordError> {
        Ok(())
    }

    fn watch(&self, _: Box<dyn Fn() + Send + Sync>) -> Result<Watch, RecordError> {
        Ok(Box::new(()))
    }
}
