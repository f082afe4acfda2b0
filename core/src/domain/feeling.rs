//! Words for feelings that a check-in offers. Our own choice of everyday words; a person may add
//! others, so a word that is not in the list is as good as one that is.

/// Words that belong together, under a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeelingGroup {
    /// The heading over the words.
    pub heading: &'static str,
    /// The words, lower case, in the order to show them.
    pub words: &'static [&'static str],
}

/// The groups in the order to show them: what is good, what is hard, and what the body says.
pub const FEELINGS: [FeelingGroup; 3] = [
    FeelingGroup {
        heading: "Pleasant",
        words: &[
            "calm",
            "content",
            "grateful",
            "hopeful",
            "joyful",
            "relieved",
            "connected",
            "loved",
            "curious",
            "proud",
            "playful",
            "moved",
            "open",
            "strong",
        ],
    },
    FeelingGroup {
        heading: "Unpleasant",
        words: &[
            "sad",
            "anxious",
            "angry",
            "irritable",
            "lonely",
            "ashamed",
            "guilty",
            "afraid",
            "overwhelmed",
            "numb",
            "empty",
            "hopeless",
            "confused",
            "restless",
            "jealous",
            "grieving",
        ],
    },
    FeelingGroup {
        heading: "In the body",
        words: &[
            "tense",
            "tired",
            "heavy",
            "light",
            "warm",
            "shaky",
            "grounded",
            "wide awake",
            "nauseous",
            "in pain",
            "breathing freely",
            "tight in the chest",
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::text;
    use super::*;

    #[test]
    fn each_word_is_offered_once_and_can_be_saved() {
        let mut seen = BTreeSet::new();
        for word in FEELINGS.iter().flat_map(|group| group.words) {
            assert!(seen.insert(word), "{word} is there twice");
            assert_eq!(
                text::line(word, text::named("feelings", "a feeling"), 40).as_deref(),
                Ok(*word)
            );
        }
        assert!((35..=45).contains(&seen.len()), "{}", seen.len());
    }
}
