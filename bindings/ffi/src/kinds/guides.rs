//! Which guides the clinic gave a patient, and how far they are with each.

use companion_core::domain::guide::{Due, GuideId};
use companion_core::domain::{DocumentId, GuideAssignment, GuideProgress};

use super::macros::{as_text, kind};
use super::programme::ProgrammePhase;
use crate::cross::Cross;
use crate::values::LocalMoment;

as_text!(GuideId);

/// When a guide comes due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum GuideDue {
    /// As long as the programme is in that phase.
    InPhase {
        /// The phase.
        phase: ProgrammePhase,
    },
    /// From so many days before a session on, through its day. 0 is the day itself.
    Before {
        /// Days.
        days: u16,
    },
    /// From so many days after a session on, until the next one begins.
    After {
        /// Days, from 1.
        days: u16,
    },
    /// Never by itself: it can be looked up.
    Never,
}

impl Cross<Due> for GuideDue {
    fn out(core: Due) -> Self {
        match core {
            Due::InPhase(phase) => GuideDue::InPhase {
                phase: Cross::out(phase),
            },
            Due::Before { days } => GuideDue::Before { days },
            Due::After { days } => GuideDue::After { days },
            Due::Never => GuideDue::Never,
        }
    }
}

kind! {
    /// Which guides the clinic gave the patient, one for each time it said so; of one guide the newest counts. `guides`
    /// of the record gives their words.
    GuideAssignments of GuideAssignment as GuideAssignmentView in GuideAssignmentPage {
        /// Which guide, by its name: `session-day`.
        guide: String,
        /// When it comes due.
        due: GuideDue,
        /// Who assigned it.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

kind! {
    /// How far the patient is with each guide. `mark_guide` of the record writes it.
    GuideSteps of GuideProgress as GuideStepsView in GuideStepsPage {
        /// Which guide, by its name.
        guide: String,
        /// The session that it is about, for a guide that comes for each.
        session: Option<DocumentId>,
        /// The editions that were opened: `b2` is the second of this library's, `c3` the third of the clinic's.
        opened: Vec<String>,
        /// The tasks that are ticked, by their names.
        ticked: Vec<String>,
        /// The editions that the patient is done with.
        finished: Vec<String>,
        /// When they last did something with it.
        at: LocalMoment,
    }
}
