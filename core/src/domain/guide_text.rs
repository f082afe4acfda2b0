//! A clinic's own words for a guide: instead of ours, or a guide that we do not have.

use serde::{Deserialize, Serialize};

use super::clinic_wording::{Sort, Wording, version};
use super::guide::{GuideId, GuideVersion, Language, Stage, Written};
use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const BASE_VERSION: Named = named("base_version", "the version of the bundled guide");
const TITLE: Named = named("title", "the title");
const SORT: Sort = Sort {
    version: named("version", "the version of the text"),
    text: named("text", "the text"),
    at: named("at", "the time of the text"),
    limit: limits::GUIDE,
    written: Written::ByClinic,
};

/// A guide in a clinic's own words. It lives in the care space, so the clinic's node signed it and the
/// patient has it offline. One document for each language.
///
/// Every field is a plain one, the text too: somebody answers for a clinical text as a whole, so of two
/// that were written apart one is shown, whole, and the other kept beside it until the clinic chooses.
/// A text that merged inside could say what nobody wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideText {
    /// The bundled guide that it stands for, or a name of the clinic's own.
    pub guide: GuideId,
    /// The version of the bundled guide that it was made for; none for a guide of the clinic's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_version: Option<GuideVersion>,
    /// The language that it is in.
    pub language: Language,
    /// Which version of the clinic's text it is, from 1 to 9,999; the highest counts.
    pub version: GuideVersion,
    /// The title that the patient sees, at most 200 characters.
    pub title: String,
    /// What it is about.
    pub stage: Stage,
    /// The guide, at most 60,000 bytes of Markdown as [`guide::parser`](super::guide::parser) reads it.
    pub text: String,
    /// Who answers for it, by the name that the patient sees.
    pub by: String,
    /// When it was written.
    pub at: Moment,
    /// When the clinic took it back, if it did: the bundled guide counts again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Moment>,
}

impl GuideText {
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

impl Content for GuideText {
    const KIND: Kind = Kind::named("guide_text");
    const SHAPE: Shape = Shape::new(&[
        Field::value("guide"),
        Field::value("base_version"),
        Field::value("language"),
        Field::value("version"),
        Field::value("title"),
        Field::value("stage"),
        Field::value("text"),
        Field::value("by"),
        Field::value("at"),
        Field::value("retired_at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        if let Some(base) = self.base_version {
            version(base, BASE_VERSION)?;
        }
        let title = text::needed_line(&self.title, TITLE, limits::TITLE)?;
        let (text, by) = self.wording().checked(&SORT)?;
        Ok(Self {
            title,
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
        let example = |n: u8, language: &str, stage| GuideText {
            guide: format!("session-day-{n}").parse().unwrap(),
            base_version: Some(GuideVersion(n.into())),
            language: language.parse().unwrap(),
            version: GuideVersion(n.into()),
            title: format!("Your day with us {n}"),
            stage,
            text: format!("## Coming in\n\nRing bell **{n}**.\n\n- [ ] Bring a blanket."),
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_000 + i64::from(n)),
            retired_at: Some(Moment::utc(1_795_466_113_000 + i64::from(n))),
        };
        vec![
            example(1, "en", Stage::SessionDay),
            example(2, "es-MX", Stage::Preparation),
            example(3, "fr", Stage::Integration),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn example() -> GuideText {
        GuideText::examples().remove(0)
    }

    #[test]
    fn what_could_not_be_shown_is_refused_with_its_line_before_it_is_saved() {
        let bad = GuideText {
            text: "Come in.\n\n<script>alert(1)</script>".into(),
            ..example()
        };
        assert_eq!(
            bad.checked().unwrap_err().to_string(),
            "the text can't be shown as a guide: line 3: HTML has no place in a guide"
        );
    }

    #[test]
    fn a_text_has_a_version_and_somebody_who_answers_for_it() {
        for (wrong, says) in [
            (
                GuideText {
                    version: GuideVersion(0),
                    ..example()
                },
                "the version of the text is not between 1 and 9999",
            ),
            (
                GuideText {
                    base_version: Some(GuideVersion(10_000)),
                    ..example()
                },
                "the version of the bundled guide is not between 1 and 9999",
            ),
            (
                GuideText {
                    by: " ".into(),
                    ..example()
                },
                "the name is empty",
            ),
        ] {
            assert_eq!(wrong.checked().unwrap_err().to_string(), says);
        }
    }
}
