//! What an assessment came to: ready, not yet, or not a fit.

use chrono::{Datelike as _, Months};
use serde::{Deserialize, Serialize};

use super::day::Day;
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Ordered, Placement, RecordSection,
    Shape, Writers, limits, text,
};

const EXPLANATION: Named = named("explanation", "the explanation");
const ORIENTATION: Named = named("orientation", "an orientation");
const ORIENTATIONS: Named = named("orientation", "orientations");
const WHERE: Named = named("orientation", "where to find it");
/// A day to look again lies so many years ahead at most: what lies further was mistyped.
const REVISIT_YEARS: u32 = 5;
const REVISIT_YEAR: Named = named("revisit_on", "the year to look at it again");
const REVISIT: Named = named("revisit_on", "the day to look at it again");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the outcome");

/// What a clinician says that an assessment came to. It lives in the care space: the patient reads it.
///
/// Two questions are answered each by itself, and the outcome follows from them ([`Readiness::outcome`]),
/// so that it can't contradict them. A later outcome is another document, and the newest counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Readiness {
    /// Is it clinically appropriate?
    pub appropriate: Appropriate,
    /// Is this the right time in their life?
    pub timing: Timing,
    /// What it means, in words for the patient, at most 100,000 bytes of UTF-8. Needed unless the outcome
    /// is *ready*. Edits of it merge inside the text.
    #[serde(default)]
    pub explanation: String,
    /// What would be useful now instead or besides: referrals, resources.
    #[serde(default)]
    pub orientation: Ordered<Orientation>,
    /// When to look at it again. Needed where the outcome is *not yet*.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisit_on: Option<Day>,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// Whether a programme is clinically appropriate for somebody, as a clinician found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Appropriate {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Whether it is the right point in somebody's life, as they and a clinician found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// It is.
    Now,
    /// It is not, for now.
    Later,
}

/// What an assessment came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Appropriate, and the right time.
    Ready,
    /// Appropriate, and not the right time.
    NotYet,
    /// Not appropriate, whatever the time.
    NotAFit,
}

/// What counts of an assessment now, for somebody who had another word of it before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeNow {
    /// What it came to.
    pub outcome: Outcome,
    /// Who said so.
    pub by: String,
}

impl From<&Readiness> for OutcomeNow {
    fn from(said: &Readiness) -> Self {
        Self {
            outcome: said.outcome(),
            by: said.by.clone(),
        }
    }
}

/// Something that would be useful.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Orientation {
    /// What it is, 1 to 200 characters.
    pub what: String,
    /// How to reach it, at most 500 characters; may be empty.
    #[serde(default)]
    pub where_to: String,
}

impl Outcome {
    /// The outcome of two answers.
    pub const fn of(appropriate: Appropriate, timing: Timing) -> Self {
        match (appropriate, timing) {
            (Appropriate::Yes, Timing::Now) => Outcome::Ready,
            (Appropriate::Yes, Timing::Later) => Outcome::NotYet,
            (Appropriate::No, _) => Outcome::NotAFit,
        }
    }

    /// Its word, to filter by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Ready => "ready",
            Outcome::NotYet => "not_yet",
            Outcome::NotAFit => "not_a_fit",
        }
    }

    /// The same for a person.
    pub const fn label(self) -> &'static str {
        match self {
            Outcome::Ready => "Ready",
            Outcome::NotYet => "Not yet",
            Outcome::NotAFit => "Not a fit",
        }
    }
}

impl Appropriate {
    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Appropriate::Yes => "yes",
            Appropriate::No => "no",
        }
    }
}

impl Timing {
    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Timing::Now => "now",
            Timing::Later => "later",
        }
    }
}

impl Readiness {
    /// That somebody is ready.
    pub fn ready(by: impl Into<String>, at: Moment) -> Self {
        Self {
            appropriate: Appropriate::Yes,
            timing: Timing::Now,
            explanation: String::new(),
            orientation: Ordered::default(),
            revisit_on: None,
            by: by.into(),
            at,
        }
    }

    /// Whether the day to look at it again is one that somebody means: after the day on which this is said, and
    /// within five years.
    pub fn revisit_is_to_come(&self) -> bool {
        let said = self.at.local_date();
        self.revisit_on.zip(said).is_none_or(|(day, said)| {
            let last = said.checked_add_months(Months::new(REVISIT_YEARS * 12));
            day.to_chrono() > said && last.is_none_or(|last| day.to_chrono() <= last)
        })
    }

    /// What the assessment came to.
    pub const fn outcome(&self) -> Outcome {
        Outcome::of(self.appropriate, self.timing)
    }
}

impl Orientation {
    fn checked(self) -> Result<Self, Invalid> {
        let what = text::needed_line(&self.what, ORIENTATION, limits::TITLE)?;
        let where_to = text::line(&self.where_to, WHERE, limits::REASON)?;
        Ok(Self { what, where_to })
    }
}

impl Content for Readiness {
    const KIND: Kind = Kind::named("readiness");
    const SHAPE: Shape = Shape::new(&[
        Field::value("appropriate"),
        Field::value("timing"),
        Field::text("explanation"),
        Field::ordered(
            "orientation",
            &[Field::value("what"), Field::value("where_to")],
        ),
        Field::value("revisit_on"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::To(RecordSection::Assessment);

    fn checked(self) -> Result<Self, Invalid> {
        let explanation = text::paragraphs(&self.explanation, EXPLANATION, limits::BODY)?;
        let outcome = self.outcome();
        if outcome != Outcome::Ready && explanation.is_empty() {
            return Err(EXPLANATION.wrong(Problem::Empty));
        }
        if outcome == Outcome::NotYet && self.revisit_on.is_none() {
            return Err(REVISIT.wrong(Problem::Empty));
        }
        let years = limits::SESSION_FIRST_YEAR..=limits::SESSION_LAST_YEAR;
        let year = self.revisit_on.map(|day| day.to_chrono().year());
        if year.is_some_and(|year| !years.contains(&year)) {
            return Err(REVISIT_YEAR.wrong(Problem::OutOfRange {
                least: limits::SESSION_FIRST_YEAR.into(),
                most: limits::SESSION_LAST_YEAR.into(),
            }));
        }
        let orientation =
            self.orientation
                .each_checked(ORIENTATIONS, limits::ITEMS, Orientation::checked)?;
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        Ok(Self {
            explanation,
            orientation,
            by,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: self.outcome().as_str(),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, appropriate, timing| {
            let at = Moment::utc(1_795_465_113_123 + i64::from(n));
            let mut orientation = Ordered::default();
            let what = Orientation {
                what: format!("A group for sleep, {n}"),
                where_to: format!("https://example.org/{n}"),
            };
            orientation.push(super::ItemId::new([n; 16]), what);
            Readiness {
                appropriate,
                timing,
                explanation: format!("We talked about it {n} times."),
                orientation,
                revisit_on: Day::new(2027, 1, n.into()),
                by: format!("Dr. Vega {n}"),
                at,
            }
        };
        vec![
            example(1, Appropriate::Yes, Timing::Now),
            example(2, Appropriate::No, Timing::Later),
            example(3, Appropriate::No, Timing::Later),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn came_to(appropriate: Appropriate, timing: Timing) -> Readiness {
        Readiness {
            appropriate,
            timing,
            ..Readiness::ready("Dr. Vega", Moment::utc(0))
        }
    }

    #[test]
    fn the_outcome_follows_from_both_answers_and_is_kept_nowhere() {
        use Appropriate::{No, Yes};
        use Timing::{Later, Now};
        for (appropriate, timing, outcome) in [
            (Yes, Now, Outcome::Ready),
            (Yes, Later, Outcome::NotYet),
            (No, Now, Outcome::NotAFit),
            (No, Later, Outcome::NotAFit),
        ] {
            assert_eq!(came_to(appropriate, timing).outcome(), outcome);
        }
        assert!(!Readiness::SHAPE.has("outcome"));
    }

    #[test]
    fn a_day_to_look_at_it_again_is_near() {
        let said: Moment = "2026-11-23T09:00:00-07:00".parse().unwrap();
        let on = |year, month, day| Readiness {
            explanation: "After the move.".into(),
            revisit_on: Day::new(year, month, day),
            timing: Timing::Later,
            ..Readiness::ready("Dr. Vega", said)
        };
        for right in [on(2026, 11, 24), on(2031, 11, 23)] {
            assert!(right.revisit_is_to_come() && right.checked().is_ok());
        }
        for wrong in [on(2026, 11, 23), on(2031, 11, 24)] {
            assert!(!wrong.revisit_is_to_come());
        }
        assert_eq!(
            on(9999, 12, 31).checked().unwrap_err().to_string(),
            "the year to look at it again is not between 2000 and 2200"
        );
    }

    #[test]
    fn not_yet_and_not_a_fit_are_explained_and_not_yet_has_a_day() {
        let ready = came_to(Appropriate::Yes, Timing::Now);
        assert!(ready.checked().is_ok());
        for (appropriate, timing) in [
            (Appropriate::Yes, Timing::Later),
            (Appropriate::No, Timing::Now),
        ] {
            let error = came_to(appropriate, timing).checked().unwrap_err();
            assert_eq!(error.to_string(), "the explanation is empty");
        }
        let explained = |appropriate, timing| Readiness {
            explanation: "We would wait until the move is over.".into(),
            ..came_to(appropriate, timing)
        };
        let dayless = explained(Appropriate::Yes, Timing::Later);
        let error = dayless.clone().checked().unwrap_err();
        assert_eq!(error.to_string(), "the day to look at it again is empty");
        let whole = Readiness {
            revisit_on: Day::new(2027, 3, 1),
            ..dayless
        };
        assert!(whole.checked().is_ok());
        assert!(
            explained(Appropriate::No, Timing::Later).checked().is_ok(),
            "what is not a fit need not be looked at again"
        );
    }

    #[test]
    fn an_outcome_has_an_author() {
        let nobody = Readiness::ready(" ", Moment::utc(0));
        assert_eq!(
            nobody.checked().unwrap_err().to_string(),
            "the name is empty"
        );
    }
}
