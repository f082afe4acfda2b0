//! Structure and costs of a programme, as they are walked through before a patient commits.

use serde::{Deserialize, Serialize};

use super::amount::Amount;
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Ordered, Placement, RecordSection,
    Shape, Writers, limits, text,
};

const VERSION: Named = named("version", "the version");
const LINES: Named = named("lines", "lines");
const LABEL: Named = named("lines", "what a line is for");
const PROVIDER: Named = named("lines", "the provider of a line");
const AT: Named = named("at", "the time of the sheet");

/// What a programme is made of and costs, line by line. It lives in the care space: the patient sees it.
///
/// That the clinic went through it ([`CostWalkthrough`](super::CostWalkthrough)) and that the patient
/// acknowledged it ([`CostAcknowledgement`](super::CostAcknowledgement)) are things of their own that name
/// the revision they are about, so that any change of the sheet asks both again. Nothing here pays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostSheet {
    /// For people to name it by, 1 to 9,999; [`CostSheet::revise`] counts it on. What was acknowledged is
    /// judged by revision and not by this number, which two devices may count on apart.
    pub version: u32,
    /// Its lines.
    #[serde(default)]
    pub lines: Ordered<CostLine>,
    /// When it was first written.
    pub at: Moment,
}

/// One line of a cost sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostLine {
    /// What for, 1 to 200 characters.
    pub label: String,
    /// Who provides it, at most 120 characters; may be empty.
    #[serde(default)]
    pub provider: String,
    /// How it is paid.
    pub payer: Payer,
    /// Whether it is the medicine itself, which stands on a line of its own.
    #[serde(default)]
    pub is_medicine: bool,
    /// Whether the clinic takes money of a health savings or flexible spending account for it.
    #[serde(default)]
    pub hsa_fsa: bool,
    /// How much, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
}

/// How a line is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// By insurance.
    Insurance,
    /// Out of pocket.
    Cash,
    /// By either, depending on the structure and the provider.
    Either,
}

impl Payer {
    /// All of them.
    pub const ALL: [Payer; 3] = [Payer::Insurance, Payer::Cash, Payer::Either];

    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Payer::Insurance => "insurance",
            Payer::Cash => "cash",
            Payer::Either => "either",
        }
    }

    /// The same for a person.
    pub const fn label(self) -> &'static str {
        match self {
            Payer::Insurance => "Insurance",
            Payer::Cash => "Cash",
            Payer::Either => "Insurance or cash",
        }
    }
}

impl CostSheet {
    /// A first version without lines.
    pub fn new(at: Moment) -> Self {
        Self {
            version: 1,
            lines: Ordered::default(),
            at,
        }
    }

    /// Changes the lines, and counts the version on if that changed anything.
    pub fn revise(&mut self, change: impl FnOnce(&mut Ordered<CostLine>)) {
        let before = self.lines.clone();
        change(&mut self.lines);
        if self.lines != before {
            self.version = self.version.saturating_add(1);
        }
    }
}

impl CostLine {
    fn checked(self) -> Result<Self, Invalid> {
        let label = text::needed_line(&self.label, LABEL, limits::TITLE)?;
        let provider = text::line(&self.provider, PROVIDER, limits::NAME)?;
        Ok(Self {
            label,
            provider,
            ..self
        })
    }
}

impl Content for CostSheet {
    const KIND: Kind = Kind::named("cost_sheet");
    const SHAPE: Shape = Shape::new(&[
        Field::value("version"),
        Field::ordered(
            "lines",
            &[
                Field::value("label"),
                Field::value("provider"),
                Field::value("payer"),
                Field::value("is_medicine"),
                Field::value("hsa_fsa"),
                Field::value("amount"),
            ],
        ),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::To(RecordSection::Costs);

    fn checked(self) -> Result<Self, Invalid> {
        if !(1..=limits::SHEET_VERSION).contains(&self.version) {
            return Err(VERSION.wrong(Problem::OutOfRange {
                least: 1,
                most: limits::SHEET_VERSION.into(),
            }));
        }
        let lines = self
            .lines
            .each_checked(LINES, limits::ITEMS, CostLine::checked)?;
        text::moment(self.at, AT)?;
        Ok(Self { lines, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, payer| {
            let at = Moment::utc(1_795_465_113_123 + i64::from(n));
            let mut sheet = CostSheet::new(at);
            sheet.version = n.into();
            let line = CostLine {
                label: format!("Session {n}"),
                provider: format!("Harbor Clinic {n}"),
                payer,
                is_medicine: n == 1,
                hsa_fsa: n == 1,
                amount: format!("{n}0000 USD").parse().ok(),
            };
            sheet.lines.push(super::ItemId::new([n; 16]), line);
            sheet
        };
        vec![
            example(1, Payer::Cash),
            example(2, Payer::Insurance),
            example(3, Payer::Either),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::ItemId;

    #[test]
    fn a_change_of_the_lines_counts_the_version_on_and_no_change_does_not() {
        let mut sheet = CostSheet::examples().remove(0);
        let id = ItemId::new([1; 16]);
        sheet.revise(|_| {});
        assert_eq!(sheet.version, 1);
        sheet.revise(|lines| {
            lines.update(id, |line| line.amount = "12000 USD".parse().ok());
        });
        assert_eq!(sheet.version, 2);
        sheet.revise(|lines| {
            lines.remove(id);
        });
        assert_eq!((sheet.version, sheet.lines.len()), (3, 0));
    }

    #[test]
    fn how_a_line_is_paid_is_kept_under_its_own_word() {
        for payer in Payer::ALL {
            assert_eq!(serde_json::to_value(payer).unwrap(), payer.as_str());
        }
    }

    #[test]
    fn a_line_says_what_for() {
        let mut sheet = CostSheet::examples().remove(0);
        sheet
            .lines
            .update(ItemId::new([1; 16]), |line| line.label = " ".into());
        assert_eq!(
            sheet.checked().unwrap_err().to_string(),
            "what a line is for is empty"
        );
    }
}
