//! What a clinic changes of the prompts for integration, and what it adds of its own.

use serde::{Deserialize, Serialize};

use super::clinic_wide::HeldForAll;
use super::integration_prompt::{BUNDLED, Bundled, DaysAfter, Prompt, PromptError, Whose, Words};
use super::text::{Named, Problem, named};
use super::{
    Belongs, ClinicPromptRules, Content, Field, HoldsFor, Index, Invalid, ItemId, Kind, Moment,
    Ordered, Placement, Shape, Writers, limits, text,
};

const CHANGES: Named = named("changes", "prompts");
const PROMPT: Named = named("changes", "a prompt");
const WORDS: Named = named("changes", "the text of a prompt");
const HOLDS_FOR: Named = named("holds_for", "whom the prompts hold for");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the prompts");

/// What a clinic changes of the [prompts for integration](super::integration_prompt), and adds to them. It lives
/// in the care space of each patient: as the clinic set it for all its patients, or for this one alone. Each
/// prompt is an item of its own, so what two people change of two prompts apart both stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromptRules {
    /// What is changed of our prompts, and prompts of the clinic's own, in the order to offer them. Of two about
    /// one prompt the later counts. At most 40.
    #[serde(default)]
    pub changes: Ordered<PromptChange>,
    /// Whom they hold for. Those for one patient are left as they are when those for all change.
    pub holds_for: HoldsFor,
    /// Who answers for it.
    pub by: String,
    /// When it was set.
    pub at: Moment,
}

/// What a clinic changes of one prompt, or a prompt of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptChange {
    /// The name of a prompt of ours, or one that the clinic gives: small letters, digits and `_`.
    pub prompt: String,
    /// Whether it is never offered.
    #[serde(default)]
    pub off: bool,
    /// The first day after a session on which it is offered, 1 to 365; `None`: as ours has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_day: Option<u16>,
    /// The last, itself among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_day: Option<u16>,
    /// What it says, one line of at most 200 characters, in whatever language the clinic writes; empty: as ours
    /// says it, in the patient's.
    #[serde(default)]
    pub words: String,
}

impl PromptRules {
    /// Nothing changed yet.
    pub fn new(by: &str, at: Moment) -> Self {
        Self {
            changes: Ordered::default(),
            holds_for: HoldsFor::All,
            by: by.to_owned(),
            at,
        }
    }

    /// The prompts that count: ours, in these words, with what a clinic changed of them, and then its own. Where
    /// edits that met made something that can't be offered, a prompt of ours keeps its days, and of one of the
    /// clinic's own the lesser day is the first.
    pub fn prompts(set: Option<&PromptRules>, words: &Words) -> Vec<Prompt> {
        let ours = BUNDLED.iter().filter_map(|prompt| {
            let change = set.and_then(|set| set.change_of(prompt.id));
            if change.is_some_and(|change| change.off) {
                return None;
            }
            ours(prompt, change, words)
        });
        let own = set.into_iter().flat_map(PromptRules::own);
        ours.chain(
            own.filter(|change| !change.off)
                .filter_map(PromptChange::own),
        )
        .collect()
    }

    /// The clinic's own, in their order, each once.
    fn own(&self) -> impl Iterator<Item = &PromptChange> {
        let all = self.changes.iter().map(|(_, change)| change);
        all.filter(|change| {
            let counts = self.change_of(&change.prompt);
            !is_bundled(&change.prompt) && counts.is_some_and(|it| std::ptr::eq(it, *change))
        })
    }

    /// What is changed of the prompt of that name.
    pub fn change_of(&self, prompt: &str) -> Option<&PromptChange> {
        let present = self.changes.last_about(|change| change.prompt == prompt);
        present.map(|(_, change)| change)
    }

    /// Changes a prompt, as the item `id` where none is about it yet.
    pub fn change(&mut self, id: ItemId, change: PromptChange) {
        let named = change.prompt.clone();
        let about = |present: &PromptChange| present.prompt == named;
        self.changes.put_about(id, change, about);
    }

    /// Takes back what is changed of a prompt, or a prompt of the clinic's own.
    pub fn take_back(&mut self, prompt: &str) {
        self.changes.remove_about(|change| change.prompt == prompt);
    }
}

/// Whether we have a prompt of that name.
fn is_bundled(prompt: &str) -> bool {
    BUNDLED.iter().any(|bundled| bundled.id == prompt)
}

/// A prompt of ours with what is changed of it.
fn ours(prompt: &Bundled, change: Option<&PromptChange>, words: &Words) -> Option<Prompt> {
    let changed = change.map(|change| change.days_instead_of(prompt.days));
    let of_clinic = change.map(|change| change.words.clone());
    let of_clinic = of_clinic.filter(|words| !words.is_empty());
    Some(Prompt {
        id: prompt.id.parse().ok()?,
        days: changed.and_then(Result::ok).unwrap_or(prompt.days),
        whose: match of_clinic {
            Some(_) => Whose::Clinic,
            None => Whose::Ours,
        },
        words: match of_clinic {
            Some(words) => words,
            None => words.prompt(prompt.id)?.to_owned(),
        },
    })
}

impl PromptChange {
    /// The days that it asks for, of a prompt that has these without it.
    fn days_instead_of(&self, days: DaysAfter) -> Result<DaysAfter, PromptError> {
        DaysAfter::new(
            self.from_day.unwrap_or(days.from()),
            self.until_day.unwrap_or(days.until()),
        )
    }

    /// A prompt of the clinic's own, as far as it can be offered.
    fn own(&self) -> Option<Prompt> {
        let (one, other) = (self.from_day?, self.until_day?);
        Some(Prompt {
            id: self.prompt.parse().ok()?,
            days: DaysAfter::new(one.min(other), one.max(other)).ok()?,
            words: (!self.words.is_empty()).then(|| self.words.clone())?,
            whose: Whose::Clinic,
        })
    }

    fn checked(self) -> Result<Self, Invalid> {
        let wrong = |why| PROMPT.wrong(Problem::Prompt(why));
        self.prompt
            .parse::<super::integration_prompt::PromptId>()
            .map_err(wrong)?;
        let words = text::line(&self.words, WORDS, limits::TITLE)?;
        if words.contains(['<', '>', '{', '}']) {
            return Err(wrong(PromptError::Markup));
        }
        match BUNDLED.iter().find(|ours| ours.id == self.prompt) {
            Some(ours) => drop(self.days_instead_of(ours.days).map_err(wrong)?),
            None => {
                let days = self.from_day.zip(self.until_day);
                let (from, until) = days.ok_or_else(|| wrong(PromptError::NoDays))?;
                DaysAfter::new(from, until).map_err(wrong)?;
                if words.is_empty() {
                    return Err(wrong(PromptError::NoWords));
                }
            }
        }
        Ok(Self { words, ..self })
    }
}

impl HeldForAll for PromptRules {
    type ForAll = ClinicPromptRules;

    fn nothing_set(by: &str, at: Moment) -> Self {
        Self::new(by, at)
    }

    fn holds_for(&self) -> &HoldsFor {
        &self.holds_for
    }

    fn signed(&self) -> (&str, Moment) {
        (&self.by, self.at)
    }

    fn sign(&mut self, holds_for: HoldsFor, by: &str, at: Moment) {
        self.holds_for = holds_for;
        self.by = by.to_owned();
        self.at = at;
    }
}

impl Content for PromptRules {
    const KIND: Kind = Kind::named("prompt_rules");
    const SHAPE: Shape = Shape::new(&[
        Field::ordered(
            "changes",
            &[
                Field::value("prompt"),
                Field::value("off"),
                Field::value("from_day"),
                Field::value("until_day"),
                Field::value("words"),
            ],
        ),
        Field::value("holds_for"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        let changes = self
            .changes
            .each_checked(CHANGES, limits::PROMPTS, PromptChange::checked)?;
        text::moment(self.at, AT)?;
        Ok(Self {
            changes,
            holds_for: self.holds_for.checked(HOLDS_FOR)?,
            by: text::needed_line(&self.by, BY, limits::NAME)?,
            at: self.at,
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
        let example = |n: u8, holds_for| {
            let mut changes = Ordered::default();
            let change = PromptChange {
                prompt: format!("own_{n}"),
                off: n == 2,
                from_day: Some(n.into()),
                until_day: Some(u16::from(n) + 7),
                words: format!("What is new after {n} days?"),
            };
            changes.push(ItemId::new([n; 16]), change);
            PromptRules {
                changes,
                holds_for,
                by: format!("Dr. Vega {n}"),
                at: Moment::utc(1_795_465_113_123 + i64::from(n)),
            }
        };
        vec![
            example(1, HoldsFor::All),
            example(2, HoldsFor::Patient),
            example(3, HoldsFor::Other("branch".to_owned())),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::integration_prompt::DAYS_LIMIT;

    fn english() -> &'static Words {
        Words::of(&"en".parse().unwrap())
    }

    fn change(prompt: &str) -> PromptChange {
        PromptChange {
            prompt: prompt.to_owned(),
            ..PromptChange::default()
        }
    }

    fn own(from: u16, until: u16, words: &str) -> PromptChange {
        PromptChange {
            from_day: Some(from),
            until_day: Some(until),
            words: words.to_owned(),
            ..change("own_1")
        }
    }

    fn with(changes: &[PromptChange]) -> PromptRules {
        let mut rules = PromptRules::new("Maya", Moment::utc(1_795_465_113_123));
        for (n, change) in (1..).zip(changes) {
            rules.changes.push(ItemId::new([n; 16]), change.clone());
        }
        rules
    }

    fn named(rules: &PromptRules, id: &str) -> Option<Prompt> {
        let mut all = PromptRules::prompts(Some(rules), english()).into_iter();
        all.find(|prompt| prompt.id.as_str() == id)
    }

    #[test]
    fn nothing_changed_is_ours_in_the_patients_language() {
        let ours = PromptRules::prompts(None, english());
        assert_eq!(ours.len(), BUNDLED.len());
        assert_eq!(PromptRules::prompts(Some(&with(&[])), english()), ours);
        let spanish = Words::of(&"es".parse().unwrap());
        let spanish = PromptRules::prompts(None, spanish);
        assert!(ours.iter().zip(&spanish).all(|(a, b)| a.words != b.words));
    }

    #[test]
    fn a_prompt_is_switched_off_moved_worded_anew_and_added_and_all_of_it_is_taken_back() {
        let off = PromptChange {
            off: true,
            ..change("hard")
        };
        let moved = PromptChange {
            until_day: Some(20),
            words: "  How is your   body? ".to_owned(),
            ..change("body")
        };
        let mut rules = with(&[off, moved, own(3, 5, "Who knows of this?")])
            .checked()
            .unwrap();
        assert_eq!(named(&rules, "hard"), None);
        let body = named(&rules, "body").unwrap();
        assert_eq!((body.days.from(), body.days.until()), (1, 20));
        assert_eq!(
            (&*body.words, body.whose),
            ("How is your body?", Whose::Clinic)
        );
        let all = PromptRules::prompts(Some(&rules), english());
        assert_eq!(all.last().unwrap().words, "Who knows of this?");
        for prompt in ["hard", "body", "own_1"] {
            rules.take_back(prompt);
        }
        assert_eq!(
            PromptRules::prompts(Some(&rules), english()),
            PromptRules::prompts(None, english())
        );
    }

    #[test]
    fn what_cannot_be_offered_is_refused_and_says_why() {
        let late = PromptChange {
            from_day: Some(9),
            ..change("body")
        };
        let no_days = PromptChange {
            until_day: None,
            ..own(1, 2, "Well?")
        };
        for (change, why) in [
            (
                own(9, 2, "Well?"),
                PromptError::WrongWayRound { from: 9, until: 2 },
            ),
            (late, PromptError::WrongWayRound { from: 9, until: 3 }),
            (own(0, 2, "Well?"), PromptError::Days),
            (own(1, DAYS_LIMIT + 1, "Well?"), PromptError::Days),
            (no_days, PromptError::NoDays),
            (own(1, 2, " "), PromptError::NoWords),
            (own(1, 2, "<b>Well?</b>"), PromptError::Markup),
            (own(1, 2, "It is {date}."), PromptError::Markup),
            (change("Two words"), PromptError::Name),
        ] {
            let refused = with(&[change]).checked().unwrap_err();
            assert_eq!(refused.problem, Problem::Prompt(why), "{refused}");
        }
        let long = own(1, 2, &"x".repeat(limits::TITLE + 1));
        let long = with(&[long]).checked().unwrap_err();
        assert_eq!(
            long.to_string(),
            "the text of a prompt is longer than 200 characters"
        );
        let many = vec![change("body"); limits::PROMPTS + 1];
        let many = with(&many).checked().unwrap_err();
        assert_eq!(
            many.problem,
            Problem::TooMany {
                limit: limits::PROMPTS
            }
        );
    }

    #[test]
    fn edits_that_met_lose_no_prompt() {
        let late = PromptChange {
            from_day: Some(9),
            words: "Still there?".to_owned(),
            ..change("body")
        };
        let rules = with(&[late, own(9, 2, "Well?")]);
        let body = named(&rules, "body").unwrap();
        assert_eq!((body.days.until(), &*body.words), (3, "Still there?"));
        let own = named(&rules, "own_1").unwrap();
        assert_eq!((own.days.from(), own.days.until()), (2, 9));
    }

    #[test]
    fn of_two_changes_of_one_prompt_the_later_counts_and_it_is_offered_once() {
        let rules = with(&[own(1, 2, "First?"), own(3, 4, "Then?")]);
        let all = PromptRules::prompts(Some(&rules), english());
        let own: Vec<_> = all.iter().filter(|it| it.whose == Whose::Clinic).collect();
        assert_eq!(own.len(), 1);
        assert_eq!(named(&rules, "own_1").unwrap().words, "Then?");
    }
}
