//! What a clinic wrote in one language and did not bring up to date when it wrote in another: whoever reads the
//! older one is told something else.

use super::{GuideVersion, Language};
use crate::domain::{GuideSlot, GuideText, Moment};

/// Words that were written later, in another language, of the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overtaken {
    /// The language of the later words.
    pub by: Language,
    /// Their version.
    pub version: GuideVersion,
    /// When they were written.
    pub at: Moment,
}

/// Whether these words stand behind others of the same thing; `None` where they don't, or were taken back.
pub fn overtaken<T: InALanguage>(words: &T, all: &[T]) -> Option<Overtaken> {
    let of_the_same = all.iter().filter(|other| other.is_about_the_same(words));
    let newest = of_the_same.filter(|other| other.stands());
    let newest = newest.max_by_key(|other| (other.written(), other.language()))?;
    let is_later = newest.language() != words.language() && newest.written() > words.written();
    (words.stands() && is_later).then(|| Overtaken {
        by: newest.language().clone(),
        version: newest.version(),
        at: newest.written(),
    })
}

/// Words of a clinic's own, of which there is one for each language.
pub trait InALanguage {
    /// Which language.
    fn language(&self) -> &Language;
    /// Which version.
    fn version(&self) -> GuideVersion;
    /// When they were written.
    fn written(&self) -> Moment;
    /// Whether they were not taken back.
    fn stands(&self) -> bool;
    /// Whether both are about one guide, or one rule.
    fn is_about_the_same(&self, other: &Self) -> bool;
}

macro_rules! in_a_language {
    ($kind:ident, $about:ident) => {
        impl InALanguage for $kind {
            fn language(&self) -> &Language {
                &self.language
            }

            fn version(&self) -> GuideVersion {
                self.version
            }

            fn written(&self) -> Moment {
                self.at
            }

            fn stands(&self) -> bool {
                self.retired_at.is_none()
            }

            fn is_about_the_same(&self, other: &Self) -> bool {
                self.$about == other.$about
            }
        }
    };
}

in_a_language!(GuideText, guide);
in_a_language!(GuideSlot, slot);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::Content as _;

    fn rule(language: &str, at: i64) -> GuideSlot {
        GuideSlot {
            language: language.parse().unwrap(),
            at: Moment::utc(at),
            retired_at: None,
            ..GuideSlot::examples().remove(0)
        }
    }

    #[test]
    fn a_rule_is_behind_only_one_that_stands_and_was_written_later_in_another_language() {
        let (english, spanish) = (rule("en", 1), rule("es", 2));
        let other = GuideSlot {
            slot: "getting-home".to_owned(),
            ..rule("es", 9)
        };
        let all = [english.clone(), spanish.clone(), other];
        let behind = overtaken(&english, &all).unwrap();
        assert_eq!((behind.by.as_str(), behind.at), ("es", Moment::utc(2)));
        assert_eq!(overtaken(&spanish, &all), None);
        let taken_back = GuideSlot {
            retired_at: Some(Moment::utc(3)),
            ..spanish
        };
        assert_eq!(overtaken(&english, &[english.clone(), taken_back]), None);
        assert_eq!(overtaken(&english, &[english.clone(), rule("en", 5)]), None);
    }
}
