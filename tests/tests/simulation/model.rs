//! What must be true at the end, noted as it is done.

use std::collections::BTreeMap;
use std::sync::Mutex;

/// A random source that is small enough to be read (Steele, Lea, Flood 2014: SplitMix64).
pub(crate) struct Chance(Mutex<u64>);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    pub(crate) fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n` - 1.
    pub(crate) fn below(&self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// True in so many of a hundred.
    pub(crate) fn percent(&self, of_a_hundred: usize) -> bool {
        self.below(100) < of_a_hundred
    }
}

/// A word that occurs nowhere else, typed once.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// The word.
    pub(crate) text: String,
    /// Which phone it was typed on.
    pub(crate) by: usize,
    /// Whether it was typed into something private.
    pub(crate) private: bool,
    /// Whether the server said that it has it.
    pub(crate) acknowledged: bool,
    /// Whether it may be missing at the end, because the only device that had it was put back.
    pub(crate) excused: bool,
}

/// Everything that was typed.
#[derive(Default)]
pub(crate) struct Model {
    words: BTreeMap<usize, Word>,
    typed: usize,
}

impl Model {
    /// A fresh word.
    pub(crate) fn new_word(&mut self, by: usize, private: bool) -> String {
        let number = self.typed;
        self.typed += 1;
        let text = format!("word{number:04}z");
        let word = Word {
            text: text.clone(),
            by,
            private,
            acknowledged: false,
            excused: false,
        };
        self.words.insert(number, word);
        text
    }

    /// It was not typed after all: the verb refused.
    pub(crate) fn take_back(&mut self, text: &str) {
        self.words.retain(|_, word| word.text != text);
    }

    /// How many words were typed.
    pub(crate) fn count(&self) -> usize {
        self.typed
    }

    /// All words.
    pub(crate) fn words(&self) -> impl Iterator<Item = &Word> {
        self.words.values()
    }

    /// A sync of this phone ended well with nothing waiting.
    pub(crate) fn acknowledged(&mut self, phone: usize) {
        for word in self.words.values_mut().filter(|word| word.by == phone) {
            word.acknowledged = true;
        }
    }

    /// This phone forgot everything after its first `kept` words were typed.
    pub(crate) fn forgot(&mut self, phone: usize, kept: usize) {
        for (number, word) in &mut self.words {
            if word.by == phone && *number >= kept && !word.acknowledged {
                word.excused = true;
            }
        }
    }

    /// This phone was removed: what nobody had read of it by then does not count any more.
    pub(crate) fn left_with(&mut self, phone: usize, read: &str) {
        for word in self.words.values_mut() {
            if word.by == phone && !read.contains(&word.text) {
                word.excused = true;
            }
        }
    }

    /// What was private is shared: it may be at the clinic now.
    pub(crate) fn shared(&mut self, body: &str) {
        for word in self
            .words
            .values_mut()
            .filter(|word| body.contains(&word.text))
        {
            word.private = false;
        }
    }
}
