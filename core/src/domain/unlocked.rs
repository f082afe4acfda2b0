//! What a phone shows of help without being unlocked: a small copy of the clinic's support card and, if the
//! person chose so, of the people of their safety plan.
//!
//! Whoever has the phone can read and change the copy. So as little stands in it as helps, what is read of it is
//! checked like anything hostile, nothing else is ever decided by it, and the bundled lines come from the
//! program and never from it.

use serde::{Deserialize, Serialize};

use super::safety_plan::{PlanLine, PlanStep};
use super::support_card::{
    LineKind, NO_PROMISE, SupportCard, SupportLine, UNITED_STATES, lines_of,
};
use super::text::{self, Named, named};
use super::{Moment, SafetyPlan, limits, reach};

/// The form of the copy.
const FORM: u16 = 1;
/// What a number of the clinic is called where its name is not to be told.
const NEUTRAL: &str = "A number that you were given";
const WORDS: Named = named("people", "a line of the plan");
const NUMBER: Named = named("people", "a number of the plan");

/// The steps of a safety plan whose lines say whom to call.
const WHOM_TO_CALL: [PlanStep; 2] = [PlanStep::PeopleToAsk, PlanStep::Professionals];

/// What a person lets be read on this phone by anybody who has it. Nothing, until they say so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnlockedChoice {
    /// The people and professionals of their safety plan.
    #[serde(default)]
    pub people: bool,
    /// What their clinic is called. Its number is there without it.
    #[serde(default)]
    pub clinic_name: bool,
}

/// The copy. It holds no patient's name, and the clinic's only if that was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnlockedCopy {
    form: u16,
    /// When the copy was made.
    kept_at: Moment,
    #[serde(default)]
    card: Option<Card>,
    #[serde(default)]
    people: Vec<PlanLine>,
}

/// The clinic's card, without who wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Card {
    region: String,
    lines: Vec<SupportLine>,
    at: Moment,
}

/// Help to show without unlocking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnlockedHelp {
    /// Whom to call, most urgent first: the bundled lines, and then the clinic's as the copy has them.
    pub lines: Vec<SupportLine>,
    /// The date of the clinic's card; `None` where no copy of one is here.
    pub card_at: Option<Moment>,
    /// Whom to call of the person's own safety plan; empty unless they chose so.
    pub people: Vec<PlanLine>,
    /// When the copy was made; `None` where there is none.
    pub kept_at: Option<Moment>,
}

impl UnlockedCopy {
    /// What may be read without unlocking; `None` where that is nothing.
    pub fn of(
        choice: UnlockedChoice,
        card: Option<&SupportCard>,
        clinic_name: &str,
        plan: Option<&SafetyPlan>,
        now: Moment,
    ) -> Option<Self> {
        let shown_name = Some(clinic_name).filter(|name| choice.clinic_name && !name.is_empty());
        let card = card.map(|card| Card {
            region: card.region.clone(),
            lines: lines(card, clinic_name, shown_name),
            at: card.at,
        });
        let people: Vec<PlanLine> = match plan.filter(|_| choice.people) {
            Some(plan) => {
                let lines = WHOM_TO_CALL.into_iter();
                let lines = lines.flat_map(|step| plan.lines(step).iter());
                lines.map(|(_, line)| line.clone()).collect()
            }
            None => Vec::new(),
        };
        (card.is_some() || !people.is_empty()).then_some(Self {
            form: FORM,
            kept_at: now,
            card,
            people,
        })
    }

    /// Whether both say the same, whenever they were made.
    pub fn says_the_same(&self, other: &Self) -> bool {
        (self.form, &self.card, &self.people) == (other.form, &other.card, &other.people)
    }

    /// What is shown. Whatever could not have been saved in a card or a plan is left out.
    pub fn help(self) -> UnlockedHelp {
        if self.form != FORM {
            return UnlockedHelp::bundled();
        }
        let lines = match &self.card {
            Some(card) => {
                let own = card.lines.iter().take(limits::PLAN_LINES + 1);
                let own: Vec<_> = own.filter_map(|line| line.checked().ok()).collect();
                lines_of(&card.region, &own)
            }
            None => lines_of(UNITED_STATES.region, &[]),
        };
        let people = self.people.iter().take(2 * limits::PLAN_LINES);
        UnlockedHelp {
            lines,
            card_at: self.card.as_ref().map(|card| card.at),
            people: people.filter_map(person).collect(),
            kept_at: Some(self.kept_at),
        }
    }
}

impl UnlockedHelp {
    /// What is there without any copy.
    pub fn bundled() -> Self {
        Self {
            lines: lines_of(UNITED_STATES.region, &[]),
            card_at: None,
            people: Vec::new(),
            kept_at: None,
        }
    }
}

/// A card's lines. A label that names the clinic is a neutral one, unless its name may be told.
fn lines(card: &SupportCard, name: &str, shown_name: Option<&str>) -> Vec<SupportLine> {
    let named = name.trim().to_lowercase();
    let tells = |label: &str| !named.is_empty() && label.to_lowercase().contains(&named);
    let each = card.lines.iter().map(|(_, line)| line.clone());
    let mut lines: Vec<SupportLine> = each
        .map(|line| match tells(&line.label) && shown_name.is_none() {
            true => SupportLine {
                label: NEUTRAL.to_owned(),
                ..line
            },
            false => line,
        })
        .collect();
    if !card.clinic_number.is_empty() {
        lines.push(SupportLine {
            label: format!("{}. {NO_PROMISE}", shown_name.unwrap_or(NEUTRAL)),
            number: card.clinic_number.clone(),
            how: LineKind::Call,
        });
    }
    lines
}

fn person(line: &PlanLine) -> Option<PlanLine> {
    let text = text::paragraphs(&line.text, WORDS, limits::PLAN_LINE).ok()?;
    let number = reach::number(&line.number, NUMBER).ok()?;
    (!text.is_empty() || !number.is_empty()).then_some(PlanLine { text, number })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::{Content as _, ItemId};
    use super::*;

    const NOW: Moment = Moment::utc(1_795_465_113_123);
    const CLINIC: &str = "Harbor Clinic";

    fn card() -> SupportCard {
        let mut card = SupportCard::examples().remove(0);
        let line = SupportLine {
            label: "The harbor clinic's night line".to_owned(),
            number: "+1 307 555 0300".to_owned(),
            how: LineKind::Call,
        };
        card.lines.push(ItemId::new([9; 16]), line);
        card
    }

    fn copy(choice: UnlockedChoice) -> UnlockedCopy {
        let plan = SafetyPlan::examples().remove(0);
        UnlockedCopy::of(choice, Some(&card()), CLINIC, Some(&plan), NOW).unwrap()
    }

    fn written(copy: &UnlockedCopy) -> String {
        serde_json::to_string(copy).unwrap()
    }

    #[test]
    fn without_a_choice_the_copy_has_numbers_and_names_nobody() {
        let copy = copy(UnlockedChoice::default());
        let said = written(&copy).to_lowercase();
        assert!(!said.contains("harbor") && !said.contains("vega"), "{said}");
        assert!(!said.contains("whom i can ask"), "{said}");
        let help = copy.help();
        let numbers: Vec<&str> = help.lines.iter().map(|line| &*line.number).collect();
        assert_eq!(numbers.first(), Some(&"988"));
        for number in ["+1 307 555 0101", "+1 307 555 0300", "+1 307 555 0201"] {
            assert!(numbers.contains(&number), "{numbers:?}");
        }
        assert_eq!((help.card_at, help.people), (Some(card().at), vec![]));
    }

    #[test]
    fn a_choice_adds_just_what_was_chosen() {
        let named = copy(UnlockedChoice {
            clinic_name: true,
            people: false,
        });
        let said = written(&named);
        assert!(
            said.contains(CLINIC) && !said.contains("whom I can ask"),
            "{said}"
        );
        let people = copy(UnlockedChoice {
            people: true,
            clinic_name: false,
        });
        let said = written(&people);
        assert!(!said.contains(CLINIC), "{said}");
        for (step, told) in [
            (PlanStep::PeopleToAsk, true),
            (PlanStep::Professionals, true),
            (PlanStep::WarningSigns, false),
            (PlanStep::ReasonsToLive, false),
        ] {
            assert_eq!(said.contains(step.heading()), told, "{step:?}");
        }
        assert_eq!(people.help().people.len(), 2);
    }

    #[test]
    fn nothing_to_keep_is_no_copy() {
        let everything = UnlockedChoice {
            people: true,
            clinic_name: true,
        };
        assert_eq!(UnlockedCopy::of(everything, None, CLINIC, None, NOW), None);
        let plan = SafetyPlan::examples().remove(0);
        let choice = UnlockedChoice::default();
        assert_eq!(UnlockedCopy::of(choice, None, "", Some(&plan), NOW), None);
    }

    #[test]
    fn what_somebody_else_wrote_into_the_copy_is_checked_and_takes_no_bundled_line_away() {
        let mut copy = copy(UnlockedChoice::default());
        let evil = |label: &str, number: &str, how| SupportLine {
            label: label.to_owned(),
            number: number.to_owned(),
            how,
        };
        let card = copy.card.as_mut().unwrap();
        card.region = "??".to_owned();
        card.lines = vec![
            evil("Pay", "javascript:alert(1)", LineKind::Web),
            evil("\u{1b}[2J", "988", LineKind::Call),
            evil("Rooms", "not a number", LineKind::Text),
        ];
        card.lines
            .extend((0..5_000).map(|n| evil("More", &format!("1{n}"), LineKind::Call)));
        copy.people = vec![PlanLine::new("\u{7}"), PlanLine::new("Jo")];
        let help = copy.clone().help();
        let said = format!("{help:?}");
        assert!(
            !said.contains("javascript") && !said.contains("Rooms"),
            "{said}"
        );
        assert!(help.lines.len() < 70, "{}", help.lines.len());
        assert!(
            help.lines
                .iter()
                .any(|line| line.number == "988" && !line.label.contains('\u{1b}'))
        );
        assert_eq!(help.people, [PlanLine::new("Jo")]);
        copy.form = 9;
        assert_eq!(copy.help(), UnlockedHelp::bundled());
    }
}
