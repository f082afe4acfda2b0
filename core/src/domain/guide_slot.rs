//! A clinic's rule, for the place that guides keep for it.

use serde::{Deserialize, Serialize};

use super::clinic_wording::{Sort, Wording};
use super::guide::{GuideVersion, Language, Slot, Written};
use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const SLOT: Named = named("slot", "the name of the rule");
const SORT: Sort = Sort {
    version: named("version", "the version of the rule"),
    text: named("text", "the rule"),
    at: named("at", "the time of the rule"),
    limit: limits::GUIDE_SLOT,
    written: Written::ForSlot,
};

/// What a clinic says in one [`Slot`] of its guides, on eating and drinking for one. It lives in the
/// care space, where the patient has it offline, and is merged like a [`GuideText`](super::GuideText):
/// whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideSlot {
    /// The word of the slot, as [`Slot::as_str`]; one that only a newer version knows is kept.
    pub slot: String,
    /// The language that it is in.
    pub language: Language,
    /// Which version of the rule it is, from 1 to 9,999; the highest counts.
    pub version: GuideVersion,
    /// The rule, at most 4,000 bytes of Markdown: paragraphs and lists.
    pub text: String,
    /// Who answers for it, by the name that the patient sees.
    pub by: String,
    /// When it was written.
    pub at: Moment,
    /// When the clinic took it back, if it did: the guide says to ask again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Moment>,
}

impl GuideSlot {
    /// The slot, if this version knows it.
    pub fn known(&self) -> Option<Slot> {
        self.slot.parse().ok()
    }

    fn wording(&self) -> Wording<'_> {
        Wording {
            version: self.version,
            text: &self.text,
            by: &self.by,
            at: self.at,
            retired_at: self.retired_at,
        }
    }
}

impl Content for GuideSlot {
    const KIND: Kind = Kind::named("guide_slot");
    const SHAPE: Shape = Shape::new(&[
        Field::value("slot"),
        Field::value("language"),
        Field::value("version"),
        Field::value("text"),
        Field::value("by"),
        Field::value("at"),
        Field::value("retired_at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        let slot = text::needed_line(&self.slot, SLOT, limits::WORD)?;
        let (text, by) = self.wording().checked(&SORT)?;
        Ok(Self {
            slot,
            text,
            by,
            ..self
        })
    }

    fn index(&self) -> Index {
        self.wording().index()
    }

    #[cfg(any(test, feature = "testing"))]
    #[allow(
        clippy::unwrap_used,
        reason = "names that are written here, in tests only"
    )]
    fn examples() -> Vec<Self> {
        let example = |n: u8, language: &str, slot: Slot| GuideSlot {
            slot: slot.as_str().into(),
            language: language.parse().unwrap(),
            version: GuideVersion(n.into()),
            text: format!("Ask at desk *{n}* of the clinic.\n\n- Or call."),
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_000 + i64::from(n)),
            retired_at: Some(Moment::utc(1_795_466_113_000 + i64::from(n))),
        };
        vec![
            example(1, "en", Slot::EatingAndDrinking),
            example(2, "es", Slot::Medicines),
            example(3, "fr", Slot::GettingHome),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_rule_is_paragraphs_and_lists_and_nothing_that_a_guide_has_besides() {
        for text in [
            "## A heading",
            "- [ ] a box",
            "{slot: medicines}",
            "![](https://a.b)",
        ] {
            let rule = GuideSlot {
                text: text.into(),
                ..GuideSlot::examples().remove(0)
            };
            assert_eq!(rule.checked().unwrap_err().name.field, "text", "{text}");
        }
    }
}
