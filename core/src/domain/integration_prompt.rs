//! What to write about in the days after a session, for whoever wants to. As data, in our own words.
//!
//! Whether writing helps is not settled: a meta-analysis of 30 trials of expressive writing found minor or
//! no effects (Mogk 2006), and one of 44 trials with survivors of trauma promising ones, more so with a
//! therapist's company (Gerger 2021). So each prompt is short, is offered and not asked, can be stopped at
//! any time, and none asks for the worst that somebody lived through.

/// Beside every prompt.
pub const STOP_ANY_TIME: &str = "You can stop at any time, or write nothing at all.";

/// For whoever gets lost in it.
pub const WAY_BACK: &str = "If this gets too much: put it down, feel your feet on the ground, and name five \
                            things that you can see. Your safety plan and people to call are one tap away.";

/// One prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prompt {
    /// Names it for good; its words may change.
    pub id: &'static str,
    /// From this day after the session on, the day of the session being 0.
    pub from_day: u16,
    /// Until this day, itself among them.
    pub until_day: u16,
    /// What it says.
    pub words: &'static str,
}

/// All of them, in the order to offer them.
pub const PROMPTS: [Prompt; 11] = [
    prompt("body", 1, 3, "What is your body like today?"),
    prompt(
        "images",
        1,
        3,
        "Is there an image, a color or a sound that stayed?",
    ),
    prompt(
        "feelings",
        1,
        3,
        "Which feelings are around? They need no reason.",
    ),
    prompt("surprise", 1, 7, "What surprised you?"),
    prompt("remember", 1, 7, "What would you like to remember?"),
    prompt(
        "hard",
        1,
        14,
        "Was something hard? Would you like help with it?",
    ),
    prompt("support", 2, 14, "Who could keep you company with this?"),
    prompt(
        "small_thing",
        2,
        14,
        "What is one small thing that you could do this week?",
    ),
    prompt(
        "therapist",
        2,
        30,
        "What would you like to tell your therapist?",
    ),
    prompt("stayed", 7, 30, "A week on: what has stayed?"),
    prompt(
        "ordinary_days",
        30,
        90,
        "What is different on ordinary days, if anything is?",
    ),
];

const fn prompt(id: &'static str, from_day: u16, until_day: u16, words: &'static str) -> Prompt {
    Prompt {
        id,
        from_day,
        until_day,
        words,
    }
}

/// What to offer so many days after a session, in order. Nothing on the day itself.
pub fn prompts_on(day: u16) -> impl Iterator<Item = &'static Prompt> {
    let is_due = move |prompt: &&Prompt| (prompt.from_day..=prompt.until_day).contains(&day);
    PROMPTS.iter().filter(is_due)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use std::collections::BTreeSet;

    use super::*;

    fn ids(day: u16) -> Vec<&'static str> {
        prompts_on(day).map(|prompt| prompt.id).collect()
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
        for prompt in PROMPTS {
            assert!(seen.insert(prompt.id), "{} is there twice", prompt.id);
            assert!(prompt.words.len() <= 80, "{}", prompt.words);
            assert!(1 <= prompt.from_day && prompt.from_day <= prompt.until_day);
            let words = prompt.words.to_lowercase();
            for never in ["trauma", "worst", "abuse", "must", "should"] {
                assert!(!words.contains(never), "{never} in {words}");
            }
        }
    }
}
