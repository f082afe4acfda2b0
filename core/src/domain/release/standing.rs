//! Whether something may be told by a release: a pure function of what it says, of the programme and of the time.

use super::{AtProgrammeEnd, Release, ReleaseError};
use crate::domain::programme::Standing;
use crate::domain::{Moment, Programme};

/// How a release stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReleaseStanding {
    /// Something may be told.
    Live,
    /// Nothing may be told yet.
    NotBegun {
        /// From when on it may be.
        from: Moment,
    },
    /// Its time is over.
    Expired {
        /// Since when.
        until: Moment,
    },
    /// The patient took it back.
    TakenBack {
        /// When first.
        at: Moment,
    },
    /// The programme ended, and it with it.
    EndedWithProgramme,
    /// The patient ended their account, and with it all that they allowed.
    EndedWithAccount,
    /// It ends with a programme that can't be read here, so nobody knows whether that goes on.
    ProgrammeUnknown,
    /// What it says stands in two wordings, and the patient has not chosen.
    InTwoWordings,
    /// It was narrowed in several places that did not know of each other, and together they left nothing of it.
    NothingLeft,
}

impl ReleaseStanding {
    /// Its word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            ReleaseStanding::Live => "live",
            ReleaseStanding::NotBegun { .. } => "not_begun",
            ReleaseStanding::Expired { .. } => "expired",
            ReleaseStanding::TakenBack { .. } => "taken_back",
            ReleaseStanding::EndedWithProgramme => "ended_with_programme",
            ReleaseStanding::EndedWithAccount => "ended_with_account",
            ReleaseStanding::ProgrammeUnknown => "programme_unknown",
            ReleaseStanding::InTwoWordings => "in_two_wordings",
            ReleaseStanding::NothingLeft => "nothing_left",
        }
    }

    /// Whether it may still be told by, now or later.
    pub const fn is_to_come_or_live(&self) -> bool {
        matches!(
            self,
            ReleaseStanding::Live | ReleaseStanding::NotBegun { .. }
        )
    }

    /// The same once the patient's account was ended: what was live or could still become so is over.
    #[must_use]
    pub const fn after_the_account(self) -> Self {
        match self {
            ReleaseStanding::Live
            | ReleaseStanding::NotBegun { .. }
            | ReleaseStanding::ProgrammeUnknown
            | ReleaseStanding::InTwoWordings => ReleaseStanding::EndedWithAccount,
            ReleaseStanding::Expired { .. }
            | ReleaseStanding::TakenBack { .. }
            | ReleaseStanding::EndedWithProgramme
            | ReleaseStanding::EndedWithAccount
            | ReleaseStanding::NothingLeft => self,
        }
    }

    /// That something may be told.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn must_be_live(self) -> Result<(), ReleaseError> {
        match self {
            ReleaseStanding::Live => Ok(()),
            ReleaseStanding::NotBegun { from } => Err(ReleaseError::NotBegun { from }),
            ReleaseStanding::Expired { until } => Err(ReleaseError::Expired { until }),
            ReleaseStanding::TakenBack { at } => Err(ReleaseError::TakenBack { at }),
            ReleaseStanding::EndedWithProgramme => Err(ReleaseError::EndedWithProgramme),
            ReleaseStanding::EndedWithAccount => Err(ReleaseError::EndedWithAccount),
            ReleaseStanding::ProgrammeUnknown => Err(ReleaseError::ProgrammeUnknown),
            ReleaseStanding::InTwoWordings => Err(ReleaseError::InTwoWordings),
            ReleaseStanding::NothingLeft => Err(ReleaseError::NothingLeft),
        }
    }
}

impl Release {
    /// How it stands. `programme` is the one that it names ([`Release::programme`]), where it can be read; `now` is
    /// the time by the clock of whoever is to act on it.
    ///
    /// Taken back comes before everything else. A programme that ended once since ended it for good, also where it
    /// was taken up again: the patient gives another one then.
    pub fn standing(&self, programme: Option<&Programme>, now: Moment) -> ReleaseStanding {
        let taken_back = self.taken_back.iter().map(|(_, step)| step.at);
        if let Some(at) = taken_back.min_by_key(|at| at.unix_ms) {
            return ReleaseStanding::TakenBack { at };
        }
        if self.in_two_wordings {
            return ReleaseStanding::InTwoWordings;
        }
        if self.sections().is_empty() {
            return ReleaseStanding::NothingLeft;
        }
        if self.terms.at_programme_end == AtProgrammeEnd::Ends {
            match programme {
                None => return ReleaseStanding::ProgrammeUnknown,
                Some(programme) if self.has_ended(programme) => {
                    return ReleaseStanding::EndedWithProgramme;
                }
                Some(_) => {}
            }
        }
        let until = self.until();
        if now.unix_ms >= until.unix_ms {
            return ReleaseStanding::Expired { until };
        }
        if now.unix_ms < self.from.unix_ms {
            return ReleaseStanding::NotBegun { from: self.from };
        }
        ReleaseStanding::Live
    }

    fn has_ended(&self, programme: &Programme) -> bool {
        let mut steps = programme.standings.iter().map(|(_, step)| step);
        programme.standing() == Standing::Ended
            || steps
                .any(|step| step.standing == Standing::Ended && step.at.unix_ms >= self.at.unix_ms)
    }
}
