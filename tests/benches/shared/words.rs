//! Invented English: words as often as they are in real texts (the n-th one 1/n as often), so that
//! compression finds about as much to do as in a real journal. The same text in every run.

/// The most frequent first.
const COMMON: &str = "the i and to a of was it that in my me but not for with had is on this so \
at have be as just felt like when about what there all from they we am then more out up she he \
his her been feel do were one would could an after today some them time day over now really \
still know if by can because into little than think before again how even thought back down who \
last night morning something always only other their you work home sleep dream body mind felt \
heart breath light music room window water tree garden road mother father sister friend child \
house walk table dark quiet heavy warm cold slow strange gentle afraid calm sad tired awake \
angry open close alone together hold let go see hear speak listen remember forget wait begin end \
return change grow carry lose find fear hope grief love joy anger shame trust peace doubt \
silence voice hand face eyes chest stomach shoulder tears laughter session week month year story \
picture colour blue green river sea shore mountain forest bird rain snow wind sun moon star \
evening kitchen letter phone bread coffee tea street train bridge door wall floor chair bed";

const ENDINGS: [&str; 9] = ["", "ing", "ed", "s", "ly", "ness", "er", "less", "ful"];

/// Draws words.
pub(crate) struct Words {
    vocabulary: Vec<String>,
    state: u64,
}

impl Words {
    pub(crate) fn new(seed: u64) -> Self {
        // First all words as they are, then all with each ending: common ones stay common.
        let vocabulary = ENDINGS
            .iter()
            .flat_map(|ending| COMMON.split(' ').map(move |word| format!("{word}{ending}")))
            .collect();
        Self {
            vocabulary,
            state: seed,
        }
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    pub(crate) fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn word(&mut self) -> &str {
        #[allow(clippy::cast_precision_loss, reason = "any fraction will do")]
        let chance = (self.number() >> 11) as f64 / (1_u64 << 53) as f64;
        let size = f64::from(u32::try_from(self.vocabulary.len()).unwrap());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rank = size.powf(chance) as usize;
        &self.vocabulary[rank.saturating_sub(1)]
    }

    /// A text of about so many bytes, in sentences.
    pub(crate) fn text(&mut self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 16);
        let mut left = 0;
        while text.len() < bytes {
            if left == 0 {
                left = 6 + self.number() % 14;
                if !text.is_empty() {
                    text.push_str(". ");
                }
                let word = self.word().to_owned();
                let mut letters = word.chars();
                text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                text.push_str(letters.as_str());
            } else {
                text.push(' ');
                let word = self.word().to_owned();
                text.push_str(&word);
            }
            left -= 1;
        }
        text.push('.');
        text
    }
}
