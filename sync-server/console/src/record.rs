//! What the pages ask of the clinic's node: one trait, so that handlers can be tested without keys,
//! a store or a server. [`clinic`] answers it from the real core.
//!
//! Every call may block (a store, a hash, the network): handlers make them on blocking threads.

pub mod clinic;
#[cfg(test)]
pub(crate) mod fixed;

use companion_core::ports::Moment;

use crate::view::model::{CaseRow, EntryPage, InvitationPage, PatientPage, Phase};

/// Why a record was not read or changed.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// No such patient, entry or phone.
    #[error("there is nothing of this name in the record")]
    NotFound,
    /// What was typed is not allowed; the text is for the page.
    #[error("{0}")]
    Invalid(String),
    /// The server can't be reached, and this can't be done without it.
    #[error("the sync server cannot be reached")]
    Offline,
    /// Not possible in this state; the text is for the page.
    #[error("{0}")]
    NotNow(String),
    /// A fault of ours or of the disk: named in the log, never on a page.
    #[error("the clinic's record cannot be used: {0}")]
    Failed(String),
}

/// A patient to invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPatient {
    /// Name.
    pub name: String,
    /// Initials.
    pub initials: String,
    /// Pronouns; may be empty.
    pub pronouns: String,
    /// Phase.
    pub phase: Phase,
}

/// A dosing session to plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Its number, from 1.
    pub number: u32,
    /// When.
    pub at: Moment,
    /// Note, shared with the patient.
    pub note: String,
}

/// Whether an entry stands as reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    /// Reviewed.
    Done,
    /// To be reviewed.
    Open,
}

/// What comparing the words gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// Both sides show the same.
    Match,
    /// They differ: the phone that joined is removed.
    Differ,
}

/// Keeps a watch going; dropping it ends the watch.
pub type Watch = Box<dyn Send>;

/// The clinic's node as the pages see it. Ids are hex text from an address and may be nonsense.
pub trait Record: Send + Sync {
    /// The clinic's name.
    fn clinic_name(&self) -> String;
    /// All patients, in any order.
    fn caseload(&self) -> Result<Vec<CaseRow>, RecordError>;
    /// One patient's page.
    fn patient(&self, patient: &str) -> Result<PatientPage, RecordError>;
    /// An entry, without leaving a trace.
    fn entry(&self, patient: &str, entry: &str) -> Result<EntryPage, RecordError>;
    /// An entry that somebody opens: written down once per person, and the patient sees it.
    fn open_entry(&self, patient: &str, entry: &str, by: &str) -> Result<EntryPage, RecordError>;
    /// Sends a reply.
    fn reply(&self, patient: &str, entry: &str, body: &str, by: &str) -> Result<(), RecordError>;
    /// Marks an entry reviewed, or takes the mark away.
    fn set_reviewed(
        &self,
        patient: &str,
        entry: &str,
        by: &str,
        review: Review,
    ) -> Result<(), RecordError>;
    /// Makes a patient and an invitation; gives the patient's id.
    fn invite(&self, patient: NewPatient) -> Result<String, RecordError>;
    /// Where a patient's invitation stands.
    fn invitation(&self, patient: &str) -> Result<InvitationPage, RecordError>;
    /// Replaces the invitation.
    fn reinvite(&self, patient: &str) -> Result<(), RecordError>;
    /// What comparing the words gave.
    fn answer_words(&self, patient: &str, words: Words) -> Result<(), RecordError>;
    /// Sets the phase.
    fn set_phase(&self, patient: &str, phase: Phase) -> Result<(), RecordError>;
    /// Plans a dosing session.
    fn add_session(&self, patient: &str, session: NewSession) -> Result<(), RecordError>;
    /// Removes a phone.
    fn remove_device(&self, patient: &str, device: &str) -> Result<(), RecordError>;
    /// What the clinic's node noticed about its own history, in plain words: something withheld,
    /// forged or forked. Newest last.
    fn warnings(&self) -> Result<Vec<String>, RecordError>;
    /// Exchanges with the server once.
    fn sync(&self) -> Result<(), RecordError>;
    /// Calls back whenever the server says that there is something new.
    fn watch(&self, on_hint: Box<dyn Fn() + Send + Sync>) -> Result<Watch, RecordError>;
}
