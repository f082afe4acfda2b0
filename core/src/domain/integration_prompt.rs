//! What to write about in the days after a session, for whoever wants to. As data, in our own words.
//!
//! Whether writing helps is not settled: a meta-analysis of 30 trials of expressive writing found minor or
//! no effects (Mogk 2006), and one of 44 trials with survivors of trauma promising ones, more so with a
//! therapist's company (Gerger 2021). So each prompt is short, is offered and not asked, can be stopped at
//! any time, and none asks for the worst that somebody lived through.
//!
//! What a clinic changes of them, and adds, is [`PromptRules`](super::PromptRules).

mod offer;
mod prompt;
pub mod words;

pub use offer::{Facts, NothingNow, Offer, Offered, offer};
pub use prompt::{DAYS_LIMIT, DaysAfter, Prompt, PromptError, PromptId, Whose};
pub use words::Words;

/// A prompt that comes with the program. Its words stand in [`words`], in each language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bundled {
    /// Names it for good; its words may change.
    pub id: &'static str,
    /// When it is offered.
    pub days: DaysAfter,
}

/// All of them, in the order to offer them.
pub const BUNDLED: [Bundled; 11] = [
    bundled("body", 1, 3),
    bundled("images", 1, 3),
    bundled("feelings", 1, 3),
    bundled("surprise", 1, 7),
    bundled("remember", 1, 7),
    bundled("hard", 1, 14),
    bundled("support", 2, 14),
    bundled("small_thing", 2, 14),
    bundled("therapist", 2, 30),
    bundled("stayed", 7, 30),
    bundled("ordinary_days", 30, 90),
];

const fn bundled(id: &'static str, from: u16, until: u16) -> Bundled {
    Bundled {
        id,
        days: DaysAfter::known(from, until),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use super::*;

    fn ids(day: u16) -> Vec<&'static str> {
        let due = BUNDLED.iter().filter(|prompt| prompt.days.include(day));
        due.map(|prompt| prompt.id).collect()
    }

    #[test]
    fn nothing_is_asked_on_the_day_and_the_body_comes_first() {
        assert_eq!(ids(0), [""; 0]);
        assert_eq!(ids(1)[..3], ["body", "images", "feelings"]);
        assert!(ids(7).contains(&"stayed") && !ids(6).contains(&"stayed"));
        assert_eq!(ids(90), ["ordinary_days"]);
        assert_eq!(ids(91), [""; 0]);
    }

    #[test]
    fn prompts_are_short_and_ask_for_nobodys_worst() {
        let mut seen = BTreeSet::new();
        for prompt in BUNDLED {
            assert!(seen.insert(prompt.id), "{} is there twice", prompt.id);
            assert!(prompt.id.parse::<PromptId>().is_ok());
            assert!(DaysAfter::new(prompt.days.from(), prompt.days.until()).is_ok());
        }
        for words in words::ALL {
            for prompt in words.prompts {
                assert!(prompt.chars().count() <= 80, "{prompt}");
                let prompt = prompt.to_lowercase();
                for never in [
                    "trauma",
                    "worst",
                    "abuse",
                    "must",
                    "should",
                    "peor",
                    "abuso",
                    "debes",
                    "tienes que",
                ] {
                    assert!(!prompt.contains(never), "{never} in {prompt}");
                }
            }
        }
    }

    #[test]
    fn every_language_has_the_words_of_each_prompt_and_the_way_back() {
        for words in words::ALL {
            let all: BTreeSet<&str> = words.prompts.into_iter().collect();
            assert_eq!(all.len(), BUNDLED.len(), "{}", words.language);
            assert!(!words.stop_any_time.is_empty() && !words.way_back.is_empty());
        }
        let spanish = Words::of(&"es-MX".parse().unwrap());
        let english = Words::of(&"fr".parse().unwrap());
        assert_eq!((spanish.language, english.language), ("es", "en"));
        assert_eq!(spanish.prompt("body"), Some("¿Cómo está tu cuerpo hoy?"));
        assert_eq!(english.prompt("no_such"), None);
    }
}
