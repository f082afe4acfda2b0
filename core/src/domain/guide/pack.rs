//! The guides that come with the program, by medicine. Ketamine's is the only pack so far.

use std::collections::BTreeMap;

use super::model::Guide;
use super::{GuideError, GuideId, Language, front, parser};

/// A bundled file that is not a guide, or guides that do not go together. A test keeps every release
/// free of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// A file can't be read as a guide.
    #[error("the bundled guide {file}: {error}")]
    Guide {
        /// Its name in the source tree.
        file: &'static str,
        /// What is wrong with it.
        error: GuideError,
    },
    /// Two files are the same guide in the same language.
    #[error("the bundled guide {file} is there twice")]
    Twice {
        /// The name of the second.
        file: &'static str,
    },
}

macro_rules! files {
    ($medicine:literal: $($language:literal / $name:literal),* $(,)?) => {
        &[$((
            concat!($medicine, "/", $language, "/", $name, ".md"),
            include_str!(concat!("../../../guides/", $medicine, "/", $language, "/", $name, ".md")),
        )),*]
    };
}

/// The files of ketamine's pack: name and text.
const KETAMINE: &[(&str, &str)] = files![
    "ketamine":
    "en" / "four-phases",
    "en" / "what-this-app-is-not",
    "en" / "about-ketamine",
    "en" / "misuse-and-bladder",
    "en" / "getting-ready",
    "en" / "session-day",
    "en" / "first-days",
    "en" / "weeks-after",
    "es" / "four-phases",
    "es" / "what-this-app-is-not",
    "es" / "about-ketamine",
    "es" / "misuse-and-bladder",
    "es" / "getting-ready",
    "es" / "session-day",
    "es" / "first-days",
    "es" / "weeks-after",
];

/// The guides for one medicine, in every language that we have.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    medicine: &'static str,
    /// In the order in which they are offered.
    order: Vec<GuideId>,
    guides: BTreeMap<GuideId, BTreeMap<Language, Guide>>,
}

impl Pack {
    /// Ketamine's guides, read. Takes a third of a millisecond (`docs/benchmarks.md`); read once and kept.
    ///
    /// # Errors
    ///
    /// A bundled file is damaged, which no release has.
    pub fn ketamine() -> Result<Pack, PackError> {
        Self::read("ketamine", KETAMINE)
    }

    /// The files of ketamine's pack as they are bundled, name and text.
    pub const fn ketamine_files() -> &'static [(&'static str, &'static str)] {
        KETAMINE
    }

    fn read(
        medicine: &'static str,
        files: &[(&'static str, &'static str)],
    ) -> Result<Pack, PackError> {
        let mut pack = Pack {
            medicine,
            order: Vec::new(),
            guides: BTreeMap::new(),
        };
        for (file, text) in files {
            let guide = parser::guide(text).map_err(|error| PackError::Guide { file, error })?;
            if !pack.order.contains(&guide.id) {
                pack.order.push(guide.id.clone());
            }
            let languages = pack.guides.entry(guide.id.clone()).or_default();
            if languages.insert(guide.language.clone(), guide).is_some() {
                return Err(PackError::Twice { file });
            }
        }
        Ok(pack)
    }

    /// The medicine that they are for.
    pub const fn medicine(&self) -> &'static str {
        self.medicine
    }

    /// The guides, in the order in which they are offered.
    pub fn ids(&self) -> &[GuideId] {
        &self.order
    }

    /// That guide in the language that comes first in `chain` and has it.
    pub fn guide(&self, id: &GuideId, chain: &[Language]) -> Option<&Guide> {
        let languages = self.guides.get(id)?;
        chain.iter().find_map(|language| languages.get(language))
    }

    /// The Markdown of a bundled guide below its head, as a clinic may begin its own words with it.
    pub fn text(guide: &Guide) -> Option<&'static str> {
        let file = format!("{}/{}.md", guide.language, guide.id);
        let mut files = KETAMINE.iter();
        let (_, text) = files.find(|(name, _)| name.strip_prefix("ketamine/") == Some(&*file))?;
        let (_, body, _) = front::split(text).ok()?;
        Some(body)
    }

    /// Everything in the pack.
    pub fn all(&self) -> impl Iterator<Item = &Guide> {
        self.guides.values().flat_map(BTreeMap::values)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn a_damaged_or_doubled_file_is_named() {
        let good = KETAMINE[0];
        assert_eq!(
            Pack::read("ketamine", &[good, ("twice.md", good.1)]),
            Err(PackError::Twice { file: "twice.md" })
        );
        let error = Pack::read("ketamine", &[("bad.md", "no head")]).map(drop);
        assert_eq!(
            error.map_err(|error| error.to_string()),
            Err(
                "the bundled guide bad.md: line 1: the guide does not begin with its head between two lines of ---"
                    .to_owned()
            )
        );
    }
}
