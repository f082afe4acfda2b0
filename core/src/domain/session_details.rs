//! What both sides should know of a dosing session besides its number and when it is: who is there, where, how
//! long its parts are. All of it is set together, by the clinic.

use super::DosingSession;
use super::session_block::Minutes;

/// The details of a session; each as the field of [`DosingSession`] of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionDetails {
    /// From the arrival to the medicine.
    pub arrival_minutes: Minutes,
    /// The experience itself.
    pub medicine_minutes: Minutes,
    /// Coming back.
    pub coming_back_minutes: Minutes,
    /// Grounding and first words.
    pub grounding_minutes: Minutes,
    /// What the place is called.
    pub place: String,
    /// Where it is.
    pub address: String,
    /// How to reach it that day.
    pub contact: String,
    /// Who is there as therapist.
    pub therapist: String,
    /// Who watches over the body.
    pub medical_provider: String,
    /// What both sides should know about it.
    pub note: String,
}

impl SessionDetails {
    /// Those of a session.
    pub fn of(session: &DosingSession) -> Self {
        Self {
            arrival_minutes: session.arrival_minutes,
            medicine_minutes: session.medicine_minutes,
            coming_back_minutes: session.coming_back_minutes,
            grounding_minutes: session.grounding_minutes,
            place: session.place.clone(),
            address: session.address.clone(),
            contact: session.contact.clone(),
            therapist: session.therapist.clone(),
            medical_provider: session.medical_provider.clone(),
            note: session.note.clone(),
        }
    }

    /// Gives a session these details in the place of its own.
    pub fn put_into(self, session: &mut DosingSession) {
        session.arrival_minutes = self.arrival_minutes;
        session.medicine_minutes = self.medicine_minutes;
        session.coming_back_minutes = self.coming_back_minutes;
        session.grounding_minutes = self.grounding_minutes;
        session.place = self.place;
        session.address = self.address;
        session.contact = self.contact;
        session.therapist = self.therapist;
        session.medical_provider = self.medical_provider;
        session.note = self.note;
    }
}
