//! Dosing sessions and visits, as the clinic plans them, and what it shows of the medicine.

use std::time::Duration;

use companion_core::domain::medicine_record::Route;
use companion_core::domain::session_block::Block;
use companion_core::domain::session_step::{SessionAct, SessionStep};
use companion_core::domain::visit::{VisitPurpose, VisitWay};
use companion_core::domain::{DocumentId, DosingSession, MedicineShown, Visit};

use super::macros::{kind, open_choice};
use crate::cross::{choice, view};
use crate::values::LocalMoment;

choice! {
    /// What was said of whether and when a session takes place.
    SessionWord of SessionAct {
        /// It does not take place; where it had begun by then, it did not take place.
        CalledOff,
        /// It takes place.
        PutBack,
        /// Its time had been written down wrong.
        Corrected,
        /// It begins at another time than was planned.
        Moved,
        /// Its parts take longer, or not so long.
        PartsChanged,
    }
}

view! {
    /// One word on whether and when a session takes place.
    SessionStepView of SessionStep {
        /// What was said.
        act: SessionWord,
        /// When the session was to begin before this was said.
        of: LocalMoment,
        /// When it was to be over, before this was said.
        ends: LocalMoment,
        /// Why; may be empty.
        reason: String,
        /// Who said so.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

view! {
    /// The parts of one session, each by the moment when it begins.
    SessionPartsView of Block {
        /// The patient is to be there.
        arrives: LocalMoment,
        /// The medicine is given.
        medicine: LocalMoment,
        /// The experience is over, and the patient comes back.
        coming_back: LocalMoment,
        /// Grounding and first words.
        grounding: LocalMoment,
        /// The escort takes over.
        ends: LocalMoment,
    }
}

kind! {
    /// Dosing sessions, planned, past and called off.
    DosingSessions of DosingSession as DosingSessionView in DosingSessionPage {
        /// Which one of the programme it is, from 1.
        number: u32,
        /// When it begins: the patient is to be there.
        at: LocalMoment,
        /// From the arrival to the medicine.
        arrival_minutes: Duration,
        /// The experience itself.
        medicine_minutes: Duration,
        /// Coming back.
        coming_back_minutes: Duration,
        /// Grounding and first words, until the escort takes over.
        grounding_minutes: Duration,
        /// What the place is called; may be empty.
        place: String,
        /// Where it is; may be empty.
        address: String,
        /// How to reach it that day; may be empty.
        contact: String,
        /// Who is there as therapist; empty as long as nobody is named.
        therapist: String,
        /// Who watches over the body; empty as long as nobody is named.
        medical_provider: String,
        /// What both sides should know about it; may be empty.
        note: String,
        /// All that was said of whether and when it takes place, the oldest first.
        steps: Vec<SessionStepView>,
        /// When it was to begin before it was moved, if it was.
        moved_from: Option<LocalMoment>,
    }
    reads {
        /// Its parts, each by the moment when it begins.
        parts: SessionPartsView = |session| session.block(),
        /// Whether it takes place, or did, as far as anybody said.
        takes_place: bool = |session| session.takes_place(),
        /// Why it does not take place, from each who called it off; empty where it does.
        called_off: Vec<SessionStepView> = |session| {
            session.call_offs().into_iter().cloned().collect::<Vec<_>>()
        },
    }
}

open_choice! {
    /// What a visit is for.
    VisitReason of VisitPurpose {
        /// To find out together whether the programme fits.
        Assessment,
        /// To get ready for a session.
        Preparation,
        /// To work a session into daily life.
        Integration,
        /// To look after the body.
        CheckUp,
        /// After the last session.
        FollowUp,
    }
}

open_choice! {
    /// How a visit is held.
    VisitForm of VisitWay {
        /// At a place.
        InPerson,
        /// Over video.
        Video,
        /// Over the phone.
        Phone,
    }
}

kind! {
    /// Visits without a dose, planned, past and called off.
    Visits of Visit as VisitView in VisitPage {
        /// What it is for.
        purpose: VisitReason,
        /// When it begins.
        at: LocalMoment,
        /// How long it takes.
        minutes: Duration,
        /// How it is held.
        way: VisitForm,
        /// What the place is called; may be empty.
        place: String,
        /// Where it is; may be empty.
        address: String,
        /// How to reach the clinic then; may be empty.
        contact: String,
        /// With whom; empty as long as nobody is named.
        with: String,
        /// What both sides should know about it; may be empty.
        note: String,
        /// When it was called off, if it was: it does not take place.
        called_off_at: Option<LocalMoment>,
        /// When it was to begin before it was moved, if it was.
        moved_from: Option<LocalMoment>,
    }
    reads {
        /// When it is over.
        ends: LocalMoment = |visit| visit.ends(),
        /// Whether it takes place, or did, as far as anybody said.
        takes_place: bool = |visit| visit.takes_place(),
    }
}

open_choice! {
    /// How the medicine is given.
    MedicineRoute of Route {
        /// Into a vein.
        Intravenous,
        /// Into a muscle.
        Intramuscular,
        /// Through the nose.
        Intranasal,
        /// Under the tongue.
        Sublingual,
        /// Swallowed.
        Oral,
    }
}

kind! {
    /// What the clinic shows the patient of the medicine in a session. `about` of a page's request gives that of one
    /// session.
    MedicinesShown of MedicineShown as MedicineShownView in MedicineShownPage {
        /// The session.
        about: DocumentId,
        /// How the medicine is given.
        route: Option<MedicineRoute>,
        /// The dose in the clinician's words; may be empty.
        dose: String,
        /// Who chose to show it.
        by: String,
        /// When.
        at: LocalMoment,
        /// When it was taken back, if it was: show nothing of it then.
        taken_back_at: Option<LocalMoment>,
    }
    without { copy_of }
}
