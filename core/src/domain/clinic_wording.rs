//! What a guide in a clinic's own words and a rule of its own have in common: somebody answers for the words as a
//! whole, with a version and a date, and the clinic may take them back.

use super::guide::{GuideVersion, Written, parse};
use super::text::{Named, Problem, named};
use super::{Index, Invalid, Moment, limits, text};

const BY: Named = named("by", "the name");
const RETIRED_AT: Named = named("retired_at", "the time of retiring");

/// The words, and who answers for them.
pub(super) struct Wording<'a> {
    pub(super) version: GuideVersion,
    pub(super) text: &'a str,
    pub(super) by: &'a str,
    pub(super) at: Moment,
    pub(super) retired_at: Option<Moment>,
}

/// What such words are called, how long they may be, and what may stand in them.
pub(super) struct Sort {
    pub(super) version: Named,
    pub(super) text: Named,
    pub(super) at: Named,
    /// Bytes of UTF-8.
    pub(super) limit: usize,
    pub(super) written: Written,
}

impl Wording<'_> {
    /// The text and the name, tidied, if they can be kept.
    pub(super) fn checked(&self, sort: &Sort) -> Result<(String, String), Invalid> {
        version(self.version, sort.version)?;
        let words = text::paragraphs(self.text, sort.text, sort.limit)?;
        if words.is_empty() {
            return Err(sort.text.wrong(Problem::Empty));
        }
        parse(&words, sort.written).map_err(|error| sort.text.wrong(Problem::Guide(error)))?;
        let by = text::needed_line(self.by, BY, limits::NAME)?;
        text::moment(self.at, sort.at)?;
        if let Some(at) = self.retired_at {
            text::moment(at, RETIRED_AT)?;
        }
        Ok((words, by))
    }

    /// By its time, and whether it stands.
    pub(super) fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: match self.retired_at {
                None => "stands",
                Some(_) => "retired",
            },
            ..Index::default()
        }
    }
}

/// That it is a version that a person may give.
pub(super) fn version(version: GuideVersion, name: Named) -> Result<(), Invalid> {
    if (1..=limits::GUIDE_VERSION).contains(&version.0) {
        return Ok(());
    }
    Err(name.wrong(Problem::OutOfRange {
        least: 1,
        most: limits::GUIDE_VERSION.into(),
    }))
}
