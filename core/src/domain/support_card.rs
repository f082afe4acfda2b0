//! The support card: whom to call right now. Numbers are dated data with their source, for a region.
//!
//! It must be there offline and without unlocking: the bundled card is part of the program, and a shell
//! keeps a copy of the clinic's card where no key is needed.

mod bundled;
mod country;

use serde::{Deserialize, Serialize};

use super::open_word::open_word;
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, ItemId, Kind, Moment, Ordered, Placement, Shape,
    Writers, limits, reach, text,
};

pub use bundled::{BUNDLED, BundledCard, BundledLine, UNITED_STATES};

const REGION: Named = named("region", "the region");
const LINES: Named = named("lines", "lines of the card");
const LABEL: Named = named("lines", "the words of a line");
const NUMBER: Named = named("lines", "the number of a line");
const HOW: Named = named("lines", "how a line is reached");
const CLINIC_NUMBER: Named = named("clinic_number", "the clinic's number");
const VERSION: Named = named("version", "the version of the card");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the date of the card");

const A_REGION: Problem = Problem::NotOfForm {
    form: "the code of a country, two capital letters like US",
};

open_word! {
    /// How a line is reached.
    LineKind {
        /// By calling the number.
        Call = "call", "call";
        /// By a text message to the number.
        Text = "text", "text";
        /// By opening the address.
        Web = "web", "open";
    }
}

/// One line of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportLine {
    /// Who answers, and for what: at most 200 characters.
    pub label: String,
    /// What to call, text or open.
    pub number: String,
    /// How.
    pub how: LineKind,
}

/// A clinic's card for its patients. It lives in the care space, so that every change of it is signed by
/// the clinic's node. It adds to the bundled card of its region and takes nothing from it:
/// [`lines_to_show`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupportCard {
    /// The country that it is for, by ISO 3166-1: `US`.
    pub region: String,
    /// Whom to call besides, in order; at most 50 lines.
    #[serde(default)]
    pub lines: Ordered<SupportLine>,
    /// The clinic's own number; may be empty.
    #[serde(default)]
    pub clinic_number: String,
    /// Counted up with each change, from 1.
    pub version: u32,
    /// Who wrote it.
    pub by: String,
    /// When somebody last compared it with its sources.
    pub at: Moment,
}

impl SupportCard {
    /// Whether both say the same, whoever wrote it, when, and in which version.
    pub fn says_the_same(&self, other: &SupportCard) -> bool {
        let lines = |card: &SupportCard| -> Vec<SupportLine> {
            card.lines.iter().map(|(_, line)| line.clone()).collect()
        };
        self.region == other.region
            && self.clinic_number == other.clinic_number
            && lines(self) == lines(other)
    }
}

/// What stands under a number of the clinic.
pub(super) const NO_PROMISE: &str = "Nobody promises to answer day and night";

/// The lines to show, most urgent first: those that are bundled for the region, then the clinic's own
/// that are not among them, then the clinic's number. Without a card, or for a region that no card is
/// bundled for, the bundled card of the United States stands at the end and says where it is for.
pub fn lines_to_show(card: Option<&SupportCard>) -> Vec<SupportLine> {
    let mut own: Vec<SupportLine> = Vec::new();
    if let Some(card) = card {
        own.extend(card.lines.iter().map(|(_, line)| line.clone()));
        if !card.clinic_number.is_empty() {
            own.push(SupportLine {
                label: format!("Your clinic. {NO_PROMISE}"),
                number: card.clinic_number.clone(),
                how: LineKind::Call,
            });
        }
    }
    lines_of(card.map_or(UNITED_STATES.region, |card| &card.region), &own)
}

/// The bundled lines of a region with others after them.
pub(super) fn lines_of(region: &str, own: &[SupportLine]) -> Vec<SupportLine> {
    let bundled = BundledCard::of_region(region);
    let mut lines: Vec<SupportLine> = Vec::new();
    let mut add = |line: SupportLine| {
        let is_same =
            |known: &SupportLine| known.how == line.how && reached(known) == reached(&line);
        if !lines.iter().any(is_same) {
            lines.push(line);
        }
    };
    bundled
        .into_iter()
        .flat_map(BundledCard::lines)
        .for_each(&mut add);
    own.iter().cloned().for_each(&mut add);
    if bundled.is_none() {
        UNITED_STATES.lines().for_each(|line| {
            let label = format!("{} (in the United States)", line.label);
            add(SupportLine { label, ..line });
        });
    }
    lines
}

/// What is dialed or opened: two lines that lead to the same are one.
fn reached(line: &SupportLine) -> String {
    match line.how {
        LineKind::Call | LineKind::Text => reach::dialed(&line.number),
        LineKind::Web | LineKind::Other(_) => line.number.clone(),
    }
}

impl SupportLine {
    pub(super) fn checked(&self) -> Result<Self, Invalid> {
        let how = self.how.checked(HOW)?;
        let number = match how {
            LineKind::Call | LineKind::Text => reach::number(&self.number, NUMBER)?,
            LineKind::Web => reach::link(&self.number, NUMBER)?,
            LineKind::Other(_) => text::line(&self.number, NUMBER, limits::ADDRESS)?,
        };
        if number.is_empty() {
            return Err(NUMBER.wrong(Problem::Empty));
        }
        Ok(Self {
            label: text::needed_line(&self.label, LABEL, limits::TITLE)?,
            number,
            how,
        })
    }
}

impl Content for SupportCard {
    const KIND: Kind = Kind::named("support_card");
    const SHAPE: Shape = Shape::new(&[
        Field::value("region"),
        Field::ordered(
            "lines",
            &[
                Field::value("label"),
                Field::value("number"),
                Field::value("how"),
            ],
        ),
        Field::value("clinic_number"),
        Field::value("version"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        if !country::is_one(&self.region) {
            return Err(REGION.wrong(A_REGION));
        }
        if self.lines.len() > limits::PLAN_LINES {
            return Err(LINES.wrong(Problem::TooMany {
                limit: limits::PLAN_LINES,
            }));
        }
        let mut lines = self.lines.clone();
        for (id, line) in self.lines.iter() {
            let checked = line.checked()?;
            if checked != *line {
                lines.update(id, |line| *line = checked);
            }
        }
        if !(1..=limits::CARD_VERSION).contains(&self.version) {
            return Err(VERSION.wrong(Problem::OutOfRange {
                least: 1,
                most: limits::CARD_VERSION.into(),
            }));
        }
        text::moment(self.at, AT)?;
        Ok(Self {
            lines,
            clinic_number: reach::number(&self.clinic_number, CLINIC_NUMBER)?,
            by: text::needed_line(&self.by, BY, limits::NAME)?,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, region: &str| {
            let mut lines = Ordered::default();
            lines.push(
                ItemId::new([n; 16]),
                SupportLine {
                    label: format!("County crisis line {n}"),
                    number: format!("+1 307 555 010{n}"),
                    how: LineKind::Call,
                },
            );
            SupportCard {
                region: region.to_owned(),
                lines,
                clinic_number: format!("+1 307 555 020{n}"),
                version: n.into(),
                by: format!("Dr. Vega {n}"),
                at: Moment::utc(1_795_465_113_123 + i64::from(n)),
            }
        };
        vec![example(1, "US"), example(2, "CA"), example(3, "DE")]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn card() -> SupportCard {
        SupportCard::examples().remove(0)
    }

    fn numbers(card: Option<&SupportCard>) -> Vec<String> {
        let lines = lines_to_show(card).into_iter();
        lines
            .map(|line| format!("{} {}", line.how.as_str(), line.number))
            .collect()
    }

    const ALWAYS: [&str; 4] = [
        "call 988",
        "text 988",
        "web https://988lifeline.org",
        "call 911",
    ];

    #[test]
    fn without_any_clinic_there_are_the_lifeline_and_the_emergency_number() {
        assert_eq!(numbers(None), ALWAYS);
    }

    #[test]
    fn a_clinic_adds_to_the_card_and_takes_nothing_from_it() {
        let mut card = card();
        card.lines.push(
            ItemId::new([7; 16]),
            SupportLine {
                label: "The lifeline once more".into(),
                number: "9 8 8".into(),
                how: LineKind::Call,
            },
        );
        let shown = numbers(Some(&card));
        assert_eq!(shown[..4], ALWAYS);
        assert_eq!(shown[4..], ["call +1 307 555 0101", "call +1 307 555 0201"]);
    }

    #[test]
    fn elsewhere_the_clinics_lines_come_first_and_the_others_say_where_they_are_for() {
        let abroad = SupportCard::examples().remove(2);
        assert_eq!(numbers(Some(&abroad))[0], "call +1 307 555 0103");
        let lines = lines_to_show(Some(&abroad));
        let last = lines.last().unwrap();
        assert!(last.label.ends_with("(in the United States)"), "{last:?}");
        let empty = SupportCard {
            lines: Ordered::default(),
            clinic_number: String::new(),
            ..abroad
        };
        assert_eq!(numbers(Some(&empty)), ALWAYS, "never an empty card");
    }

    #[test]
    fn a_line_leads_somewhere_by_the_way_that_it_names() {
        let with = |number: &str, how| {
            let mut card = card();
            let line = SupportLine {
                label: "Help".into(),
                number: number.into(),
                how,
            };
            card.lines.push(ItemId::new([8; 16]), line);
            card.checked()
        };
        assert!(with("988", LineKind::Text).is_ok());
        assert!(with("https://988lifeline.org", LineKind::Web).is_ok());
        for (number, how) in [
            ("", LineKind::Call),
            ("988lifeline.org", LineKind::Call),
            ("http://988lifeline.org", LineKind::Web),
        ] {
            assert_eq!(with(number, how).unwrap_err().name, NUMBER);
        }
    }

    #[test]
    fn what_is_bundled_could_be_saved_and_is_dated_and_sourced() {
        for bundled in BUNDLED {
            assert!(bundled.checked_on.parse::<chrono::NaiveDate>().is_ok());
            assert!(!bundled.source.is_empty() && bundled.region.len() == 2);
            for line in bundled.lines() {
                assert_eq!(line.checked().unwrap(), line);
            }
        }
    }
}
