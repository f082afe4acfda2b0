//! Where a programme stands: its phase, and whether it is running at all.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{PHASES, Programme, STANDING_REASON, STANDINGS};
use crate::domain::text::{Named, Problem, named};
use crate::domain::{Invalid, ItemId, Moment, Phase, limits, text};

const PHASE_BY: Named = named("phases", "the name");
const STANDING_BY: Named = named("standings", "the name");

/// One step from phase to phase. The phases may come round again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhaseStep {
    /// The phase that began; never [`Phase::Closed`], which is a [`Standing`].
    pub phase: Phase,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// Whether a programme is running.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It goes on.
    #[default]
    Running,
    /// It rests: nothing of it is asked of the patient.
    Paused,
    /// It is over.
    Ended,
}

impl Standing {
    /// All of them.
    pub const ALL: [Standing; 3] = [Standing::Running, Standing::Paused, Standing::Ended];

    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Standing::Running => "running",
            Standing::Paused => "paused",
            Standing::Ended => "ended",
        }
    }
}

/// One pause, end or going on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StandingStep {
    /// What it has been since.
    pub standing: Standing,
    /// Why, for both sides, at most 500 characters; may be empty.
    #[serde(default)]
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// Why what somebody says of a programme is not written: it does not stand as they had it before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandsOtherwise {
    /// How it stands.
    pub standing: Standing,
    /// Who said so.
    pub by: String,
    /// Why, in their words; may be empty.
    pub reason: String,
}

impl std::error::Error for StandsOtherwise {}

impl fmt::Display for StandsOtherwise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, did) = match self.standing {
            Standing::Running => ("is running", "took it up again"),
            Standing::Paused => ("is paused already", "paused it"),
            Standing::Ended => ("has ended", "ended it"),
        };
        write!(f, "this programme {what}: {} {did}", self.by)?;
        if !self.reason.is_empty() {
            write!(f, ", and wrote “{}”", self.reason)?;
        }
        Ok(())
    }
}

impl From<&StandingStep> for StandsOtherwise {
    fn from(step: &StandingStep) -> Self {
        Self {
            standing: step.standing,
            by: step.by.clone(),
            reason: step.reason.clone(),
        }
    }
}

impl Standing {
    /// The reason, if somebody may say it of this standing: a pause and an end say why, to both sides.
    ///
    /// # Errors
    ///
    /// A reason that is missing or too long, of the field `standings`.
    pub fn reason(self, reason: &str) -> Result<String, Invalid> {
        match self {
            Standing::Running => text::line(reason, STANDING_REASON, limits::REASON),
            Standing::Paused | Standing::Ended => {
                text::needed_line(reason, STANDING_REASON, limits::REASON)
            }
        }
    }
}

impl PhaseStep {
    pub(super) fn checked(self) -> Result<Self, Invalid> {
        if self.phase == Phase::Closed {
            return Err(named("phases", "the phase").wrong(Problem::Empty));
        }
        let by = text::needed_line(&self.by, PHASE_BY, limits::NAME)?;
        text::moment(self.at, PHASES)?;
        Ok(Self { by, ..self })
    }
}

impl StandingStep {
    pub(super) fn checked(self) -> Result<Self, Invalid> {
        let reason = text::line(&self.reason, STANDING_REASON, limits::REASON)?;
        let by = text::needed_line(&self.by, STANDING_BY, limits::NAME)?;
        text::moment(self.at, STANDINGS)?;
        Ok(Self { reason, by, ..self })
    }
}

impl Programme {
    /// Whether it is running.
    pub fn standing(&self) -> Standing {
        let last = self.standings.last();
        last.map_or(Standing::Running, |step| step.standing)
    }

    /// That it can be set to that standing, in those words: it does not stand so already in the words of
    /// somebody else, and nothing but [going on](Standing::Running) follows an end.
    ///
    /// # Errors
    ///
    /// [`StandsOtherwise`] says how it stands and who said so.
    pub fn may_be(&self, to: Standing, reason: &str, by: &str) -> Result<(), StandsOtherwise> {
        let Some(last) = self.standings.last() else {
            return Ok(());
        };
        let may = match (last.standing, to) {
            (Standing::Ended, Standing::Paused) => false,
            // Nothing of what is said again is lost.
            (now, to) if now == to => {
                last.reason == reason.trim() && (last.by == by.trim() || reason.trim().is_empty())
            }
            _ => true,
        };
        if may { Ok(()) } else { Err(last.into()) }
    }

    /// That it has not ended.
    ///
    /// # Errors
    ///
    /// [`StandsOtherwise`] says who ended it and why.
    pub fn must_not_have_ended(&self) -> Result<(), StandsOtherwise> {
        match self.standings.last() {
            Some(last) if last.standing == Standing::Ended => Err(last.into()),
            _ => Ok(()),
        }
    }

    /// The phase that it is in; [`Phase::Closed`] once it has ended.
    pub fn phase(&self) -> Phase {
        match self.standing() {
            Standing::Ended => Phase::Closed,
            Standing::Running | Standing::Paused => self.last_phase(),
        }
    }

    /// The phase that it is in, or was in when it ended.
    pub fn last_phase(&self) -> Phase {
        let last = self.phases.last();
        last.map_or(Phase::Assessment, |step| step.phase)
    }

    /// Says that another phase begins. [`Phase::Closed`] ends the programme, and any other phase takes
    /// one up again that had ended. Nothing is added where it is in that phase already.
    ///
    /// Whether it may go there is asked of [`may_move_to`](super::may_move_to).
    pub fn move_to(&mut self, id: ItemId, phase: Phase, by: impl Into<String>, at: Moment) {
        let by = by.into();
        match (phase, self.standing()) {
            (Phase::Closed, _) => self.set_standing(id, Standing::Ended, "", by, at),
            (_, Standing::Ended) => {
                self.set_standing(id, Standing::Running, "", by.clone(), at);
                self.begin(id, phase, by, at);
            }
            (_, Standing::Running | Standing::Paused) => self.begin(id, phase, by, at),
        }
    }

    fn begin(&mut self, id: ItemId, phase: Phase, by: String, at: Moment) {
        if self.last_phase() != phase {
            self.phases.add(id, PhaseStep { phase, by, at });
        }
    }

    /// Pauses it, lets it go on, or ends it. Nothing is added where it stands so already.
    pub fn set_standing(
        &mut self,
        id: ItemId,
        standing: Standing,
        reason: impl Into<String>,
        by: impl Into<String>,
        at: Moment,
    ) {
        if self.standing() != standing {
            let step = StandingStep {
                standing,
                reason: reason.into(),
                by: by.into(),
                at,
            };
            self.standings.add(id, step);
        }
    }
}
